"""How variables, formulas and numbers are written: in symbols or in ASCII, with a number of decimals."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self

from msgspec import Struct
from msgspec.structs import replace

from backprop_tui.debugger.basics.address import Address
from backprop_tui.engine.program.operation import Operation
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Role
from backprop_tui.formula.language.tree import Call, Name, Tree
from backprop_tui.formula.values.with_numbers import CORNER, array_piece, numeric_writer
from backprop_tui.formula.writing.numbers import DIGITS, MINUS, MOST_DIGITS, format_array, format_number
from backprop_tui.formula.writing.printer import SOURCE, Form, Piece, Writer, pieces, source, text
from backprop_tui.formula.writing.symbols import Symbols

if TYPE_CHECKING:
    from backprop_tui.formula.values.expansion import Expansion


class Writing(Struct, frozen=True):
    """A way of writing the variables of one program. With `hyphen` numbers can be read back by other programs."""

    symbols: Symbols
    digits: int = DIGITS
    ascii: bool = False
    corner: tuple[int, int] = CORNER
    hyphen: bool = False

    @property
    def minus(self) -> str:
        """The sign of a negative number."""
        return "-" if self.ascii or self.hyphen else MINUS

    @property
    def form(self) -> Form:
        """How formulas are spelled."""
        return "source" if self.ascii else "shown"

    def symbol(self, name: str) -> str:
        """A variable."""
        return name if self.ascii else self.symbols.symbol(name)

    def address(self, address: Address) -> str:
        """A scalar's address."""
        return address.plain(self.symbols) if self.ascii else address.shown(self.symbols)

    def formula(self, tree: Tree) -> str:
        """A formula on one line."""
        return source(tree) if self.ascii else self.symbols.text(tree)

    def numeric_pieces(
        self, tree: Tree, value: Callable[[str], Any], marked: Callable[[str], int | None] = lambda _: None
    ) -> list[Piece]:
        """A formula with numbers put in; `marked` says which column of a variable stands out."""
        return pieces(tree, numeric_writer(value, self.digits, self.form, self.corner, marked))

    def operand_pieces(self, tree: Tree, value: Callable[[str], Any], whole: Callable[[str], Any]) -> list[Piece]:
        """The same for whoever sets out the arrays: a piece for each that has rows and no text. What the formula
        transposes is one of them. What is worked out, such as a size, goes by the `whole` arrays.
        """
        writer = numeric_writer(value, self.digits, self.form, self.corner)
        of_whole = numeric_writer(whole, self.digits, self.form, self.corner)

        def leaf(tree: Tree) -> Piece:
            name = tree.operands[0] if isinstance(tree, Call) and tree.function == "transpose" else tree
            if not isinstance(name, Name):
                return (of_whole if isinstance(tree, Call) else writer).leaf(tree)
            is_array = value(name.name).size > 1
            return Piece("", rows=("",), leaf=tree) if is_array else writer.leaf(tree)

        return pieces(tree, replace(writer, leaf=leaf, turns=True))

    def terms(self, expansion: "Expansion") -> str:
        """One element's formula in symbols, `W₁[1,0]·x[0] + … 120 more … + b₁[1]`."""
        writer = SOURCE if self.ascii else self.symbols.writer()
        return text(expansion.tree, self.with_rests(writer, expansion))

    def numbers(self, expansion: "Expansion") -> str:
        """The same with numbers put in."""
        writer = numeric_writer(expansion.values.__getitem__, self.digits, self.form)
        return text(expansion.tree, self.with_rests(writer, expansion))

    def with_rests(self, writer: Writer, expansion: "Expansion") -> Writer:
        """A writer that says how many terms are left out."""
        dots = "..." if self.ascii else "…"

        def leaf(tree: Tree) -> Piece:
            rest = expansion.rests.get(tree.name) if isinstance(tree, Name) else None
            return writer.leaf(tree) if rest is None else Piece(f"{dots} {rest.count:,} more {dots}")

        return replace(writer, leaf=leaf)

    def value_piece(self, value: Any, marked: int | None = None) -> Piece:
        """An array as a piece of a formula; one of its columns may stand out."""
        return array_piece(value, self.digits, self.minus, corner=self.corner, marked=marked)

    def number(self, value: float, *, fixed: bool = False) -> str:
        """A number; `fixed` keeps trailing zeros, for columns."""
        return format_number(value, self.digits, fixed=fixed, minus=self.minus)

    def setting(self, value: Any) -> str:
        """A setting as it was given, with the digits that takes: 0.999 with two decimals would be 1."""
        held = float(str(value))  # the shortest that reads back, in single precision too
        texts = (self.with_digits(digits).number(held) for digits in range(self.digits, MOST_DIGITS + 1))
        return next((text for text in texts if float(text.replace(MINUS, "-")) == held), str(held))

    def telling(self, a: float, b: float) -> Self:
        """The same with as many digits as it takes to tell two numbers apart."""
        found = (self.with_digits(digits) for digits in range(self.digits, MOST_DIGITS + 1))
        return next((one for one in found if one.number(a) != one.number(b)), self)

    def both(self, a: float, b: float) -> tuple[str, str]:
        """Two numbers that are compared: with digits that tell them apart, and as many decimals in the one as in the
        other, `0.0110` and `0.0109`.
        """
        writing = self.telling(a, b)
        first, second = writing.number(a), writing.number(b)
        decimals = max(len(text.partition(".")[2]) for text in (first, second))
        if not decimals or not (first + second).replace(self.minus, "").replace(".", "").isdecimal():  # 4.386e−5, inf
            return first, second
        return _with_decimals(first, decimals), _with_decimals(second, decimals)

    def array(self, value: Any, most: int = 8) -> str:
        """An array on one line."""
        return format_array(value, self.digits, most=most, minus=self.minus)

    def with_digits(self, digits: int) -> Self:
        """The same with a different number of decimals, from 1 to 15."""
        return replace(self, digits=min(MOST_DIGITS, max(1, digits)))

    def with_corner(self, rows: int, columns: int) -> Self:
        """The same with less of a large matrix."""
        return replace(self, corner=(rows, columns))


def _with_decimals(number: str, decimals: int) -> str:
    whole, _, rest = number.partition(".")
    return f"{whole}.{rest:0<{decimals}}"


def heading(stage: str, program: Program) -> str:
    """`δ₂` for delta2, `gradients of layer 2` for what training needs of it, the stage's name otherwise."""
    first = next((operation.variable for operation in program.operations if operation.stage == stage), None)
    of = program.variables.get(first.wrt) if first is not None else None
    if of is not None and of.role in (Role.PARAMETER, Role.INPUT) and stage == f"gradients{of.block or 1}":
        return f"gradients of layer {of.block or 1}"
    return program.symbols.symbol(stage)


def computed_as(operation: Operation, writing: Writing) -> str:
    """The formula that was run in place of the one that is shown, and why; empty where they are the same."""
    if operation.stable is None:
        return ""
    gains = operation.gains.format_map(_Symbols(writing))
    return f"computed as {writing.formula(operation.stable)}{', ' if gains else ''}{gains}"


class _Symbols(dict[str, str]):
    """The symbols of variables, for a text that has their names in braces."""

    def __init__(self, writing: Writing) -> None:
        super().__init__()
        self.writing = writing

    def __missing__(self, name: str) -> str:
        return self.writing.symbol(name)


def next_loss(before: float, after: float, writing: Writing) -> str:
    """What the loss of an iteration becomes with the parameters after it."""
    arrow = "->" if writing.ascii else "→"
    return f"{writing.symbol('L')} {f' {arrow} '.join(writing.both(before, after))} with the new parameters"
