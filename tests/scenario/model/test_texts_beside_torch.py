"""Texts of models beside PyTorch's autograd, line by line: each primitive in them by its counterpart."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from backprop_tui.engine.model.model import Model
from backprop_tui.engine.program.program import Program
from backprop_tui.scenario import Scenario
from tests.formula.torch_counterparts import tensor, value_of
from tests.scenario.model.random_texts import models
from tests.scenario.model.test_model_texts import TEXTS

torch: Any = pytest.importorskip("torch")
pytestmark = pytest.mark.reference


def is_pytorchs(scenario: Scenario) -> None:
    """Every line has the value that PyTorch gives it, and everything that has a gradient the gradient."""
    model = scenario.network
    assert isinstance(model, Model)
    program = Program.of(model)
    frame = program.fill(program.first())
    values = {
        name: torch.tensor(value, requires_grad=name in program.gradients) for name, value in program.start.items()
    }
    for line in model.lines:
        found = tensor(value_of(line.tree, values))
        if found.requires_grad:
            found.retain_grad()
        values[line.name] = found
        close(frame[line.name], found.detach(), line.name)
    values["L"].backward()
    for name, gradient in program.gradients.items():
        own = values[name].grad
        close(frame[gradient], torch.zeros_like(values[name]) if own is None else own, gradient)


def close(found: Any, expected: Any, what: str) -> None:
    expected = expected.numpy()
    scale = max(1.0, float(np.abs(expected).max()))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * scale, err_msg=what)


@pytest.mark.parametrize("name", TEXTS)
def test_a_text(name: str) -> None:
    is_pytorchs(TEXTS[name].scenario())


@settings(deadline=None)
@given(models())
def test_a_random_text(scenario: Scenario) -> None:
    is_pytorchs(scenario)
