"""The stable forms: equal to the textbook's where that is finite, and finite where it is not."""

from typing import Any

import msgspec
import numpy as np
import pytest

from backprop_tui.engine.network.network import Layer, Network
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.program.run_program import run
from backprop_tui.engine.tables.losses import LOSSES
from backprop_tui.formula.language.primitives import ratio
from backprop_tui.formula.language.tree import names
from tests.engine.differences import execute
from tests.engine.networks import REDUCTIONS, column

ROWS = [(loss.name, activation) for loss in LOSSES.values() for activation in loss.stable]
every_row = pytest.mark.parametrize(("loss", "activation"), ROWS)
stable_rows = pytest.mark.parametrize(("loss", "activation"), [row for row in ROWS if not LOSSES[row[0]].one_hot])
of_classes = pytest.mark.parametrize(("loss", "activation"), [row for row in ROWS if LOSSES[row[0]].one_hot])
reductions = pytest.mark.parametrize("reduction", REDUCTIONS)


def network(loss: str, activation: str, z: Any, y: Any, reduction: str = "mean") -> Network:
    """One layer whose pre-activations are `z`."""
    z, y = np.atleast_2d(z), np.atleast_2d(y)
    layer = Layer(z.copy(), np.zeros((len(z), 1)), activation)
    return Network((layer,), np.eye(z.shape[1]), y, loss, "sgd", {"learning_rate": 0.1}, reduction)


def events(net: Network) -> dict[str, Event]:
    return {event.name: event for event in run(Program.of(net), 1)}


