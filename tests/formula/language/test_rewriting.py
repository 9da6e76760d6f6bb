"""Patterns: what their names stand for, and what is put in their place."""

import pytest

from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.rewriting import contains, match, rewrite
from backprop_tui.formula.writing.printer import source


@pytest.mark.parametrize(
    ("pattern", "text", "bound"),
    [
        ("a * b", "x * y", {"a": "x", "b": "y"}),
        ("a * a", "x * x", {"a": "x"}),
        ("a * a", "x * y", None),
        ("a + b * a", "exp(x) + y * exp(x)", {"a": "exp(x)", "b": "y"}),
        ("a + b * a", "exp(x) + y * exp(y)", None),
        ("a + b", "x + y + z", {"a": "x + y", "b": "z"}),
        ("a * local", "dL_dh1 * dh1_dz1", {"a": "dL_dh1"}),
        ("a * local", "dL_dh1 * dL_dz1", None),
        ("log(y_hat)", "log(y_hat)", {}),
        ("log(y_hat)", "log(y)", None),
    ],
)
def test_a_name_stands_for_the_same_everywhere(pattern: str, text: str, bound: dict[str, str] | None) -> None:
    found = match(parse(pattern), parse(text), {"dh1_dz1"})
    assert (None if found is None else {name: source(tree) for name, tree in found.items()}) == bound


def test_what_only_looks_alike_is_left_as_it_is() -> None:
    tree = parse("exp(x * x) + exp(x * y)")
    assert contains(tree, parse("a * a"))
    assert not contains(parse("exp(x * y)"), parse("a * a"))
    assert source(rewrite(tree, parse("a * a"), parse("a ** 2"), {})) == "exp(x ** 2) + exp(x * y)"
    assert rewrite(tree, parse("a * a"), parse("a ** 2"), {}, whole=True) == tree
