"""Arrays taken apart: the expansion of every element has the value of the whole, and the shape is NumPy's."""

import re
from itertools import chain, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.engine.tables.settings import defaults, variables
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import PRIMITIVES, QUESTIONS
from backprop_tui.formula.language.tree import Call, ExpressionError, Index, Name, Number, Sum, Tree, walk
from backprop_tui.formula.values.compile import compiled
from backprop_tui.formula.values.element import Shape, axes_of, element, evaluate, shape
from backprop_tui.formula.values.with_numbers import numeric_writer
from backprop_tui.formula.writing.numbers import format_number
from backprop_tui.formula.writing.printer import text
from backprop_tui.formula.writing.symbols import Symbols
from tests.sampled import often

ALL = [row for row in PRIMITIVES.values() if row.name != "reduce" and row not in QUESTIONS]
ROWS = [row for row in ALL if not row.example]  # the others need operands that fit them
FITTED = [row for row in ALL if row.example]
EXTENTS = (1, 2, 3)
SHAPES: list[Shape] = [(), *product(EXTENTS, EXTENTS), *product(EXTENTS, repeat=3)]
SUBSCRIPTS = re.compile(r"einsum\('([a-z,]+)->")

Values = dict[str, Any]


def array(shape_: Shape, seed: int) -> Any:
    """Quarters from −2 to 2: sums and products of them are exact in any order."""
    return np.asarray(np.random.default_rng(seed).integers(-8, 9, shape_) / 4.0)


def value(tree: Tree, values: Values) -> Any:
    with np.errstate(all="ignore"):
        return compiled(tree)(values)


def check_every_element(tree: Tree, values: Values) -> None:
    shapes = {name: np.shape(v) for name, v in values.items()}
    whole = np.asarray(value(tree, values))
    assert shape(tree, shapes) == whole.shape
    for at in np.ndindex(whole.shape):
        scalar = element(tree, at, shapes)
        assert is_scalar_formula(scalar, shapes)
        np.testing.assert_allclose(evaluate(scalar, values), whole[at], rtol=1e-14, atol=1e-15)


def is_scalar_formula(tree: Tree, shapes: dict[str, Shape]) -> bool:
    """Whether nothing in it is an array, or a sum that is yet to be taken apart."""
    match tree:
        case Index(Name(name), at):
            return len(shapes[name]) == len(at) and all(isinstance(place, Number) for place in at)
        case Name(name):
            return shapes[name] == ()
        case Call(_, operands):
            return all(is_scalar_formula(operand, shapes) for operand in operands)
    return isinstance(tree, Number)


def called(row: Any, data: st.DataObject) -> tuple[Call, Values]:
    """A call of a row with operands of any shapes, and their values."""
    count = data.draw(st.integers(2, 4)) if row.variadic else len(row.parameters)
    shapes = data.draw(st.lists(st.sampled_from(SHAPES), min_size=count, max_size=count))
    values = {f"p{place}": array(own, place) for place, own in enumerate(shapes)}
    tree = Call(row.name, tuple(map(Name, values)))
    if row.name == "indicator":
        values["p0"] = values["p0"] > 0
    return tree, values


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@settings(max_examples=often(10, 100))
@given(data=st.data())
def test_every_primitive(row: Any, data: st.DataObject) -> None:
    tree, values = called(row, data)
    if fits(tree, values):
        check_every_element(tree, values)
    else:
        with pytest.raises(ExpressionError, match=row.name):
            shape(tree, {name: np.shape(v) for name, v in values.items()})


