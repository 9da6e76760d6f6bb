"""A mistaken run beside the right one: what differs where, whatever the order of its operations, and with edits."""

import msgspec
import numpy as np
import pytest

from backprop_tui.debugger.console.command import LineError
from backprop_tui.debugger.console.commands.word_table import WORDS
from backprop_tui.debugger.console.console import LineSession
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.mistakes.making import MistakeError, mistaken
from backprop_tui.debugger.reload import reloaded
from backprop_tui.engine.mistakes.mistaken_program import Mistaken, Slip, possible
from backprop_tui.engine.mistakes.mistakes import MISTAKES, ROWS
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.scenario import load
from tests.debugger.scenarios import article, training
from tests.engine.mistakes.slips import MODELS, NETWORKS, program_of
from tests.sampled import some

SOME = some(NETWORKS, 5)


def beside(name: str, iterations: int = 3) -> Debugger:
    debugger = Debugger(article(iterations))
    debugger.make_mistake(name)
    return debugger


@pytest.mark.parametrize("key", SOME)
def test_every_value_beside_is_that_of_the_mistaken_run(key: str) -> None:
    """Every operation of two iterations has its own value, and what is not computed yet has that of before.

    A step changes one operation's value: that one and the next are looked at after each, all after a few.
    """
    debugger = Debugger(training(NETWORKS[key], 2))
    program = debugger.program
    for slip in possible(program):
        found = debugger.make_mistake(slip.mistake.name)
        run = Timeline(Mistaken.of(program, slip).program)
        for step in range(1, 2 * len(program.operations) + 1):
            iteration, index = run.locate(step)
            debugger.seek(step)
            side = debugger.moment().side
            assert side is not None
            frame = run.frame(iteration)
            near = program.operations[index : index + 2]
            for operation in program.operations if index % 10 == 4 else near:
                operation = run.program.by_name[operation.name]
                done = program.by_name[operation.name].index <= index
                expected = frame[operation.key] if done else frame.get(operation.name)
                if done or operation.name in program.start:
                    np.testing.assert_array_equal(side.value(operation.name), expected)
        assert found is debugger.beside


@pytest.mark.parametrize("key", SOME)
def test_the_first_number_that_differs_comes_of_what_is_changed(key: str) -> None:
    debugger = Debugger(training(NETWORKS[key], 3))
    last = 3 * debugger.timeline.length
    for slip in possible(debugger.program):
        if slip.mistake.dtype != "float64" or slip.mistake.start:
            continue  # whose parameters or data differ from the start
        found = debugger.make_mistake(slip.mistake.name)
        first = found.first(last)
        if first is None:
            continue
        assert first.a != first.b
        iteration, index = debugger.timeline.locate(first.step)
        assert debugger.program.operations[index].name == first.address.name
        for step in range(1, first.step):
            assert not found.differs(step), (slip.mistake.name, step)
        names = {difference.name for difference in found.differs(first.step)}
        assert first.address.name in names
        if iteration == 1:
            assert isinstance(found.wrong, Mistaken)
            assert first.address.name in found.wrong.changed


def test_the_article_with_updates_first() -> None:
    debugger = beside("updates-first")
    found = debugger.beside
    assert found is not None
    assert (found.name, found.wrong.told) == (
        "updates-first",
        "the same with a mistake: the output weights are updated before they are backpropagated through",
    )
    first = found.first(19)
    assert first is not None
    assert (first.step, str(first.address)) == (11, "dL_dh1[1,0]")
    assert (first.a, first.b) == pytest.approx((0.7685247835, 0.6858365355))
    assert found.first(10) is None
    debugger.seek(14)
    assert [difference.name for difference in found.differs(14)] == ["dL_dh1", "delta1", "dL_dW1"]
    side = debugger.moment().side
    assert side is not None
    assert side.first == first
    assert side.differs("W2") is None  # it is updated there, and here it is as before
    assert side.value("W2")[0, 1] == -1
    assert (there := side.operation("dL_dh1")) is not None
    assert there.keys["W2"] == "W2′"
    debugger.seek(19)
    assert [difference.name for difference in found.over(1)] == ["W1", "b1", "dL_dh1", "delta1", "dL_dW1", "dL_db1"]
    assert debugger.moment().side.next_loss == pytest.approx(1.1012468423)  # type: ignore[union-attr]
    assert [row[0] for row in found.losses(1, 3)] == [1, 2, 3]


def test_it_differs_from_the_second_iteration_on() -> None:
    found = beside("gradients-kept").beside
    assert found is not None
    assert found.first(19) is None
    assert not found.differs(19)
    first = found.first(57)
    assert first is not None
    assert (first.step, first.address.name) == (28, "dL_dW2")
    assert found.first(20) is None  # going back, it is still to come


def test_nothing_ever_differs_where_the_mistake_makes_no_difference() -> None:
    debugger = beside("second-term-forgotten", 400)
    for step in (19, 7600, 7600):
        assert debugger.beside is not None
        assert debugger.beside.first(step) is None


