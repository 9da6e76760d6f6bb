"""Statements run one by one, and the slopes of their result by central differences."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from backprop_tui.engine.statements.statement import Statement
from backprop_tui.formula.values.compile import compiled

Values = dict[str, Any]
STEP = 1e-4


def execute(statements: Sequence[Statement], values: Mapping[str, Any]) -> Values:
    """All variables after the textbook formulas of some statements were run in order."""
    found = dict(values)
    with np.errstate(all="ignore"):
        for statement in statements:
            found[statement.name] = compiled(statement.tree)(found)
    return found


def slopes(statements: Sequence[Statement], values: Mapping[str, Any], variable: str, output: str = "L") -> Any:
    """∂output/∂variable by central differences, NaN where there is a kink within the step.

    `values` holds all variables; what comes after `variable` is computed anew.
    """
    names = [statement.name for statement in statements]
    after = statements[names.index(variable) + 1 :] if variable in names else statements
    functions = [(statement.name, compiled(statement.tree)) for statement in after]
    base = np.asarray(values[variable], dtype=float)

    def at(place: tuple[int, ...], by: float) -> float:
        moved = base.copy()
        moved[place] += by
        found = dict(values) | {variable: moved}
        for name, function in functions:
            found[name] = function(found)
        return float(found[output])

    estimates = {k: np.empty(base.shape) for k in (4, 2, 1)}  # by multiples of the step
    with np.errstate(all="ignore"):
        for place in np.ndindex(base.shape):
            for k, found in estimates.items():
                found[place] = (at(place, k * STEP) - at(place, -k * STEP)) / (2 * k * STEP)
        farther, far, near = estimates.values()
        # Richardson, twice: without the first order, from a jump of the curvature (elu at 0), and the second
        result = (4 * (2 * near - far) - (2 * far - farther)) / 3
        apart = np.maximum(abs(near - far), abs(far - farther))  # of a kink within the farthest step, however slight
    return np.where(apart > 1e-4 * max(1e-3, float(abs(near).max(initial=0.0))), np.nan, result)


def assert_slopes(gradient: Any, expected: Any, what: str, rtol: float = 1e-6) -> None:
    """That a gradient agrees with differences, as far as those reach, relative to its largest entry."""
    assert np.shape(gradient) == np.shape(expected), what
    smooth = ~np.isnan(expected)
    found, wanted = np.where(smooth, gradient, 0), np.where(smooth, expected, 0)
    scale = max(1e-3, float(np.abs(wanted).max(initial=0.0)))
    np.testing.assert_allclose(found, wanted, rtol, rtol * scale, err_msg=what)
