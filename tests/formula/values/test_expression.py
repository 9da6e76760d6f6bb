"""What people type: read, checked, and evaluated, or refused with the expression's own error."""

import random
from typing import Any

import msgspec
import numpy as np
import pytest

from backprop_tui.engine.program.operation import QUIET
from backprop_tui.engine.program.program import Frame, Program
from backprop_tui.formula.language.primitives import PRIMITIVES
from backprop_tui.formula.language.tree import ExpressionError
from backprop_tui.formula.values.expression import FUNCTIONS, Expression, read_condition, read_expression
from backprop_tui.formula.writing.symbols import Symbols
from backprop_tui.scenario import load
from tests.engine.networks import Case
from tests.sampled import often, some

PROGRAM = Program.of(load("article").network)
FRAME: Frame = PROGRAM.fill(PROGRAM.first())
W1, Z1, L = FRAME["W1"], FRAME["z1"], FRAME["L"]


def value(text: str) -> Any:
    return QUIET(read_expression(text, PROGRAM.symbols).function())(FRAME)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("loss < 0.5", L < 0.5),
        ("W₁[0,1]", W1[0, 1]),
        ("W1[-1, -1]", W1[1, 2]),
        ("z₁[1]", Z1[1, 0]),
        ("abs(z1).max() - min(z1)", np.abs(Z1).max() - Z1.min()),
        ("max(z1, 0)", np.maximum(Z1, 0)),
        ("W1.T.shape[0]", 3),
        ("W1.T @ z₁", W1.T @ Z1),
        ("sum(W1 > 0)", (W1 > 0).sum()),
        ("mean(W1 > 0) + W1.mean()", (W1 > 0).mean() + W1.mean()),
        ("norm(dW1)", np.sqrt((FRAME["dL_dW1"] ** 2).sum())),
        ("not any(W1 > 1) and all(isfinite(∂L/∂W₁)) or loss > 9", True),
        ("any(W1 > 0 and W1 < 0.2)", True),
        ("2 ** -1", 0.5),
        ("0 < 1 and 1 < 2", True),
        ("h[1] == h₁[1] and h1[1] == h[1,0]", True),
        ("1 / 0 > 1e300 and not isfinite(0 / 0)", True),
    ],
)
def test_read_and_evaluated(text: str, expected: Any) -> None:
    np.testing.assert_array_equal(value(text), expected)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "an expression is missing, such as loss < 0.5"),
        ("W1", "a condition is true or false, such as W1 > 0"),
        ("W1 > 0", "W1 > 0 is 2×3 truth values: use any(…) or all(…)"),
        ("-(x > 0)", "x > 0 is true or false, not a number: sum(x > 0) counts"),
        ("(x > 0) == (x > 1)", "x > 0 is true or false, not a number: sum(x > 0) counts"),
        ("not x", "x is a number, not true or false: compare it, x > 0"),
        ("x and y", "x is a number, not true or false: compare it, x > 0"),
        ("any(W1)", "W1 is a number, not true or false: compare it, W1 > 0"),
        ("W1.shape > 1", "W1.shape is several numbers: take one, W1.shape[0]"),
        ("delt1 > 0", "there is no variable 'delt1' (did you mean delta1?)"),
        ("loss.T > 0", "loss.T: a number has no .T"),
        ("W1 @ W1 > 0", "matmul: 2×3 and 2×3 do not fit together"),
        ("W1 + z1.T > 0", "add: 2×3 and 1×2 do not fit together"),
        ("W1[0] > 0", "W1 has 2 indices, such as W1[0,0]"),
        ("W1[0, 3] > 0", "W1 is 2×3, and indices count from 0"),
        ("W1[0, z1] > 0", "an index is a whole number, not z1"),
        ("L[0] > 0", "L has no indices: it is one number"),
        ("(x > 0)[0]", "x > 0 is true or false, and has no elements"),
        ("relu(z1) > 0", "there is no function 'relu' here; there is abs log exp"),
        ("W1.tofile('x')", "column 1: 'W1.tofile('x')' is not part of the language"),
        ("δ₁ + 'a'", "''a'' is not part of the language"),
        ("loss <", "column 7: not an expression"),
        ("sum(x for k in all) > 0", "sum(x for k in all): write sum(x)"),
        ("x" * 501, "longer than 500 characters"),
        ("~" * 490 + "x", "column 1: '~~~~"),
    ],
)
def test_refused_in_a_line(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        read_condition(text, PROGRAM.symbols)
    assert str(caught.value).startswith(message)


def test_the_functions_are_of_the_table() -> None:
    assert FUNCTIONS.keys() <= PRIMITIVES.keys()


ATOMS = ["loss", "h", "W₁", "δ₂", "∂L/∂W₁", "dW1", "nope", "0", "1", "2.5", "1e308", "9", "-3"]
JOINTS = ["+", "-", "*", "/", "**", "@", "<", "<=", ">", ">=", "==", "!=", " and ", " or ", " if ", ":=", "//", ","]
CALLS = ["abs", "log", "exp", "sqrt", "min", "max", "sum", "mean", "norm", "any", "all", "isfinite", "relu", "eval"]
AFTER = [".max()", ".min()", ".sum()", ".mean()", ".T", ".shape", "[0]", "[0,1]", "[-1]", ".shape[0]", ".dump('x')"]
BEFORE = ["-", "not ", "~", "+", "("]


# seeds -> what there is to read: the article; batches, a Jacobian for each sample, norms, masks and slots
NETWORKS = {
    7: load("article").network,
    8: msgspec.structs.replace(
        Case(
            ("relu", "softmax"),
            "categorical-cross-entropy",
            batch=5,
            units=(4, 3),
            norms=("batch",),
            dropouts=(0.5,),
            batch_size=3,
        ).network(),
        optimizer="adam",
    ),
}


def sentence(random: random.Random, atoms: list[str], depth: int) -> str:
    """Something like an expression, now and then damaged."""
    choice = random.random()
    if depth == 0 or choice < 0.2:
        text = random.choice(atoms)
    elif choice < 0.55:
        text = f"{sentence(random, atoms, depth - 1)}{random.choice(JOINTS)}{sentence(random, atoms, depth - 1)}"
    elif choice < 0.75:
        extra = f", {sentence(random, atoms, depth - 1)}" if random.random() < 0.2 else ""
        text = f"{random.choice(CALLS)}({sentence(random, atoms, depth - 1)}{extra})"
    elif choice < 0.85:
        text = f"({sentence(random, atoms, depth - 1)}){random.choice(AFTER)}"
    elif choice < 0.93:
        text = f"{random.choice(BEFORE)}{sentence(random, atoms, depth - 1)}"
    else:
        text = f"({sentence(random, atoms, depth - 1)})"
    if text and random.random() < 0.02:
        place = random.randrange(len(text))
        text = text[:place] + random.choice(["", "\x1b", "(", "]", "é", "\n", text * 3]) + text[place + 1 :]
    return text


def fate(text: str, symbols: Symbols) -> Expression | ExpressionError:
    try:
        return read_expression(text, symbols)
    except ExpressionError as error:
        return error


def storm(count: int, seed: int) -> tuple[int, int]:
    """How many of so many random expressions were read, and how many were conditions; anything but the error fails."""
    program = Program.of(NETWORKS[seed])
    frame, symbols = program.fill(program.first()), program.symbols
    source, atoms, read, conditions = random.Random(seed), [*symbols.shapes, *ATOMS], 0, 0
    for _ in range(count):
        text = sentence(source, atoms, source.randint(1, 5))
        found = fate(text, symbols)
        if isinstance(found, ExpressionError):
            assert str(found).isprintable(), text
            continue
        read += 1
        result = QUIET(found.function())(frame)
        assert np.shape(result) == found.shape, text
        if found.kind == "truth" and np.size(result) == 1:
            conditions += 1
            assert bool(result) == bool(QUIET(read_condition(text, symbols).function())(frame)), text
    return read, conditions


@pytest.mark.parametrize("seed", some(NETWORKS, 1))
def test_nothing_but_its_own_error(seed: int) -> None:
    count = often(8_000, 60_000)
    read, conditions = storm(count, seed)
    assert read > count / 10
    assert conditions > count / 300