def test_edits_are_made_in_both_runs() -> None:
    debugger = beside("updates-first")
    debugger.seek(0)
    debugger.assign("b1[0]", 0.5)
    found = debugger.beside
    assert found is not None
    wrong = Timeline(found.wrong.program, edits=debugger.timeline.edits)
    debugger.seek("2:L")
    assert debugger.moment().side.value("L") == wrong.frame(2)["L"]  # type: ignore[union-attr]
    assert debugger.moment().side.value("b1")[0, 0] != 0.1  # type: ignore[union-attr]
    debugger.undo()
    assert debugger.beside is not found
    debugger.seek("2:L")
    assert debugger.moment().side.value("L") == pytest.approx(1.1012468423)  # type: ignore[union-attr]


def test_a_mistake_can_be_taken_back_and_another_made() -> None:
    debugger = beside("bias-left-out")
    debugger.make_mistake("cut-off:2")
    assert debugger.beside is not None
    assert debugger.beside.name == "cut-off:2"
    assert debugger.beside.b.frame(1)["y_hat"] == 0.23
    debugger.make_none()
    assert debugger.beside is None
    assert debugger.moment().side is None


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "updates-frist",
            "there is no mistake 'updates-frist' (did you mean 'updates-first'?)",
        ),
        ("nonsense", "there is no mistake 'nonsense'; 'backprop-tui mistakes' lists all"),
        ("betas-swapped", "betas-swapped changes nothing here: it is made in Adam, AdamW, NAdam"),
        ("cut-off:16", "'cut-off:16': decimals, up to 15, have cut-off and rounded-intermediates"),
        ("float32:2", "'float32:2': it can be made in z1, h1, z2, "),
        ("derivative-left-out:1", "'derivative-left-out:1': it can be made in delta2, delta1"),
        ("log-base-10:z1", "'log-base-10:z1': it can be made in L"),
        ("\x1b[2J", "there is no mistake '␛[2J'"),
    ],
)
def test_what_cannot_be_made_is_said_in_a_line(name: str, message: str) -> None:
    debugger = beside("bias-left-out")
    with pytest.raises(MistakeError) as error:
        debugger.make_mistake(name)
    assert "\x1b" not in str(error.value)
    assert str(error.value).startswith(message) or "\x1b" in name
    assert debugger.beside is not None  # as it was
    assert debugger.beside.name == "bias-left-out"


def test_a_long_way_is_gone_by_both_runs() -> None:
    debugger = beside("bias-never-updated", 2000)
    task = debugger.travel.going(debugger.last_step)
    assert task.go_on()
    debugger.travel.arrive(task.leave())
    assert debugger.beside is not None
    assert debugger.beside.b.has(debugger.last_step)
    debugger.seek(0)
    assert debugger.resume().reason == "end"


def test_the_words() -> None:
    session = LineSession(Debugger(article()), WORDS)
    listed = session.run("mistake")
    rows = [line for line in listed.splitlines()[1:] if line[0] != " "]  # a long row goes on in the next line
    assert {row.split()[0] for row in rows} == {slip.mistake.name for slip in possible(session.debugger.program)}
    said = "beside it: the output weights are updated before they are backpropagated through (updates-first)"
    assert session.run("mistake updates-first") == said
    assert session.run("bug") == said
    assert session.run("mistake off") == "the right run alone"
    with pytest.raises(LineError, match="did you mean 'updates-first'"):
        session.run("mistake update-first")
    assert session.run("check").endswith("13 agree, 0 cut off, 5 carried over, 2 wrong")


def test_a_reload_keeps_the_mistake() -> None:
    session = LineSession(beside("updates-first"), WORDS)
    new, _, lost = reloaded(session.debugger, load("article"))
    assert new.beside is not None
    assert lost == []
    alone = msgspec.structs.replace(article().network, layers=article().network.layers[:1])
    new, _, lost = reloaded(
        session.debugger, training(msgspec.structs.replace(alone, y=np.ones((2, 1)), loss="half-squared-error"))
    )
    assert new.beside is None
    assert "the mistake updates-first" in lost


def test_every_mistake_is_possible_somewhere() -> None:
    programs = [program_of(key) for key in (*NETWORKS, *MODELS)]
    found = {slip.mistake.name for program in programs for slip in possible(program)}
    assert found == {row.name for row in ROWS}
    assert Slip.of(MISTAKES["cut-off"]).digits == 3


AT_ONE_PLACE = ("softmax-over-batch", "log-base-10", "updates-first")


@pytest.mark.parametrize(
    "name", [*AT_ONE_PLACE, *some([name for name in MISTAKES if name not in AT_ONE_PLACE], 3, most=20)]
)
def test_it_can_be_made_where_an_audit_says_that_it_was(name: str) -> None:
    """A cause's `at` has operations that differ, of a mistake that is made at one place too."""
    programs = map(program_of, (*NETWORKS, *MODELS))
    program = next(program for program in programs if name in {slip.mistake.name for slip in possible(program)})
    for place in sorted(mistaken(program, name).changed):
        assert place in mistaken(program, f"{name}:{place}").changed
