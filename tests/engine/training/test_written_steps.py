"""What a parameter changes by, as a variable of its own."""

from typing import Any

import numpy as np
import pytest

from backprop_tui import check, load
from backprop_tui.engine.mistakes.mistaken_program import Mistaken, possible
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.scenario import ScenarioError

FILE: dict[str, Any] = {
    "format": 1,
    "network": {
        "inputs": 2,
        "layers": [
            {"activation": "tanh", "weights": [[0.1, 0.8], [0.4, 0.6]], "bias": [0.1, 0.2]},
            {"activation": "identity", "weights": [[0.3, 0.9]], "bias": [0.5]},
        ],
    },
    "data": {"x": [0.35, 0.9], "y": [0.5]},
    "loss": {"name": "half-squared-error"},
    "optimizer": {"name": "sgd", "learning_rate": 0.5},
    "training": {"iterations": 2},
}


def file(optimizer: dict[str, Any], *published: tuple[str, Any, dict[str, Any]]) -> dict[str, Any]:
    return FILE | {
        "optimizer": optimizer,
        "published": [{"name": name, "value": value, **more} for name, value, more in published],
    }


ASKED: tuple[str, Any, dict[str, Any]] = ("step_W2", [[0.1, 0.2]], {})
MOMENTUM: dict[str, Any] = {"name": "sgd", "learning_rate": 0.1, "momentum": 0.9, "nesterov": True}
EVERY: list[dict[str, Any]] = [{"name": name, "learning_rate": 0.1} for name in OPTIMIZERS] + [MOMENTUM]


@pytest.mark.parametrize("optimizer", EVERY, ids=lambda one: "-".join(map(str, one.values())))
def test_it_is_the_difference_that_the_update_makes(optimizer: dict[str, Any]) -> None:
    network = load(file(optimizer, ASKED)).network
    with_steps, plain = Timeline(Program.of(network)), Timeline(Program.of(load(file(optimizer)).network))
    for at in (1, 2, 3):
        own, right = with_steps.frame(at), plain.frame(at)
        for name in ("W1", "b1", "W2", "b2"):
            np.testing.assert_allclose(own.at_end(name), right.at_end(name), rtol=1e-15)
            np.testing.assert_allclose(own[f"step_{name}"], own.at_end(name) - own[name], rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize(
    "optimizer", [{"name": "sgd", "learning_rate": 0.1}, MOMENTUM, {"name": "adam", "learning_rate": 0.1}]
)
def test_mistakes_are_made_in_it_as_in_the_update(optimizer: dict[str, Any]) -> None:
    with_steps = Program.of(load(file(optimizer, ASKED)).network)
    plain = Program.of(load(file(optimizer)).network)
    assert [one.mistake.name for one in possible(with_steps)] == [one.mistake.name for one in possible(plain)]
    for slip in possible(with_steps):
        own, other = (Timeline(Mistaken.of(one, slip).program).frame(2) for one in (with_steps, plain))
        np.testing.assert_allclose(
            own.at_end("W1"), other.at_end("W1"), rtol=1e-6, atol=1e-9, err_msg=slip.mistake.name
        )


def test_it_is_judged_and_a_mistake_is_named_from_it_alone() -> None:
    program = Program.of(load(file(FILE["optimizer"], ASKED)).network)
    step = Timeline(program).frame(1)["step_W2"]
    right = check(file(FILE["optimizer"], ("step_W2", np.round(step, 5).tolist(), {})))
    assert right.agrees
    (turned,) = check(file(FILE["optimizer"], ("step_W2", np.round(-step, 5).tolist(), {})))
    assert {"sign", "gradient-ascent"} & {cause.name for cause in turned.causes}


def test_what_follows_from_it_is_carried_over() -> None:
    after = [[0.19, 0.78]]
    step, update = check(file(FILE["optimizer"], ("Δ(W₂)", [[-0.11, -0.12]], {}), ("W2", after, {})))
    assert (step.verdicts == "wrong").all()
    assert (update.verdicts == "carried-over").all()
    assert update.follows_from == ("step_W2",)


def test_another_name_is_told_which_was_meant() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'step_W1'"):
        load(file(FILE["optimizer"], ("step_w1", [[0.1, 0.2], [0.3, 0.4]], {})))


def test_it_can_be_given_as_an_array_of_ones_own() -> None:
    scenario = load(file(FILE["optimizer"]))
    step = Timeline(Program.of(load(file(FILE["optimizer"], ASKED)).network)).frame(1)["step_W2"]
    assert check(scenario, given={"step_W2": step}).agrees
    assert not check(scenario, given={"step_W2": -step}).agrees
