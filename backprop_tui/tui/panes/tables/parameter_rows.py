"""Which scalar stands in which row of the parameter table."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from backprop_tui.debugger.basics.address import Address
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Role
from backprop_tui.formula.values.element import Shape

if TYPE_CHECKING:
    from backprop_tui.formula.values.reach import Region


class Rows(Struct, frozen=True):
    """Row numbers and addresses of a program's parameters, of its slots, and of its masks for one sample, in order.

    `gradients` has what each gradient of the program is of.
    """

    names: tuple[str, ...]
    shapes: tuple[Shape, ...]
    ends: tuple[int, ...]
    masks: tuple[str, ...]
    sample: int
    gradients: Mapping[str, str]

    @classmethod
    def of(cls, program: Program, sample: int) -> "Rows":
        """The rows of a program where a sample of the batch is shown."""
        masks = tuple(name for name in program.constants if program.variables[name].role is Role.MASK)
        names = (*program.parameters, *program.slots, *masks)
        shapes = tuple((program.shapes[name][0], 1) if name in masks else program.shapes[name] for name in names)
        gradients = {gradient: name for name, gradient in program.gradients.items()}
        return cls(names, shapes, tuple(accumulate(int(np.prod(shape)) for shape in shapes)), masks, sample, gradients)

    def subject(self, name: str) -> str:
        """What a gradient is of; anything else is its own subject."""
        return self.gradients.get(name, name)

    def rows(self, name: str) -> tuple[int, int]:
        """The first and the last row of a variable."""
        place = self.names.index(name)
        return self.ends[place - 1] if place else 0, self.ends[place] - 1

    def address(self, row: int) -> Address:
        """The scalar in a row."""
        place = bisect_right(self.ends, row)
        start = self.ends[place - 1] if place else 0
        at = tuple(int(i) for i in np.unravel_index(row - start, self.shapes[place]))
        name = self.names[place]
        return Address(name, (at[0], self.sample) if name in self.masks else at)

    def row(self, address: Address) -> int | None:
        """The row of a scalar, or of the one that a gradient's is of; None for anything else."""
        name = self.subject(address.name)
        if name not in self.names:
            return None
        start, _ = self.rows(name)
        if name in self.masks:
            unit, sample = address.at
            return start + unit if sample == self.sample else None
        return start + int(np.ravel_multi_index(address.at, self.shapes[self.names.index(name)]))

    def span(self, name: str, region: "Region") -> Iterator[int]:
        """The first and the last row of a region of a variable, or of what a gradient is of; none for anything else."""
        of = self.subject(name)
        if of in self.names:
            own = self.shapes[self.names.index(of)]
            for end in (0, -1):
                at = (range(extent)[end] if place is None else place for place, extent in zip(region, own, strict=True))
                row = self.row(Address(of, tuple(at)))
                yield from () if row is None else (row,)
