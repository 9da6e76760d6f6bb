"""Text and tree are two forms of one thing: `parse(source(tree)) == tree`, with no bracket too many."""

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.engine.tables.losses import LOSSES
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.engine.training.update_statements import SCHEDULES
from backprop_tui.formula.language.parse import Limits, parse
from backprop_tui.formula.language.primitives import PRIMITIVES
from backprop_tui.formula.language.tree import ExpressionError, Name, Number, Tree, call, number
from backprop_tui.formula.writing.printer import numpy_source, plain_number, source
from tests.formula.strategies import trees

UNLIMITED = Limits(characters=100_000, nodes=10_000, depth=1_000)
X = Name("x")

PRIMITIVE_TEXTS = {
    f"{row.name} {column}": text
    for row in PRIMITIVES.values()
    for column, texts in {
        "vjp": row.vjp,
        "derivative": [row.derivative],
        "jacobian": [row.jacobian],
        "element": [row.element],
        "definition": [row.definition],
    }.items()
    for text in texts
    if text
}
TEXTS = (
    PRIMITIVE_TEXTS
    | {f"{row.name} f": row.f for row in ACTIVATIONS.values() if row.f}
    | {f"{row.name} formula": row.formula for row in LOSSES.values()}
    | {f"{row.name} {name}": form.delta for row in LOSSES.values() for name, form in row.stable.items()}
    | {f"{row.name} {e.target}": e.formula for row in OPTIMIZERS.values() for e in row.equations}
    | {f"schedule {name}": row.formula for name, row in SCHEDULES.items()}
)


@given(trees)
@example(call("transpose", Number(3.0)))
@example(call("pow", call("neg", Number(2.0)), call("neg", Number(0.5))))
@example(call("add", X, call("add", X, X), call("neg", X)))
@example(number(-0.0))
@example(number(5e-324))
@example(number(1e22))
def test_what_is_written_reads_back(tree: Tree) -> None:
    assert parse(source(tree), UNLIMITED) == tree


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in TEXTS.items()])
def test_the_tables_are_written_as_the_language_writes_itself(text: str) -> None:
    assert source(parse(text)) == text


@given(trees)
@example(call("neg", call("neg", X)))
@example(call("pow", X, call("pow", X, X)))
@example(call("pow", X, call("neg", X)))
@example(call("mul", call("neg", X), call("neg", X)))
def test_no_pair_of_brackets_can_go(tree: Tree) -> None:
    text = source(tree)
    for fewer in without_a_pair(text):
        try:
            read = parse(fewer, UNLIMITED)
        except ExpressionError:
            continue
        assert read != tree, f"{fewer} does for {text}"


def without_a_pair(text: str) -> Iterator[str]:
    """The text with each pair of round brackets taken away."""
    opened = []
    for place, character in enumerate(text):
        if character == "(":
            opened.append(place)
        elif character == ")":
            start = opened.pop()
            yield text[:start] + text[start + 1 : place] + text[place + 1 :]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("((a + b)) + c", "a + b + c"),
        ("a + (b + c)", "a + (b + c)"),
        ("a - (b - c)", "a - (b - c)"),
        ("(a * b) * (c / d)", "a * b * (c / d)"),
        ("(-a) ** 2", "(-a) ** 2"),
        ("-(a ** 2)", "-a ** 2"),
        ("(a @ b).T @ c.T", "(a @ b).T @ c.T"),
        ("a[(0), 1]", "a[0, 1]"),
        ("(a > b) * (c)", "(a > b) * c"),
    ],
)
def test_how_it_is_written(text: str, written: str) -> None:
    assert source(parse(text)) == written


@given(st.floats(min_value=0, allow_infinity=False, allow_nan=False))
def test_a_number_reads_back_exactly(value: float) -> None:
    assert float(plain_number(value)) == value


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("W1 @ x + b1", "W1 @ x + b1"),
        ("relu(z1)", "np.maximum(z1, 0.0)"),
        ("sigmoid(z2)", "1.0 / (1.0 + np.exp(-z2))"),
        ("-sum_samples(a + b)", "-(a + b).sum(axis=1, keepdims=True)"),
        ("(y_hat - y) ** 2 / samples(y)", "(y_hat - y) ** 2.0 / y.shape[1]"),
        ("indicator(z1 > 0)", "(z1 > 0.0).astype(float)"),
        ("W1[0, 1]", "W1[0, 1]"),
    ],
)
def test_the_line_of_numpy(text: str, line: str) -> None:
    assert numpy_source(parse(text)) == line
