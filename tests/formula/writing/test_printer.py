"""Formulas on the screen, to the letter."""

import pytest

from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import SIGN
from backprop_tui.formula.language.tree import Index, Name, Number, Tree
from backprop_tui.formula.writing.numbers import format_number
from backprop_tui.formula.writing.printer import Piece, Writer, text
from backprop_tui.formula.writing.symbols import Symbols

ARRAYS = (
    "x y W1 b1 z1 h1 W2 b2 z2 y_hat dL_dy_hat dy_hat_dz2 delta2 dL_dW2 dL_db2 dL_dh1 dh1_dz1 delta1 dL_dW1 dL_db1 a b"
)
SYMBOLS = Symbols(dict.fromkeys(ARRAYS.split(), (2, 3)) | {"L": (), "eta": (), "beta1": (), "rate": ()})

CONTRACT = {
    "z1": ("W1 @ x + b1", "W₁x + b₁"),
    "h1": ("relu(z1)", "ReLU(z₁)"),
    "z2": ("W2 @ h1 + b2", "W₂h + b₂"),
    "y_hat": ("sigmoid(z2)", "σ(z₂)"),
    "L": ("-only(y * log(y_hat) + (1 - y) * log(1 - y_hat))", "−(y log ŷ + (1 − y) log(1 − ŷ))"),
    "dL_dy_hat": ("ratio(-y, y_hat) + ratio(1 - y, 1 - y_hat)", "−y/ŷ + (1 − y)/(1 − ŷ)"),
    "dy_hat_dz2": ("y_hat * (1 - y_hat)", "ŷ(1 − ŷ)"),
    "delta2": ("dL_dy_hat * dy_hat_dz2", "∂L/∂ŷ ⊙ ∂ŷ/∂z₂"),
    "dL_dW2": ("delta2 @ h1.T", "δ₂hᵀ"),
    "dL_db2": ("delta2", "δ₂"),
    "dL_dh1": ("W2.T @ delta2", "W₂ᵀδ₂"),
    "dh1_dz1": ("indicator(z1 > 0)", "[z₁ > 0]"),
    "delta1": ("dL_dh1 * dh1_dz1", "∂L/∂h ⊙ f′(z₁)"),
    "dL_dW1": ("delta1 @ x.T", "δ₁xᵀ"),
    "dL_db1": ("delta1", "δ₁"),
    "W2": ("W2 - eta * dL_dW2", "W₂ − η ∂L/∂W₂"),
    "b2": ("b2 - eta * dL_db2", "b₂ − η ∂L/∂b₂"),
    "W1": ("W1 - eta * dL_dW1", "W₁ − η ∂L/∂W₁"),
    "b1": ("b1 - eta * dL_db1", "b₁ − η ∂L/∂b₁"),
}
OTHERS = (
    ("(y_hat - y) ** 2", "(ŷ − y)²"),
    ("dL_dW1 ** 2", "(∂L/∂W₁)²"),
    ("W1 ** 10", "W₁¹⁰"),
    ("x ** -1", "x^(−1)"),
    ("0.5 * sum((y_hat - y) ** 2) / samples(y)", "½ Σ(ŷ − y)²/N"),
    ("(y_hat - y) / size(y)", "(ŷ − y)/N"),
    ("a / (b * x)", "a/(b ⊙ x)"),
    ("a - (b - x)", "a − (b − x)"),
    ("-(a + b)", "−(a + b)"),
    ("-(a * b)", "−(a ⊙ b)"),
    ("max(z1, 0) - z1 * y + log1p(exp(-abs(z1)))", "max(z₁, 0) − z₁ ⊙ y + log(1 + exp(−|z₁|))"),
    ("norm(W1) * eta", "‖W₁‖η"),
    ("sqrt(a) + sqrt(a + b)", "√a + √(a + b)"),
    ("(a @ b).T", "(ab)ᵀ"),
    ("W1.T @ (a + b)", "W₁ᵀ (a + b)"),
    ("beta1 * a + (1 - beta1) * b", "β₁a + (1 − β₁)b"),
    ("a * 3", "a·3"),
    ("rate * a", "rate a"),
    ("a >= b", "a ≥ b"),
    ("W1[0, 1] * x[2, 0] + b1[0, 0]", "W₁[0,1]·x[2,0] + b₁[0,0]"),
)


@pytest.mark.parametrize(
    ("formula", "shown"), [pytest.param(*row, id=name) for name, row in CONTRACT.items()] + [*OTHERS]
)
def test_in_symbols(formula: str, shown: str) -> None:
    assert SYMBOLS.text(parse(formula)) == shown


VALUES = {"a": -0.4, "b": 0.5, "x": -1.5, "y": 1.0, "eta": 0.1}


def numeric(tree: Tree) -> Piece:
    match tree:
        case Name(name) | Index(Name(name), _):
            value = format_number(VALUES[name])
            return Piece(value, SIGN if value.startswith("−") else 9, leaf=tree)
        case Number(value):
            return Piece(format_number(value))
    raise TypeError(tree)


@pytest.mark.parametrize(
    ("formula", "put_in"),
    [
        ("b * a + y * x + eta", "0.5·(−0.4) + 1·(−1.5) + 0.1"),
        ("a * b + x", "−0.4·0.5 + (−1.5)"),
        ("a[0, 0] * b[0, 0]", "−0.4·0.5"),
        ("b - a", "0.5 − (−0.4)"),
        ("b - (a - x)", "0.5 − (−0.4 − (−1.5))"),
        ("-a", "−(−0.4)"),
        ("a ** 2", "(−0.4)²"),
        ("b - a ** 2", "0.5 − (−0.4)²"),
        ("exp(a)", "exp(−0.4)"),
        ("abs(a)", "|−0.4|"),
        ("log(a)", "log(−0.4)"),
        ("sqrt(a)", "√(−0.4)"),
        ("max(a, x)", "max(−0.4, −1.5)"),
        ("indicator(a > x)", "[−0.4 > (−1.5)]"),
        ("y / a", "1/(−0.4)"),
        ("norm(a)", "‖−0.4‖"),
    ],
)
def test_with_numbers_put_in_a_negative_one_is_never_misread(formula: str, put_in: str) -> None:
    assert text(parse(formula), Writer("shown", numeric, lambda _: True, numeric=True)) == put_in
