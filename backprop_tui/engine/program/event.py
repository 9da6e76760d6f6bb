"""An event: what happened at one step. It is a view of a frame, so making one costs next to nothing."""

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from backprop_tui.engine.program.operation import Operation
from backprop_tui.formula.writing.numbers import format_array
from backprop_tui.text import clean

LONGEST = 120  # characters of a repr's formula and value: it takes two lines at most


class Event(msgspec.Struct, frozen=True, eq=False, gc=False):
    """One operation of one iteration, computed. Steps and iterations count from 1."""

    step: int
    iteration: int
    operation: Operation
    frame: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The variable that was written."""
        return self.operation.name

    @property
    def symbol(self) -> str:
        """The variable's symbol, as the screen shows it."""
        return self.operation.symbol

    @property
    def stage(self) -> str:
        """The group of operations that it belongs to."""
        return self.operation.stage

    @property
    def formula(self) -> str:
        """The textbook formula in symbols."""
        return self.operation.formula

    @property
    def reads(self) -> tuple[str, ...]:
        """The variables that the textbook formula reads, in order of first appearance."""
        return self.operation.reads

    @property
    def value(self) -> Any:
        """What was written: a read-only float64 array (rows, columns), or a float64 scalar."""
        return self.frame[self.operation.key]

    @property
    def inputs(self) -> dict[str, Any]:
        """What was read, by name: read-only arrays and scalars."""
        keys = self.operation.keys
        return {name: self.frame[keys[name]] for name in self.operation.reads}

    @property
    def position(self) -> str:
        """The readable position, `1:delta2`."""
        return f"{self.iteration}:{self.operation.name}"

    def __str__(self) -> str:
        """What happened: `z₂ = W₂h + b₂ = −1.2`."""
        return clean(f"{self.symbol} = {self.formula} = {format_array(np.asarray(self.value))}", LONGEST)

    def __repr__(self) -> str:
        return f"<Event {self.step} ({self.position}): {self}>"
