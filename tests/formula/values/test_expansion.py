"""Elements of many terms: what is written and what is left out add up to the element."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.tree import Name, walk
from backprop_tui.formula.values.compile import compiled
from backprop_tui.formula.values.expansion import MOST, expand
from backprop_tui.formula.writing.printer import source
from tests.formula.values.test_element import ROWS, called, fits
from tests.sampled import often

Values = dict[str, Any]
RANDOM = np.random.default_rng(0)
MANY: Values = {
    "W": RANDOM.normal(size=(5, 40)),
    "x": RANDOM.normal(size=(40, 30)),
    "b": RANDOM.normal(size=(5, 1)),
    "s": np.asarray(0.5),
}


def shapes(values: Values) -> dict[str, Any]:
    return {name: np.shape(v) for name, v in values.items()}


@pytest.mark.parametrize("largest", [False, True])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@settings(max_examples=often(8, 100))
@given(data=st.data())
def test_every_primitive(row: Any, largest: bool, data: st.DataObject) -> None:
    tree, values = called(row, data)
    if not fits(tree, values):
        return
    with np.errstate(all="ignore"):
        whole = np.asarray(compiled(tree)(values))
    for at in np.ndindex(whole.shape):
        found = expand(tree, at, shapes(values), values, most=3, largest=largest)
        np.testing.assert_allclose(found.value, whole[at], rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("largest", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "W @ x + b",
        "mean_samples((W @ x) ** 2)",
        "s * (sum(W ** 2) + sum(abs(x)))",
        "sqrt(sum(W ** 2))",
        "exp(-mean(W @ x))",
        "(W @ x) @ x.T",
        "W @ x / sum_samples(W @ x)",
    ],
)
def test_what_is_left_out_is_in_the_sum(text: str, largest: bool) -> None:
    tree = parse(text)
    whole = np.asarray(compiled(tree)(MANY))
    for at in list(np.ndindex(whole.shape))[:7]:
        found = expand(tree, at, shapes(MANY), MANY, largest=largest)
        np.testing.assert_allclose(found.value, whole[at], rtol=1e-12)
        assert found.rests
        names = {node.name for node in walk(found.tree) if isinstance(node, Name)}
        assert found.rests.keys() <= names
        for rest in found.rests.values():
            assert rest.terms.count == rest.count + MOST
            assert rest.total == pytest.approx(sum(rest.values))


def test_first_and_last() -> None:
    found = expand(parse("W @ x + b"), (2, 7), shapes(MANY), MANY, most=4)
    assert source(found.tree) == (
        "W[2, 0] * x[0, 7] + W[2, 1] * x[1, 7] + …0 + W[2, 38] * x[38, 7] + W[2, 39] * x[39, 7] + b[2, 0]"
    )
    (rest,) = found.rests.values()
    assert rest.which == tuple(range(2, 38))
    np.testing.assert_allclose(rest.values, MANY["W"][2, 2:38] * MANY["x"][2:38, 7])


def test_the_largest() -> None:
    found = expand(parse("W @ x"), (2, 7), shapes(MANY), MANY, most=5, largest=True)
    (rest,) = found.rests.values()
    products = MANY["W"][2] * MANY["x"][:, 7]
    written = sorted(set(range(40)) - set(rest.which))
    assert len(written) == 5
    assert min(abs(products[written])) >= max(abs(rest.values))


def test_one_more_is_written_rather_than_left_out() -> None:
    values = {"W": np.ones((1, MOST + 1)), "x": np.ones((MOST + 1, 1))}
    assert not expand(parse("W @ x"), (0, 0), shapes(values), values).rests


@pytest.mark.parametrize("largest", [False, True])
def test_a_sum_that_a_formula_writes_out_is_as_short(largest: bool) -> None:
    values = {f"a{k}": RANDOM.normal(size=(2, 3)) for k in range(15)} | {"s": np.asarray(0.5)}
    tree = parse(" + ".join([*values, "W @ x"]))
    values |= {"W": MANY["W"][:2], "x": MANY["x"][:, :3]}
    found = expand(tree, (1, 2), shapes(values), values, most=5, largest=largest)
    *_, rest = found.rests.values()
    assert rest.count == 17 - 5
    np.testing.assert_allclose(found.value, compiled(tree)(values)[1, 2], rtol=1e-13)
