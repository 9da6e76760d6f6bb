"""Hints come from the operation's own tree, and give the number away in the third step at the earliest."""

import re
from contextlib import suppress

import pytest

from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.quiz.hints import Hints
from backprop_tui.debugger.quiz.questions.question import ALL, FIRST, ONE, Question
from backprop_tui.formula.language.tree import ExpressionError, Number, walk
from backprop_tui.formula.values.element import element
from backprop_tui.formula.writing.numbers import format_number
from tests.debugger.quiz.answers.test_attempt import of
from tests.debugger.quiz.asked_questions import BUNDLED, NETWORKS, questions
from tests.sampled import some

NUMBER = re.compile(r"(?<![\w.₀-₉′])−?(?:\d+(?:\.\d+)?(?:e−?\d+)?|inf|nan)(?![\w.])")


def numbers(text: str) -> set[str]:
    """The sizes of the numbers in a line, but for indices."""
    return {found.removeprefix("−") for found in NUMBER.findall(re.sub(r"\[[\d,]+\]", "", text))}


def constants(asked: Question) -> set[str]:
    """The numbers of the formula itself, and how many numbers are averaged."""
    trees = [asked.operation.tree]
    with suppress(ExpressionError):  # of what is not taken apart
        trees.append(element(asked.operation.tree, asked.places[0], asked.frame.program.shapes))
    return {format_number(n.value) for tree in trees for n in walk(tree) if isinstance(n, Number)} | {"2"}


@pytest.mark.parametrize("name", some([*BUNDLED, *NETWORKS], 12))
@pytest.mark.parametrize("ascii_only", [False, True])
def test_no_hint_before_the_third_has_the_hidden_number(name: str, ascii_only: bool) -> None:
    for asked in questions(name, 1):
        hints = Hints(asked, Writing(asked.operation.symbols, ascii=ascii_only))
        first, second, third = (hints.step(number) for number in (1, 2, 3))
        assert all(line and "\n" not in line for line in (first, second, third))
        assert not ascii_only or (first + second + third).isascii()
        if asked.aspect == "value" and not ascii_only:
            hidden = {format_number(abs(asked.true(at))) for at in asked.places}
            assert not (numbers(second) - constants(asked)) & hidden, (second, hidden)


def test_of_what_is_made_of_constants_alone_that_is_said() -> None:
    asked = next(one for one in questions("vae", 1) if one.operation.name == "dL_dkl")
    assert Hints(asked, Writing(asked.operation.symbols)).step(2) == "it is made of constants alone"


@pytest.mark.parametrize(
    ("name", "level", "expected"),
    [
        ("z1", ALL, ("z₁ = W₁x + b₁", "z₁ = [[0.2 −0.4 0.1] [0.7 0.3 −0.5]]·[1 0.5 −1.5] + [0.1 −0.2]", "0.2·1 = 0.2")),
        ("h1", ALL, ("h = ReLU(z₁)", "h = ReLU([−0.05 ?])", "h[0] = max(−0.05, 0)")),
        ("y_hat", ONE, ("ŷ = σ(z₂)", "ŷ = σ(−1.2)", "ŷ: first exp(−(−1.2)) = 3.3201")),
        ("delta2", ONE, ("δ₂ = ∂L/∂ŷ ⊙ ∂ŷ/∂z₂", "δ₂ = −4.3201·0.1779", "δ₂ = −4.3201·0.1779 = −0.7…")),
        ("dL_db2", ONE, ("∂L/∂b₂ = δ₂", "∂L/∂b₂ = δ₂", "∂L/∂b₂ = −0.7685")),
        ("dL_dW1", FIRST, ("∂L/∂W₁ = δ₁xᵀ", "δ₁ is 2×1, x is 3×1", "∂L/∂W₁ has 2 rows")),
        ("delta2", FIRST, ("δ₂ = ∂L/∂ŷ ⊙ ∂ŷ/∂z₂", "δ₂ = −4.3201·0.1779", "where ∂L/∂ŷ is negative")),
        ("b2", ONE, ("b₂ = b₂ − η ∂L/∂b₂", "b₂ = 0.2 − 0.1·(−0.7685)", "b₂: first 0.1·(−0.7685) = −0.0769")),
    ],
)
def test_the_articles_hints(name: str, level: int, expected: tuple[str, str, str]) -> None:
    hints = Hints(of(name, level))
    assert hints.step(1) == expected[0]
    assert hints.step(2) == expected[1]
    assert hints.step(3).endswith(expected[2])


def test_a_stack_has_axes_in_place_of_rows_and_columns() -> None:
    asked = of("s", FIRST, "multi-head-attention", turn=1)
    assert asked.text == "s = ? Only its shape: the size of each of its 4 axes"
    assert Hints(asked).step(3) == "s has 4 axes, the first of 2"
