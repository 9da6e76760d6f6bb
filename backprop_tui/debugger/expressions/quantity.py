"""A quantity: an expression over what has a value *now*, as `debugger[…]` does. After its update W1 is the new one."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from backprop_tui.debugger.basics.value_now import not_yet
from backprop_tui.debugger.expressions.named_quantities import named
from backprop_tui.engine.program.operation import QUIET
from backprop_tui.engine.program.program import Frame, Program
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.language.tree import ExpressionError
from backprop_tui.formula.values.element import Shape
from backprop_tui.formula.values.expression import Expression, read_condition, read_expression
from backprop_tui.formula.writing.numbers import DIGITS, format_array
from backprop_tui.text import clean

Function = Callable[[Frame], Any]
FEW = 8  # truth values that are written out


class Quantity:
    """An expression of one program. What it reads may have no value yet: then neither has it."""

    def __init__(self, expression: Expression, text: str = "") -> None:
        self.expression = expression
        self.text = text or expression.text  # the text it is called by
        self.is_named = bool(text)  # rather than written as an expression
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

    def at_step(self, timeline: Timeline, step: int) -> Any | None:
        """The value at a step; None before it exists."""
        iteration, index = timeline.locate(step)
        return self.value(timeline.frame(iteration), index)

    def now(self, timeline: Timeline, step: int) -> Any:
        """The value at a step. Raises ExpressionError where there is none, with what it lacks."""
        found = self.at_step(timeline, step)
        if found is not None:
            return found
        iteration, index = timeline.locate(step)
        program = timeline.frame(iteration).program
        missing = next((name for name in self.names if program.key(name, index) is None), None)
        if missing is not None:
            raise ExpressionError(not_yet(missing, program, timeline, iteration))
        raise ExpressionError(f"{clean(self.text, 40)} is not there: this batch is smaller")


def read_quantity(text: str, program: Program) -> Quantity:
    """An expression, or one that has a name, such as `dead units`. Raises ExpressionError."""
    formula = named(text, program)
    if formula is None:
        return Quantity(read_expression(text, program.symbols))
    return Quantity(read_expression(formula, program.symbols, row=True), " ".join(text.split()))


def read_test(text: str, program: Program, *, row: bool = False, more: Mapping[str, Shape] | None = None) -> Quantity:
    """A condition: one truth value. Raises ExpressionError."""
    return Quantity(read_condition(text, program.symbols, row=row, more=more or {}))


def shown(value: Any | None, digits: int = DIGITS) -> str:
    """A value on one line, in a message or a list of watches."""
    if value is None:
        return "not computed yet"
    array = np.asarray(value)
    if array.ndim == 1:  # only shapes are that
        return str(array.astype(int).tolist())
    if array.dtype != bool:
        return format_array(array.astype(float), digits)
    if array.size == 1:
        return str(bool(array.all())).lower()
    if array.size > FEW:
        return f"{'×'.join(map(str, array.shape))}, {int(array.sum()):,} true"
    return str(array.tolist()).lower().replace(",", "")
