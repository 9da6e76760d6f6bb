"""Layers as the text of a model."""

import msgspec
import numpy as np
import pytest

from backprop_tui.engine.network.layer_text import forward_text, update_text
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Role
from backprop_tui.engine.tables.losses import LOSSES, Loss
from tests.engine.networks import Case, article
from tests.engine.options import NETWORKS

ARTICLE = """\
block layer1:
    z1 = W1 @ x + b1
    h1 = relu(z1)
block layer2:
    z2 = W2 @ h1 + b2
    y_hat = sigmoid(z2)
L = -only(y * log(y_hat) + (1 - y) * log(1 - y_hat))"""
NORMALISED = """\
block layer1:
    z1 = W1 @ x + b1
    mu1 = mean(z1, axis=1)
    centered1 = z1 - mu1
    var1 = mean(centered1 ** 2, axis=1)
    std1 = sqrt(var1 + eps1)
    z_hat1 = centered1 / std1
    scaled1 = scale1 * z_hat1 + shift1
    h1 = leaky_relu(scaled1, slope1)
    drop1 = mask1 * h1 / (1 - dropout1)
block layer2:
    z2 = W2 @ drop1 + b2
    y_hat = identity(z2)
penalty = 0.5 * l2 * (sum(W1 ** 2) + sum(W2 ** 2))
L = 0.5 * sum((y_hat - y) ** 2) / samples(y) + penalty"""


def normalised() -> Network:
    case = Case(("leaky-relu", "identity"), "half-squared-error", batch=5, norms=("batch",), dropouts=(0.5,))
    return msgspec.structs.replace(case.network(), l2=0.1)


def test_the_text() -> None:
    assert article().model.text == ARTICLE
    assert normalised().model.text == NORMALISED


def test_an_evaluation_drops_nothing_and_normalises_with_running_statistics() -> None:
    text = forward_text(normalised(), 5, evaluating=True, has_loss=False).text
    assert "drop1" not in text
    assert "L =" not in text
    assert "    centered1 = z1 - running_mu1\n    std1 = sqrt(running_var1 + eps1)\n" in text


def test_what_is_carried_on_stands_beside_it() -> None:
    written = update_text(normalised())
    assert [line.partition(" =")[0] for line in written.text.split("\n")] == ["running_mu1", "running_var1"]
    assert {record.role for record in written.records.values()} == {Role.STATISTIC}
    assert {*normalised().model.carried} == {"running_mu1", "running_var1"}


@pytest.mark.parametrize("name", ["dropout and norms", "l1 and l2", "together", "nothing to train"])
def test_every_variable_has_a_record_that_says_what_it_is(name: str) -> None:
    found = Program.of(NETWORKS[name])
    assert {variable.role for variable in found.variables.values()} & {Role.VALUE, Role.GIVEN} == set()
    assert all(variable.section == "" for variable in found.variables.values())


def test_a_penalty_of_many_layers_is_one_line_however_long() -> None:
    """It was longer than a formula may be that a person types."""
    case = Case(("tanh",) * 60, "half-squared-error", batch=2, units=(2,) * 60)
    network = msgspec.structs.replace(case.network(), l1=0.1, l2=0.1)
    program = Program.of(network)
    frame = program.fill(program.first())
    weights = [layer.weights for layer in network.layers]
    expected = 0.1 * sum(np.abs(w).sum() for w in weights) + 0.05 * sum((w**2).sum() for w in weights)
    assert frame["penalty"] == pytest.approx(expected, rel=1e-14)


def test_a_new_loss_may_have_any_primitive(monkeypatch: pytest.MonkeyPatch) -> None:
    row = Loss("furthest", "sum(max_units(abs(y_hat - y)) * indicator(y_hat > -100))")
    monkeypatch.setitem(LOSSES, "furthest", row)
    network = msgspec.structs.replace(
        Case(("tanh", "identity"), "half-squared-error", batch=3).network(), loss=row.name
    )
    program = Program.of(network)
    frame = program.fill(program.first())
    assert network.y is not None
    worst = np.abs(frame["y_hat"] - network.y).max(axis=0, keepdims=True)
    assert frame["L"] == pytest.approx(float((worst * np.ones((2, 1))).sum()))
