"""Constants of the tables, held to numbers computed by hand: gradient checks take any, and PyTorch is optional."""

import numpy as np
import pytest

from backprop_tui.engine.network.network import Layer, Network
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.program.run_program import run
from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.tree import Call, Name
from backprop_tui.formula.values.compile import compiled


def of(activation: str, z: float) -> tuple[float, float]:
    """An activation's value and its slope, by its row."""
    row = ACTIVATIONS[activation]
    value = compiled(Call(row.primitive, (Name("a"),)))({"a": np.float64(z)})
    return float(value), float(compiled(parse(row.derivative))({"a": np.float64(z), "ans": value}))


@pytest.mark.parametrize(
    ("activation", "z", "value", "slope"),
    [
        # tanh(√(2/π)·(z + 0.044715·z³)): at 1 of 0.7978845608·1.044715 = 0.8335619689, at 2 of 1.8811883867
        ("gelu-tanh", 1.0, 0.8411919906, 1.0829640838),
        ("gelu-tanh", 2.0, 1.9545976941, 1.0860992566),
        ("gelu-tanh", -1.0, -0.1588080094, -0.0829640838),
        # λ = 1.0507009874 and α = 1.6732632424: λα(eᶻ − 1) up to 0, λz above; λα = 1.7580993408 is the slope at 0
        ("selu", -1.0, -1.1113307378, 0.6467686030),
        ("selu", 0.0, 0.0, 1.7580993408),
        ("selu", 2.0, 2.1014019747, 1.0507009874),
    ],
)
def test_an_activation(activation: str, z: float, value: float, slope: float) -> None:
    np.testing.assert_allclose(of(activation, z), (value, slope), rtol=0, atol=6e-11)


def line(gradient: float, optimizer: str, **settings: float) -> Network:
    """One weight of 0 whose gradient is this: L = ½(wx − 1)², x = −g."""
    layer = Layer(np.zeros((1, 1)), None, "identity")
    x, y = np.array([[-gradient]]), np.ones((1, 1))
    return Network((layer,), x, y, "half-squared-error", optimizer, {"learning_rate": 0.1, **settings})


@pytest.mark.parametrize(
    ("gradient", "settings", "after"),
    [
        (1e-10, {}, -0.05),  # η·g/(√g² + ε): with ε = 10⁻¹⁰ half of η
        (3e-10, {}, -0.075),
        (0.5, {"eps": 1.5}, -0.025),  # 0.1·0.5/(0.5 + 1.5); within the root it would be 0.1·0.5/√1.75
        (0.5, {"eps": 1.5, "initial_accumulator_value": 2.0}, -0.05 / 3.0),  # √(2 + 0.25) = 1.5
    ],
)
def test_adagrads_first_step(gradient: float, settings: dict[str, float], after: float) -> None:
    values = {event.name: event.value for event in run(Program.of(line(gradient, "adagrad", **settings)), 1)}
    assert values["dL_dW1"][0, 0] == gradient
    np.testing.assert_allclose(values["W1"], [[after]], rtol=1e-12)


def test_the_smallest_numbers_are_pytorchs() -> None:
    eps = {name: row.defaults["eps"] for name, row in OPTIMIZERS.items() if "eps" in row.defaults}
    assert eps.pop("adagrad") == 1e-10
    assert eps.pop("adadelta") == 1e-6
    assert {*eps.values()} == {1e-8}, eps