def fitted(row: Any, *stack: int) -> tuple[Tree, Values]:
    """A row with its example's operands, all of them in a stack where extents of one are given; and their values."""
    values = {
        f"p{place}": array((*stack, *one), place) for place, one in enumerate(row.example) if isinstance(one, tuple)
    }
    for place in {
        "lookup": (1,),
        "put": (1,),
        "lookup_rows": (1,),
        "put_rows": (1,),
        "hot": (0,),
        "hot_rows": (0,),
    }.get(row.name, (1,) if row.name.endswith("_each") and row.name != "flatten_each" else ()):
        classes = np.random.default_rng(9).integers(0, 3, values[f"p{place}"].shape)
        values[f"p{place}"] = classes.astype(float)
    operands = (
        Name(f"p{place}") if isinstance(one, tuple) else Number(float(one)) for place, one in enumerate(row.example)
    )
    return Call(row.name, tuple(operands)), values


NOT_STACKED = {"lookup", "lookup_rows", "put", "put_rows", "row"}  # whose table is one for all


@pytest.mark.parametrize("row", FITTED, ids=lambda row: row.name)
def test_every_primitive_that_computes_its_indices(row: Any) -> None:
    check_every_element(*fitted(row))
    if not (row.flat or (row.axes and row.name.endswith("_each"))) and row.name not in NOT_STACKED and not row.alone:
        check_every_element(*fitted(row, 2)) if not row.name.startswith("sum_") else None


@pytest.mark.parametrize(
    "formula",
    [
        "Q @ Q.T / sqrt(5) + causal(3)",
        "softmax_rows(Q @ W.T) - log_softmax_rows(Q @ W.T)",
        "softmax(Q.T)",
        "sum_units(Q) + mean_samples(Q)",
        "merge_columns(split_columns(Q, 2) @ split_columns(Q, 2).T)",
        "lookup(W, ids) + Q.T",
        "put(Q.T, ids, W)",
        "lookup_rows(W.T, ids.T)",
        "conv(P, K) + b",
        "conv_back(conv(P, K), K)",
        "conv_weights(P, conv(P, K))",
        "max_pool(pad(P, 1), 2) * 2",
        "flatten_each(P)",
        "sum_stack(Q) * 2 + sum(sum_stacks(P))",
        "max_samples(Q) + max_units(Q)",
        "rows(Q, 1, 2) + columns(Q, 2, 3)",
        "concat(Q, Q) @ W.T",
        "units(Q) + samples(Q) * depth(Q)",
    ],
)
def test_stacks(formula: str) -> None:
    shapes = {"Q": (2, 3, 4), "W": (4, 4), "P": (2, 2, 4, 4), "K": (3, 2, 2, 3), "b": (3, 1, 1)}
    values = {name: array(own, 5) for name, own in shapes.items()} | {"ids": np.array([[[0.0, 3.0, 3.0]]] * 2)}
    check_every_element(parse(formula), values)


def fits(tree: Call, values: Values) -> bool:
    """Whether NumPy takes operands of these shapes; where it is more lenient, the language is not."""
    row, shapes = PRIMITIVES[tree.function], [v.shape for v in values.values()]
    wanted = {
        node.of.name: len(node.at)
        for node in walk(parse(row.element or "0"))
        if isinstance(node, Index) and isinstance(node.of, Name) and len(node.at) > 1
    }
    axes = [(wanted.get(name, len(own)), len(own)) for name, own in zip(row.parameters, shapes, strict=False)]
    if any(count > most if not row.alone else count != most for count, most in axes):  # more are a stack
        return False
    if tree.function == "only" and shapes[0] != (1, 1):
        return False
    if len(shapes[0]) < {"samples": 2, "units": 2, "depth": 3}.get(tree.function, 0):
        return False
    if tree.function == "fill" and len(shapes[0]) > len(shapes[1]):
        return False
    if found := SUBSCRIPTS.search(row.numpy):  # which takes an extent of 1 for any other
        extents: dict[str, int] = {}
        for letter, extent in zip(found[1].replace(",", ""), chain(*shapes), strict=False):
            if extents.setdefault(letter, extent) != extent:
                return False
    try:
        value(tree, values)
    except (ValueError, IndexError):
        return False
    return True


