"""How far rounding moves a value: a little where nothing cancels, much where something does."""

import numpy as np
import pytest

import backprop_tui as bt
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.sensitivity.value_noise import NEAR, ValueNoise
from backprop_tui.engine.timeline.timeline import Timeline


def noise(scenario: bt.Scenario, name: str, iteration: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """The rounding of a variable, and its value."""
    frame = Timeline(Program.of(scenario.network)).frame(iteration)
    return ValueNoise(frame, [name]).of(name), np.asarray(frame.at_end(name))


@pytest.mark.parametrize("name", ["z1", "y_hat", "L", "delta2", "dL_dW2", "W2"])
def test_it_is_a_few_of_the_last_digits_where_nothing_cancels(name: str) -> None:
    off, value = noise(bt.load("article"), name)
    assert off.shape == value.shape
    assert off.max() > 0
    assert off.max() < 50 * np.spacing(np.abs(value).max())


def test_it_is_more_where_digits_cancel() -> None:
    x = np.array([[1e6], [-1e6]])
    net = bt.network(x.T, [1.0], [(np.array([[1.0], [1.0 - 1e-9]]), None, "identity")], loss="mse", rows="samples")
    off, value = noise(net, "z1")
    assert off.max() > 1e-8 * abs(value).max()


def test_it_grows_with_the_iterations() -> None:
    scenario = bt.load("xor")
    first, later, far = (noise(scenario, "W1", iteration)[0].max() for iteration in (1, NEAR, 50 * NEAR))
    assert 0 < first < later < far < 1e-8


KINK = np.array([[0.1, 0.3], [0.2, 0.2], [0.9, -0.3]])  # 0.1 + 0.3 − 0.4 is 0, or what rounding leaves of it


def relu_of(x: np.ndarray, weights: np.ndarray, bias: np.ndarray) -> bt.Scenario:
    layers = [(weights, bias, "relu"), (np.array([[0.8], [-1.5]]), np.array([0.1]), "identity")]
    return bt.network(x, np.arange(len(x)), layers, loss="mse", rows="samples")


def test_what_falls_to_the_other_side_of_a_kink_jumps_and_is_nowhere_between() -> None:
    scenario = relu_of(KINK, np.array([[1.0, 0.7], [1.0, -0.7]]), np.array([-0.4, 0.0]))
    frame = Timeline(Program.of(scenario.network)).frame(1)
    measured = ValueNoise(frame, ["dL_dW1", "dL_dW2"])
    value = np.asarray(frame.at_end("dL_dW1"))
    assert measured.of("dL_dW1").max() < 1e-12
    found = np.array(measured.jumps("dL_dW1"))
    assert np.nanmin(np.abs(found - value)) > 1e-3
    assert not measured.jumps("dL_dW2")


def test_whole_numbers_made_of_whole_numbers_are_exact() -> None:
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    scenario = relu_of(x, np.array([[1.0, 1.0], [-1.0, 1.0]]), np.array([0.0, -1.0]))
    frame = Timeline(Program.of(scenario.network)).frame(1)
    measured = ValueNoise(frame, ["z1", "dL_dW1"])
    assert (np.asarray(frame.at_end("z1")) == 0).any()
    assert not measured.of("z1").any()
    assert not measured.jumps("dL_dW1")
    assert measured.of("dL_dW1").max() < 1e-12
