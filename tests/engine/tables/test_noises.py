"""Noise: what a model draws in every iteration is a function of the seed, the iteration and the name."""

import numpy as np
import pytest

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.engine.tables.noises import NOISES, drawn
from backprop_tui.scenario import Scenario, parse

MOMENTS = {"normal": (0.0, 1.0), "uniform": (0.5, 1 / 12)}  # mean and variance

FILE = """
format = 1
[model]
{layout}
forward = '''
for t in 1..2:
    z[t] = w * x + e[t]
L = sum((z1 + f) ** 2) + sum(z2 ** 2)
'''
given = {{ e = {{ shape = [2, 3], noise = "normal" }}, f = {{ shape = [3], noise = "uniform", gradient = true }} }}
[model.parameters]
w = 0.5
[model.inputs]
x = {{ shape = [3] }}
[data]
x = {x}
[optimizer]
name = "sgd"
learning_rate = 0.01
[training]
batch_size = 2
iterations = 6
seed = {seed}
"""


def scenario(layout: str = "", x: str = "[[1, 2, 3], [4, 5, 6], [7, 8, 9]]", seed: int = 0) -> Scenario:
    return parse(FILE.format(layout=layout, x=x, seed=seed).encode(), "noise.toml")


@pytest.mark.parametrize("name", NOISES)
def test_a_row_draws_what_it_is_called_after(name: str) -> None:
    found = drawn(name, (200, 200), name="e", seed=3, iteration=5)
    mean, variance = MOMENTS[name]
    assert abs(found.mean() - mean) < 0.03
    assert abs(found.var() - variance) < 0.03
    np.testing.assert_array_equal(found, drawn(name, (200, 200), name="e", seed=3, iteration=5))
    for changes in ({"name": "f"}, {"seed": 4}, {"iteration": 6}):
        other = drawn(name, (200, 200), **{"name": "e", "seed": 3, "iteration": 5} | changes)  # type: ignore[arg-type]
        assert abs(np.corrcoef(found.ravel(), other.ravel())[0, 1]) < 0.05


def test_every_iteration_and_step_has_its_own_and_going_back_finds_it_again() -> None:
    debugger = Debugger(scenario())
    seen = []
    for iteration in range(1, 7):
        debugger.seek(f"{iteration}:L")
        seen.append([np.array(debugger[name]) for name in ("e1", "e2", "f")])
    assert {one.shape for found in seen[::2] for one in found} == {(3, 2)}
    assert {one.shape for found in seen[1::2] for one in found} == {(3, 1)}  # the rest of an epoch
    assert len({one[0, 0] for found in seen for one in found}) == 18
    for iteration in (5, 1, 4):
        debugger.seek(f"{iteration}:L")
        np.testing.assert_array_equal(debugger["e1"], seen[iteration - 1][0])
    assert "dL_df" in debugger.program.by_name
    other = Debugger(scenario(seed=1))
    other.seek("1:z1")
    assert other["e1"][0, 0] != seen[0][0][0, 0]


@pytest.mark.parametrize(
    ("layout", "x", "shape", "axis"),
    [
        ("", "[1, 2, 3]", (3, 1), 1),
        ('samples = "rows"', "[[1, 2, 3], [4, 5, 6]]", (2, 3), 0),
        ('samples = "stack"', "[[1, 2, 3], [4, 5, 6]]", (2, 3, 1), 0),
        ('samples = "stack"', "[1, 2, 3]", (3, 1), None),
    ],
)
def test_it_lies_as_an_input_does(layout: str, x: str, shape: tuple[int, ...], axis: int | None) -> None:
    program = Debugger(scenario(layout, x)).program
    assert program.shapes["e1"] == program.shapes["x"] == shape
    assert program.sample_axes.get("e1") == program.sample_axes.get("x") == axis