@pytest.mark.parametrize(
    "formula",
    [
        "relu(W @ x + b)",
        "x.T @ W.T",
        "(W @ x).T - b.T * eta",
        "sum((W @ x - b) ** 2) / samples(x)",
        "sum_samples(x) + sum_units(x)",
        "where(x > mean(x), -x, x * x)",
        "fill(norm(b), W)",
        "x * fill(2, eta)",
        "ratio(b, b - b) + indicator(b >= 0)",
        "-(eta - x[1, 2] - 3)",
        "mean(W) * size(W) + sum(eta) + norm(eta)",
        "max(x, eta) @ min(x, 0).T",
        "only(sum_samples(sum_units(x))) / samples(W)",
        "(b - (b + b)) + (b + b)",
        "diag(x) - outer(x, x)",
        "outer(W @ x, x) * eta - outer(b @ sum_units(x), x)",
        "vjp(outer(x, W @ x), x) + diagonal(diag(W @ x))",
        "jvp(outer(b, W.T @ b), W.T @ b)",
        "sum(outer(x, x)) - mean(diag(x)) * size(diag(b)) + norm(outer(b, b))",
        "column(W @ x, 3) + b",
        "log_softmax(x) + softmax(W.T @ b)",
    ],
)
def test_formulas(formula: str) -> None:
    shapes = {"W": (2, 3), "x": (3, 4), "b": (2, 1), "eta": ()}
    check_every_element(parse(formula), {name: array(own, 7) for name, own in shapes.items()})


@pytest.mark.parametrize("row", ACTIVATIONS.values(), ids=lambda row: row.name)
def test_activations_at_every_sample(row: Any) -> None:
    check_every_element(
        Call(row.primitive, (Name("z"), *map(Number, variables(defaults(row.settings)).values()))),
        {"z": array((3, 4), 1)},
    )


ARTICLE = {
    "W1": np.array([[0.2, -0.4, 0.1], [0.7, 0.3, -0.5]]),
    "x": np.array([[1.0], [0.5], [-1.5]]),
    "b1": np.array([[0.1], [-0.2]]),
    "W2": np.array([[0.5, -1.0]]),
    "delta2": np.array([[-0.75]]),
    "z1": np.array([[-0.05], [1.4]]),
    "eta": np.array(0.1),
}


@pytest.mark.parametrize(
    ("formula", "at", "numbers", "symbols"),
    [
        (
            "W1 @ x + b1",
            (0, 0),
            "0.2·1 + (−0.4)·0.5 + 0.1·(−1.5) + 0.1",
            "W₁[0,0]·x[0] + W₁[0,1]·x[1] + W₁[0,2]·x[2] + b₁[0]",
        ),
        ("W2.T @ delta2", (1, 0), "−1·(−0.75)", "W₂[0,1]·δ₂[0]"),
        ("delta2 @ x.T", (0, 2), "−0.75·(−1.5)", "δ₂[0]·x[2]"),
        ("relu(z1)", (0, 0), "ReLU(−0.05)", "ReLU(z₁[0])"),
        ("indicator(z1 > 0)", (0, 0), "[−0.05 > 0]", "[z₁[0] > 0]"),
        ("b1 - eta * delta2", (1, 0), "−0.2 − 0.1·(−0.75)", "b₁[1] − η·δ₂[0]"),
        ("delta2 ** 2", (0, 0), "(−0.75)²", "δ₂[0]²"),
        ("sum(W2)", (), "0.5 + (−1)", "W₂[0,0] + W₂[0,1]"),
        ("mean(W2)", (), "(0.5 + (−1))/2", "(W₂[0,0] + W₂[0,1])/2"),
        ("norm(W2)", (), "√(0.5² + (−1)²)", "√(W₂[0,0]² + W₂[0,1]²)"),
        ("diag(x)", (0, 1, 1), "0.5", "x[1]"),
        ("diag(x) - outer(x, x)", (0, 0, 2), "0 − 1·(−1.5)", "0 − x[0]·x[2]"),
        ("vjp(diag(b1), b1)", (1, 0), "0·0.1 + (−0.2)·(−0.2)", "0·b₁[0] + b₁[1]·b₁[1]"),
        ("softmax(b1)", (0, 0), "exp(0.1)/(exp(0.1) + exp(−0.2))", "exp(b₁[0])/(exp(b₁[0]) + exp(b₁[1]))"),
        ("log_softmax(b1)", (1, 0), "−0.2 − log(exp(0.1) + exp(−0.2))", "b₁[1] − log(exp(b₁[0]) + exp(b₁[1]))"),
    ],
)
def test_how_an_element_is_written(formula: str, at: Shape, numbers: str, symbols: str) -> None:
    shapes = {name: v.shape for name, v in ARTICLE.items()}
    scalar = element(parse(formula), at, shapes)
    assert text(scalar, numeric_writer(ARTICLE.__getitem__)) == numbers
    assert Symbols(shapes).text(scalar) == symbols
    plain = text(scalar, numeric_writer(ARTICLE.__getitem__, form="source"))
    assert plain.isascii()
    # Python reads it, so that what it says can be computed: it is the element
    if "relu" not in formula and "indicator" not in formula:
        assert eval(plain, {"sqrt": np.sqrt, "exp": np.exp, "log": np.log}) == pytest.approx(
            value(parse(formula), ARTICLE)[at]
        )


