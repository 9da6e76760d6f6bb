"""How things are written on this screen: digits, symbols or plain ASCII."""

from collections.abc import Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from backprop_tui.debugger.address import Address
from backprop_tui.formula.numbers import DIGITS, MINUS, MOST_DIGITS, format_array, format_number
from backprop_tui.formula.numeric import CORNER, array_piece, numeric_writer
from backprop_tui.formula.render import Piece, pieces, source
from backprop_tui.formula.symbols import Symbols
from backprop_tui.formula.tree import Tree
from backprop_tui.tui.drawing.glyphs import ASCII, UNICODE, Glyphs

MARKS = {  # what -> Unicode, ASCII; each pair takes the same room
    "current": ("▶", ">"),
    "breakpoint": ("●", "*"),
    "off": ("○", "o"),
    "agrees": ("✓", "+"),
    "differs": ("✗", "x"),
    "changed": ("▸", ">"),
    "to": ("→", "->"),
    "cut": ("…", "~"),
    "between": ("·", "|"),
    "rule": ("─", "-"),
    "none": ("·", "."),
}


class Notation(Struct, frozen=True):
    """A way of writing the variables of one program."""

    symbols: Symbols
    digits: int = DIGITS
    ascii: bool = False
    corner: tuple[int, int] = CORNER

    @property
    def glyphs(self) -> Glyphs:
        """The characters of drawings."""
        return ASCII if self.ascii else UNICODE

    @property
    def minus(self) -> str:
        """The sign of a negative number."""
        return "-" if self.ascii else MINUS

    def mark(self, what: str) -> str:
        """One of the signs that stand beside values."""
        return MARKS[what][self.ascii]

    def text(self, text: str) -> str:
        """Prose."""
        return self.glyphs.text(text)

    def symbol(self, name: str) -> str:
        """A variable."""
        return name if self.ascii else self.symbols.symbol(name)

    def address(self, address: Address) -> str:
        """A scalar's address."""
        return address.plain(self.symbols) if self.ascii else address.shown(self.symbols)

    def formula(self, tree: Tree) -> str:
        """A formula on one line."""
        return source(tree) if self.ascii else self.symbols.text(tree)

    def numeric_pieces(self, tree: Tree, value: Callable[[str], Any]) -> list[Piece]:
        """A formula with numbers put in."""
        return pieces(tree, numeric_writer(value, self.digits, "source" if self.ascii else "shown", self.corner))

    def value_piece(self, value: Any) -> Piece:
        """An array as a piece of a formula."""
        return array_piece(value, self.digits, self.minus, corner=self.corner)

    def number(self, value: float, *, fixed: bool = False) -> str:
        """A number; `fixed` keeps trailing zeros, for columns."""
        return format_number(value, self.digits, fixed=fixed, minus=self.minus)

    def array(self, value: Any, most: int = 8) -> str:
        """An array on one line."""
        return self.text(format_array(value, self.digits, most=most, minus=self.minus))

    def with_digits(self, digits: int) -> "Notation":
        """The same with another number of decimals, from 1 to 15."""
        return replace(self, digits=min(MOST_DIGITS, max(1, digits)))

    def with_corner(self, rows: int, columns: int) -> "Notation":
        """The same with less of a large matrix."""
        return replace(self, corner=(rows, columns))
