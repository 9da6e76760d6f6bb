"""Every way of stopping, beside one that steps through the run event by event and looks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_tui.debugger.breakpoints.breakpoint import Breakpoint
from backprop_tui.debugger.breakpoints.named_events import HAPPENINGS
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.moving.task import Stop
from backprop_tui.scenario import Scenario, load
from tests.debugger.scenarios import article, followed, forgetful, scenarios, training

Values = dict[str, Any]
MORE = 2  # iterations beyond the scenario's

# as it is typed, what it reads, and the same in NumPy
CONDITIONS: list[tuple[str, str, Callable[[Values], Any]]] = [
    ("loss < 0.5", "L", lambda v: v["L"] < 0.5),
    ("abs(z₁).max() < 1", "z1", lambda v: np.abs(v["z1"]).max() < 1),
    ("any(W1 > 0) and not all(b1 == 0)", "W1 b1", lambda v: (v["W1"] > 0).any() and not (v["b1"] == 0).all()),
    ("sum(ŷ > 0.4) >= 1 or W1[0,0] < 0", "y_hat W1", lambda v: (v["y_hat"] > 0.4).sum() >= 1 or v["W1"][0, 0] < 0),
    ("norm(W1.T) * W1.shape[0] > 1", "W1", lambda v: np.sqrt((v["W1"] ** 2).sum()) * len(v["W1"]) > 1),
    ("not isfinite(L)", "L", lambda v: not np.isfinite(v["L"])),
]
CHANGES: list[tuple[str, str, Callable[[Values], Any]]] = [
    ("W1[0,0]", "W1", lambda v: v["W1"][0, 0]),
    ("W₁", "W1", lambda v: v["W1"]),
    ("z1 > 0", "z1", lambda v: v["z1"] > 0),
    ("max(W1) + loss", "W1 L", lambda v: v["W1"].max() + v["L"]),
    ("mean(b1) > 0.1", "b1", lambda v: v["b1"].mean() > 0.1),
]


@dataclass(frozen=True)
class Wanted:
    """A breakpoint to set, with what it means."""

    kind: str
    place: int
    when: int | None
    hit: int
    log: bool

    def add(self, debugger: Debugger) -> Breakpoint:
        terms: dict[str, Any] = {"hit": self.hit, "log": "W1[0,0]" if self.log else ""}
        if self.when is not None:
            terms["when"] = CONDITIONS[self.when][0]
        if self.kind == "change":
            return debugger.breakpoints.add_change(CHANGES[self.place % len(CHANGES)][0], **terms)
        return debugger.breakpoints.add(self.name(debugger), **terms)

    def name(self, debugger: Debugger) -> str:
        operations = debugger.program.operations
        return operations[self.place % len(operations)].name

    def holds(self, debugger: Debugger, events: list[tuple[str, Values]]) -> Iterator[int]:
        """The steps at which it stops or prints."""
        hits = 0
        for step, (_, values) in enumerate(events):
            if not step or not self._here(debugger, events, step):
                continue
            if self.when is not None and not _value(CONDITIONS[self.when], values):
                continue
            hits += 1
            if self.hit in (0, hits):
                yield step

    def _here(self, debugger: Debugger, events: list[tuple[str, Values]], step: int) -> bool:
        name, values = events[step]
        if self.kind == "operation":
            return name == self.name(debugger)
        row = CHANGES[self.place % len(CHANGES)]
        if name not in row[1].split():
            return False
        now = _value(row, values)
        before = next((v for _, e in reversed(events[:step]) if (v := _value(row, e)) is not None), None)
        return now is not None and before is not None and not np.array_equal(now, before, equal_nan=True)


def _value(row: tuple[str, str, Callable[[Values], Any]], values: Values) -> Any | None:
    if not values.keys() >= set(row[1].split()):
        return None
    with np.errstate(all="ignore"):
        return np.asarray(row[2](values), dtype=float)


wanted = st.builds(
    Wanted,
    st.sampled_from(["operation", "change"]),
    st.integers(0, 30),
    st.none() | st.integers(0, len(CONDITIONS) - 1),
    st.sampled_from([0, 0, 0, 1, 2, 3]),
    st.sampled_from([False, False, False, True]),
)
moves = st.one_of(
    st.tuples(st.just("advance"), st.integers(1, 30)),
    st.tuples(st.just("rewind"), st.integers(1, 30)),
    st.tuples(st.just("resume"), st.none() | st.integers(1, 2)),
    st.tuples(st.just("back"), st.none()),
)


@given(scenarios, st.lists(wanted, max_size=4), st.lists(moves, max_size=10), st.booleans())
def test_a_continue_stops_where_one_who_steps_would(
    scenario: Scenario, chosen: list[Wanted], walk: list[tuple[str, int | None]], forgets: bool
) -> None:
    debugger = forgetful(scenario) if forgets else Debugger(scenario)
    initial = {name: value for name, value in debugger.program.start.items() if name not in ("x", "y")}
    iterations = scenario.iterations + MORE
    events = [("", initial), *((now.event.name, now.values) for now in followed(scenario, iterations))]
    added = [(want, want.add(debugger)) for want in chosen]
    stops: set[int] = set()
    logs: list[int] = []
    for want, bp in added:
        steps = list(want.holds(debugger, events))
        if bp.log:
            logs += steps
        else:
            stops |= set(steps)
    for move, count in walk:
        at = debugger.step
        debugger.travel.messages.clear()
        if move == "advance":
            debugger.seek(min(at + (count or 0), len(events) - 1))
        elif move == "rewind":
            debugger.rewind(count or 0)
        else:
            back = move == "back"
            limit = debugger.last_step if count is None else at + count * debugger.timeline.length
            limit = 0 if back else min(max(limit, at), len(events) - 1)
            if not back and count is not None and limit != at + count * debugger.timeline.length:
                continue  # beyond what was followed
            stop = debugger.resume(back=back, iterations=count)
            within = [s for s in stops if (s < at if back else at < s <= limit)]
            expected = (max if back else min)(within, default=limit)
            assert debugger.step == expected
            assert (stop.reason == "end") == (not within)
            low, high = (expected, at - 1) if back else (at + 1, expected)
            assert sorted(m.step for m in debugger.travel.messages) == sorted(s for s in logs if low <= s <= high)
            if not back and at in stops and within:
                debugger.resume(back=True)
                assert debugger.step == at


def article_with(*adds: Callable[[Debugger], object], iterations: int = 3) -> Debugger:
    debugger = Debugger(article(iterations))
    for add in adds:
        add(debugger)
    return debugger


@pytest.mark.parametrize(
    ("add", "stops"),
    [
        (lambda d: d.breakpoints.add("delta1", hit=2), ["2:delta1", "3:b1"]),
        (lambda d: d.breakpoints.add("gradients2"), ["1:dL_db2", "2:dL_db2"]),
        (lambda d: d.breakpoints.add("L", when="loss < 1.2"), ["2:L", "3:L"]),
        (lambda d: d.breakpoints.add("z1", when="loss < 9"), ["3:b1"]),
        (lambda d: d.breakpoints.add("W2", temporary=True), ["1:W2", "3:b1"]),
        (lambda d: d.breakpoints.add_change("W1[1,0]"), ["1:W1", "2:W1", "3:W1"]),
        (lambda d: d.breakpoints.add_change("W1[0,0]"), ["3:b1"]),
        (lambda d: d.breakpoints.add_change("dead  units"), ["3:b1"]),
        (lambda d: d.breakpoints.add("dead-relu"), ["1:h1", "2:h1"]),
        (lambda d: d.breakpoints.add("dead-relu", threshold=2), ["3:b1"]),
        (lambda d: d.breakpoints.add("loss-rises"), ["3:b1"]),
        (lambda d: d.breakpoints.add("loss-rises", threshold=-9), ["2:L", "3:L"]),
        (lambda d: d.breakpoints.add("nonfinite"), ["3:b1"]),
        (lambda d: d.breakpoints.add("vanishing", threshold=100), ["1:dL_dW2", "1:dL_dW1", "2:dL_dW2"]),
        (lambda d: d.breakpoints.add("exploding"), ["3:b1"]),
        (lambda d: d.breakpoints.add("exploding", threshold=0.5), ["1:dL_dW2", "1:dL_db2"]),
        (lambda d: d.breakpoints.add("saturated", threshold=0.6), ["1:y_hat", "2:y_hat"]),
        (lambda d: d.breakpoints.add("saturated"), ["3:b1"]),
    ],
)
def test_where_it_stops_and_back(add: Callable[[Debugger], Breakpoint], stops: list[str]) -> None:
    debugger = article_with(add)
    found = []
    for _ in stops:
        debugger.resume()
        found.append(debugger.position)
    assert found == stops
    temporary = not debugger.breakpoints
    for position in reversed(stops[:-1]):
        debugger.resume(back=True)
        assert debugger.position == ("start" if temporary else position)


def test_what_the_source_printed_wrongly() -> None:
    debugger = article_with(lambda d: d.breakpoints.add("published-mismatch"))
    assert debugger.resume() == Stop("breakpoint", "published-mismatch", 1)
    assert not all(verdict.holds for verdict in debugger.moment().verdicts)


# of each event: a scenario of the library in which it happens, where first, and how often in so many iterations
EVENTS = [
    ("exploding-gradient", "nonfinite", "4:z2", 1, 9),
    ("exploding-gradient", "exploding", "1:dL_dW8", 45, 0),
    ("vanishing-gradient", "vanishing 1e-4", "1:dL_dW1", 310, 0),
    ("dead-relu", "dead-relu", "2:h1", 19, 0),
    ("saturation", "saturated", "1:y_hat", 20, 0),
    ("minibatch", "loss-rises", "3:L", 28, 0),
    ("attention", "attention-collapsed 0.5", "17:a", 4, 0),
    ("gru", "gate-closed 0.63", "1:r1", 30, 0),
    ("gru", "vanishing-through-time 0.7", "1:dL_dh1", 10, 0),
    ("lstm", "saturated 0.1", "1:a1", 4, 0),
    ("gru", "vanishing 0.01", "1:dL_dWr", 18, 0),
    ("article", "published-mismatch", "1:z1", 6, 0),
]


def test_every_event_has_a_scenario() -> None:
    assert {text.split()[0] for _, text, *_ in EVENTS} == HAPPENINGS.keys()


@pytest.mark.parametrize(("name", "typed", "first", "times", "iterations"), EVENTS)
def test_an_event_is_stopped_at_on_and_back(name: str, typed: str, first: str, times: int, iterations: int) -> None:
    debugger = Debugger(load(name))
    bp = debugger.breakpoints.add_typed(typed)
    on = []
    while debugger.resume(iterations=iterations or None).number == bp.number:
        on.append(debugger.position)
    assert (on[0], len(on)) == (first, times)
    debugger.advance()
    for position in reversed(on):
        assert debugger.resume(back=True).number == bp.number
        assert debugger.position == position
    assert debugger.resume(back=True) == Stop("end")


def test_the_first_that_is_not_finite_is_stopped_at_and_not_what_comes_of_it() -> None:
    debugger = article_with(lambda d: d.breakpoints.add("nonfinite"))
    debugger.scenario.network.settings["learning_rate"] = 1e308
    debugger = Debugger(debugger.scenario)
    debugger.breakpoints.add("nonfinite")
    stop = debugger.resume(iterations=5)
    assert stop.reason == "nonfinite"
    event = debugger.event
    assert event is not None
    assert event.name == stop.which
    assert not np.isfinite(event.value).all()
    assert all(np.isfinite(value).all() for value in event.inputs.values())


def test_log_points_print_and_go_on() -> None:
    debugger = article_with(
        lambda d: d.breakpoints.add("L", log="loss < 9"), lambda d: d.breakpoints.add("h1", log="W2")
    )
    assert debugger.resume() == Stop("end")
    lines = [str(message) for message in debugger.travel.messages]
    assert lines[:2] == ["1:h1: W2 = [0.5 −1]", "1:L: loss < 9 = true"]
    assert len(lines) == 6


@pytest.mark.parametrize("back", [False, True])
def test_a_log_point_of_the_nth_time_hides_no_other(back: bool) -> None:
    debugger = article_with(
        lambda d: d.breakpoints.add("L", hit=2, log="loss"),
        lambda d: d.breakpoints.add("L", hit=3, log="loss"),
        lambda d: d.breakpoints.add("h1", hit=1 if back else 4),
        iterations=5,
    )
    debugger.seek(debugger.last_step if back else 0)
    assert debugger.resume(back=back) == Stop("breakpoint", "h1", 3)
    assert [message.step for message in debugger.travel.messages] == ([43, 24] if back else [24, 43])


def test_who_last_changed_it() -> None:
    debugger = article_with(iterations=3)
    debugger.seek("2:delta1")
    update = debugger.program.by_name["W1"].index
    assert debugger.last_change("W1[1,0]") == debugger.timeline.step_at(1, update)
    assert debugger.last_change("W1[0,0]") == 0  # its unit is dead
    assert debugger.last_change("z1[0]") == 1
    assert debugger.last_change("loss") == debugger.timeline.step_at(2, 4)
    debugger.seek(2)
    assert debugger.last_change("L") is None


def test_a_search_in_slices_can_be_left() -> None:
    debugger = article_with(lambda d: d.breakpoints.add("L", when="loss < 0"), iterations=50)
    searching = debugger.travel.search()
    reached = [next(searching) for _ in range(20)]
    assert reached == list(range(1, 21))
    debugger.seek(debugger.travel.reached(20))
    assert debugger.position == "20:b1"


def test_interrupted_it_stays_where_it_got() -> None:
    debugger = article_with(lambda d: d.breakpoints.add("L", when="loss < 0"), iterations=50)
    real = debugger.timeline.frame

    def frame(iteration: int) -> Any:
        if iteration == 7:
            raise KeyboardInterrupt
        return real(iteration)

    debugger.timeline.frame = frame  # type: ignore[method-assign]
    assert debugger.resume() == Stop("interrupted")
    assert debugger.timeline.locate(debugger.step)[0] == 6


@pytest.mark.parametrize(
    ("add", "message"),
    [
        (lambda b: b.add("delt1"), "there is no operation 'delt1' (did you mean delta1?)"),
        (lambda b: b.add("vanish"), "there is no operation 'vanish' (did you mean vanishing?)"),
        (lambda b: b.add("L", when="loss"), "a condition is true or false, such as loss > 0"),
        (lambda b: b.add("L", when="W1 > 0"), "W1 > 0 is 2×3 truth values: use any(…) or all(…)"),
        (lambda b: b.add("L", when="los > 0"), "there is no variable 'los' (did you mean loss?)"),
        (lambda b: b.add("L", log="q(1)"), "column 1: there is no function 'q'"),
        (lambda b: b.add("L", hit=-1), "hits count from 1"),
        (lambda b: b.add("L", threshold=1.0), "L has no threshold"),
        (lambda b: b.add_change("W1[2,0]"), "W1 is 2×3, and indices count from 0"),
        (lambda b: b.add_change("nope"), "there is no variable 'nope'"),
        (lambda b: b.add_change("1 + 1"), "1 + 1 never changes in this scenario"),
        (lambda b: b.add_change("x"), "x never changes in this scenario"),
        (lambda b: b.remove(3), "there is no breakpoint 3"),
        (lambda b: b.remove("L"), "there is no breakpoint at 'L'"),
        (lambda b: b.load_plain([{"name": "delt1", "number": 1}]), "breakpoint 1: there is no operation 'delt1' (did"),
        (lambda b: b.load_plain([{"name": "L", "number": 1, "kind": "event"}]), "breakpoint 1: there is no event 'L'"),
        (lambda b: b.load_plain("x"), "breakpoints: Expected `array`, got `str`"),
        (lambda b: b.load_plain([{"name": "L"}]), "breakpoint 0: numbers count up from 1"),
    ],
)
def test_what_cannot_be_is_refused_in_a_line(add: Callable[[Any], object], message: str) -> None:
    breakpoints = article_with().breakpoints
    with pytest.raises((KeyError, ValueError)) as caught:
        add(breakpoints)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
    assert not breakpoints


def test_listed_switched_and_saved() -> None:
    debugger = article_with()
    breakpoints = debugger.breakpoints
    breakpoints.add("δ₁", when="abs(delta1).max() < 1e-6", hit=3, temporary=True)
    breakpoints.add_change("W₁[0,1]", log="loss")
    breakpoints.add("vanishing", threshold=1e-9)
    breakpoints.add("forward")
    breakpoints.disable(2)
    breakpoints.remove(3)
    assert list(map(str, breakpoints)) == [
        "1 delta1 if abs(delta1).max() < 1e-6 hit 3, temporary",
        "2 change W₁[0,1] log loss, disabled",
        "4 forward",
    ]
    assert breakpoints.names() == {"delta1", "y_hat"}
    assert breakpoints.toggle("y_hat") is False
    plain = breakpoints.to_plain()
    other = article_with().breakpoints
    other.load_plain(plain)
    assert list(other) == list(breakpoints)
    assert other.add("L").number == 3  # those that are there keep theirs
    breakpoints.enable(2)
    assert breakpoints[2].enabled
    breakpoints.clear()
    assert len(breakpoints) == 0


def test_batches_of_several_sizes() -> None:
    network = article().network
    x = np.arange(15.0).reshape(3, 5) / 10
    batches = msgspec.structs.replace(network, x=x, y=np.array([[0.0, 1, 1, 0, 1]]), batch_size=2)
    debugger = Debugger(training(batches, 6))
    debugger.breakpoints.add("z1", when="z1[0,1] < 9")  # the last batch of an epoch has one sample
    debugger.breakpoints.add_change("x[0,0]")
    assert [debugger.resume().which for _ in range(3)] == ["z1", "z1", "x[0,0]"]
    debugger.breakpoints.disable(2)
    positions = []
    while debugger.resume().reason != "end":
        positions.append(debugger.position)
    assert positions == ["4:z1", "5:z1"]