def test_the_article_to_the_last_digit() -> None:
    scalar = element(parse("W1 @ x + b1"), (0, 0), {name: v.shape for name, v in ARTICLE.items()})
    assert evaluate(scalar, ARTICLE) == -0.05000000000000002
    assert format_number(evaluate(scalar, ARTICLE)) == "−0.05"


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("W1 @ W2", "matmul"),
        ("W1 + x", "add"),
        ("eta @ x", "matmul"),
        ("sum_samples(eta)", "sum_samples"),
        ("only(W1)", "only"),
        ("W1[2, 0]", "W1"),
        ("W1[0]", "W1"),
        ("W1[0.5, 0]", "W1"),
        ("W1[-1, 0]", "W1"),
        ("eta[0, 0]", "eta"),
        ("diag(eta)", "diag"),
        ("diag(W1) - W1", "sub: 3×2×2 and 2×3 do not fit together"),
        ("diag(W1) @ W1.T", "matmul: 3×2×2 and 3×2 do not fit together"),
        ("rows(W1, 1, 3)", "rows"),
        ("concat(W1, W2.T)", "concat"),
        ("split(W1, 2.0) @ eta", "matmul"),
        ("conv(x, W1)", "conv"),
        ("reshaped(W1, x)", "reshaped"),
        ("split(W1, 4)", "split"),
        ("outer(W1, W2)", "outer"),
        ("diagonal(outer(b1, x))", "diagonal"),
        ("vjp(diag(x), b1)", "vjp"),
        ("jvp(x, x)", "jvp"),
        ("softmax(eta)", "softmax"),
        ("diag(x)[0, 0]", "diag"),
        ("diag(x)[1]", "diag"),
        ("diag(x)[0, 0, 0, 0]", "diag"),
    ],
)
def test_what_does_not_fit_is_named(formula: str, message: str) -> None:
    with pytest.raises(ExpressionError, match=message):
        shape(parse(formula), {name: v.shape for name, v in ARTICLE.items()})


def test_a_sum_over_indices_stands_only_in_a_row() -> None:
    with pytest.raises(ExpressionError, match="row"):
        evaluate(Sum(Name("eta"), ("k",)), ARTICLE)


@pytest.mark.parametrize("row", [row for row in ALL if row.element], ids=lambda row: row.name)
def test_the_element_rules_name_their_operands_and_axes(row: Any) -> None:
    bound = {name for node in walk(parse(row.element)) if isinstance(node, Sum) for name in node.over}
    named = {node.name for node in walk(parse(row.element)) if isinstance(node, Name)}
    assert named <= {*row.parameters, *bound, *axes_of(row), "i", "j"}
    assert not bound & {*axes_of(row)}
