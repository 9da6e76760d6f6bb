"""Stepping into operations: an element at a time, forwards and back, and what is not reached is not there."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.basics.scalar_terms import terms
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.values.expansion import MOST
from backprop_tui.formula.values.reach import reads
from backprop_tui.scenario import Scenario, bundled, load
from tests.debugger.scenarios import scenarios, training
from tests.engine.networks import Case
from tests.engine.options import IN_BATCHES, NETWORKS
from tests.sampled import often, some


def order(timeline: Timeline, iterations: int) -> list[tuple[int, int | None]]:
    """All places of a run in order, step 0 first: operation by operation, row by row."""
    found: list[tuple[int, int | None]] = [(0, None)]
    for step in range(1, iterations * timeline.length + 1):
        event = timeline.event(step)
        assert event is not None
        found += [(step, element) for element in range(np.size(event.value))]
    return found


def here(debugger: Debugger) -> tuple[int, int | None]:
    return debugger.step, debugger.element


def test_every_element_of_the_article_in_order_and_back() -> None:
    debugger = Debugger(load("article"))
    places = order(debugger.timeline, 2)
    for place in places[1:]:
        debugger.into()
        assert here(debugger) == place
    for place in reversed(places[:-1]):
        debugger.into(back=True)
        assert here(debugger) == place
    debugger.into(back=True)
    assert here(debugger) == (0, None)


@given(scenarios, st.data())
def test_counts(scenario: Scenario, data: st.DataObject) -> None:
    debugger = Debugger(scenario)
    places = order(debugger.timeline, 3)
    at = 0
    for _ in range(4):
        there = data.draw(st.integers(0, len(places) - 1))
        if there != at:
            debugger.into(abs(there - at), back=there < at)
        assert here(debugger) == places[there]
        at = there


def test_from_the_whole_operation_on_and_back() -> None:
    debugger = Debugger(load("article"))
    debugger.seek("1:dL_dW1")
    debugger.into()
    assert here(debugger) == (14, 0)
    debugger.seek("1:dL_dW1")
    debugger.into(4)
    assert here(debugger) == (14, 3)
    debugger.seek("1:dL_dW1")
    debugger.into(back=True)
    assert here(debugger) == (14, 5)
    debugger.seek("1:dL_dW1")
    debugger.into(7, back=True)
    assert here(debugger) == (13, 1)


@pytest.mark.parametrize("leave", ["advance", "rewind", "finish", "home", "leave"])
def test_every_other_move_leaves(leave: str) -> None:
    debugger = Debugger(load("article"))
    debugger.seek("1:dL_dW1")
    debugger.into(2)
    assert debugger.moment().missing is not None
    getattr(debugger, leave)()
    assert debugger.element is None
    assert debugger.moment().missing is None
    assert debugger.moment().place is None


def test_what_is_not_reached_is_not_there() -> None:
    debugger = Debugger(load("article"))
    debugger.seek("1:dL_dW1")
    debugger.into(4)
    moment = debugger.moment()
    assert moment.place == (1, 0)
    assert np.asarray(moment.missing).tolist() == [[False, False, False], [False, True, True]]
    assert moment.scalar(Address("dL_dW1", (1, 0))) == moment.frame["dL_dW1"][1, 0]
    assert moment.scalar(Address("dL_dW1", (1, 1))) is None
    assert moment.scalar(Address("dL_dW2", (0, 1))) is not None
    assert debugger.selection == Address("dL_dW1", (1, 0))


def test_of_an_update_what_is_not_reached_is_as_it_was() -> None:
    debugger = Debugger(load("article"))
    debugger.seek("1:W1")
    new = debugger["W1"]
    debugger.into(5)
    now = debugger["W1"]
    old = debugger.moment().frame["W1"]
    assert (now[1, 0], now[1, 1], now[1, 2]) == (new[1, 0], new[1, 1], old[1, 2])
    assert debugger.moment().scalar(Address("W1", (1, 2))) == old[1, 2] != new[1, 2]


def test_an_iteration_is_over_and_a_claim_is_checked_when_all_is_there() -> None:
    debugger = Debugger(load("article"))
    debugger.seek("1:b1")
    assert debugger.moment().at_end
    assert debugger.moment().verdicts
    debugger.into()
    assert not debugger.moment().at_end
    assert not debugger.moment().verdicts
    debugger.into()
    assert debugger.moment().at_end
    assert debugger.moment().verdicts


def every_element(scenario: Scenario, iterations: int) -> None:
    """The terms of each element come to it, and read what the diagram lights."""
    debugger = Debugger(scenario)
    writing = Writing(debugger.program.symbols)
    for iteration in range(1, iterations + 1):
        frame = debugger.timeline.frame(iteration)
        for operation in frame.program.operations:
            value = frame[operation.key]
            shapes = frame.program.shapes_at(iteration)
            places = list(np.ndindex(np.shape(value)))
            for at in places[:3] + places[-1:]:
                found = terms(operation, frame, at)
                np.testing.assert_allclose(found.expansion.value, value[at], rtol=1e-8, atol=1e-10)
                assert writing.terms(found.expansion)
                assert writing.numbers(found.expansion)
                assert reads(operation.tree, at, shapes) is not None


@pytest.mark.parametrize("name", some((name for name, _ in bundled()), 15))
def test_every_operation_of_every_bundled_scenario(name: str) -> None:
    every_element(load(name), 2)


@pytest.mark.parametrize("name", some([*NETWORKS, *IN_BATCHES], 8))
def test_with_every_option(name: str) -> None:
    every_element(training((NETWORKS | IN_BATCHES)[name]), 2)


@settings(max_examples=often(8, 100))
@given(scenarios)
def test_random_networks(scenario: Scenario) -> None:
    every_element(scenario, scenario.iterations)


def test_where_the_textbook_form_is_not_finite_the_terms_are_those_that_were_computed() -> None:
    scenario = load("article")
    debugger = Debugger(scenario)
    debugger.assign("b2", -2000.0)
    frame = debugger.timeline.frame(1)
    operations = frame.program.by_name
    loss = terms(operations["L"], frame, ())
    assert loss.stable
    assert loss.expansion.value == loss.value > 1000
    writing = Writing(debugger.program.symbols)
    assert writing.terms(loss.expansion) == "max(z₂[0], 0) − z₂[0]·y[0] + log(1 + exp(−|z₂[0]|))"
    assert terms(operations["delta2"], frame, (0, 0)).stable
    assert not terms(operations["z1"], frame, (0, 0)).stable


def test_many_terms_are_the_first_and_the_last() -> None:
    network = Case(("relu", "identity"), "half-squared-error", units=(30, 2)).network()
    debugger = Debugger(training(network))
    frame = debugger.timeline.frame(1)
    found = terms(frame.program.by_name["z2"], frame, (1, 0))
    writing = Writing(debugger.program.symbols)
    symbols, numbers = writing.terms(found.expansion), writing.numbers(found.expansion)
    left = 30 - MOST
    assert f" + … {left} more … + W₂[1,28]·h[28] + W₂[1,29]·h[29] + b₂[1]" in symbols
    assert f" + … {left} more … + " in numbers
    ascii_ = Writing(debugger.program.symbols, ascii=True)
    assert f" + ... {left} more ... + W2[1, 28] * h1[28, 0]" in ascii_.terms(found.expansion)
    assert ascii_.numbers(found.expansion).isascii()
