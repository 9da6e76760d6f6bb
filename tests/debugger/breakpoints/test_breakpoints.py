"""Breakpoints, and continuing to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_tui.debugger.breakpoints.breakpoint import Breakpoint, BreakpointError
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.moving.task import Stop
from backprop_tui.scenario import Scenario, load, run
from tests.debugger.scenarios import article, scenarios

END = ("end", "")


def at(name: str) -> tuple[str, str]:
    return "breakpoint", name


def why(stop: Stop) -> tuple[str, str]:
    return stop.reason, stop.which


# breakpoints, from, the continues ("c" forward, "C" back), and where and why each stopped
Continues = list[tuple[str, str, tuple[str, str]]]
CASES: list[tuple[str, str, Continues]] = [
    ("", "start", [("c", "3:b1", END), ("C", "start", END)]),
    ("", "2:L", [("C", "start", END), ("C", "start", END)]),
    ("L", "start", [("c", "1:L", at("L")), ("c", "2:L", at("L")), ("c", "3:L", at("L")), ("c", "3:b1", END)]),
    ("L", "3:b1", [("C", "3:L", at("L")), ("C", "2:L", at("L")), ("C", "1:L", at("L")), ("C", "start", END)]),
    ("L delta1", "1:L", [("c", "1:delta1", at("delta1")), ("C", "1:L", at("L"))]),
    ("L", "2:L", [("c", "3:L", at("L")), ("C", "2:L", at("L"))]),
    ("W2", "1:z1", [("c", "1:W2", at("W2"))]),
    ("b1", "1:z1", [("c", "1:b1", at("b1")), ("c", "2:b1", at("b1")), ("c", "3:b1", at("b1")), ("c", "3:b1", END)]),
    ("z1", "start", [("c", "1:z1", at("z1")), ("C", "start", END)]),
    # past the scenario's last iteration a continue stays, and goes back as ever
    ("", "4:h1", [("c", "4:h1", END)]),
    ("L", "4:h1", [("c", "4:h1", END), ("C", "3:L", at("L"))]),
    ("L", "4:delta2", [("C", "4:L", at("L"))]),
]


@pytest.mark.parametrize(("names", "start", "continues"), CASES)
def test_continuing(names: str, start: str, continues: Continues) -> None:
    debugger = Debugger(article(iterations=3))
    for name in names.split():
        debugger.breakpoints.add(name)
    debugger.seek(start)
    for key, position, stop in continues:
        assert why(debugger.resume(back=key == "C")) == stop
        assert debugger.position == position


@pytest.mark.parametrize(("names", "position", "stop"), [("", "6:h1", END), ("y_hat", "4:y_hat", at("y_hat"))])
def test_past_the_end_a_continue_takes_a_count(names: str, position: str, stop: tuple[str, str]) -> None:
    debugger = Debugger(article(iterations=3))
    for name in names.split():
        debugger.breakpoints.add(name)
    debugger.seek("4:h1")
    assert why(debugger.resume(iterations=2)) == stop
    assert debugger.position == position


def test_where_a_continue_goes_is_known_without_going_there() -> None:
    debugger = Debugger(article(iterations=3))
    debugger.breakpoints.add("delta1")
    assert debugger.travel.target() == (13, Stop("breakpoint", "delta1", 1))
    assert debugger.travel.target(back=True) == (0, Stop("end"))
    assert debugger.step == 0


@given(scenarios, st.data())
def test_a_continue_stops_where_the_events_say(scenario: Scenario, data: st.DataObject) -> None:
    events = list(run(scenario))
    debugger = Debugger(scenario)
    names = [operation.name for operation in debugger.program.operations]
    chosen = data.draw(st.sets(st.sampled_from(names), max_size=3))
    for name in chosen:
        debugger.breakpoints.add(name)
    start = data.draw(st.integers(0, len(events)))
    stops = [event.step for event in events if event.name in chosen]
    debugger.seek(start)
    found = why(debugger.resume())
    assert debugger.step == min([stop for stop in stops if stop > start], default=len(events))
    assert (found == END) == (not any(stop > start for stop in stops))
    if start in stops and found != END:
        debugger.resume(back=True)
        assert debugger.step == start
    debugger.seek(start)
    found = why(debugger.resume(back=True))
    assert debugger.step == max([stop for stop in stops if stop < start], default=0)
    assert (found == END) == (not any(stop < start for stop in stops))


@pytest.mark.parametrize("typed", ["dL_dW1", "dW1", "∂L/∂W₁", " dL_dW1 "])
def test_a_breakpoint_by_any_name(typed: str) -> None:
    breakpoints = Debugger(article()).breakpoints
    assert breakpoints.add(typed) == Breakpoint("dL_dW1", 1)
    assert typed in breakpoints
    assert "dL_dW1" in breakpoints
    assert "dL_dW2" not in breakpoints
    assert breakpoints.add("dL_dW1") == Breakpoint("dL_dW1", 1)
    assert (len(breakpoints), list(breakpoints)) == (1, [Breakpoint("dL_dW1", 1)])
    breakpoints.remove(typed)
    assert (len(breakpoints), list(breakpoints)) == (0, [])


def test_toggling() -> None:
    debugger = Debugger(article())
    assert [debugger.breakpoints.toggle(name) for name in ("δ₂", "delta2", "delta2", "L")] == [True, False, True, True]
    assert debugger.breakpoints.names() == debugger.moment().breakpoints == {"delta2", "L"}


@pytest.mark.parametrize("typed", ["x", "eta", "nope", "", "1:delta2", "W1[0,1]"])
def test_what_is_no_operation_has_no_breakpoint(typed: str) -> None:
    breakpoints = Debugger(article()).breakpoints
    for method in (breakpoints.add, breakpoints.remove, breakpoints.toggle):
        with pytest.raises(KeyError):
            method(typed)
    assert typed not in breakpoints
    assert len(breakpoints) == 0


def test_hits_count_from_1() -> None:
    breakpoints = Debugger(load("article")).breakpoints
    with pytest.raises(BreakpointError, match="hits count from 1"):
        breakpoints.add_typed("z1 hit 0")
    with pytest.raises(BreakpointError, match="hits count from 1"):
        breakpoints.add("z1", hit=-1)
    with pytest.raises(TypeError, match="float"):
        breakpoints.add("z1", hit=1.5)  # type: ignore[arg-type]
    assert not len(breakpoints)


def test_there_are_only_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    debugger = Debugger(load("article"))
    monkeypatch.setattr("backprop_tui.debugger.breakpoints.breakpoints.MOST_BREAKPOINTS", 2)
    debugger.breakpoints.add("z1")
    debugger.breakpoints.add("z1", when="L < 0")
    assert debugger.breakpoints.add("z1").number == 1  # that one is there
    with pytest.raises(BreakpointError, match="there are 2 breakpoints already"):
        debugger.breakpoints.toggle("h1")
    assert len(debugger.breakpoints) == 2


@pytest.mark.parametrize("typed", ["delta1 if {}", "change W1 if {}"])
def test_a_condition_that_is_too_long_is_told_so(typed: str) -> None:
    debugger, long = Debugger(article()), "L < 1 and " * 80 + "L < 1"
    with pytest.raises(ValueError, match="longer than 500 characters"):
        debugger.breakpoints.add_typed(typed.format(long))
    with pytest.raises(ValueError, match="longer than 500 characters"):
        debugger.breakpoints.add("delta1", when=long)
