"""A quantity: an expression over what has a value *now*, as `debugger[…]` does. After its update W1 is the new one."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from backprop_tui.debugger.named import named
from backprop_tui.engine.program import QUIET, Frame, Program
from backprop_tui.formula.element import Shape
from backprop_tui.formula.expression import Expression, read_condition, read_expression
from backprop_tui.formula.numbers import format_array

Function = Callable[[Frame], Any]


class Quantity:
    """An expression of one program. What it reads may have no value yet: then neither has it."""

    def __init__(self, expression: Expression) -> None:
        self.expression = expression
        self.text = expression.text
        self.names = expression.names
        self._compiled: dict[tuple[str | None, ...], Function] = {}

    def at(self, program: Program, index: int) -> Function | None:
        """The value after the operation at an index as a function of a frame; None before it has one.

        `program` is that of the frame. The function may raise IndexError or ValueError where the last, smaller batch
        lacks an element.
        """
        keys = tuple(program.key(name, index) for name in self.names)
        if None in keys:
            return None
        if keys not in self._compiled:
            found = {name: key for name, key in zip(self.names, keys, strict=True) if key is not None}
            self._compiled[keys] = self.expression.function(found)
        return self._compiled[keys]

    def value(self, frame: Frame, index: int) -> Any | None:
        """The value after the operation at an index, an array or a scalar of NumPy or Python; None before it exists."""
        function = self.at(frame.program, index)
        if function is None:
            return None
        try:
            found = QUIET(function)(frame)
        except (IndexError, ValueError):
            return None
        return np.bool_(found) if self.expression.kind == "truth" and np.ndim(found) == 0 else found


def read_quantity(text: str, program: Program) -> Quantity:
    """An expression, or one that has a name, such as `dead units`. Raises ExpressionError."""
    formula = named(text, program)
    return Quantity(
        read_expression(text, program.symbols)
        if formula is None
        else read_expression(formula, program.symbols, row=True)
    )


def read_test(text: str, program: Program, *, row: bool = False, more: Mapping[str, Shape] | None = None) -> Quantity:
    """A condition: one truth value. Raises ExpressionError."""
    return Quantity(read_condition(text, program.symbols, row=row, more=more or {}))


def shown(value: Any | None) -> str:
    """A value in a message or a list of watches."""
    if value is None:
        return "not computed yet"
    array = np.asarray(value)
    if array.dtype == bool:
        return str(value).lower() if array.ndim == 0 or array.size > 1 else str(bool(array.all())).lower()
    return format_array(array.astype(float), minus="-")
