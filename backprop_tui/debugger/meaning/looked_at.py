"""An operation that something is said of, at a moment: what it read and wrote."""

from functools import cached_property
from typing import Any

from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.engine.program.operation import Operation
from backprop_tui.formula.values.element import Shape


class LookedAt:
    """An operation at a moment; with `at`, one number of its value."""

    def __init__(self, moment: Moment, operation: Operation, at: Shape | None) -> None:
        self.moment, self.operation, self.at = moment, operation, at
        self.variable, self.variables = operation.variable, moment.program.variables
        self.parameter = self.variable.parameter
        self.reads = operation.reads

    @cached_property
    def value(self) -> Any:
        """What the operation wrote."""
        return self.moment.frame[self.operation.key]

    def read(self, name: str) -> Any:
        """What the operation read under a name, None where it did not."""
        return self.moment.frame[self.operation.keys[name]] if name in self.operation.keys else None

    def before(self, name: str) -> Any:
        """A variable's value before the operation."""
        key = self.moment.program.key(name, self.operation.index - 1)
        return None if key is None else self.moment.frame[key]
