"""Scenarios that are written in Python, and what else is taken where a scenario is wanted."""

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backprop_tui as bt
from backprop_tui.scenario.library import folder


def small(**changes: Any) -> dict[str, Any]:
    layer = {"activation": "tanh", "weights": np.array([[0.5, -0.25]]), "bias": (np.float32(0.5),)}
    return {
        "format": 1,
        "network": {"inputs": 2, "layers": [layer]},
        "data": {"x": np.array([[1.0, 2.0], [3, 4]]), "y": [0, np.int64(1)]},
        "loss": {"name": "mean-squared-error"},
        "optimizer": {"name": "sgd", "learning_rate": 0.1},
        **changes,
    }


def test_a_dict_is_the_scenario_of_its_file() -> None:
    text = (folder() / "xor.toml").read_text("utf-8")
    from_file, from_dict = bt.load("xor"), bt.load(tomllib.loads(text))
    assert from_dict.title == from_file.title
    for one, other in zip(bt.run(from_file, 2), bt.run(from_dict, 2), strict=True):
        np.testing.assert_array_equal(one.value, other.value)


def test_arrays_and_numbers_of_numpy() -> None:
    scenario = bt.load(small())
    np.testing.assert_array_equal(scenario.network.layers[0].weights, [[0.5, -0.25]])
    np.testing.assert_array_equal(scenario.network.x, [[1, 3], [2, 4]])
    np.testing.assert_array_equal(scenario.network.y, [[0, 1]])


def test_every_problem_with_its_key() -> None:
    wrong = small(loss={"name": "mse"}, title=date(2026, 1, 1), data={"x": [[1, None], [3, 4]], "y": [0, 1]}, foo=1)
    with pytest.raises(bt.ScenarioError) as caught:
        bt.load(wrong)
    assert isinstance(caught.value, ValueError)
    assert str(caught.value).split("\n") == [
        "dict: data.x[0][1]: is a Python NoneType, expected a number",
        "dict: loss.name: unknown 'mse' (did you mean 'mean-squared-error'?)",
        "dict: title: is a date or a time, expected text",
        (
            "dict: foo: unknown key (known: format, network, data, loss, optimizer, title, source, training, "
            "regularization, schedule, clip, conventions, published, note)"
        ),
    ]


def test_what_is_endless_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(bt.ScenarioError, match="nested too deeply"):
        bt.load(small(title=endless))
    with pytest.raises(bt.ScenarioError, match="more than 700,000 values"):
        bt.load(small(title=np.zeros(700_001)))


@pytest.mark.parametrize("wanted", [None, 3, ["article"], b"article"])
def test_what_is_no_scenario(wanted: Any) -> None:
    with pytest.raises(TypeError, match="a scenario is a path, a bundled name, a dict or what load returns, not"):
        bt.load(wanted)


@pytest.mark.parametrize("wanted", ["article", folder() / "article.toml", bt.load("article"), small()])
def test_wherever_a_scenario_is_wanted(wanted: str | Path | bt.Scenario | Mapping[str, Any]) -> None:
    scenario = bt.load(wanted)
    assert bt.load(scenario) is scenario
    assert len(list(bt.check(wanted))) == len(scenario.published)
    assert all(check.agrees for check in bt.gradcheck(wanted))
    assert bt.Debugger(wanted).program.operations
    assert next(bt.run(wanted)).name == "z1"
