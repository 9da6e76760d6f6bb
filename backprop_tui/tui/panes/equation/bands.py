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
FACTORS = ("·", "⊙", "@", "*", "/", "/(", ") /", ")/(", ")/(√")


class Band(NamedTuple):
    """Columns side by side: symbols over them unless there are no `heads`, below them where their numbers came from
    where `origins` says how that is painted.
    """

    columns: Columns
    origins: Style | None = None
    heads: bool = True

    @property
    def widths(self) -> list[int]:
        """How many cells each column takes."""
        return [_cells(column, self.origins, heads=self.heads) for column in self.columns]

    @property
    def height(self) -> int:
        """How many rows it takes."""
        return self._has_heads + max(len(column.rows) for column in self.columns) + self._has_origins

    @property
    def _has_heads(self) -> bool:
        """Whether symbols stand over numbers; what has none would be written twice."""
        return self.heads and any([c.head.strip()] != [_text(row) for row in c.rows] for c in self.columns)

    @property
    def _has_origins(self) -> bool:
        return self.origins is not None and any(column.origin for column in self.columns)

    def lines(self) -> Iterator[Line]:
        """The symbols, the rows of numbers, and where those came from."""
        columns, widths = self.columns, self.widths
        height = max(len(column.rows) for column in columns)
        middle = (height - 1) // 2
        if self._has_heads:
            yield [run for c, width in zip(columns, widths, strict=True) for run in _centred(c.head, c.style, width)]
        for row in range(height):
            line: Line = []
            for column, width in zip(columns, widths, strict=True):
                at = row - middle + (len(column.rows) - 1) // 2
                if 0 <= at < len(column.rows):
                    before = (width - column.width) // 2
                    line += [(" " * before, PLAIN), *column.rows[at], (" " * (width - column.width - before), PLAIN)]
                else:
                    line.append((" " * width, PLAIN))
            yield line
        if self.origins is not None and self._has_origins:
            origins = self.origins
            yield [run for c, width in zip(columns, widths, strict=True) for run in _centred(c.origin, origins, width)]


def _cells(column: Column, origins: Style | None, *, heads: bool = True) -> int:
    return max(len(column.head) if heads else 0, column.width, len(column.origin) if origins is not None else 0)


def _text(row: Sequence[Run]) -> str:
    return "".join(text for text, _ in row).strip()


def _centred(text: str, style: Style, width: int) -> Iterator[Run]:
    before = (width - len(text)) // 2
    yield " " * before, PLAIN
    yield text, style
    yield " " * (width - len(text) - before), PLAIN


def ways(result: Column, operands: Columns, width: int, muted: Style, *, coarse: bool) -> Iterator[list[Band]]:
    """The ways to set a formula out, the best first: beside its result, above it, in bands of terms; where it is not
    `coarse`, in bands of factors. Each with where the operands came from and without.
    """
    equals = Column(" = ", [[(" = ", result.style)]], 3, result.style)
    head = Column(result.head, [[(" " * len(result.head), PLAIN)]], len(result.head), result.style)
    below = Band([head._replace(head=""), equals, result], heads=False)
    if coarse:
        for origins in (muted, None):
            yield [Band([result, equals, *operands], origins)]
        for origins in (muted, None):
            yield [Band([head, equals, *operands], origins), below]
    for origins in (muted, None):
        yield [*in_parts([head, equals], operands, width, origins, coarse=coarse), below]


def in_parts(start: Columns, operands: Columns, width: int, origins: Style | None, *, coarse: bool) -> list[Band]:
    """The operands in as few bands as there is width for, each of which begins with the sign of a term; of a factor too
    where they are not `coarse`.
    """
    parts: list[list[Column]] = [[]]
    for column in operands:
        if parts[-1] and (column.splits if coarse else column.splits or column.head.strip() in FACTORS):
            parts.append([])
        parts[-1].append(column)
    bands: list[Band] = []
    current = [*start, *parts[0]]
    taken = sum([_cells(column, origins) for column in current])
    for part in parts[1:]:
        wide = sum([_cells(column, origins) for column in part])
        if taken + wide <= width:
            current, taken = [*current, *part], taken + wide
        else:
            bands.append(Band(current, origins))
            current, taken = [Column("", [[(" " * INDENT, PLAIN)]], INDENT, PLAIN), *part], INDENT + wide
    return [*bands, Band(current, origins)]


class Room(NamedTuple):
    """The cells across, the rows that are best kept to, and those that a pane has in all."""

    width: int
    rows: int
    height: int


Corner = tuple[int, int]
"""How many rows and columns of a matrix are written."""


def best(
    result_of: Callable[[Corner, int], Column],
    operands_of: Callable[[Corner, int], Columns],
    tries: tuple[Sequence[Corner], Sequence[int]],
    room: Room,
    muted: Style,
    *,
    coarse: bool,
) -> list[Line] | None:
    """The first way that fits into a width and into some rows, or else into a whole pane's; None where none does.

    Tried are corners of large matrices with digits, of which the two functions give columns.
    """
    fallback: list[Band] | None = None
    lowest = room.height + 1
    for corner, digits in product(*tries):
        result = result_of(corner, digits)
        if result.width > room.width or len(result.rows) > room.height:
            continue
        for bands in ways(result, operands_of(corner, digits), room.width, muted, coarse=coarse):
            if any(sum(band.widths) > room.width for band in bands):
                continue
            height = sum(band.height for band in bands)
            if height <= room.rows:
                return laid_out(bands)
            if height < lowest:
                fallback, lowest = bands, height
    return None if fallback is None else laid_out(fallback)


def laid_out(bands: Sequence[Band]) -> list[Line]:
    """The lines of bands below each other."""
    return [line for band in bands for line in band.lines()]
