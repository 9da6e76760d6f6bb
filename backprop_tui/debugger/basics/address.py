"""The address of a scalar, `W1[0,1]`: the one selection that every pane shows."""

from typing import Any

import msgspec

from backprop_tui.formula.values.element import Shape
from backprop_tui.formula.writing.symbols import Symbols, indices


class Address(msgspec.Struct, frozen=True):
    """A variable's name and the place in it: () for a scalar, else (row, column), from 0, of matrices for each sample
    (sample, row, column).
    """

    name: str
    at: Shape = ()

    def of(self, value: Any) -> float | None:
        """Its number in a value of the variable; None where that has no such place, as a short batch may."""
        inside = all(place < extent for place, extent in zip(self.at, value.shape, strict=True))
        return float(value[self.at]) if inside else None

    def __str__(self) -> str:
        """The address in ASCII, `W1[0,1]`."""
        return self.name + (f"[{','.join(map(str, self.at))}]" if self.at else "")

    def shown(self, symbols: Symbols) -> str:
        """The address in symbols; a column of one sample has one index."""
        return symbols.address(self.name, self.at)

    def plain(self, symbols: Symbols) -> str:
        """The address in ASCII, with as many indices as the screen shows."""
        return self.name + indices(self.at, symbols.shapes[self.name])


def first(name: str, shape: Shape) -> Address:
    """The first scalar of a variable."""
    return Address(name, (0,) * len(shape))


def read_address(text: str, symbols: Symbols) -> Address:
    """An address as people type it: `W1[0,1]`, `W₁[0,1]`, `h[1]`, `L`.

    A missing index is 0, so a variable alone is its first scalar. Raises ExpressionError where it names nothing.
    """
    name, at = symbols.place(text)
    return Address(name, at) if at else first(name, symbols.shapes[name])
