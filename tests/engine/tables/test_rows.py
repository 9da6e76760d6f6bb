"""One row of a table is one place: changing it changes text, numbers, value, derivative and expansion together."""

import numpy as np
import pytest
from msgspec.structs import replace

from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.program.run_program import run
from backprop_tui.engine.tables.optimizers import OPTIMIZERS, Equation
from backprop_tui.formula.language.primitives import ATOM, PRIMITIVES, define
from backprop_tui.formula.values.element import element, evaluate
from backprop_tui.formula.values.with_numbers import numeric_writer
from backprop_tui.formula.writing.printer import text
from tests.engine.networks import article


def event_of(name: str) -> Event:
    return next(event for event in run(Program.of(article()), 1) if event.name == name)


def everything(name: str) -> tuple[str, str, str, list[float], float]:
    """A formula in symbols, as code and with numbers, its value, and that of the expansion of its second element."""
    event = event_of(name)
    numbers = text(event.operation.tree, numeric_writer(event.inputs.__getitem__))
    scalar = element(event.operation.tree, (1, 0), event.operation.symbols.shapes)
    value = event.value.round(12).ravel().tolist()
    return event.formula, event.operation.code, numbers, value, round(evaluate(scalar, event.inputs), 12)


def test_relu(monkeypatch: pytest.MonkeyPatch) -> None:
    assert everything("h1") == ("ReLU(z₁)", "h1 = np.maximum(z1, 0.0)", "ReLU([−0.05 1.4])", [0, 1.4], 1.4)
    assert event_of("dh1_dz1").formula == "[z₁ > 0]"
    row = replace(
        PRIMITIVES["relu"], shown="leaky({a~})", definition="max(a, 2 * a)", derivative="1 + indicator(a > 0)"
    )
    monkeypatch.setitem(PRIMITIVES, "relu", row)
    formula, code, numbers, value, scalar = everything("h1")
    assert (formula, code) == ("leaky(z₁)", "h1 = np.maximum(z1, 2.0 * z1)")
    assert numbers == "leaky([−0.05 1.4])"
    assert value == [-0.05, 2.8]
    assert scalar == 2.8
    assert event_of("dh1_dz1").formula == "1 + [z₁ > 0]"
    assert event_of("dh1_dz1").value.tolist() == [[1], [2]]


def test_matmul(monkeypatch: pytest.MonkeyPatch) -> None:
    row = replace(
        PRIMITIVES["matmul"],
        source="",
        numpy="2 * ({a} @ {b})",
        shown="double({a~}, {b~})",
        level=ATOM,
        element="2 * sum(a[i, k] * b[k, j] for k in all)",
        vjp=("2 * (g @ b.T)", "2 * (a.T @ g)"),
    )
    formula, code, numbers, value, scalar = everything("z1")
    assert (formula, code, scalar) == ("W₁x + b₁", "z1 = W1 @ x + b1", value[1])
    monkeypatch.setitem(PRIMITIVES, "matmul", row)
    formula, code, changed, doubled, scalar = everything("z1")
    assert formula == "double(W₁, x) + b₁"
    assert code == "z1 = 2 * (W1 @ x) + b1"
    assert changed != numbers
    np.testing.assert_allclose(np.array(doubled) - [0.1, -0.2], 2 * (np.array(value) - [0.1, -0.2]))
    assert scalar == pytest.approx(doubled[1])
    assert event_of("dL_dW1").formula == "2 double(δ₁, xᵀ)"


def test_the_update(monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything("b1")
    monkeypatch.setitem(OPTIMIZERS, "sgd", replace(OPTIMIZERS["sgd"], equations=(Equation("w", "w + eta * g / 2"),)))
    after = everything("b1")
    assert all(a != b for a, b in zip(before, after, strict=True))
    assert after[0] == "b₁ + η ∂L/∂b₁/2"


def test_a_name_is_taken_once() -> None:
    with pytest.raises(ValueError, match="relu"):
        define(PRIMITIVES["relu"])
