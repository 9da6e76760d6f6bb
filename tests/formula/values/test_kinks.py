"""Every kink of every primitive changes a side, and nothing else does."""

import numpy as np
import pytest

from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import PRIMITIVES
from backprop_tui.formula.language.tree import Name, Tree, substitute
from backprop_tui.formula.values.compile import compiled
from backprop_tui.formula.values.kinks import sides
from backprop_tui.formula.writing.printer import source
from tests.engine.programs import USABLE, applied

PLACES = [place / 4 + off for place in range(-14, 15) for off in (0.0, 0.06)]  # kinks, joints and others
CLOSE = 1e-6


def functions() -> dict[str, Tree]:
    """Every primitive that is differentiable on numbers, as a function of `a` alone."""
    found = {}
    for name in USABLE:
        row = PRIMITIVES[name]
        if not row.is_term_by_term and name != "norm":
            continue
        operands = [Name("a"), parse("0.3 * a + 0.2"), parse("0.5 - a")][: len(row.parameters)]
        found[name] = applied(name, *operands)
    return found | {"norm": parse("norm(a)")}


@pytest.mark.parametrize("name", functions())
def test_a_kink_is_where_sides_change(name: str) -> None:
    tree = functions()[name]
    values = {place: _at(tree, place) for place in PLACES}
    for place in PLACES:
        below, here, above = (_at(tree, place + by) for by in (-CLOSE, 0.0, CLOSE))
        left, right = (here - below) / CLOSE, (above - here) / CLOSE
        if abs(left - right) > 1e-3 * (1 + abs(left)):  # nan is neither
            assert len({_sides(tree, place + by) for by in (-CLOSE, 0.0, CLOSE)}) > 1, (source(tree), place)
    assert any(np.isfinite(value) for value in values.values())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("W @ x + b", []),
        ("exp(a) / (1 + a ** 2)", []),
        ("tanh(a) * sigmoid(a)", []),
        ("relu(a)", ["sign(a - 0)"]),
        ("W @ relu(a)", ["sign(a - 0)"]),
        ("abs(a) + abs(a)", ["sign(a)"]),
        ("where(a > b, a, abs(b))", ["sign(a - b)", "sign(b)"]),
        ("hard_sigmoid(a)", ["sign(1 - max(0, a / 6 + 0.5))", "sign(0 - (a / 6 + 0.5))"]),
    ],
)
def test_of_formulas(text: str, found: list[str]) -> None:
    assert [source(tree) for tree in sides(parse(text))] == found


@pytest.mark.parametrize(("name", "kink"), [("relu", 0.0), ("leaky_relu", 0.0), ("hard_sigmoid", 3.0), ("abs", 0.0)])
def test_nothing_but_kinks_changes_a_side(name: str, kink: float) -> None:
    row = PRIMITIVES[name]
    tree = substitute(parse(f"{name}(a{', 0.01' * (len(row.parameters) - 1)})"), {})
    assert _sides(tree, kink + 1e-9) == _sides(tree, kink + 2.0)
    assert _sides(tree, kink - 1e-9) == _sides(tree, kink - 2.0)
    assert len({_sides(tree, kink + by) for by in (-1e-9, 0.0, 1e-9)}) == 3


def _at(tree: Tree, number: float) -> float:
    with np.errstate(all="ignore"):
        return float(compiled(tree)({"a": np.float64(number)}))


def _sides(tree: Tree, number: float) -> tuple[float, ...]:
    with np.errstate(all="ignore"):
        return tuple(float(compiled(side)({"a": np.float64(number)})) for side in sides(tree))
