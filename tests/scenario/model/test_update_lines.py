"""`[model] update`: formulas of what is carried on to the next iteration."""

import numpy as np
import pytest

from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.meaning.sentence import meaning
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Phase
from backprop_tui.scenario import Scenario, ScenarioError, parse

FILE = """
format = 1
[model]
forward = '''
z = W @ x
c = z - m
L = mean(c ** 2)
'''
update = '''
{update}
'''
[model.parameters]
W = [[1.0, 2.0], [3.0, 4.0]]
[model.given]
m = [0.5, 0.25]
k = 2.0
[model.inputs]
x = {{ shape = [2] }}
[data]
x = [[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
[optimizer]
name = "sgd"
learning_rate = 0.1
"""
MEAN = "m = 0.9 * m + 0.1 * mean(z, axis=1)"


def scenario(update: str) -> Scenario:
    return parse(FILE.format(update=update).encode(), "model.toml")


def test_a_running_mean_is_read_by_the_next_iteration() -> None:
    program = Program.of(scenario(MEAN).network)
    first = program.fill(program.first())
    second = program.fill(program.following(first))
    start = np.array([[0.5], [0.25]])
    np.testing.assert_array_equal(first["c"], first["z"] - start)
    mean = 0.9 * start + 0.1 * first["z"].mean(axis=1, keepdims=True)
    np.testing.assert_allclose(first.at_end("m"), mean, rtol=1e-15)
    np.testing.assert_allclose(second["c"], second["z"] - mean, rtol=1e-15)
    assert program.by_name["m"].variable.phase is Phase.UPDATE
    assert [*program.slots] == ["m"]


def test_it_steps_back_and_forth() -> None:
    debugger = Debugger(scenario(MEAN))
    debugger.seek("3:m")
    third = debugger["m"]
    debugger.seek("2:m")
    assert not np.array_equal(debugger["m"], third)
    debugger.seek("3:m")
    np.testing.assert_array_equal(debugger["m"], third)
    writing = Writing(debugger.program.symbols)
    assert meaning(debugger.moment(), writing).startswith("what the next iteration starts with")


@pytest.mark.parametrize(
    ("update", "message"),
    [
        ("n = 2 * k", "model.update: assigns 'n', which is not in model.given (known: m, k)"),
        ("m = z", "m becomes 2×3, but starts as 2×1"),
        ("W = W + 1", "model.update: W is given already"),
        ("m = m + q", "model.update: there is no 'q'"),
        (f"{MEAN}\n{MEAN}", "m is assigned already"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(update: str, message: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        scenario(update)
    assert message in str(raised.value)
    assert str(raised.value).startswith(f"model.toml:{10 + update.count(chr(10))}:")
