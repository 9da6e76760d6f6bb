"""Columns of a formula side by side, as many bands below each other as it takes, in the best way that there is room
for.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from rich.style import Style

from backprop_tui.tui.panes.equation.columns import Column
from backprop_tui.tui.shared.styled_line import Run

Line = list[Run]
Columns = Sequence[Column]
PLAIN = Style()
INDENT = 2


def band(columns: Columns, origins: Style | None, *, heads: bool = True) -> list[Line]:
    """The symbols, the rows of numbers, and where those came from, where `origins` says how that is painted."""
    widths = [max(len(c.head) if heads else 0, c.width, len(c.origin) if origins else 0) for c in columns]
    height = max(len(column.rows) for column in columns)
    middle = (height - 1) // 2
    lines: list[Line] = []
    if heads:
        lines.append(
            [run for c, width in zip(columns, widths, strict=True) for run in _centred(c.head, c.style, width)]
        )
    for row in range(height):
        line: Line = []
        for column, width in zip(columns, widths, strict=True):
            at = row - middle + (len(column.rows) - 1) // 2
            if 0 <= at < len(column.rows):
                before = (width - column.width) // 2
                line += [(" " * before, PLAIN), *column.rows[at], (" " * (width - column.width - before), PLAIN)]
            else:
                line.append((" " * width, PLAIN))
        lines.append(line)
    if origins and any(column.origin for column in columns):
        lines.append(
            [run for c, width in zip(columns, widths, strict=True) for run in _centred(c.origin, origins, width)]
        )
    return lines


def _centred(text: str, style: Style, width: int) -> Iterator[Run]:
    before = (width - len(text)) // 2
    yield " " * before, PLAIN
    yield text, style
    yield " " * (width - len(text) - before), PLAIN


def width_of(lines: Sequence[Line]) -> int:
    """How many cells the longest of some lines takes."""
    return max((sum(len(text) for text, _ in line) for line in lines), default=0)


def ways(result: Column, operands: Columns, width: int, muted: Style) -> Iterator[list[Line]]:
    """The ways to set a formula out, the best first: beside its result, above it, in bands of terms; each with where
    the operands came from and without.
    """
    equals = Column(" = ", [[(" = ", result.style)]], 3, result.style)
    head = Column(result.head, [[(" " * len(result.head), PLAIN)]], len(result.head), result.style)
    below = band([head._replace(head=""), equals, result], None, heads=False)
    for origins in (muted, None):
        yield band([result, equals, *operands], origins)
    for origins in (muted, None):
        yield [*band([head, equals, *operands], origins), *below]
    for origins in (muted, None):
        yield [*in_terms([head, equals], operands, width, origins), *below]


def in_terms(start: Columns, operands: Columns, width: int, origins: Style | None) -> list[Line]:
    """The operands in as few bands as there is width for, each of which begins with the sign of a term."""
    terms: list[list[Column]] = [[]]
    for column in operands:
        if column.splits and terms[-1]:
            terms.append([])
        terms[-1].append(column)
    lines: list[Line] = []
    current = [*start, *terms[0]]
    for term in terms[1:]:
        if width_of(band([*current, *term], origins)) <= width:
            current = [*current, *term]
        else:
            lines += band(current, origins)
            current = [Column("", [[(" " * INDENT, PLAIN)]], INDENT, PLAIN), *term]
    return [*lines, *band(current, origins)]


class Room(NamedTuple):
    """The cells across, the rows that are best kept to, and those that a pane has in all."""

    width: int
    rows: int
    height: int


Make = Callable[[tuple[int, int], int], tuple[Column, Columns]]


def best(
    make: Make, corners: Sequence[tuple[int, int]], digits: Sequence[int], room: Room, muted: Style
) -> list[Line] | None:
    """The first way that fits into a width and into some rows, or else into a whole pane's; None where none does.

    `make` gives the columns with at most so many rows and columns of a matrix, and so many digits.
    """
    fallback: list[Line] | None = None
    for corner, fewer in product(corners, digits):
        result, operands = make(corner, fewer)
        for lines in ways(result, operands, room.width, muted):
            if width_of(lines) > room.width:
                continue
            if len(lines) <= room.rows:
                return lines
            if len(lines) <= room.height and (fallback is None or len(lines) < len(fallback)):
                fallback = lines
    return fallback
