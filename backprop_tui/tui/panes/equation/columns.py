"""A formula as columns: each operand's symbol over its numbers and where those came from, operators between them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from rich.style import Style

from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.engine.statements.variable import DRAWN, UNKNOWN, Role
from backprop_tui.formula.language.tree import Call, Name, Number, Tree, names, rebuild
from backprop_tui.formula.values.element import evaluate
from backprop_tui.formula.values.with_numbers import matrix_cells
from backprop_tui.formula.writing.printer import Piece
from backprop_tui.tui.drawing.heat import Heat
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.styled_line import Run
from backprop_tui.tui.shared.theme import Styles

NEW = "new"  # what is said of a result, as `step 8` is of an operand
UNDERLINED = Style(underline=True)
LIT = Style(bold=True, underline=True)
# what belongs to a scenario or to chance rather than to a step
ORIGINS = {Role.INPUT: "data", Role.TARGET: "data", **dict.fromkeys(DRAWN, "drawn")}
# for one sample, these are products of matrices
PER_SAMPLE = {
    "jvp": lambda a, b: Call("matmul", (a, b)),
    "vjp": lambda a, b: Call("matmul", (Call("transpose", (a,)), b)),
    "outer": lambda a, b: Call("matmul", (a, Call("transpose", (b,)))),
}


class Column(NamedTuple):
    """A part of a formula that stays together: what is above its numbers, the rows of these, what is below them.

    `splits` marks an operator between two terms, before which a formula may go on further down.
    """

    head: str
    rows: Sequence[Sequence[Run]]
    width: int
    style: Style
    origin: str = ""
    splits: bool = False


class Given(NamedTuple):
    """What a formula's numbers are made of and how they are written.

    `lit` has the places of each variable that the number that is looked at is made of, `marked` the column of the
    sample that is shown. What is computed is the variable, or only a part of it where it is not the `whole`.
    `inputs` are the arrays that the matrices were taken from, where these have more axes.
    """

    moment: Moment
    notation: Notation
    styles: Styles
    values: Mapping[str, Any]
    lit: Mapping[str, frozenset[tuple[int, ...]]] = {}
    marked: Callable[[str], int | None] = lambda _: None
    whole: bool = True
    inputs: Mapping[str, Any] = {}


def as_matrices(tree: Tree) -> Tree:
    """A formula of one sample, in which what is done for each sample is a product of matrices."""
    match tree:
        case Call(function, (a, b)) if function in PER_SAMPLE:
            return as_matrices(PER_SAMPLE[function](a, b))
    return rebuild(tree, as_matrices)


def columns(tree: Tree, given: Given, corner: tuple[int, int], digits: int) -> list[Column]:
    """The columns of a formula, its large matrices by a corner."""
    notation = given.notation.with_digits(digits).with_corner(*corner)
    pieces = notation.operand_pieces(tree, given.values.__getitem__, (given.inputs or given.values).__getitem__)
    seen: set[str] = set()
    found: list[Column] = []
    terms: dict[int, int] = {}  # the columns of signs between terms, and how many brackets these are in
    depth = 0
    for piece in pieces:
        if piece.leaf is not None:
            found.append(_operand(piece, given, notation, seen))
            continue
        text = " · " if piece.text == "·" else piece.text
        if text in (" + ", " − ", " - "):
            terms[len(found)] = depth
        depth += sum(map(text.count, "([{⌊")) - sum(map(text.count, ")]}⌋"))
        found.append(Column(text, [[(text, given.styles.text)]], len(text), given.styles.text))
    outermost = min(terms.values(), default=0)
    return [column._replace(splits=terms.get(place) == outermost) for place, column in enumerate(found)]


def result_column(name: str, value: Any, given: Given, corner: tuple[int, int], digits: int) -> Column:
    """The column of what was computed; a single number has the digits that it has elsewhere on the screen."""
    is_matrix = np.size(value) > 1
    notation = (given.notation.with_digits(digits) if is_matrix else given.notation).with_corner(*corner)
    piece = Piece("", rows=("",)) if is_matrix else notation.value_piece(value)
    rows = _rows(piece, value, name, given, notation, Style(bold=True))
    head, origin = (notation.symbol(name), NEW) if given.whole else ("", "")
    return Column(head, rows, _width(rows), given.styles.strong, origin)


def heat_column(name: str, value: Any, given: Given, rows: int, cells: int) -> Column:
    """The same as a map of shades, of so many rows at most."""
    missing = np.ma.getmaskarray(value) if np.ma.isMaskedArray(value) else None
    drawn = Heat(np.ma.getdata(value), looked_at=given.lit.get(name, frozenset()), missing=missing)
    size = drawn.size(rows, cells)
    found = drawn.rows(size, given.styles.drawing, given.notation.glyphs)
    head = given.notation.symbol(name) if given.whole else ""
    return Column(head, found, size.cells, given.styles.strong, NEW if given.whole else "")


def together(left: Column, right: Column) -> Column:
    """Two columns of one thing as one: its numbers, which are its map."""
    equals = " = "
    height = max(len(left.rows), len(right.rows))

    def line(column: Column, row: int) -> Sequence[Run]:
        at = row - (height - len(column.rows)) // 2
        return column.rows[at] if 0 <= at < len(column.rows) else [(" " * column.width, Style())]

    between = [(equals if row == (height - 1) // 2 else " " * len(equals), left.style) for row in range(height)]
    rows = [[*line(left, row), between[row], *line(right, row)] for row in range(height)]
    return left._replace(rows=rows, width=left.width + len(equals) + right.width)


def _operand(piece: Piece, given: Given, notation: Notation, seen: set[str]) -> Column:
    leaf = piece.leaf or Number(0.0)
    read = names(leaf)
    name = read[0] if read else ""
    is_whole = leaf in (Name(name), Call("transpose", (Name(name),)))
    if not is_whole:  # a part of a variable, whose places are others
        given = given._replace(lit={}, marked=lambda _: None)
    value = evaluate(leaf, given.values) if piece.rows else None
    rows = _rows(piece, value, name if is_whole or piece.rows else "", given, notation, Style())
    origin = "" if name in seen else origin_of(given.moment, name)
    seen.add(name)
    return Column(notation.formula(leaf), rows, _width(rows), head_style(given, name), origin)


def _rows(
    piece: Piece, value: Any, name: str, given: Given, notation: Notation, weight: Style
) -> Sequence[Sequence[Run]]:
    """The rows of numbers, each number in the colour that it has in the network; those of it that are looked at lit."""
    if not piece.rows or value is None:
        style = number_inks(given, name, weight).of(piece.text.lstrip("("))
        lit = bool(given.lit.get(name)) and not piece.rows
        return [[(piece.text, style + LIT if lit else style)]]
    transposed = isinstance(piece.leaf, Call)
    marked = None if transposed else given.marked(name)
    lit_places, inks, between = given.lit.get(name, frozenset()), number_inks(given, name, weight), given.styles.text
    beside = between + weight
    found = []
    for line in matrix_cells(value, notation.digits, notation.minus, notation.corner, marked):
        runs: list[Run] = []
        for text, at in line:
            if at is None:
                runs.append((text, beside))
                continue
            number = text.lstrip()
            style = inks.of(number)
            if (at[::-1] if transposed else at) in lit_places:
                style += LIT
            elif at[1] == marked:
                style += UNDERLINED
            runs += [(text[: len(text) - len(number)], between), (number, style)]
        found.append(runs)
    return found


def _width(rows: Sequence[Sequence[Run]]) -> int:
    return max(sum(len(text) for text, _ in row) for row in rows)


def head_style(given: Given, name: str) -> Style:
    """The colour of a variable's symbol."""
    role = given.moment.program.variables.get(name, UNKNOWN).role
    return given.styles.drawing.delta if role in (Role.GRADIENT, Role.LOCAL_DERIVATIVE) else given.styles.text


