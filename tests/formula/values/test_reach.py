"""What an element reads is what its expansion has in it, and what a number is read for is the reverse of that."""

from collections import defaultdict
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.tree import Index, Name, Number, Tree, names, walk
from backprop_tui.formula.values.element import Shape, element
from backprop_tui.formula.values.reach import Region, holds, reads, size, without, writes
from tests.formula.values.test_element import FITTED, ROWS, called, fits, fitted
from tests.sampled import often

Place = tuple[str, Shape]


def places(region: Region, own: Shape) -> set[Shape]:
    return set(product(*(range(n) if at is None else (at,) for at, n in zip(region, own, strict=True))))


def leaves(tree: Tree) -> set[Place]:
    """The numbers that a scalar formula reads."""
    inside = {node.of for node in walk(tree) if isinstance(node, Index)}
    found = {
        (node.of.name, tuple(int(at.value) for at in node.at if isinstance(at, Number)))
        for node in walk(tree)
        if isinstance(node, Index) and isinstance(node.of, Name)
    }
    return found | {(node.name, ()) for node in walk(tree) if isinstance(node, Name) and node not in inside}


def check(tree: Tree, shapes: dict[str, Shape], own: Shape) -> None:
    readers: defaultdict[Place, set[Shape]] = defaultdict(set)
    for at in np.ndindex(own):
        wanted = leaves(element(tree, at, shapes))
        for place in wanted:
            readers[place].add(at)
        found = reads(tree, at, shapes)
        assert {(name, place) for name, region in found for place in places(region, shapes[name])} == wanted
    for name, shape in shapes.items():
        for at in np.ndindex(shape):
            regions = writes(tree, name, at, shapes)
            assert set().union(*(places(region, own) for region in regions)) == readers[name, at], (name, at)
            for region in regions:
                assert size(region, own) == len(places(region, own))
                for taken in places(region, own):
                    left = without(region, taken, own)
                    assert set().union(*(places(one, own) for one in left)) == places(region, own) - {taken}
                assert all(holds(region, place) == (place in places(region, own)) for place in np.ndindex(own))


@pytest.mark.parametrize("row", [row for row in ROWS if row.name != "fill"], ids=lambda row: row.name)
@settings(max_examples=often(10, 100))
@given(data=st.data())
def test_every_primitive(row: Any, data: st.DataObject) -> None:
    tree, values = called(row, data)
    if fits(tree, values):
        check(tree, {name: np.shape(value) for name, value in values.items()}, result(tree, values))


@pytest.mark.parametrize("row", FITTED, ids=lambda row: row.name)
def test_every_primitive_that_computes_its_indices(row: Any) -> None:
    tree, values = fitted(row)
    shapes = {name: np.shape(v) for name, v in values.items()}
    if "lookup" in row.name or "put" in row.name or "like" in row.name:
        return  # what a class decides is not known from shapes
    check(tree, shapes, result(tree, values))


@pytest.mark.parametrize(
    "formula", ["Q @ Q.T + M", "softmax_rows(Q @ W)", "conv(P, K) + b", "sum_stack(Q)", "split_columns(Q, 2)"]
)
def test_stacks(formula: str) -> None:
    shapes = {"Q": (2, 3, 4), "W": (4, 2), "M": (3, 1), "P": (2, 2, 4, 3), "K": (3, 2, 2, 2), "b": (3, 1, 1)}
    tree = parse(formula)
    check(tree, {name: shapes[name] for name in names(tree)}, result(tree, {n: np.zeros(s) for n, s in shapes.items()}))


def result(tree: Tree, values: dict[str, Any]) -> Shape:
    from backprop_tui.formula.values.element import shape

    return shape(tree, {name: np.shape(v) for name, v in values.items()})


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("W @ x + b", (3, 4)),
        ("W.T @ (W @ x)", (2, 4)),
        ("mean_samples((W @ x) ** 2)", (3, 1)),
        ("sum(W * W) + s * sum_samples(x)", (2, 1)),
        ("where(W @ x > 0, W @ x, s)", (3, 4)),
        ("fill(s, x) * x", (2, 4)),
    ],
)
def test_formulas(text: str, own: Shape) -> None:
    check(parse(text), {"W": (3, 2), "x": (2, 4), "b": (3, 1), "s": ()}, own)


def test_whole_axes() -> None:
    shapes = {"W": (3, 2), "x": (2, 4), "b": (3, 1)}
    tree = parse("W @ x + b")
    assert reads(tree, (1, 2), shapes) == (("W", (1, None)), ("x", (None, 2)), ("b", (1, 0)))
    assert reads(tree, (None, 2), shapes) == (("W", (None, None)), ("x", (None, 2)), ("b", (None, 0)))
    assert writes(tree, "W", (1, 0), shapes) == ((1, None),)
    assert writes(tree, "x", (None, 2), shapes) == ((None, 2),)
    assert writes(tree, "b", (1, 0), shapes) == ((1, None),)
    assert writes(tree, "y", (), shapes | {"y": ()}) == ()
