"""What-if: edits, what they make stale, branches, taking back; against a replay by the plainest means."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backprop_tui.debugger.breakpoints.breakpoint import BreakpointError
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.expressions.quantity import read_quantity
from backprop_tui.debugger.sessions import session
from backprop_tui.debugger.whatif.edits import EditError
from backprop_tui.scenario import Scenario
from tests.debugger.scenarios import article, bits, exists, forgetful, scenarios, state, training
from tests.debugger.whatif.replay import replay
from tests.engine.networks import Case

Move = Callable[[Debugger], object]
FAR = 120  # steps


def _number(debugger: Debugger, place: int) -> str:
    """The address of a number that there is now."""
    names = [name for name in debugger.program.shapes if exists(debugger, name) and name not in ("t", "epoch")]
    name = names[place % len(names)]
    flat = place % max(1, debugger[name].size)
    at = ",".join(map(str, np.unravel_index(flat, debugger[name].shape))) if debugger.program.shapes[name] else ""
    return f"{name}[{at}]" if at else name


def _operation(debugger: Debugger, place: int) -> str:
    operations = debugger.program.operations
    return operations[place % len(operations)].name


def _assign(debugger: Debugger, place: int, value: float) -> None:
    debugger.assign(_number(debugger, place), value)


def _may_fail(move: Move) -> Move:
    def tried(debugger: Debugger) -> None:
        with suppress(EditError, BreakpointError):
            move(debugger)

    return tried


numbers = st.floats(-2, 2).map(lambda number: round(number, 3))
moves: st.SearchStrategy[Move] = st.one_of(
    st.integers(0, 30).map(lambda count: lambda d: d.advance(count)),
    st.integers(0, 30).map(lambda count: lambda d: d.rewind(count)),
    st.integers(0, FAR).map(lambda step: lambda d: d.seek(step)),
    st.booleans().map(lambda back: lambda d: d.resume(back=back)),
    st.integers(1, 3).map(lambda count: lambda d: d.resume(iterations=count)),
    st.integers(-3, 3).map(lambda count: lambda d: d.skip(count)),
    st.tuples(st.integers(0, 9), st.booleans()).map(lambda by: lambda d: d.into(by[0], back=by[1])),
    st.integers(0, 30).map(lambda place: lambda d: d.breakpoints.toggle(_operation(d, place))),
    st.integers(0, 10_000).map(lambda place: _may_fail(lambda d: d.breakpoints.add_change(_number(d, place)))),
    st.just(lambda d: d.breakpoints.clear()),
    st.tuples(st.integers(0, 10_000), numbers).map(lambda at: lambda d: _assign(d, *at)),
    st.tuples(st.integers(0, 10_000), numbers).map(lambda at: lambda d: _assign(d, *at)),
    st.just(_may_fail(lambda d: d.undo())),
    st.just(_may_fail(lambda d: d.redo())),
    st.just(_may_fail(lambda d: d.rerun())),
    st.integers(0, 9).map(lambda place: lambda d: d.switch([b.name for b in d.branches][place % len(d.branches)])),
)


def _walk(debugger: Debugger, walk: list[Move]) -> None:
    """All the moves, not far from the start; and out of the operation that was stepped into last."""
    for move in walk:
        move(debugger)
        if debugger.step > FAR:
            debugger.seek(0)
    debugger.leave()


def _in_batches(scenario: Scenario) -> Scenario:
    """The same in batches of two, shuffled."""
    network = msgspec.structs.replace(scenario.network, batch_size=2, shuffle=True)
    return msgspec.structs.replace(scenario, network=network)


@given(scenarios, st.booleans(), st.lists(moves, max_size=14))
def test_any_walk_shows_what_a_replay_of_its_edits_gives(scenario: Scenario, batches: bool, walk: list[Move]) -> None:
    debugger = forgetful(_in_batches(scenario) if batches else scenario)
    _walk(debugger, walk)
    for branch in [b.name for b in debugger.branches]:
        debugger.switch(branch)
        iterations = debugger.iteration + 1
        told = list(replay(debugger.program, debugger.branches.current.edits, iterations))
        for step in {0, debugger.step, len(told) - 1, *(edit.step for edit in debugger.branches.current.edits)}:
            if step >= len(told):
                continue
            here, debugger.cursor.step = debugger.step, step
            values, stale = told[step]
            assert debugger.moment().stale == stale
            for name in debugger.program.shapes:
                value = debugger.moment().value(name)
                assert value is None or bits(value) == bits(values[name]), (branch, step, name)
            debugger.cursor.step = here


@given(scenarios, st.booleans(), st.lists(moves, max_size=10), st.lists(st.integers(0, 10_000), max_size=3))
def test_back_comes_from_stop_to_stop_as_on_did(
    scenario: Scenario, batches: bool, walk: list[Move], places: list[int]
) -> None:
    debugger = forgetful(_in_batches(scenario) if batches else scenario)
    _walk(debugger, walk)
    for place in places:
        debugger.breakpoints.add(_operation(debugger, place), when="sum(W1) > 0" if place % 3 else "")
        _may_fail(lambda d, place=place: d.breakpoints.add_change(_number(d, place)))(debugger)  # type: ignore[misc]
    debugger.seek(0)
    on = [(debugger.step, state(debugger)) for _ in range(30) if debugger.resume().reason != "end"]
    debugger.advance()  # the last stop may be the end
    back = [(debugger.step, state(debugger)) for _ in range(30) if debugger.resume(back=True).reason != "end"]
    assert back == on[::-1]


@given(scenarios, st.booleans(), st.lists(moves, max_size=14))
def test_a_saved_session_of_any_walk_is_the_same_to_the_last_bit(
    scenario: Scenario, batches: bool, walk: list[Move]
) -> None:
    scenario = _in_batches(scenario) if batches else scenario
    debugger = forgetful(scenario)
    _walk(debugger, walk)
    with TemporaryDirectory() as folder:
        path = session.save(debugger, Path(folder) / "s.json")
        again = Debugger(scenario)
        assert not session.load(again, path).lost
        assert session.save(again, Path(folder) / "t.json").read_bytes() == path.read_bytes()
    assert list(again.branches) == list(debugger.branches)
    for branch in list(debugger.branches):
        debugger.switch(branch.name)
        again.switch(branch.name)
        assert state(again) == state(debugger)


@given(scenarios, st.integers(0, 60), st.integers(0, 10_000), numbers)
def test_undo_is_as_if_nothing_was(scenario: Scenario, step: int, place: int, value: float) -> None:
    debugger = forgetful(scenario)
    debugger.seek(step)
    before = state(debugger)
    _assign(debugger, place, value)
    after = state(debugger)
    debugger.undo()
    assert state(debugger) == before
    debugger.redo()
    assert state(debugger) == after
    debugger.switch("main")
    assert state(debugger) == before


def test_later_operations_read_it_and_earlier_ones_are_stale() -> None:
    debugger = Debugger(article(3))
    debugger.seek("1:z2")
    z2 = float(debugger["z2"][0, 0])
    branch = debugger.assign("W2[0,1]", -0.5)
    assert (branch.name, branch.parent, branch.since_step) == ("branch-1", "main", 3)
    assert debugger["W2"].tolist() == [[0.5, -0.5]]
    assert debugger.moment().stale == {"z2"}
    assert [edit.address for edit in debugger.moment().edits] == ["W2[0,1]"]
    debugger.rewind()
    assert debugger["W2"].tolist() == [[0.5, -1.0]]
    assert not debugger.moment().stale
    debugger.seek("1:dL_dh1")
    assert debugger["dL_dh1"][1, 0] == -0.5 * debugger["delta2"][0, 0]
    debugger.rerun()
    assert not debugger.moment().stale
    debugger.seek("1:z2")
    assert float(debugger["z2"][0, 0]) == pytest.approx(z2 + 0.5 * 1.4)


@pytest.mark.parametrize(
    ("at", "first", "then", "stale"),
    [
        ("1:z2", "W2[0,1]", "z2[0,0]", set()),  # nothing is left of what was computed from the old weight
        ("1:z1", "W1[0,0]", "z1[0,0]", {"z1"}),  # the other number is still what it was
    ],
)
def test_a_number_set_by_hand_is_no_longer_stale(at: str, first: str, then: str, stale: set[str]) -> None:
    debugger = Debugger(article())
    debugger.seek(at)
    debugger.assign(first, 0.25)
    assert debugger.moment().stale == {at[2:]}
    debugger.assign(then, 0.5)
    assert debugger.moment().stale == stale


@pytest.mark.parametrize(
    ("at", "address", "then", "stable"),
    [
        ("1:z1", "W2[0,1]", "1:delta2", True),
        ("1:y_hat", "y_hat[0]", "1:L", False),
        ("1:y_hat", "z2[0]", "1:L", False),
        ("1:z2", "z2[0]", "1:L", True),
        ("1:L", "L", "1:delta2", False),
        ("1:dL_dy_hat", "y[0]", "1:delta2", False),
    ],
)
def test_a_stable_formula_needs_what_it_jumps_over_to_be_unmodified(
    at: str, address: str, then: str, stable: bool
) -> None:
    debugger = Debugger(article())
    debugger.seek(at)
    debugger.assign(address, 0.25)
    debugger.seek(then)
    assert debugger.event is not None
    assert (debugger.event.operation.computed_as is not None) is stable


@pytest.mark.parametrize(
    ("at", "address", "lasts"), [("1:L", "eta", True), ("1:L", "x[0]", True), ("1:L", "h[1]", False)]
)
def test_how_long_an_edit_lasts(at: str, address: str, lasts: bool) -> None:
    debugger = Debugger(article())
    debugger.seek(at)
    debugger.assign(address, 0.75)
    name, place = (address.split("[", maxsplit=1)[0], (int(address[-2]), 0)) if "[" in address else (address, ())
    debugger.skip(3)
    assert (float(debugger[name][place]) == 0.75) is lasts


QUESTIONS = ("W1[0,0]", "W1", "x[0,0]", "eta", "z1 > 0", "L", "mean(W1) + L", "h1[0,0]")


@given(scenarios, st.booleans(), st.lists(moves, max_size=8), st.sampled_from(QUESTIONS))
def test_a_change_is_stopped_at_whoever_made_it(
    scenario: Scenario, batches: bool, walk: list[Move], question: str
) -> None:
    debugger = forgetful(_in_batches(scenario) if batches else scenario)
    assume("h1" in debugger.program.shapes or "h1" not in question)
    _walk(debugger, walk)
    quantity = read_quantity(question, debugger.program)
    changes, first, before = [], None, None
    for step in range(FAR + 1):
        now = quantity.at_step(debugger.timeline, step)
        if now is not None:
            first = step if first is None else first
            if before is not None and bits(now) != bits(before) and not np.array_equal(now, before, equal_nan=True):
                changes.append(step)
            before = now
    for here in (debugger.step, FAR // 2, FAR):
        debugger.seek(here)
        asked = debugger.last_change(question)
        past = [step for step in changes if step <= here]
        assert asked == (past[-1] if past else first if first is not None and first <= here else None)


def test_who_changed_it_may_be_an_edit() -> None:
    debugger = Debugger(article(3))
    debugger.seek("2:z2")
    debugger.assign("W2[0,1]", -0.5)
    debugger.assign("x[0]", 0.5)
    debugger.seek("2:L")
    assert (debugger.last_change("W2[0,1]"), debugger.last_change("x[0]")) == (22, 22)
    debugger.rerun()
    assert (debugger.last_change("W2[0,1]"), debugger.last_change("x[0]")) == (20, 20)
    debugger.breakpoints.add_change("W2[0,1]")
    assert debugger.resume(back=True).reason == "change"
    assert debugger.position == "2:z1"


WRONG = [
    ("W9[0]", 1, "there is no variable"),
    ("W1", 1, "say which"),
    ("W1[2,0]", 1, "W1 is 2×3"),
    ("W1[0,0]", "x", "x is 3×1, not one number"),
    ("W1[0,0]", "z1[0] > 1", "is not a number"),
    ("W1[0,0]", "delta1[0]", "delta1 is not computed yet"),
    ("W1[0,0]", "nope", "there is no variable 'nope'"),
    ("W1[0,0]", "1/0", "is not finite"),
    ("W1[0,0]", "", "is missing"),
    ("W1[0,0]", True, "is not a number"),
    ("W1[0,0]", None, "is not a number"),
    ("W1[0,0]", float("nan"), "is not finite"),
    ("W1[0,0]", "1e999", "is not finite"),
    ("W1[0,0]", 10**400, "is too large"),
    ("delta1[0]", 1, "has no value yet"),
    ("import os", 1, "."),
    ("", 1, "."),
]


@pytest.mark.parametrize(("address", "value", "why"), WRONG)
def test_bad_input_is_one_line_and_changes_nothing(address: str, value: object, why: str) -> None:
    debugger = Debugger(article())
    debugger.seek(3)
    before = state(debugger)
    with pytest.raises(ValueError, match=why) as found:
        debugger.assign(address, value)
    assert "\n" not in str(found.value)
    assert len(debugger.branches) == 1
    assert state(debugger) == before


def test_branches_join_at_a_step_fork_elsewhere_and_are_renamed() -> None:
    debugger = Debugger(article())
    debugger.assign("W1[0,0]", 1)
    debugger.assign("W1[0,1]", 2)
    assert [b.name for b in debugger.branches] == ["main", "branch-1"]
    debugger.seek("2:L")
    debugger.assign("eta", 1)
    assert [(b.name, b.parent, b.since_step) for b in debugger.branches] == [
        ("main", None, 0),
        ("branch-1", "main", 0),
        ("branch-2", "branch-1", 24),
    ]
    debugger.branches.rename("branch-1", "other")
    assert [b.parent for b in debugger.branches] == [None, "main", "other"]
    for name, to in (("main", "x"), ("nobody", "x"), ("other", "branch-2"), ("other", "a b"), ("other", "")):
        with pytest.raises(EditError):
            debugger.branches.rename(name, to)


def test_branches_share_the_frames_of_their_past() -> None:
    debugger = Debugger(article())
    debugger.seek("9:L")
    kept = debugger.timeline.frame(4)
    debugger.seek("5:L")
    debugger.assign("W1[0,0]", 1)
    assert debugger.timeline.frame(4) is kept
    assert debugger.timeline.frame(5) is not debugger.timeline.edited(()).frame(5)


def test_a_comparison_names_the_first_divergence_and_what_differs() -> None:
    debugger = Debugger(article(3))
    debugger.seek("2:z2")
    debugger.assign("W2[0,1]", -0.5)
    debugger.seek("3:b1")
    found = debugger.compare("main", "branch-1")
    first = found.first()
    assert first is not None
    assert (first.step, str(first.address), first.b) == (22, "W2[0,1]", -0.5)
    assert not found.differs(21)
    assert [difference.name for difference in found.differs(22)] == ["W2"]
    assert {"W1", "W2", "dL_dh1"} <= {difference.name for difference in found.over(2)}
    losses = list(found.losses())
    assert [iteration for iteration, _, _ in losses] == [1, 2, 3]
    assert [a == b for _, a, b in losses] == [True, True, False]
    assert debugger.compare("main", "main").first() is None


@pytest.mark.parametrize("activation", ["softmax", "log-softmax"])
@pytest.mark.parametrize("at", ["start", "1:y_hat", "1:", "2:z1"])
def test_a_target_that_is_no_class_any_more_has_the_gradient_of_its_own_loss(activation: str, at: str) -> None:
    """(ŷ − y)/N holds for targets that add up to 1."""
    network = Case(("tanh", activation), "categorical-cross-entropy", batch=3, units=(3, 3)).network()
    debugger = Debugger(training(network, 4))
    if at != "start":
        debugger.seek(at)
    debugger.assign("y[1,2]", 0.7)
    for iteration in (1, 2, 3):
        debugger.seek(f"{iteration}:delta2")
        frame = debugger.moment().frame
        edited = debugger["y"][1, 2] == 0.7
        assert edited == (iteration > 1 or at in ("start", "1:y_hat"))
        shares = np.exp(frame["z2"]) / np.exp(frame["z2"]).sum(axis=0)
        np.testing.assert_allclose(
            frame["delta2"], (shares * debugger["y"].sum(axis=0) - debugger["y"]) / 3, atol=1e-15
        )
        assert (debugger.event.operation.stable is None) == edited  # type: ignore[union-attr]
