"""The article's one iteration: 19 operations, and their numbers from plain Python that shares nothing with ours."""

from math import exp, log

import numpy as np
import pytest

from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.program.run_program import run
from tests.engine.networks import article

# name, symbol, stage, formula, reads
OPERATIONS = (
    ("z1", "z₁", "forward", "W₁x + b₁", "W1 x b1"),
    ("h1", "h", "forward", "ReLU(z₁)", "z1"),
    ("z2", "z₂", "forward", "W₂h + b₂", "W2 h1 b2"),
    ("y_hat", "ŷ", "forward", "σ(z₂)", "z2"),
    ("L", "L", "loss", "−(y log ŷ + (1 − y) log(1 − ŷ))", "y y_hat"),
    ("dL_dy_hat", "∂L/∂ŷ", "delta2", "−y/ŷ + (1 − y)/(1 − ŷ)", "y y_hat"),
    ("dy_hat_dz2", "∂ŷ/∂z₂", "delta2", "ŷ(1 − ŷ)", "y_hat"),
    ("delta2", "δ₂", "delta2", "∂L/∂ŷ ⊙ ∂ŷ/∂z₂", "dL_dy_hat dy_hat_dz2"),
    ("dL_dW2", "∂L/∂W₂", "gradients2", "δ₂hᵀ", "delta2 h1"),
    ("dL_db2", "∂L/∂b₂", "gradients2", "δ₂", "delta2"),
    ("dL_dh1", "∂L/∂h", "delta1", "W₂ᵀδ₂", "W2 delta2"),
    ("dh1_dz1", "f′(z₁)", "delta1", "[z₁ > 0]", "z1"),
    ("delta1", "δ₁", "delta1", "∂L/∂h ⊙ f′(z₁)", "dL_dh1 dh1_dz1"),
    ("dL_dW1", "∂L/∂W₁", "gradients1", "δ₁xᵀ", "delta1 x"),
    ("dL_db1", "∂L/∂b₁", "gradients1", "δ₁", "delta1"),
    ("W2", "W₂", "update", "W₂ − η ∂L/∂W₂", "W2 eta dL_dW2"),
    ("b2", "b₂", "update", "b₂ − η ∂L/∂b₂", "b2 eta dL_db2"),
    ("W1", "W₁", "update", "W₁ − η ∂L/∂W₁", "W1 eta dL_dW1"),
    ("b1", "b₁", "update", "b₁ − η ∂L/∂b₁", "b1 eta dL_db1"),
)

Vector = list[float]
Matrix = list[Vector]


def by_hand(W1: Matrix, b1: Vector, W2: Vector, b2: float, eta: float = 0.1) -> dict[str, object]:
    """One iteration, number by number."""
    x, y = [1.0, 0.5, -1.5], 1.0
    z1 = [sum(w * v for w, v in zip(row, x, strict=True)) + b for row, b in zip(W1, b1, strict=True)]
    h = [max(z, 0.0) for z in z1]
    z2 = sum(w * v for w, v in zip(W2, h, strict=True)) + b2
    y_hat = 1 / (1 + exp(-z2))
    delta2 = y_hat - y
    gate = [1.0 if z > 0 else 0.0 for z in z1]
    delta1 = [w * delta2 * g for w, g in zip(W2, gate, strict=True)]
    return {
        "z1": z1,
        "h1": h,
        "z2": z2,
        "y_hat": y_hat,
        "L": -log(y_hat),
        "dL_dy_hat": -1 / y_hat,
        "dy_hat_dz2": y_hat * (1 - y_hat),
        "delta2": delta2,
        "dL_dW2": [delta2 * v for v in h],
        "dL_db2": delta2,
        "dL_dh1": [w * delta2 for w in W2],
        "dh1_dz1": gate,
        "delta1": delta1,
        "dL_dW1": [[d * v for v in x] for d in delta1],
        "dL_db1": delta1,
        "W2": [w - eta * delta2 * v for w, v in zip(W2, h, strict=True)],
        "b2": b2 - eta * delta2,
        "W1": [[w - eta * d * v for w, v in zip(row, x, strict=True)] for row, d in zip(W1, delta1, strict=True)],
        "b1": [b - eta * d for b, d in zip(b1, delta1, strict=True)],
    }


FIRST = by_hand([[0.2, -0.4, 0.1], [0.7, 0.3, -0.5]], [0.1, -0.2], [0.5, -1.0], 0.2)
SECOND = by_hand(FIRST["W1"], FIRST["b1"], FIRST["W2"], FIRST["b2"])  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return list(run(Program.of(article()), 2))


def test_the_operations_are_those_of_the_contract(events: list[Event]) -> None:
    rows = [(e.name, e.symbol, e.stage, e.formula, " ".join(e.reads)) for e in events]
    assert rows == [*OPERATIONS, *OPERATIONS]
    assert [(e.step, e.iteration) for e in events] == [(step, 1 + (step > 19)) for step in range(1, 39)]
    assert events[26].position == "2:delta2"


@pytest.mark.parametrize("iteration", [1, 2])
@pytest.mark.parametrize("name", FIRST)
def test_every_number(events: list[Event], iteration: int, name: str) -> None:
    event = next(e for e in events if (e.iteration, e.name) == (iteration, name))
    expected = np.array((FIRST, SECOND)[iteration - 1][name])
    np.testing.assert_allclose(event.value.ravel(), expected.ravel(), rtol=1e-12, atol=1e-15)


# worked-examples.md, column float64
@pytest.mark.parametrize(
    ("step", "numbers"),
    [
        (1, [-0.05000000000000002, 1.4]),
        (2, [0, 1.4]),
        (3, [-1.2]),
        (4, [0.2314752165]),
        (5, [1.4632824673]),
        (8, [-0.7685247835]),
        (16, [0.5, -0.8924065303]),
        (17, [0.2768524783]),
        (18, [0.2, -0.4, 0.1, 0.6231475217, 0.2615737608, -0.3847212825]),
        (19, [0.1, -0.2768524783]),
        (24, [1.0792030650]),
    ],
)
def test_the_worked_example(events: list[Event], step: int, numbers: list[float]) -> None:
    np.testing.assert_allclose(events[step - 1].value.ravel(), numbers, rtol=0, atol=5e-11)


def test_shapes(events: list[Event]) -> None:
    for event in events:
        assert event.value.shape == event.operation.shape
        assert event.value.dtype == np.float64
    assert events[4].value.shape == ()


def test_what_is_said_to_be_computed_as(events: list[Event]) -> None:
    said = {e.name: e.operation.computed_as for e in events if e.operation.computed_as}
    assert said == {"L": "max(z₂, 0) − z₂ ⊙ y + log(1 + exp(−|z₂|))", "delta2": "ŷ − y"}


def test_inputs_are_what_was_read_then(events: list[Event]) -> None:
    update = events[15]
    assert update.name == "W2"
    assert update.inputs["W2"].tolist() == [[0.5, -1.0]]
    assert update.value.tolist() != [[0.5, -1.0]]
    assert list(update.inputs) == ["W2", "eta", "dL_dW2"]
    assert events[10].inputs["W2"].tolist() == [[0.5, -1.0]]
    assert events[29].inputs["W2"] is update.value
