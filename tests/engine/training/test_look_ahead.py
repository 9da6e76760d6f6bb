"""Nesterov's momentum with the points that it looks ahead to, as its paper and a program of one's own have it."""

from typing import Any

import numpy as np
import pytest

from backprop_tui import check, load
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.scenario import Scenario, ScenarioError
from tests.engine.training.test_written_steps import FILE, MOMENTUM, file

ASKED: tuple[str, Any, dict[str, Any]] = ("ahead_W2", [[0.3, 0.9]], {})
APART = {"conventions": {"weights": "without look-ahead"}}
X, Y = np.array([[0.35], [0.9]]), 0.5


def by_hand(iterations: int) -> list[dict[str, Any]]:
    """θ̃ = θ + μv, v = μv − η∇L(θ̃), θ = θ + v (Sutskever et al. 2013), each iteration's values."""
    first, last = FILE["network"]["layers"]
    now = {"W1": np.array(first["weights"]), "b1": np.array(first["bias"]).reshape(2, 1)}
    now |= {"W2": np.array(last["weights"]), "b2": np.array(last["bias"]).reshape(1, 1)}
    velocity = {name: np.zeros_like(value) for name, value in now.items()}
    found = []
    for _ in range(iterations):
        ahead = {name: value + 0.9 * velocity[name] for name, value in now.items()}
        h = np.tanh(ahead["W1"] @ X + ahead["b1"])
        delta2 = ahead["W2"] @ h + ahead["b2"] - Y
        delta1 = ahead["W2"].T @ delta2 * (1 - h**2)
        gradients = {"W1": delta1 @ X.T, "b1": delta1, "W2": delta2 @ h.T, "b2": delta2}
        velocity = {name: 0.9 * velocity[name] - 0.1 * gradients[name] for name in now}
        now = {name: value + velocity[name] for name, value in now.items()}
        found.append(
            {f"ahead_{name}": value for name, value in ahead.items()}
            | {f"m_{name}": value for name, value in velocity.items()}
            | {f"dL_d{name}": value for name, value in gradients.items()}
            | now
        )
    return found


def of_file(*published: tuple[str, Any, dict[str, Any]], **more: Any) -> Scenario:
    return load(file(MOMENTUM, *published) | more)


def printed(*names: str, iterations: int = 3) -> list[tuple[str, Any, dict[str, Any]]]:
    return [
        (name, np.round(values[name], 6).tolist(), {"iteration": at})
        for at, values in enumerate(by_hand(iterations), 1)
        for name in names
    ]


def test_what_a_textbook_prints_agrees() -> None:
    names = ("ahead_W1", "ahead_b2", "dL_dW1", "W1", "b1", "W2", "m_W2")
    assert check(of_file(*printed(*names), conventions={"velocity": "step"})).agrees


def test_weights_alone_agree_where_the_source_is_said_to_keep_them_apart() -> None:
    assert check(of_file(*printed("W1", "W2", "b2"), **APART)).agrees
    assert "keeps the weights apart" in str(check(of_file(*printed("W1"), **APART)))


def test_it_is_the_same_run_as_that_of_the_look_ahead_points() -> None:
    plain, apart = Timeline(Program.of(of_file().network)), Timeline(Program.of(of_file(ASKED).network))
    for at in (1, 2, 3):
        for name in ("W1", "b1", "W2", "b2"):
            np.testing.assert_allclose(apart.frame(at)[f"ahead_{name}"], plain.frame(at)[name], rtol=1e-14)


def test_a_gradient_taken_at_the_weights_is_found() -> None:
    """Whoever leaves out the look ahead has plain momentum."""
    momentum = Timeline(Program.of(load(file({**MOMENTUM, "nesterov": False})).network))
    values = [(name, np.round(momentum.frame(3).at_end(name), 6).tolist(), {"iteration": 3}) for name in ("W1", "W2")]
    assert {"look-ahead-left-out"} == {cause.name for cause in check(of_file(*values, **APART)).causes}


def test_it_can_be_given_as_an_array_of_ones_own() -> None:
    (_, second) = by_hand(2)
    assert check(of_file(), given={"ahead_W1": second["ahead_W1"], "W1_after": second["W1"]}, iteration=2).agrees


@pytest.mark.parametrize(
    "more", [{"optimizer": {**MOMENTUM, "nesterov": False}}, {"schedule": {"name": "warmup", "steps": 3}}]
)
def test_without_it_there_are_no_such_points(more: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError, match="ahead_W2"):
        of_file(ASKED, **more)
