"""A loss that is written as formulas is computed in the form that stays finite, where that is the same."""

import numpy as np
import pytest

from backprop_tui.engine.program.program import Program
from backprop_tui.scenario import parse

FILE = """
format = 1
[model]
forward = '''
z = W @ x
{text}
'''
[model.parameters]
W = [[1000.0, 0.5], [-1000.0, 0.25]]
[model.inputs]
x = {{ shape = [2] }}
y = {{ shape = [2] }}
[data]
x = [[1.0, 0.0], [0.0, 1.0]]
y = {y}
[optimizer]
name = "sgd"
learning_rate = 0.1
"""
SHARES = "[[0.0, 1.0], [0.25, 0.75]]"
BCE = "mean(y * log(p) + (1 - y) * log(1 - p))"


def program(text: str, y: str = SHARES) -> Program:
    return Program.of(parse(FILE.format(text=text, y=y).encode(), "model.toml").network)


@pytest.mark.parametrize(
    ("text", "loss", "delta"),
    [
        (f"p = sigmoid(z)\nL = -{BCE}", True, "(p − y)/N"),
        (f"p = sigmoid(z)\nL = -{BCE} + 0.5 * sum(W ** 2)", True, "(p − y)/N"),
        (f"p = sigmoid(z)\nL = sum(W ** 2) - {BCE}", False, ""),  # a difference is no sum
        ("p = softmax(z)\nL = -sum(y * log(p)) / samples(y)", True, "(p − y)/N"),
        ("p = softmax(z)\nL = -sum(y * log(p))", True, "p − y"),
        ("p = log_softmax(z)\nL = -sum(y * p)", False, "softmax(z) − y"),
    ],
)
def test_what_is_recognised(text: str, loss: bool, delta: str) -> None:
    found = program(text)
    assert (found.by_name["L"].stable is not None) is loss
    assert (found.by_name["dL_dz"].computed_as or "") == delta
    if delta:
        frame = found.fill(found.first())
        assert np.isfinite([frame["L"], *frame["dL_dz"].ravel()]).all()


@pytest.mark.parametrize(
    ("text", "y"),
    [
        (f"p = sigmoid(z)\nL = -{BCE} + sum(p)", SHARES),  # p is read elsewhere too
        (f"p = sigmoid(z)\nL = -{BCE} + sum(z)", SHARES),  # and z
        (f"p = sigmoid(z)\nq = 2 * p\nL = -{BCE} + sum(q)", SHARES),
        (f"p = sigmoid(W @ x)\nL = -{BCE} + sum(z)", SHARES),  # no variable has the argument
        ("p = softmax(z)\nL = -sum(y * log(p))", "[[0.0, 1.0], [0.5, 0.75]]"),  # y does not share 1 out
        ("p = sigmoid(z)\nL = -mean(x * log(p) + (1 - y) * log(1 - p))", SHARES),  # two targets
        ("p = sigmoid(z)\nL = -mean(z * log(p) + (1 - z) * log(1 - p))", SHARES),  # a target that is computed
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str, y: str) -> None:
    assert not any(operation.stable for operation in program(text, y).operations)


def test_it_jumps_over_what_it_does_not_read() -> None:
    found = program("p = softmax(z)\nL = -sum(y * log(p))")
    assert found.by_name["L"].jumps == ("p",)
    assert found.by_name["dL_dz"].jumps == ("L", "y", "dL_dp", "dp_dz")
    assert "{p}" not in found.by_name["dL_dz"].gains
    assert found.by_name["L"].gains == "which stays finite where an output rounds to 0"
