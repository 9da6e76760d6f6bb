"""The words of the `:` line that explain numbers."""

import pytest

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.line.line_session import LineSession
from backprop_tui.debugger.line.word import LineError
from backprop_tui.debugger.line.words import WORDS
from backprop_tui.scenario import load

SAYS = (  # position, line, a part of the answer
    ("1:b1", "gradcheck", "∂L/∂W₁[1,0]  0.7685   0.7685"),
    ("1:b1", "gradcheck", "every gradient agrees"),
    ("1:dL_dW2", "gradcheck", "∂L/∂W₂[0,1] −1.0759"),  # only what is computed
    ("1:b1", "x W1", "  ∂L/∂W₁[1,2]   −1.1528  −1.1528"),
    ("1:b1", "x ∂L/∂h", "∂L/∂h beside central differences of L"),
    ("1:b1", "gradcheck z1", "δ₁ agrees; the largest relative error is"),
)
WRONG = (
    ("start", "gradcheck", "no gradient is computed yet"),
    ("1:dL_dW2", "gradcheck dL_dW1", "dL_dW1 is not computed yet"),
    ("1:b1", "gradcheck eta", "L is not differentiated by eta"),
    ("1:b1", "gradcheck nope", "there is no variable 'nope'"),
    ("1:b1", "gradcheck W1[9,9]", "W1 has the shape [2, 3]"),
)


def session(position: str) -> LineSession:
    debugger = Debugger(load("article"))
    debugger.seek(position)
    return LineSession(debugger, WORDS)


@pytest.mark.parametrize(("position", "line", "says"), SAYS)
def test_says(position: str, line: str, says: str) -> None:
    assert " ".join(says.split()) in " ".join(session(position).run(line).split())


@pytest.mark.parametrize(("position", "line", "says"), WRONG)
def test_an_error_is_one_line(position: str, line: str, says: str) -> None:
    with pytest.raises(LineError) as error:
        session(position).run(line)
    assert says in str(error.value)
    assert "\n" not in str(error.value)
