"""ctrl+c, at any iteration of a long way: the debugger is where it was or says where it is, and goes on."""

from collections.abc import Callable
from signal import SIGINT, raise_signal

import numpy as np
import pytest

import backprop_tui as bt
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.engine.program.program import Frame
from backprop_tui.engine.timeline.frame_store import Home

FAR = 10**9
AT = 40  # the iteration in which the signal comes


def interrupted_at(iteration: int) -> Debugger:
    """A debugger whose user presses ctrl+c while an iteration is computed."""
    debugger = Debugger(bt.load("article"))

    def told(home: Home, _: Frame) -> None:
        if home[1] == iteration:
            raise_signal(SIGINT)

    debugger.timeline.store.told = told
    return debugger


def values(debugger: Debugger) -> dict[str, np.ndarray]:
    return {name: np.array(debugger[name]) for name in ("W1", "b1", "W2", "b2", "L")}


def check_goes_on(debugger: Debugger) -> None:
    """What is computed afterwards is what a debugger computes that was never interrupted."""
    fresh = Debugger(bt.load("article"))
    for one in (debugger, fresh):
        one.timeline.store.told = lambda _, __: None
        one.seek(one.timeline.step_at(AT + 60, one.timeline.length - 1))
    for name, value in values(fresh).items():
        np.testing.assert_array_equal(values(debugger)[name], value)


@pytest.mark.parametrize(
    "move",
    [
        lambda debugger: debugger.advance(FAR),
        lambda debugger: debugger.seek(FAR),
        lambda debugger: debugger.skip(FAR // 100),
        lambda debugger: debugger.finish(FAR),
        lambda debugger: debugger.series("L", FAR),
    ],
    ids=["advance", "seek", "skip", "finish", "series"],
)
def test_a_move_that_is_interrupted_leaves_the_debugger_where_it_was(move: Callable[[Debugger], object]) -> None:
    debugger = interrupted_at(AT)
    debugger.advance(3)
    with pytest.raises(KeyboardInterrupt):
        move(debugger)
    assert debugger.position == "1:z2"
    check_goes_on(debugger)


def test_a_continue_that_is_interrupted_stays_where_it_has_come() -> None:
    debugger = interrupted_at(AT)
    debugger.breakpoints.add("L", when="L < 0")
    assert debugger.resume(iterations=FAR // 100).reason == "interrupted"
    assert AT - 1 <= debugger.iteration <= AT
    check_goes_on(debugger)


def test_a_way_back_that_is_interrupted_leaves_the_debugger_where_it_was() -> None:
    debugger = interrupted_at(0)
    debugger.seek("200:")
    debugger.timeline.store.recent.clear()
    debugger.seek("200:")
    debugger.timeline.store.told = interrupted_at(AT).timeline.store.told
    with pytest.raises(KeyboardInterrupt):
        debugger.rewind(debugger.step - debugger.timeline.step_at(AT, 0))
    assert debugger.iteration == 200
    check_goes_on(debugger)


def test_a_run_that_is_interrupted_ends() -> None:
    def until_interrupted() -> None:
        for event in bt.run(bt.load("article"), FAR):
            if event.iteration == AT:
                raise_signal(SIGINT)

    with pytest.raises(KeyboardInterrupt):
        until_interrupted()


@pytest.mark.parametrize("iteration", [0, -1, -(10**9)])
def test_there_is_no_iteration_before_the_first(iteration: int) -> None:
    with pytest.raises(ValueError, match=f"^there is no iteration {iteration}: they count from 1$"):
        bt.gradcheck(bt.load("article"), iteration)


def test_there_is_nothing_between_two_iterations_or_steps() -> None:
    with pytest.raises(TypeError, match="float"):
        bt.gradcheck(bt.load("article"), 1.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="float"):
        Debugger(bt.load("article")).seek(1.5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ask", "what"),
    [
        (lambda debugger: bt.run(debugger.scenario, -1), "iterations"),
        (lambda debugger: debugger.series("L", -1), "iterations"),
        (lambda debugger: debugger.resume(iterations=-1), "iterations"),
        (lambda debugger: debugger.resume(back=True, iterations=-1), "iterations"),
        (lambda debugger: debugger.advance(-1), "operations"),
        (lambda debugger: debugger.rewind(-1), "operations"),
        (lambda debugger: debugger.finish(-1), "stages"),
        (lambda debugger: debugger.unfinish(-1), "stages"),
        (lambda debugger: debugger.into(-1), "elements"),
        (lambda debugger: debugger.into(-1, back=True), "elements"),
    ],
)
def test_a_count_below_0_is_refused(ask: Callable[[Debugger], object], what: str) -> None:
    debugger = Debugger(bt.load("article"))
    debugger.advance(3)
    with pytest.raises(ValueError, match=f"^a number of {what} is 0 or more, and -1 was given$"):
        ask(debugger)
    assert debugger.step == 3


def test_a_count_of_0_moves_nowhere() -> None:
    debugger = Debugger(bt.load("article"))
    debugger.advance(3)
    for move in (debugger.advance, debugger.rewind, debugger.finish, debugger.unfinish, debugger.into, debugger.skip):
        move(0)
        assert debugger.step == 3
    assert list(bt.run(debugger.scenario, 0)) == []


def test_a_sample_is_a_whole_number() -> None:
    with pytest.raises(TypeError, match="float"):
        Debugger(bt.load("xor")).show_sample(0.5)  # type: ignore[arg-type]
