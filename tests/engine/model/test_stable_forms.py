"""A loss that is written as formulas is computed in the form that stays finite, where that is the same."""

import numpy as np
import pytest

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.engine.program.program import Program
from backprop_tui.formula.values.element import evaluate
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
        (f"p = sigmoid(z)\nL = sum(W ** 2) - {BCE}", True, "(p − y)/N"),
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


WRITTEN = {
    "in two lines": "p = softmax(z)\nnll = -sum(y * log(p), axis=0)\nL = mean(nll)",
    "in three": "p = softmax(z)\nlp = log(p)\nnll = -sum(lp * y, axis=0)\nL = mean(nll) + 0.1 * sum(W ** 2)",
    "with the number of samples": "p = softmax(z)\nL = -sum(y * log(p)) / n",
    "with a factor": "p = softmax(z)\nL = -1 / n * sum(y * log(p))",
    "as a mean of everything": "p = softmax(z)\nL = -mean(y * log(p))",
    "as a mean of means": "p = softmax(z)\nL = mean(-mean(y * log(p), axis=0))",
    "by rows": "u = z.T\np = softmax(u, axis=1)\nL = -sum(Y * log(p)) / n",
    "by rows, in lines": "u = z.T\np = softmax(u, axis=1)\nl = sum(Y * log(p), axis=1)\nL = -mean(l)",
    "logarithms by rows": "u = z.T\np = log_softmax(u, axis=1)\nL = -mean(sum(Y * p, axis=1))",
    "of the classes": "p = softmax(z)\nL = -mean(log(pick(p, c)))",
    "of the classes, by logarithms": "p = softmax(z)\nlp = log(p)\nL = -mean(pick(lp, c))",
    "differences": "p = sigmoid(z)\nl = -y * log(p) - (1 - y) * log(1 - p)\nL = mean(l)",
    "the other way round": "p = sigmoid(z)\nL = -mean(log(1 - p) * (1 - y) + y * log(p))",
    "weighted": "p = sigmoid(z)\nl = -mean(y * log(p) + (1 - y) * log(1 - p))\nL = 0.3 * l + 0.7 * sum(W)",
    "made large": "p = sigmoid(z)\nL = mean(y * log(p) + (1 - y) * log(1 - p))",
    "twice": (
        "p = sigmoid(z)\nu = W.T @ x\nr = softmax(u)\nl = -sum(y * log(r))\n"
        "k = -mean(y * log(p) + (1 - y) * log(1 - p))\nL = (k + l) / 2"
    ),
}


@pytest.mark.parametrize("text", [*WRITTEN.values()], ids=[*WRITTEN])
def test_however_it_is_written_it_is_the_same(text: str) -> None:
    more = "c = { shape = [], classes = 2 }\n[data]\nc = [1, 0]"
    file = FILE.format(text=text, y=SHARES)
    file = file.replace("[[1000.0, 0.5], [-1000.0, 0.25]]", "[[1.5, 0.5], [-0.75, 0.25]]").replace("[data]", more)
    file = file.replace("[model.parameters]", f"sizes = {{ n = 2 }}\ngiven = {{ Y = {SHARES} }}\n[model.parameters]")
    found = Program.of(parse(file.encode(), "model.toml").network)
    frame = found.fill(found.first())
    stable = [operation for operation in found.operations if operation.stable is not None]
    assert {operation.name for operation in stable} >= {"dL_du" if "u =" in text else "dL_dz"}
    values = {operation.name: frame[operation.key] for operation in found.operations} | dict(found.start)
    for operation in stable:
        np.testing.assert_allclose(frame[operation.key], evaluate(operation.tree, values), rtol=1e-13, atol=1e-15)


def test_an_edited_prediction_that_it_does_not_read_is_not_passed_by() -> None:
    file = FILE.format(text="p = log_softmax(z)\nL = -sum(y * p)", y=SHARES)
    now = Debugger(parse(file.replace("1000", "1").encode(), "model.toml"))
    now.seek("1:p")
    now.assign("p[0,0]", -0.125)
    now.seek("1:dL_dz")
    frame = now.timeline.frame(1)
    values = {name: frame[key] for o in now.program.operations for name, key in o.keys.items() if key in frame}
    expected = evaluate(now.program.by_name["dL_dz"].tree, values | {"p": now["p"]})
    np.testing.assert_allclose(now["dL_dz"], expected, rtol=1e-12)


def test_it_jumps_over_what_it_does_not_read() -> None:
    found = program("p = softmax(z)\nL = -sum(y * log(p))")
    assert found.by_name["L"].jumps == ("p",)
    assert found.by_name["dL_dz"].jumps == ("L", "y", "dL_dp", "dp_dz")
    assert "{p}" not in found.by_name["dL_dz"].gains
    assert found.by_name["L"].gains == "which stays finite where an output rounds to 0"