class Inks(NamedTuple):
    """The colours of a variable's numbers, by their sign."""

    nothing: Style
    negative: Style
    positive: Style
    minus: str

    def of(self, text: str) -> Style:
        """The colour of a number that is written so."""
        if text.startswith(self.minus):
            return self.negative
        return self.positive if text.strip("0. ") else self.nothing


def number_inks(given: Given, name: str, weight: Style) -> Inks:
    """The colours of numbers: a weight's by its sign, that of what flows back, or plain."""
    drawing, plain = given.styles.drawing, given.styles.text
    match given.moment.program.variables.get(name, UNKNOWN).role:
        case Role.GRADIENT | Role.LOCAL_DERIVATIVE:
            styles = (drawing.delta,) * 3
        case Role.PARAMETER:
            styles = (plain, drawing.negative, drawing.positive)
        case _:
            styles = (plain,) * 3
    nothing, negative, positive = (style + weight for style in styles)
    return Inks(nothing, negative, positive, given.notation.minus)


def origin_of(moment: Moment, name: str) -> str:
    """Where an operand's value came from: `step 8`, `from start`, `data`, `edited`; empty for a setting or counter."""
    record = moment.program.variables.get(name, UNKNOWN)
    operation = moment.operation
    if operation is None or record.role in (Role.SETTING, Role.COUNTER):
        return ""
    timeline, writes = moment.timeline, moment.program.by_name.get(name)
    iteration, since = moment.iteration, -1
    if writes is not None:
        iteration -= writes.index >= operation.index  # what it was before this iteration writes it
        since = writes.index
    now = [edit for edit in moment.edits if edit.place(timeline.length)[1] < operation.index]
    edits = (*now, *timeline.edits_at(moment.iteration - 1, timeline.length))
    if any(edit.name == name and edit.place(timeline.length) >= (iteration, since) for edit in edits):
        return "edited"
    if record.role in ORIGINS:
        return ORIGINS[record.role]
    if writes is None or not iteration:
        return "from start"
    return f"step {timeline.step_at(iteration, writes.index):,}"
