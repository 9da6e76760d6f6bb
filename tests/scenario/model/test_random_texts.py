"""Random texts of models: their gradients are slopes, their formulas read back, their numbers are explained."""

import numpy as np
from hypothesis import given, settings

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.explain.gradient_check import gradcheck
from backprop_tui.engine.model.model import Model
from backprop_tui.engine.model.reading import read_by_loss
from backprop_tui.formula.language.parse import Limits, parse
from backprop_tui.formula.values.element import element, evaluate
from backprop_tui.formula.writing.printer import source
from backprop_tui.scenario import Scenario
from tests.sampled import often
from tests.scenario.model.random_texts import models

LIMITS = Limits(100_000, 20_000, 200)


@settings(max_examples=often(8, 100), deadline=None)
@given(models())
def test_a_random_model(scenario: Scenario) -> None:
    model = scenario.network
    assert isinstance(model, Model)
    for check in gradcheck(scenario, every=True):
        assert check.agrees, f"{model.text}\n{check}"
    debugger = Debugger(scenario)
    program = debugger.program
    assert read_by_loss(model.lines) - {"L", "y", *model.given} | {"h0"} <= program.gradients.keys()
    debugger.seek(2 * len(program.operations))
    frame = debugger.moment().frame
    for operation in program.operations:
        if "@" not in "".join(operation.keys):  # what a step adds to a gradient has a name that no formula can have
            assert parse(source(operation.tree), LIMITS) == operation.tree
        values = {name: frame[key] for name, key in operation.keys.items()}
        shapes = {name: np.shape(value) for name, value in values.items()}
        value = frame[operation.key]
        for at in {(0,) * value.ndim, tuple(extent - 1 for extent in value.shape)}:
            found = evaluate(element(operation.tree, at, shapes), values)
            np.testing.assert_allclose(found, value[at], rtol=1e-9, atol=1e-12, err_msg=operation.name)
    for operation in program.operations[::5]:
        is_explained(debugger, operation.name, value=debugger[operation.name])


def is_explained(debugger: Debugger, name: str, value: np.ndarray) -> None:
    """A number is that of its formula, and so is everything that this reads; the paths of a gradient add up to it."""
    at = tuple(extent - 1 for extent in value.shape)
    found = debugger.explain(f"{name}[{','.join(map(str, at))}]" if at else name)
    assert found.value == value[at]
    for one in (found, *found.children):
        if one.expansion is not None:
            np.testing.assert_allclose(one.expansion.value, one.value, rtol=1e-9, atol=1e-12)
    assert found.paths is None or found.paths.agrees
    assert debugger.touches(f"{name}[{','.join(map(str, at))}]" if at else name) is not None
