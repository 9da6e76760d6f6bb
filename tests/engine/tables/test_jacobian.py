"""What makes a sample's units depend on each other: its Jacobian is an operation, a matrix for each sample."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from backprop_tui.engine.network.network import Layer, Network
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.operation import QUIET
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.program.run_program import run
from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.formula.language.tree import ExpressionError
from backprop_tui.formula.values.expression import read_expression
from backprop_tui.formula.writing.numbers import format_array
from tests.engine.differences import assert_slopes, execute, slopes
from tests.engine.networks import Case

SHARED = [name for name, row in ACTIVATIONS.items() if row.jacobian]
BATCHES = (1, 4)
everywhere = pytest.mark.parametrize(("name", "batch"), [*product(SHARED, BATCHES)])


def network(*activations: str, batch: int) -> Network:
    return Case(activations, "half-squared-error", batch=batch, units=(3, 4)).network()


def events(net: Network) -> dict[str, Event]:
    return {event.name: event for event in run(Program.of(net), 1)}


def shares(z: Any) -> Any:
    powers = np.exp(z - z.max(axis=0))
    return powers / powers.sum(axis=0)


def expected(name: str, z: Any) -> Any:
    """The Jacobians from an independent formula: (samples, outputs, pre-activations)."""
    p, one = shares(z), np.eye(len(z))
    if name == "softmax":
        return np.array([np.diag(column) - np.outer(column, column) for column in p.T])
    return np.array([one - column for column in p.T])


@everywhere
@pytest.mark.parametrize("where", ["output", "hidden"])
def test_it_is_an_operation_and_delta_is_its_product_with_the_gradient(name: str, batch: int, where: str) -> None:
    found = events(network("tanh", name, batch=batch) if where == "output" else network(name, "identity", batch=batch))
    of, k = ("y_hat", 2) if where == "output" else ("h1", 1)
    local, gradient, delta = (found[n] for n in (f"d{of}_dz{k}", f"dL_d{of}", f"delta{k}"))
    units = 4 if where == "output" else 3
    assert local.operation.shape == (batch, units, units) == local.value.shape
    assert delta.reads == (local.name, gradient.name)
    matrices = expected(name, found[f"z{k}"].value)
    np.testing.assert_allclose(local.value, matrices, atol=1e-15)
    np.testing.assert_allclose(delta.value, np.einsum("sij,is->js", matrices, gradient.value), atol=1e-15)


@everywhere
def test_every_gradient_is_a_slope_and_so_is_every_element_of_it(name: str, batch: int) -> None:
    net = network("tanh", name, batch=batch)
    found, *_ = net.statements()
    forward = [s for s in found if s.stage in ("forward", "loss")]
    values = execute(forward, net.parameters() | net.constants())
    gradients = events(net)
    for variable in ("W2", "b2", "h1", "W1", "b1"):
        assert_slopes(gradients[f"dL_d{variable}"].value, slopes(forward, values, variable), variable)
    (last,) = [s for s in forward if s.name == "y_hat"]
    above, below = (execute([last], values | {"z2": values["z2"] + by})["y_hat"] for by in (1e-5, -1e-5))
    # all pre-activations moved at once: every row's sum
    rows = gradients["dy_hat_dz2"].value.sum(axis=2).T
    np.testing.assert_allclose(rows, (above - below) / 2e-5, atol=1e-10)


@everywhere
def test_too_large_for_an_operation_it_is_left_out(name: str, batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def made() -> dict[str, Event]:
        return events(network("tanh", name, batch=batch))

    whole = made()
    monkeypatch.setattr("backprop_tui.engine.statements.derive.LARGEST_JACOBIAN", batch * 4 * 4)
    assert "dy_hat_dz2" in made()
    monkeypatch.setattr("backprop_tui.engine.statements.derive.LARGEST_JACOBIAN", batch * 4 * 4 - 1)
    found = made()
    assert whole.keys() - found.keys() == {"dy_hat_dz2"}
    for each in found:
        np.testing.assert_allclose(found[each].value, whole[each].value, rtol=1e-13, atol=1e-15)
    assert (
        found["delta2"].formula
        == {
            "softmax": "ŷ(∂L/∂ŷ − Σ(ŷ ⊙ ∂L/∂ŷ))",
            "log-softmax": "∂L/∂ŷ − exp(ŷ) Σ(∂L/∂ŷ)",
        }[name]
    )


@everywhere
@pytest.mark.parametrize("kept", [True, False])
def test_one_samples_matrix_can_be_asked_for(
    name: str, batch: int, kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not kept:
        monkeypatch.setattr("backprop_tui.engine.statements.derive.LARGEST_JACOBIAN", 0)
    program = Program.of(network("tanh", name, batch=batch))
    frame = program.fill(program.first())

    def value(text: str) -> Any:
        expression = read_expression(text, program.symbols)
        found = QUIET(expression.function())(frame)
        assert np.shape(found) == expression.shape
        return found

    matrices = expected(name, frame["z2"])
    for sample in range(batch):
        np.testing.assert_allclose(value(f"dy_hat_dz2[{sample}]"), matrices[sample], atol=1e-15)
        np.testing.assert_allclose(value(f"∂ŷ/∂z₂[{sample},1,2]"), matrices[sample, 1, 2], atol=1e-15)
    np.testing.assert_allclose(value("dy_hat_dz2[-1][0,1]"), matrices[-1, 0, 1], atol=1e-15)
    np.testing.assert_allclose(value("norm(dy_hat_dz2[0])"), np.linalg.norm(matrices[0]))
    for wrong in (f"dy_hat_dz2[{batch}]", f"dy_hat_dz2[{-batch - 1}]", "dy_hat_dz2[0,4,0]", "dy_hat_dz2[0.5]"):
        with pytest.raises(ExpressionError):
            value(wrong)
    if kept:
        np.testing.assert_allclose(value("sum(dy_hat_dz2) + dy_hat_dz2.max()"), matrices.sum() + matrices.max())
    else:
        with pytest.raises(ExpressionError, match=r"take one sample's, dy_hat_dz2\[0\]"):
            value("dy_hat_dz2")


@pytest.mark.parametrize("z", [1000.0, -1000.0, 1e100])
@pytest.mark.parametrize("name", SHARED)
def test_far_out_nothing_overflows(name: str, z: float) -> None:
    """One pre-activation of three is z, the others are 0."""
    layer = Layer(np.zeros((3, 1)), np.array([[0.0], [z], [0.0]]), name)
    net = Network((layer,), np.ones((1, 1)), np.zeros((3, 1)), "half-squared-error", "sgd", {"learning_rate": 0.1})
    found = events(net)
    p = np.array([[0.0], [1.0], [0.0]] if z > 0 else [[0.5], [0.0], [0.5]])
    wanted = {"softmax": p, "log-softmax": np.array([[0.0], [z], [0.0]]) - (z if z > 0 else np.log(2))}[name]
    np.testing.assert_allclose(found["y_hat"].value, wanted)
    np.testing.assert_allclose(found["dy_hat_dz1"].value, expected(name, found["z1"].value), atol=1e-300)
    assert all(np.isfinite(event.value).all() for event in found.values())


def test_matrices_on_one_line() -> None:
    assert format_array(np.array([[[0.25, -0.25], [-0.25, 0.25]]])) == "[[0.25 −0.25] [−0.25 0.25]]"
    assert format_array(np.arange(8.0).reshape(2, 2, 2)) == "[[[0 1] [2 3]] [[4 5] [6 7]]]"
    assert format_array(np.arange(27.0).reshape(3, 3, 3)) == "3×3×3 [0 1 2 3 …]"
    assert format_array(np.array([[[0.5]]])) == "0.5"
