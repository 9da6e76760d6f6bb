"""Rewriting: what a person would write, equal to what was asked for."""

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backprop_tui.formula.language.algebra import RULES, build, constant, put_in
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import PRIMITIVES, QUESTIONS, SLIPS
from backprop_tui.formula.language.tree import Call, Name, Number, Tree, number, substitute
from backprop_tui.formula.values.element import evaluate
from backprop_tui.formula.writing.printer import source

TABLE = [
    ("mul", "1", "a", "a"),
    ("mul", "a", "1", "a"),
    ("mul", "-1", "a", "-a"),
    ("mul", "a", "2", "2 * a"),
    ("mul", "2", "3 * a", "6 * a"),
    ("mul", "2", "-3", "-6"),
    ("mul", "2", "a / b", "2 * a / b"),
    ("mul", "-a", "-b", "a * b"),
    ("mul", "-1", "-b", "b"),
    ("mul", "-a", "b", "-a * b"),
    ("div", "a", "1", "a"),
    ("add", "a", "-b", "a - b"),
    ("add", "a + b", "a", "a + b + a"),
    ("sub", "3", "1", "2"),
    ("pow", "a", "1", "a"),
    ("neg", "-a", None, "a"),
    ("neg", "a - b", None, "b - a"),
    ("neg", "a / b", None, "-a / b"),
    ("neg", "a @ b", None, "-a @ b"),
    ("neg", "fill(a, b)", None, "fill(-a, b)"),
    ("transpose", "a.T", None, "a"),
    ("mul", "a", "2 * b", "2 * (a * b)"),
    ("mul", "a", "1 / b", "a / b"),
    ("mul", "a / b", "c", "a * c / b"),
    ("sum", "-a", None, "-sum(a)"),
    ("sum_samples", "-a * b / c", None, "-sum_samples(a * b / c)"),
    ("sum_units", "a - b", None, "sum_units(a - b)"),
]


@pytest.mark.parametrize(("function", "a", "b", "expected"), TABLE)
def test_a_person_would_write(function: str, a: str, b: str | None, expected: str) -> None:
    operands = [parse(text) for text in (a, b) if text is not None]
    assert source(build(function, *operands)) == expected


# A rule for which no row above shows what it does would go untested.
@pytest.mark.parametrize("function", RULES)
def test_every_rule_has_a_row(function: str) -> None:
    assert function in {row[0] for row in TABLE}


NEED_ARRAYS = {"transpose", "sum", "sum_samples", "sum_units"}
NO_NUMBERS = {"gt", "ge", "lt", "le", "eq", "ne", "indicator", "where", "reduce"}  # of truth values, or none at all
LEFT_OUT = (*QUESTIONS, *SLIPS)  # a step shows the last digit of what is computed in another order
SIMPLE = [
    n
    for n, row in PRIMITIVES.items()
    if not row.element and not row.flat and n not in NO_NUMBERS and row not in LEFT_OUT
]
leaves = st.sampled_from([Name("a"), Name("b"), Name("c"), *(number(v) for v in (0, 1, -1, 2, -0.5))])


def operations(operands: st.SearchStrategy[Tree]) -> st.SearchStrategy[tuple[str, tuple[Tree, ...]]]:
    def of(name: str) -> st.SearchStrategy[tuple[str, tuple[Tree, ...]]]:
        return st.tuples(st.just(name), st.tuples(*[operands] * len(PRIMITIVES[name].parameters)))

    return st.sampled_from([*RULES.keys() - NEED_ARRAYS] * 3 + SIMPLE).flatmap(of)


built = st.recursive(leaves, lambda inner: operations(inner).map(lambda o: build(o[0], *o[1])), max_leaves=8)
VALUES: dict[str, Any] = {"a": np.float64(1.75), "b": np.float64(-0.75), "c": np.float64(0.5)}


@given(operations(built))
@example(("mul", (parse("-a"), parse("-b"))))
@example(("neg", (parse("a * -b"),)))
@example(("mul", (Number(0.0), parse("-a"))))
def test_a_rewritten_call_has_the_value_of_the_call(asked: tuple[str, tuple[Tree, ...]]) -> None:
    function, operands = asked
    with np.errstate(all="ignore"):
        expected = evaluate(Call(function, operands), VALUES)
    tree = build(function, *operands)
    np.testing.assert_allclose(evaluate(tree, VALUES), expected, rtol=1e-12)
    assert parse(source(tree)) == tree


@given(built)
def test_putting_in_and_substituting_agree_in_value(tree: Tree) -> None:
    values: dict[str, Tree] = {"a": parse("-b"), "b": parse("c / 2"), "c": Number(1.0)}
    expected = evaluate(substitute(tree, values), VALUES)
    np.testing.assert_allclose(evaluate(put_in(tree, values), VALUES), expected, rtol=1e-12)


@pytest.mark.parametrize(("text", "value"), [("3", 3), ("-3", -3), ("a", None), ("-a", None), ("1 + 1", None)])
def test_constant(text: str, value: float | None) -> None:
    assert constant(parse(text)) == value
