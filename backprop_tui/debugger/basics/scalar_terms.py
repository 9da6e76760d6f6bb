"""One number of an event as its scalar terms: by the formula that is shown, or by the one that was computed."""

from collections.abc import Mapping
from math import isclose, isfinite
from typing import Any

import numpy as np
from msgspec import Struct

from backprop_tui.engine.program.operation import Operation
from backprop_tui.formula.language.tree import Tree, names
from backprop_tui.formula.values.element import Shape
from backprop_tui.formula.values.expansion import MOST, Expansion, expand

CLOSE = 1e-9  # relative: how far rounding may take the terms' sum from the value


class Terms(Struct, frozen=True, eq=False):
    """The terms of a number. They are `stable` where the formula that is shown does not give it."""

    expansion: Expansion
    value: float
    stable: bool = False


def terms(
    operation: Operation, frame: Mapping[str, Any], at: Shape, *, most: int = MOST, largest: bool = False
) -> Terms:
    """The number at a place of what an operation wrote, taken apart."""
    value = float(frame[operation.key][at])

    def of(tree: Tree) -> Expansion:
        inputs = {name: frame[operation.keys[name]] for name in names(tree)}
        shapes = {name: np.shape(array) for name, array in inputs.items()}
        return expand(tree, at, shapes, inputs, most=most, largest=largest)

    textbook = of(operation.tree)
    if operation.stable is None or gives(textbook, value):
        return Terms(textbook, value)
    stable = of(operation.stable)
    return Terms(stable, value, stable=True) if gives(stable, value) else Terms(textbook, value)


def gives(expansion: Expansion, value: float) -> bool:
    """Whether the terms add up to a value, up to rounding; a value that is not finite has to be the same."""
    found = expansion.value
    if not isfinite(value):
        return found == value or (np.isnan(found) and np.isnan(value))
    return isclose(found, value, rel_tol=CLOSE, abs_tol=CLOSE * expansion.size)
