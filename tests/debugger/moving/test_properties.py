"""Wherever one came from, a step shows the same."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.scenario import Scenario, run
from tests.debugger.scenarios import bits, forgetful, scenarios, state
from tests.scenario.model.random_texts import models

Move = Callable[[Debugger], object]

FAR = 300  # steps; beyond it, a walk goes home

anything = st.one_of(scenarios, models())
counts = st.integers(0, 40)
moves: st.SearchStrategy[Move] = st.one_of(
    counts.map(lambda count: lambda d: d.advance(count)),
    counts.map(lambda count: lambda d: d.rewind(count)),
    st.integers(0, FAR).map(lambda step: lambda d: d.seek(step)),
    st.integers(1, 5).map(lambda count: lambda d: d.finish(count)),
    st.integers(1, 5).map(lambda count: lambda d: d.unfinish(count)),
    st.integers(-4, 4).map(lambda count: lambda d: d.skip(count)),
    st.just(lambda d: d.home()),
    st.just(lambda d: d.end()),
    st.booleans().map(lambda back: lambda d: d.resume(back=back)),
    st.integers(1, 3).map(lambda count: lambda d: d.resume(iterations=count)),
    st.integers(0, 30).map(lambda place: lambda d: d.breakpoints.toggle(_name(d, place))),
    st.just(lambda d: d.moment().next_loss),
)


def _name(debugger: Debugger, place: int) -> str:
    operations = debugger.program.operations
    return operations[place % len(operations)].name


@given(anything, st.lists(moves, max_size=12))
def test_any_walk_ends_where_a_fresh_seek_does(scenario: Scenario, walk: list[Move]) -> None:
    walked = forgetful(scenario)
    for move in walk:
        move(walked)
        if walked.step > FAR:
            walked.seek(0)
    fresh = Debugger(scenario)
    fresh.seek(walked.step)
    assert state(walked) == state(fresh)


@given(anything, st.integers(0, 60), st.integers(0, 60))
def test_forward_and_back_again_is_nothing(scenario: Scenario, start: int, count: int) -> None:
    debugger = forgetful(scenario)
    debugger.seek(start)
    before = state(debugger)
    debugger.advance(count)
    assert debugger.step == start + count
    debugger.rewind(count)
    assert state(debugger) == before
    for _ in range(min(count, 20)):
        debugger.advance()
    for _ in range(min(count, 20)):
        debugger.rewind()
    assert state(debugger) == before


@given(anything, st.lists(st.integers(0, 10_000), min_size=1, max_size=8))
def test_a_seek_is_a_replay(scenario: Scenario, seeks: list[int]) -> None:
    events = list(run(scenario, 7))
    debugger = forgetful(scenario)
    for seek in seeks:
        expected = events[seek % len(events)]
        debugger.seek(expected.step)
        event = debugger.event
        assert event is not None
        assert (event.position, event.step) == (expected.position, expected.step)
        assert bits(event.value) == bits(expected.value)
        assert {k: bits(v) for k, v in event.inputs.items()} == {k: bits(v) for k, v in expected.inputs.items()}
