"""What runs: NumPy's numbers throughout, so that nothing raises, and node by node the same."""

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import PRIMITIVES, QUESTIONS
from backprop_tui.formula.language.tree import Index, Sum, Tree, names, number, walk
from backprop_tui.formula.values.compile import compiled
from backprop_tui.formula.values.element import evaluate
from tests.formula.strategies import calls

X = np.array([[1.0, -2.0], [0.0, 0.5]])


def value(tree: Tree, values: dict[str, Any] | None = None) -> Any:
    with np.errstate(all="ignore"):
        return compiled(tree)(values or {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3", 3),
        ("-0.5", -0.5),
        ("1 / 0", np.inf),
        ("-1 / 0", -np.inf),
        ("0 / 0", np.nan),
        ("9 ** 9 ** 9", np.inf),
        ("(-8) ** 0.5", np.nan),
        ("0 ** -1", np.inf),
        ("2 ** 3", 8),
        ("1 / (samples(x) - 2)", np.inf),
        ("1e308 * 10", np.inf),
        ("sum(3)", 3),
        ("mean(size(x))", 4),
        ("sum(1 + 2) / 2", 1.5),
        ("indicator(2 > 1)", 1),
        ("indicator(size(x) > 9)", 0),
        ("size(7)", 1),
        ("size(x)", 4),
        ("samples(x)", 2),
        ("exp(1000)", np.inf),
        ("log(-1)", np.nan),
        ("ratio(0, 0)", 0),
        ("ratio(1, 0)", np.inf),
        ("max(1, 2)", 2),
        ("where(2 > 1, 3, 4)", 3),
        ("fill(2, 3)", 2),
        ("norm(-3)", 3),
        ("relu(-3) + sigmoid(0)", 0.5),
    ],
)
def test_numbers_behave_as_numpys(text: str, expected: float) -> None:
    found = value(parse(text), {"x": X})
    np.testing.assert_equal(float(found), float(expected))
    found.setflags(False)  # only an array or a scalar of NumPy has it
    assert found.dtype == np.float64


NEED_ARRAYS = {"samples", "units", "reduce"} | {
    row.name
    for row in PRIMITIVES.values()
    for node in walk(parse(row.element or "0"))
    if (isinstance(node, Index) and len(node.at) > 1) or row.example or row.name == "depth"
}
NEED_TRUTH = {"gt", "ge", "lt", "le", "eq", "ne", "indicator", "where"} | {row.name for row in QUESTIONS}
calculations = partial(calls, without=NEED_ARRAYS | NEED_TRUTH)
constants = st.recursive(st.integers(-3, 9).map(number), calculations, max_leaves=6)


@given(constants)
def test_a_formula_without_variables_never_raises(tree: Tree) -> None:
    assert np.ndim(value(tree)) == 0


@pytest.mark.parametrize(
    "text",
    [
        "x.T @ x - 2 * x",
        "where(x > 0, x, exp(x))",
        "sum(x ** 2) / size(x) + norm(x)",
        "a + b - (a + b + a)",
        "ratio(x, x) + indicator(x == 0)",
    ],
)
def test_compiled_and_evaluated_are_the_same(text: str) -> None:
    values = {"x": X, "a": np.array(0.1), "b": np.array([[0.2], [0.7]])}
    tree = parse(text)
    np.testing.assert_array_equal(value(tree, values), evaluate(tree, values))


def test_keys_say_where_a_variable_lies() -> None:
    assert compiled(parse("W - eta * W"), {"W": "W′"})({"W′": 3.0, "eta": 0.5, "W": None}) == 1.5


def test_a_name_is_a_key_and_nothing_else() -> None:
    for name in ("np", "ratio", "__builtins__", "v", "formula"):
        assert compiled(parse(f"{name} + 1"))({name: 1.0}) == 2
        with pytest.raises(KeyError):
            compiled(parse(f"{name} + 1"))({})


def test_no_node_is_left_out_of_the_walk() -> None:
    tree = parse("sum(a[i, k] * b for k in all) + W[0, 1]")
    assert names(tree) == ("a", "i", "k", "b", "W")
    assert {Index, Sum} <= {type(node) for node in walk(tree)}
