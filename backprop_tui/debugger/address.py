"""The address of a scalar, `W1[0,1]`: the one selection that every pane shows."""

import msgspec

from backprop_tui.formula.element import Shape
from backprop_tui.formula.errors import ExpressionError
from backprop_tui.formula.parse import parse
from backprop_tui.formula.symbols import Symbols, indices
from backprop_tui.formula.tree import Index, Name, Number
from backprop_tui.text import clean


class Address(msgspec.Struct, frozen=True):
    """A variable's name and the place in it: () for a scalar, else (row, column), from 0."""

    name: str
    at: Shape = ()

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
    tree = parse(symbols.ascii(text))
    of, at = (tree.of, tree.at) if isinstance(tree, Index) else (tree, ())
    name = symbols.resolve(of.name) if isinstance(of, Name) else None
    if name is None:
        raise ExpressionError(f"there is no variable '{clean(text, 40)}'")
    shape = symbols.shapes[name]
    places = [int(i.value) for i in at if isinstance(i, Number) and i.value.is_integer()]
    if len(places) != len(at) or len(places) > len(shape):
        raise ExpressionError(f"{name} has {len(shape)} indices, such as {first(name, shape)}")
    places += [0] * (len(shape) - len(places))
    if any(place >= extent for place, extent in zip(places, shape, strict=True)):
        raise ExpressionError(f"{name} has the shape {list(shape)}, indices count from 0")
    return Address(name, tuple(places))
