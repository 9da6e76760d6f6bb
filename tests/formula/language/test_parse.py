"""What is typed is only ever read: it is an expression of the language, or one ExpressionError of one line."""

import warnings
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backprop_tui.formula.language.parse import Limits, parse
from backprop_tui.formula.language.primitives import PRIMITIVES
from backprop_tui.formula.language.tree import Call, ExpressionError, walk
from backprop_tui.formula.writing.printer import source

LIMITS = Limits()

HOSTILE = (
    "__import__('os')",
    "__import__('os').system('echo')",
    "W1.tofile('x')",
    "W1[0, 0].dump('x')",
    "W1.__class__",
    "W1.T.base",
    "lambda: 1",
    "(x := 1)",
    "f'{x}'",
    "f'{W1.tofile(1)}'",
    "'text'",
    "b'bytes'",
    "[x for x in y]",
    "{x: 1}",
    "{x}",
    "(x, y)",
    "[x]",
    "x if y else z",
    "~x",
    "x // y",
    "x % y",
    "x << 900",
    "x < y < z",
    "x in y",
    "x is y",
    "1 is 1",
    "1if x else y",
    "'\\d'",
    "True",
    "None",
    "...",
    "1j",
    "1e999",
    "9" * 400,
    "await x",
    "yield x",
    "yield",
    "exp",  # a name: see below
    "exp()",
    "exp(x, y)",
    "exp(*x)",
    "exp(a=x)",
    "exp(**x)",
    "exp(exp)(x)",
    "add(x, y)",
    "transpose(x)",
    "eval('x')",
    "sum(x for k in range(9))",
    "sum(x for k in all if k)",
    "sum(x for k in all for l in all)",
    "sum(x async for k in all)",
    "sum(x for k.a in all)",
    "sum(x for [k, l] in all)",
    "min(x for k in all)",
    "x[0:1]",
    "x[()]",
    "x[*y]",
    "x[0][",
    "x = 1",
    "x; y",
    "x\ny",
    "import os",
    "",
    " ",
    "#",
    "x #",
    "x\\",
    "\0",
    "x\0",
    "x + \ud800",
    "\udcff",
    "\x1b[31m",
    "W₁",
    "ＷＷ(x)",
    "(" * 400,
    "(" * 200 + ")" * 200,
    "(" * 240 + "x" + ")" * 240,
    "[" * 250 + "]" * 250,
    "-" * 400 + "x",
    "~" * 490 + "x",
    "x" + ".T" * 200,
    "x" + "[0]" * 150,
    "exp(" * 90 + "x" + ")" * 90,
    "x + " * 110 + "x",
    "x ** " * 99 + "x",
    "x" * 501,
    " " * 500 + "x",
)


def fate(text: str) -> ExpressionError | None:
    """The error that a text ends in, if any; whatever else happens fails the test."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            parse(text)
        except ExpressionError as error:
            found = error
        else:
            return None
    assert "\n" not in str(found)
    return found


READ = ("exp", " " * 499 + "x", "x #", "ＷＷ", "(" * 100 + "x" + ")" * 100)


@pytest.mark.parametrize("text", [t for t in HOSTILE if t not in READ])
def test_refused(text: str) -> None:
    assert fate(text)


@pytest.mark.parametrize("text", READ)
def test_harmless(text: str) -> None:
    assert fate(text) is None


def test_reading_a_text_warns_of_nothing() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for text in HOSTILE:
            fate_quietly(text)
    assert not caught


def fate_quietly(text: str) -> None:
    try:
        parse(text)
    except ExpressionError:
        return


PARTS = ("x", "W1", "(", ")", "[", "]", ",", ".", "T", "**", "-", "+", "@", "9", "e", "exp", "sum", "for", " ", "'")
fuzz = st.lists(st.sampled_from(PARTS), max_size=40).map("".join) | st.text(max_size=40) | st.text("()[]{}.:=\\'\"#xf9")


@given(fuzz)
@example("x\x0c")
@example("é" * 500)
def test_any_text_is_read_or_refused_and_what_is_read_is_of_the_table(text: str) -> None:
    error = fate(text)
    if error is None:
        assert {node.function for node in walk(parse(text)) if isinstance(node, Call)} <= PRIMITIVES.keys()


def test_nothing_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for text in HOSTILE:
        fate(text)
    assert not list(tmp_path.iterdir())


def chain(terms: int) -> str:
    return " + ".join(["x"] * terms)


def nest(depth: int) -> str:
    return "exp(" * (depth - 1) + "x" + ")" * (depth - 1)


EIGHTY_NINE = f"({chain(23)}) * ({chain(22)})"  # terms, of the hundred


@pytest.mark.parametrize(
    ("fits", "exceeds"),
    [
        pytest.param("x" * LIMITS.characters, "x" * (LIMITS.characters + 1), id="characters"),
        pytest.param(nest(LIMITS.depth), nest(LIMITS.depth + 1), id="depth"),
        pytest.param(f"{EIGHTY_NINE} + {9 * '-'}x", f"{EIGHTY_NINE} + {10 * '-'}x", id="nodes"),
    ],
)
def test_the_limits_are_where_the_contract_says(fits: str, exceeds: str) -> None:
    assert fate(fits) is None
    assert fate(exceeds)


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("x + q(1)", 5, "there is no function 'q'"),
        ("  x + q(1)", 7, "there is no function 'q'"),
        ("exp(x, y)", 1, "exp takes 1 operand, not 2"),
        ("max(x, x, y)", 1, "max takes 2 operands, not 3"),
        ("é + 'a'", 5, "''a'' is not part of the language"),
        ("x < y < z", 1, "compare two at a time: a < b and b < c"),
        ("x + 'a'", 5, "''a'' is not part of the language"),
        ("x + 1e999", 5, "a number too large for a float64"),
        ("x +", 4, "not an expression"),
        ("y + x ^ 2", 1, "'y + x ^ 2' is not part of the language (did you mean a ** b?)"),
        ("y + np.exp(x)", 5, "'np.exp(x)' is not part of the language (did you mean exp(…)?)"),
        ("np.max(x)", 1, "'np.max(x)' is not part of the language (did you mean max(…)?)"),
        ("W.dot(x)", 1, "'W.dot(x)' is not part of the language (did you mean a @ b?)"),
    ],
)
def test_an_error_says_where_and_what(text: str, column: int, message: str) -> None:
    error = fate(text)
    assert error is not None
    assert str(error) == f"column {column}: {message}"
    assert error.column == column


def test_a_tree_within_the_limits_is_written_within_the_recursion_limit() -> None:
    text = nest(LIMITS.depth)
    assert source(parse(text)) == text
