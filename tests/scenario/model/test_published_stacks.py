"""What a source printed of more than two axes is written as lists of matrices, as `trace` and PyTorch print it."""

import numpy as np
import pytest

from backprop_tui.debugger.audit.audit import check
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.scenario import Scenario, ScenarioError, parse
from backprop_tui.scenario.format.toml_text import toml

TEXT = """format = 1
[model]
forward = '''
z = conv(x, K)
f = flatten(z)
L = mean((W @ f) ** 2)
'''
[model.parameters]
K = { shape = [2, 1, 2, 2], init = "normal", seed = 1 }
W = { shape = [1, 8], init = "normal", seed = 2 }
[model.inputs]
x = { shape = [1, 3, 3] }
[data]
x = [[[[1, 2, 0], [0, 1, 1], [2, 0, 1]]], [[[0, 1, 0], [1, 1, 2], [0, 0, 1]]], [[[1, 0, 0], [1, 0, 1], [2, 2, 1]]]]
[optimizer]
name = "sgd"
learning_rate = 0.1
"""


def scenario(name: str = "", value: str = "") -> Scenario:
    """The model, and a value that a source printed."""
    printed = f"[[published]]\nname = '{name}'\nvalue = {value}\n" if name else ""
    return parse(f"{TEXT}{printed}".encode(), "text.toml")


def value(name: str) -> np.ndarray:
    """What the run computes."""
    now = Debugger(scenario())
    now.seek(f"1:{name}")
    return np.asarray(now[name])


@pytest.mark.parametrize("name", ["z", "dL_dz", "dL_dK", "f", "dL_df"])
def test_a_value_is_written_as_it_lies_or_without_axes_of_one(name: str) -> None:
    whole = value(name).round(6)
    assert check(scenario(name, toml(whole))).agrees
    assert check(scenario(name, toml(whole.squeeze()))).agrees
    wrong = whole.copy()
    wrong.flat[3] += 0.5
    (found,) = check(scenario(name, toml(wrong.round(6))))
    assert np.flatnonzero(found.verdicts != "agrees").tolist() == [3]


def test_another_shape_is_refused_with_both() -> None:
    with pytest.raises(ScenarioError, match=r"has 1 row of 2, expected lists of 3×2×2×2 numbers \(z is 3×2×2×2\)"):
        scenario("z", "[[1, 2]]")
    with pytest.raises(ScenarioError, match="has lists of 1×1×2 numbers, expected lists of 2×1×2×2 numbers"):
        scenario("dL_dK", "[[[1, 2]]]")
