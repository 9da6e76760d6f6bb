"""Samples of a model that lie in an npz file beside the scenario."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.scenario import ScenarioError, load, parse

FILE = """
format = 1
[model]
forward = '''
L = sum((W @ x - y) ** 2)
'''
[model.parameters]
W = [[1.0, 2.0]]
[model.inputs]
x = { shape = [2] }
y = { shape = [], classes = 3 }
[data]
npz = "samples.npz"
{more}
[optimizer]
name = "sgd"
learning_rate = 0.1
"""
X, Y = np.array([[1.0, 2.0], [3.0, 4.0]], dtype=np.float32), np.array([0, 2])


def written(folder: Path, more: str = "", **arrays: Any) -> Path:
    """A scenario, and the file beside it."""
    np.savez(folder / "samples.npz", **arrays)
    path = folder / "own.toml"
    path.write_text(FILE.replace("{more}", more))
    return path


def test_samples_are_read_by_the_names_of_the_inputs(tmp_path: Path) -> None:
    scenario = load(written(tmp_path, x=X, y=Y, other=np.zeros(3)))
    debugger = Debugger(scenario)
    debugger.seek("1:L")
    np.testing.assert_array_equal(debugger["x"], X.T)
    np.testing.assert_array_equal(debugger["y"], [[0, 2]])
    assert scenario.beside == tmp_path / "samples.npz"
    changed = load(written(tmp_path, x=X + 1, y=Y))
    assert changed.digest != scenario.digest


def test_some_may_stand_in_the_scenario(tmp_path: Path) -> None:
    debugger = Debugger(load(written(tmp_path, "y = [0, 1]", x=X)))
    debugger.seek("1:L")
    np.testing.assert_array_equal(debugger["x"], X.T)
    np.testing.assert_array_equal(debugger["y"], [[0, 1]])


@pytest.mark.parametrize(
    ("more", "arrays", "messages"),
    [
        ("", {"x": X}, [": data.npz: has no y"]),
        ("", {"x": X[:, :1], "y": Y}, [": data.npz: has x, which is 2×1, expected 2 for a sample"]),
        ("", {"x": X, "y": Y + 1}, [": data.npz: has y, which is 3, expected a class, a whole number from 0 to 2"]),
        ("", {"x": X, "y": Y[:1]}, [": data.npz: y has 1 sample, but x has 2 samples"]),
        ("x = [[1, 2], [3, 4]]", {"x": X, "y": Y}, [": data.x: is given in samples.npz too"]),
        ("", {"x": X * np.nan, "y": Y}, [": data.npz: samples.npz: x has numbers that are not finite"]),
        ("", {"x": np.array(["a", "b"]), "y": Y}, [": data.npz: samples.npz: x has texts, expected numbers"]),
    ],
)
def test_what_does_not_fit_is_told(tmp_path: Path, more: str, arrays: dict[str, Any], messages: list[str]) -> None:
    with pytest.raises(ScenarioError) as error:
        load(written(tmp_path, more, **arrays))
    told = [str(problem) for problem in error.value.problems]
    assert len(told) == len(messages)
    for line, message in zip(told, messages, strict=True):
        assert message in line


HELD = (
    """
format = 1
[model]
output = "p"
target = "y"
samples = "{layout}"
forward = """
    "'''"
    """
p = sigmoid(w * x * c)
L = mean((p - y) ** 2)
"""
    "'''"
    """
[model.parameters]
w = 0.5
c = {{ value = 1.0, freeze = true }}
[model.inputs]
x = {{ shape = [1] }}
y = {{ shape = [1] }}
[data]
x = [[0.5], [1.5], [2.5], [3.5], [4.5]]
y = [[0], [1], [0], [1], [1]]
{more}
[optimizer]
name = "sgd"
learning_rate = 0.1
"""
)


@pytest.mark.parametrize("layout", ["columns", "rows"])
def test_a_share_of_the_samples_is_held_out_for_evaluation(layout: str) -> None:
    text = HELD.format(layout=layout, more="held_out = 0.4\nseed = 2")
    scenario = parse(text.encode(), "held.toml")
    assert scenario.held_out is not None
    assert scenario.held_out.y is not None
    assert scenario.numbers is not None
    assert sorted([*scenario.numbers, *scenario.held_out.numbers]) == [1, 2, 3, 4, 5]
    np.testing.assert_array_equal(scenario.held_out.x[0], scenario.held_out.numbers - 0.5)
    debugger = Debugger(scenario)
    debugger.seek("1:L")
    np.testing.assert_array_equal(np.ravel(debugger["x"]), scenario.numbers - 0.5)
    found = debugger.evaluate_held_out()
    p = 1 / (1 + np.exp(-0.5 * scenario.held_out.x))
    np.testing.assert_allclose(found.y_hat, p)
    assert found.loss == pytest.approx(((p - scenario.held_out.y) ** 2).mean())


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("held_out = 1.5", "data.held_out: is not a share: expected a number from 0, and less than 1"),
        ("held_out = 0.5\nseed = -1", "data.seed: is not a seed: expected a whole number from 0"),
        ('held_out = "all"', "data.held_out: is not a share"),
        ("npz = 3", "data.npz: is not the path of a file"),
    ],
)
def test_what_cannot_be_held_out_is_told(more: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        parse(HELD.format(layout="columns", more=more).encode(), "held.toml")


def test_one_sample_cannot_be_held_out() -> None:
    text = HELD.format(layout="columns", more="held_out = 0.5")
    text = text.replace("[[0.5], [1.5], [2.5], [3.5], [4.5]]", "[1]").replace("[[0], [1], [0], [1], [1]]", "[1]")
    with pytest.raises(ScenarioError, match=r"data\.held_out: is 0\.5, which of 1 sample leaves none to train on"):
        parse(text.encode(), "held.toml")
