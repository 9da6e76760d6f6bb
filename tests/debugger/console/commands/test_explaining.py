"""The words of the `:` line that explain numbers."""

import pytest

from backprop_tui.debugger.console.command import LineError
from backprop_tui.debugger.console.commands.word_table import WORDS
from backprop_tui.debugger.console.console import LineSession
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.scenario import load

SAYS = (  # position, line, a part of the answer
    ("1:b1", "why dL_dW1[1,0]", "∂L/∂W₁[1,0] = δ₁[1]·x[0] = 0.7685·1 = 0.7685 (1:dL_dW1)"),
    ("1:b1", "explain ∂L/∂W₁[1,0]", "together 0.7685: that is the gradient"),
    ("1:delta1", "why", "δ₁[0] = ∂L/∂h[0]·f′(z₁)[0] = −0.3843·0 = 0 (1:delta1)"),
    ("1:b1", "why 0.7685", "δ₁[1] 0.7685247835 now, computed at 1:delta1, step 13"),
    ("1:delta2", "find 0.7685", "δ₁[1] 0.7685247835 1:delta1, step 13"),
    ("1:b1", "why 0.9999", "no number reads 0.9999"),
    ("1:z1", "touches W1[1,0]", "what is computed from W₁[1,0] z₁[1] = W₁x + b₁ = 1.4 (1:z1)"),
    ("1:b1", "glossary δ₁", "δ₁ (delta1): the error signal of layer 1"),
    ("1:z1", "K", "z₁ (z1): the pre-activations of layer 1"),
    ("1:b1", "gradcheck", "∂L/∂b₂[0]  −0.7685  −0.7685"),
    ("1:b1", "gradcheck", "every gradient agrees"),
    ("1:dL_dW2", "gradcheck", "∂L/∂W₂[0,1] −1.0759"),  # only what is computed
    ("1:b1", "x W1", "  ∂L/∂W₁[1,2]   −1.1528  −1.1528"),
    ("1:b1", "x ∂L/∂h", "∂L/∂h beside central differences of L"),
    ("1:b1", "gradcheck z1", "δ₁ agrees; the largest relative error is"),
)
MOVES = (  # position, line, and where one is then
    ("1:z1", "step", "1:z1  step 1  element 1/2  z₁[0] = 0.2·1 + (−0.4)·0.5 + 0.1·(−1.5) + 0.1 = −0.05"),
    ("1:z1", "s 2", "1:z1  step 1  element 2/2  z₁[1] = 0.7·1 + 0.3·0.5 + (−0.5)·(−1.5) + (−0.2) = 1.4"),
    ("1:z1", "into 3", "1:h1  step 2  element 1/2  h[0] = ReLU(−0.05) = 0"),
    ("1:h1", "reverse-step 4", "1:z1  step 1  element 1/2  z₁[0] = "),
    ("1:z1", "rs 3", "start  step 0"),
    ("1:dL_dW1", "s 4", "1:dL_dW1  step 14  element 4/6  ∂L/∂W₁[1,0] = 0.7685·1 = 0.7685"),
)
WRONG = (
    ("start", "why", "explain which number? such as dL_dW1[1,0]"),
    ("1:b1", "touches", "which number? such as W1[1,0]"),
    ("start", "glossary", "which symbol? such as δ₁ or eta"),
    ("1:z1", "K nope", "there is no variable 'nope'"),
    ("1:z1", "why L", "L is not computed yet"),
    ("1:z1", "touches nope", "there is no variable 'nope'"),
    ("start", "gradcheck", "no gradient is computed yet"),
    ("1:dL_dW2", "gradcheck dL_dW1", "dL_dW1 is not computed yet"),
    ("1:b1", "gradcheck eta", "L is not differentiated by eta"),
    ("1:b1", "gradcheck nope", "there is no variable 'nope'"),
    ("1:b1", "gradcheck W1[9,9]", "W1 is 2×3"),
)


def session(position: str) -> LineSession:
    debugger = Debugger(load("article"))
    debugger.seek(position)
    return LineSession(debugger, WORDS)


@pytest.mark.parametrize(("position", "line", "says"), SAYS)
def test_says(position: str, line: str, says: str) -> None:
    assert " ".join(says.split()) in " ".join(session(position).run(line).split())


@pytest.mark.parametrize(("position", "line", "says"), MOVES)
def test_moves(position: str, line: str, says: str) -> None:
    s = session(position)
    assert s.run(line).startswith(says)
    assert s.where().startswith(says)


@pytest.mark.parametrize(("position", "line", "says"), WRONG)
def test_an_error_is_one_line(position: str, line: str, says: str) -> None:
    with pytest.raises(LineError) as error:
        session(position).run(line)
    assert says in str(error.value)
    assert "\n" not in str(error.value)