@stable_rows
@reductions
@pytest.mark.parametrize("target", [0.0, 0.3, 1.0])
def test_they_are_equal_where_both_are_finite(loss: str, activation: str, reduction: str, target: float) -> None:
    z = np.linspace(-20, 20, 321).reshape(3, -1)
    net = network(loss, activation, z, np.full(z.shape, target), reduction)
    found = events(net)
    with np.errstate(all="ignore"):
        values = execute(net.statements()[0], net.parameters() | net.constants())
    for name in ("L", "delta1"):
        assert found[name].operation.stable is not None
        # what the textbook's form loses by 1 − ŷ near ŷ = 1
        np.testing.assert_allclose(found[name].value, values[name], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(np.sum(found["L"].value), values["L"], rtol=1e-8)


@stable_rows
@reductions
@pytest.mark.parametrize("z", [1000.0, -1000.0, 40.0, -745.0, 1e300])
@pytest.mark.parametrize("target", [0.0, 1.0, 0.25])
def test_saturated_it_stays_finite(loss: str, activation: str, reduction: str, z: float, target: float) -> None:
    found = events(network(loss, activation, z, target, reduction))
    y_hat = found["y_hat"].value
    expected = max(z, 0) - z * target + np.log1p(np.exp(-abs(z)))
    np.testing.assert_allclose(found["L"].value, expected, rtol=1e-14)
    assert found["delta1"].value == y_hat - target
    for name in ("dL_dW1", "dL_db1", "W1", "b1"):
        assert np.isfinite(found[name].value).all()


@stable_rows
def test_the_intermediate_gradient_shows_its_true_value(loss: str, activation: str) -> None:
    found = events(network(loss, activation, -1000.0, 1.0))
    assert found["y_hat"].value == 0
    assert found["dL_dy_hat"].value == -np.inf
    assert found["dy_hat_dz1"].value == 0
    assert found["delta1"].value == -1
    assert events(network(loss, activation, -1000.0, 0.0))["dL_dy_hat"].value == 1
    assert events(network(loss, activation, 1000.0, 0.0))["dL_dy_hat"].value == np.inf
    assert events(network(loss, activation, 1000.0, 1.0))["dL_dy_hat"].value == -1


def test_a_batch_of_which_only_one_sample_saturates() -> None:
    net = network("binary-cross-entropy", "sigmoid", [[-1000.0, 0.5]], [[1.0, 0.0]])
    found = events(net)
    np.testing.assert_allclose(found["L"].value, (1000 + np.log1p(np.exp(0.5))) / 2)
    np.testing.assert_allclose(found["delta1"].value, [[-0.5, 0.5 / (1 + np.exp(-0.5))]])


def test_a_stable_form_stands_behind_its_own_activation_only() -> None:
    net = network("half-squared-error", "sigmoid", 0.5, 1.0)
    assert not any(e.operation.stable for e in events(net).values())
    tanh = msgspec.structs.replace(net, layers=(Layer(column(0.5), column(0), "identity"),))
    assert not any(e.operation.stable for e in events(tanh).values())


def test_the_rows_are_of_one_kind_or_the_other() -> None:
    """A row of a third kind needs tests of its own."""
    assert ROWS == [
        ("binary-cross-entropy", "sigmoid"),
        ("categorical-cross-entropy", "softmax"),
        ("categorical-cross-entropy", "log-softmax"),
    ]


@of_classes
@reductions
def test_of_classes_they_are_equal_where_both_are_finite(loss: str, activation: str, reduction: str) -> None:
    z = np.random.default_rng(0).uniform(-15, 15, size=(4, 60))
    y = np.eye(4)[:, np.arange(60) % 4]
    net = network(loss, activation, z, y, reduction)
    found = events(net)
    with np.errstate(all="ignore"):
        values = execute(net.statements()[0], net.parameters() | net.constants())
    assert found["delta1"].operation.stable is not None
    np.testing.assert_allclose(found["delta1"].value, values["delta1"], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found["L"].value, values["L"], rtol=1e-12)


@of_classes
@reductions
@pytest.mark.parametrize("far", [1000.0, -1000.0, 40.0, -745.0, 1e300])
def test_of_classes_saturated_it_stays_finite(loss: str, activation: str, reduction: str, far: float) -> None:
    """Three classes, of which one has a pre-activation far out; each is the target of a sample in turn."""
    z = np.array([[far] * 3, [0.0] * 3, [0.5] * 3])
    found = events(network(loss, activation, z, np.eye(3), reduction))
    rest = np.logaddexp(0.0, 0.5)
    lowest = np.array([0.0, far, far - 0.5]) if far > 0 else np.array([rest - far, rest, rest - 0.5])
    scale = 3 if reduction == "mean" else 1
    np.testing.assert_allclose(found["L"].value, lowest.sum() / scale, rtol=1e-12)
    shares = np.exp(z - z.max(axis=0)) / np.exp(z - z.max(axis=0)).sum(axis=0)
    np.testing.assert_allclose(found["delta1"].value, (shares - np.eye(3)) / scale, atol=1e-15)
    for name in ("dL_dW1", "dL_db1", "W1", "b1"):
        assert np.isfinite(found[name].value).all()


def test_of_classes_the_intermediate_gradient_shows_its_true_value() -> None:
    found = events(network("categorical-cross-entropy", "softmax", [[-1000.0], [0.0]], [[1.0], [0.0]]))
    assert found["y_hat"].value.tolist() == [[0], [1]]
    assert found["dL_dy_hat"].value.tolist() == [[-np.inf], [0]]
    assert not found["dy_hat_dz1"].value.any()
    assert found["delta1"].value.tolist() == [[-1], [1]]


@pytest.mark.parametrize(
    ("activation", "loss", "computed", "delta"),
    [
        ("softmax", "−Σ(y log ŷ)/N", "−Σ(y log softmax(z₁))/N", "(ŷ − y)/N"),
        ("log-softmax", "−Σ(y ⊙ ŷ)/N", None, "(softmax(z₁) − y)/N"),
    ],
)
def test_how_the_losses_of_classes_are_shown(activation: str, loss: str, computed: str | None, delta: str) -> None:
    found = events(network("categorical-cross-entropy", activation, [[0.5, 1.0], [0.0, 2.0]], np.eye(2)))
    assert (found["L"].formula, found["L"].operation.computed_as) == (loss, computed)
    assert found["delta1"].formula == "(∂ŷ/∂z₁)ᵀ ∂L/∂ŷ"
    assert found["delta1"].operation.computed_as == delta


@every_row
def test_it_jumps_over_what_it_does_not_read(loss: str, activation: str) -> None:
    found = events(network(loss, activation, 0.5, 1.0))
    delta, row = found["delta1"].operation, LOSSES[loss]
    assert delta.stable is not None
    output = [] if "y_hat" in names(delta.stable) else ["y_hat"]  # an edit of which has to be seen
    assert delta.jumps == ("L", *(["y"] if row.one_hot else []), *output, "dL_dy_hat", "dy_hat_dz1")
    assert found["L"].operation.jumps == (("y_hat",) if row.stable[activation].loss else ())
    assert [name for name, e in found.items() if e.operation.lazy] == ["dL_dy_hat", "dy_hat_dz1"]


def test_ratio_is_0_where_the_numerator_is() -> None:
    a, b = np.array([[0.0, 1.0, 0.0]]), np.array([[0.0, 0.0, np.inf]])
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(ratio(a, b), [[0.0, np.inf, 0.0]])
        assert ratio(np.float64(0), np.zeros((2, 1))).shape == (2, 1)
