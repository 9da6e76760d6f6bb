"""`[loss]` beside `[model]`: L is made of the output and the target."""

from typing import Any

import pytest

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.engine.program.program import Program
from backprop_tui.scenario import Scenario, ScenarioError, parse

FILE = """
format = 1
[model]
forward = '''
{text}
'''
samples = "{samples}"
output = "{output}"
target = "{target}"
[model.parameters]
W = [[0.5, -0.25], [1.0, 0.75]]
[model.inputs]
x = {{ shape = [2] }}
y = {{ shape = [2] }}
[data]
x = [[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]]
y = {y}
{loss}
[optimizer]
name = "sgd"
learning_rate = 0.1
"""
SHARES = "[[0.0, 1.0], [0.25, 0.75], [1.0, 0.0]]"
COLUMNS, ROWS = "z = W @ x\np = softmax(z)", "z = x @ W.T\np = softmax(z, axis=1)"


def scenario(text: str, loss: str = "", **options: Any) -> Scenario:
    own = {"samples": "columns", "output": "p", "target": "y", "y": SHARES, **options}
    return parse(FILE.format(text=text, loss=f"[loss]\n{loss}" if loss else "", **own).encode(), "model.toml")


def values(found: Scenario) -> tuple[float, list[list[float]]]:
    program = Program.of(found.network)
    frame = program.fill(program.first())
    return float(frame["L"]), frame["dL_dW"].tolist()


@pytest.mark.parametrize(
    ("text", "loss", "written"),
    [
        ("p = W @ x", 'name = "mean-squared-error"', "mean((p - y) ** 2)"),
        ("p = W @ x", 'name = "half-squared-error"\nreduction = "sum"', "0.5 * sum((p - y) ** 2)"),
        ("z = W @ x\np = sigmoid(z)", 'name = "binary-cross-entropy"', "-mean(y * log(p) + (1 - y) * log(1 - p))"),
        (COLUMNS, 'name = "categorical-cross-entropy"', "-sum(y * log(p)) / samples(y)"),
        ("z = W @ x\np = log_softmax(z)", 'name = "categorical-cross-entropy"', "-sum(y * p) / samples(y)"),
        ("p = W @ x", 'name = "output"', "sum(p) / samples(p)"),
    ],
)
def test_it_is_the_line_that_one_would_write(text: str, loss: str, written: str) -> None:
    assert values(scenario(text, loss)) == values(scenario(f"{text}\nL = {written}"))


def test_a_softmax_is_of_each_sample_however_they_lie() -> None:
    loss, y = 'name = "categorical-cross-entropy"', "[[0.0, 1.0], [1.0, 0.0], [1.0, 0.0]]"
    there, here = scenario(COLUMNS, loss, y=y), scenario(ROWS, loss, y=y, samples="rows")
    assert values(here)[0] == pytest.approx(values(there)[0], rel=1e-15)
    assert Debugger(here).evaluate().accuracy == Debugger(there).evaluate().accuracy is not None


@pytest.mark.parametrize(
    ("text", "samples", "way"),
    [
        ("z = x @ W.T\np = softmax(z)", "rows", " of each row (axis=1)"),
        ("z = W @ x\np = softmax(z, axis=1)", "columns", ""),
    ],
)
def test_and_of_nothing_else(text: str, samples: str, way: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        scenario(text, 'name = "categorical-cross-entropy"', samples=samples)
    assert str(raised.value).endswith(f"which wants p to be made by softmax, log-softmax{way}")


def test_rows_are_counted_where_samples_are_rows() -> None:
    loss, gradient = values(scenario(COLUMNS, 'name = "sum-squared-error"'))
    other, same = values(scenario(ROWS, 'name = "sum-squared-error"', samples="rows"))
    assert other == pytest.approx(loss, rel=1e-15)
    assert same == [pytest.approx(row, rel=1e-12) for row in gradient]


@pytest.mark.parametrize(
    ("text", "loss", "options", "message"),
    [
        ("L = sum(W @ x)", "mean-squared-error", {}, "loss: is of no use, since the text assigns L"),
        ("p = W @ x", "mean-squared-error", {"output": "q"}, "model.output: is 'q', which no line assigns"),
        ("p = W @ x", "mean-squared-error", {"output": ""}, "model.output: is missing"),
        ("p = W @ x", "mean-squared-error", {"target": "t"}, "model.target: is 't', which is not an input"),
        ("p = sum(W @ x, axis=0)", "mean-squared-error", {}, "model.target: is 2×3, and p is 1×3"),
        (
            "p = W @ x",
            "categorical-cross-entropy",
            {},
            "loss.name: is 'categorical-cross-entropy', which wants p to be",
        ),
        ("p = sigmoid(W @ x)", "hinge", {}, "model.target: has other numbers than -1 or 1"),
        (COLUMNS, "categorical-cross-entropy", {"y": SHARES.replace("0.25", "0.5")}, "model.target: has no 1 for one"),
        ("p = W @ x", "squared", {}, "loss.name: unknown 'squared'"),
        ("p = W @ q", "mean-squared-error", {}, "model.forward: there is no 'q'"),
    ],
)
def test_what_does_not_fit_is_told(text: str, loss: str, options: dict[str, str], message: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        scenario(text, f'name = "{loss}"', **options)
    assert message in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


def test_without_it_the_text_has_to_assign_l() -> None:
    with pytest.raises(ScenarioError, match="assigns no L"):
        scenario("p = W @ x")
