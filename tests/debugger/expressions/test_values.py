"""What a variable is worth now."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.scenario import Scenario
from tests.debugger.scenarios import article, bits, exists, followed, scenarios, state
from tests.sampled import often

NEW_W2 = [[0.5, -0.8924065303101375]]

# where, what is asked for, what it is; None where it does not exist
VALUES: list[tuple[str, str, Any]] = [
    ("start", "W1", [[0.2, -0.4, 0.1], [0.7, 0.3, -0.5]]),
    ("start", "b1", [[0.1], [-0.2]]),
    ("start", "W2", [[0.5, -1.0]]),
    ("start", "b2", [[0.2]]),
    ("start", "eta", 0.1),
    ("start", "x", None),
    ("start", "y", None),
    ("start", "z1", None),
    ("start", "L", None),
    ("1:z1", "x", [[1.0], [0.5], [-1.5]]),
    ("1:z1", "y", [[1.0]]),
    ("1:z1", "z1", [[-0.05000000000000002], [1.4000000000000001]]),
    ("1:z1", "h", None),
    ("1:h1", "h", [[0.0], [1.4000000000000001]]),
    ("1:h1", "h1", [[0.0], [1.4000000000000001]]),
    ("1:L", "L", 1.4632824673380314),
    ("1:L", "loss", 1.4632824673380314),
    ("1:delta2", "δ₂", [[-0.7685247834990176]]),
    ("1:delta2", "delta2", [[-0.7685247834990176]]),
    ("1:delta2", "ŷ", [[0.23147521650098232]]),
    ("1:dL_dW1", "dW1", [[0, 0, 0], [0.7685247834990176, 0.3842623917495088, -1.1527871752485264]]),
    ("1:dL_dW1", "∂L/∂W₁", [[0, 0, 0], [0.7685247834990176, 0.3842623917495088, -1.1527871752485264]]),
    ("1:dL_db1", "db1", [[0], [0.7685247834990176]]),
    ("1:dL_dW1", "db1", None),
    ("1:dL_dh1", "dh1", [[-0.3842623917495088], [0.7685247834990176]]),
    ("1:delta1", "f′(z₁)", [[0], [1]]),
    ("1:dL_db1", "W2", [[0.5, -1.0]]),  # all gradients are known and nothing is updated
    ("1:W2", "W2", NEW_W2),
    ("1:W2", "W₂", NEW_W2),
    ("1:W2", "b2", [[0.2]]),
    ("1:b1", "x", [[1.0], [0.5], [-1.5]]),
    ("2:z1", "W2", NEW_W2),
    ("2:dL_db1", "W2", NEW_W2),
    ("2:z1", "h1", None),  # of the first iteration
    ("2:z1", "L", None),
    ("2:z1", "dW1", None),
    ("1:b1", "nonsense", None),
    ("1:b1", "W3", None),
    ("1:b1", "", None),
    ("1:b1", "__class__", None),
]


@pytest.mark.parametrize(("position", "name", "expected"), VALUES)
def test_a_value_now(position: str, name: str, expected: Any) -> None:
    debugger = Debugger(article())
    debugger.seek(position)
    if expected is None:
        with pytest.raises(KeyError):
            debugger[name]
    else:
        np.testing.assert_allclose(debugger[name], expected, rtol=0, atol=1e-15)
        assert np.shape(debugger[name]) == np.shape(expected)


def test_an_update_reads_the_old_value_and_writes_the_new() -> None:
    debugger = Debugger(article())
    debugger.seek("1:W2")
    event = debugger.event
    assert event is not None
    assert list(event.inputs) == ["W2", "eta", "dL_dW2"]
    assert event.inputs["W2"].tolist() == [[0.5, -1.0]]
    assert event.value.tolist() == NEW_W2
    debugger.seek("1:dL_dh1")
    event = debugger.event
    assert event is not None
    assert event.inputs["W2"].tolist() == [[0.5, -1.0]]


def test_values_are_read_only() -> None:
    debugger = Debugger(article())
    debugger.seek("2:b1")
    before = state(debugger)
    for name in debugger.program.shapes:
        value = debugger[name]
        assert not value.flags.writeable
        with pytest.raises((ValueError, TypeError)):
            value[...] = 7.0
    assert state(debugger) == before


def test_the_loss_with_the_new_parameters_is_told_at_the_end_of_an_iteration() -> None:
    debugger = Debugger(article())
    told = []
    for step in range(39):
        debugger.seek(step)
        told.append((debugger.position, debugger.moment().next_loss))
    found = {position: loss for position, loss in told if loss is not None}
    assert list(found) == ["1:b1", "2:b1"]
    assert found["1:b1"] == pytest.approx(1.0792030650, abs=5e-11)
    debugger.seek("2:L")
    assert debugger.step == 24
    assert found["1:b1"] == debugger["L"]
    debugger.seek("3:L")
    assert found["2:b1"] == debugger["L"]


@settings(max_examples=often(8, 100))
@given(scenarios)
def test_what_exists_when(scenario: Scenario) -> None:
    """Every variable after every step of three iterations, against a reader of the events."""
    debugger = Debugger(scenario)
    names = list(debugger.program.shapes)
    assert {name for name in names if exists(debugger, name)} == {
        name
        for name in (*debugger.program.start, *debugger.program.counters)
        if name not in ("x", "y") and not name.startswith("mask")
    }
    for event, values in followed(scenario, 3):
        debugger.seek(event.step)
        found = {name: bits(debugger[name]) for name in names if exists(debugger, name)}
        assert found == {name: bits(value) for name, value in values.items()}
