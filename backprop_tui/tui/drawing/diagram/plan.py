"""Where everything stands: the geometry of a picture, from what never changes and the size of its room.

It is made once for a program and a size. Numbers have the room of the widest that can occur, and those that outgrow it
are written with fewer digits: so nothing moves from step to step.
"""

from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.diagram.edge_labels import Spot, settle
from backprop_tui.tui.drawing.diagram.outline import FEW_WEIGHTS, Outline, Outlines
from backprop_tui.tui.drawing.diagram.unit_rows import Kind, Rows, stack
from backprop_tui.tui.drawing.line_raster import Line

PAD = 1  # cells of a chip's ground on either side of its number
STRIP = 3  # cells of a strip of shades
LEAST = 2  # decimals of an input: with one, small numbers have no room for a power of ten
STATE = 5  # cells of the word `off` or `out` with a space on either side
_WIDEST_GAP = 44  # cells between two columns: further apart, lines are hard to follow
_SPACIOUS = 10  # from this many rows on, a blank one follows the header
_LINES_A_CELL = 2  # lines to each cell of a gap: with more of them they are a blob
_LABEL = 7  # cells of a weight on its edge, at most
_MOST_STACKED = 12  # lines whose labels are worth a row each
_NARROWEST = 5  # cells of a weight in a table: −0.05
_BOTH = (17, 15, 13, 11)  # cells of one before and after its update


class Rung(NamedTuple):
    """How much is written: decimals that are left out, cells between columns at least, cells of a name at most, names
    that are only an index, biases beside the chips they have no row above, and the loss.
    """

    fewer: int
    gap: int
    name: int
    indices: bool = False
    biases: bool = True
    loss: bool = True


_LADDER = (
    Rung(0, 24, 14, indices=True),
    Rung(0, 20, 14),
    Rung(0, 18, 12),
    Rung(0, 16, 8, biases=False),
    Rung(0, 12, 8, biases=False),
    Rung(1, 14, 8, biases=False),
    Rung(0, 10, 8, biases=False),
    Rung(1, 10, 8, biases=False),
    Rung(2, 8, 6, biases=False),
    Rung(2, 6, 6, biases=False),
    Rung(3, 6, 0, biases=False),
    Rung(3, 5, 0, biases=False),
    Rung(3, 4, 0, biases=False, loss=False),
)


class Place(NamedTuple):
    """The horizontal position of one column."""

    left: int
    width: int
    bias: int
    """Of a bias beside the chip, -1 where there is none."""
    chip: int
    """Of the chips; the left cell of a strip or an image."""
    delta: int
    """Of the chips under them, or beside them; the left cell of the strip of δ."""
    other: int
    """Of what a number is in a mistaken run."""
    room: int
    """The cells of a number in a chip."""
    decimals: int
    name: int
    """Of the names."""
    names: int
    """The cells of a name."""

    def at(self, left: int) -> "Place":
        """A column that stands at cell 0, at another one."""
        bias, chip, delta, other = (n if n < 0 else n + left for n in (self.bias, self.chip, self.delta, self.other))
        return self._replace(left=left, bias=bias, chip=chip, delta=delta, other=other, name=self.name + left)

    @property
    def entry(self) -> int:
        """The last cell of an edge that comes from the left."""
        return self.left - 1

    @property
    def exit(self) -> int:
        """The first cell of an edge that goes to the right."""
        return self.left + self.width

    @property
    def chip_width(self) -> int:
        """The width of a chip."""
        return self.room + 2 * PAD


class Gap(NamedTuple):
    """The cells between a column and the one before it, first and last."""

    left: int
    right: int
    is_map: bool
    cells: int = 0
    """Of a matrix whose numbers are written as a table, the cells of each."""

    @property
    def width(self) -> int:
        """How many there are."""
        return self.right - self.left + 1


class LossPlace(NamedTuple):
    """Where the loss is, and what leads to it."""

    left: int
    """The first cell after the outputs."""
    bus: int
    """The cell at which the outputs' lines meet."""
    chip: int
    room: int
    row: int
    """In the body."""


class Labels(NamedTuple):
    """The labels of all edges of a matrix: the spot of each by (unit, source), the cells of each, and whether they have
    room for a weight before and after its update.
    """

    spots: dict[tuple[int, int], Spot]
    width: int
    both: bool


class Plan(Struct, frozen=True, eq=False, kw_only=True, dict=True):
    """The geometry of one picture in cells; rows of columns count from `top`."""

    outlines: Outlines
    width: int
    height: int
    top: int
    rows: tuple[Rows, ...]
    places: tuple[Place, ...]
    gaps: tuple[Gap, ...]
    """Before each column; that before the first is of no use."""
    loss: LossPlace | None

    def line(self, index: int, unit: int, source: int) -> Line:
        """The line of one weight, from chip to chip."""
        gap = self.gaps[index]
        above, below = self.rows[index - 1].at[source], self.rows[index].at[unit]
        return Line(gap.left, self.top + above, gap.right, self.top + below)

    def labels(self, index: int) -> Labels | None:
        """Where the weights of a matrix are written; None where there is no room for all of them."""
        found: dict[int, Labels | None] = self.__dict__.setdefault("_labels", {})
        if index not in found:
            found[index] = self._settled(index)
        return found[index]

    def _settled(self, index: int) -> Labels | None:
        if self.gaps[index].is_map or self.gaps[index].cells:
            return None
        widest = min(self.outlines.columns[index].weight, _LABEL)
        units, sources = self.outlines.columns[index].units, self.outlines.columns[index - 1].units
        pairs = [(unit, source) for source in range(sources) for unit in range(units)]
        lines = tuple(self.line(index, *pair) for pair in pairs)
        for width, both in (*((width, True) for width in _BOTH), (widest, False)):
            spots = settle(lines, width + 2, self._states(index - 1))
            if spots is not None:
                return Labels(dict(zip(pairs, spots, strict=True)), width, both)
        return None

    def _states(self, index: int) -> frozenset[tuple[int, int]]:
        """The cells behind the units of a column that may say that one is off."""
        if not self.outlines.columns[index].states:
            return frozenset()
        left = self.places[index].exit
        return frozenset((left + cell, self.top + row) for row in self.rows[index].at for cell in range(STATE - 1))


@lru_cache(maxsize=64)
def plan_of(outlines: Outlines, width: int, height: int) -> Plan | None:
    """The geometry of a network in a room; None where it has no room at all."""
    top = 2 if height >= _SPACIOUS else 1
    if height - top < 1:
        return None
    rows = tuple(stack(outline, height - top) for outline in outlines.columns)
    fits = (_fit(outlines, rows, rung, width, height, top) for rung in _LADDER)
    found = (plan for plan in fits if plan is not None)
    first = next(found, None)
    if first is None or not _wants_table(first):
        return first
    tables = (table for plan in chain((first,), found) if (table := _with_table(plan)).gaps[1].cells)
    return next(tables, first)


def _wants_table(plan: Plan) -> bool:
    """Whether the inputs have more lines than there are rows, so that nobody could say whose label is whose."""
    height = plan.height - plan.top
    few = plan.outlines.columns[0].units < height and not (plan.gaps[1].is_map or plan.rows[0].below)
    return few and plan.outlines.weights(1) > height


def _with_table(plan: Plan) -> Plan:
    """A plan with a table in place of the lines from the inputs, if that has room: a row for each input, beside it,
    under a row of names.
    """
    (inputs, outline, *_), (first, *others) = plan.outlines.columns, plan.rows
    gap, height = plan.gaps[1], plan.height - plan.top - 1
    cells = min((gap.width - 1) // outline.units, outline.weight + 3)
    if cells < _NARROWEST or not _wants_table(plan):
        return plan
    pitch = 2 if 2 * inputs.units - 1 <= height else 1
    top = 1 + (height - pitch * (inputs.units - 1) - 1) // 2
    rows = replace(first, at=tuple(range(top, top + pitch * inputs.units, pitch)))
    return replace(plan, rows=(rows, *others), gaps=(plan.gaps[0], gap._replace(cells=cells), *plan.gaps[2:]))


def natural_height(outlines: Outlines) -> int:
    """The rows that a picture is worth, with its header: every number of every unit, and a blank row between units."""
    if outlines.deep:
        return len(outlines.columns) + 1  # a heading, a row for each layer, and L; the input has none
    tallest = 0
    for outline in outlines.columns:
        if outline.image is not None:
            tallest = max(tallest, -(-outline.image[0] // 2))
            continue
        own = 1 + bool(outline.bias) + outline.deltas
        tallest = max(tallest, outline.units * own + (outline.units - 1 if own > 1 else outline.units // 2))
    lines = [outlines.weights(index) for index in range(1, len(outlines.columns))]
    tallest = max([tallest, *(count for count in lines if count <= _MOST_STACKED)])
    return tallest + (1 if tallest + 1 < _SPACIOUS else 2)


def _fit(outlines: Outlines, rows: tuple[Rows, ...], rung: Rung, width: int, height: int, top: int) -> Plan | None:
    columns = outlines.columns
    sizes = [_size(outlines, rows, index, rung) for index in range(len(columns))]
    behind = _behind(outlines, rows[-1], rung) if rung.loss else 0
    kinds = [False] + [_is_map(outlines, rows, index) for index in range(1, len(columns))]
    room = width - sum(size.width for size in sizes) - behind
    gaps = _gaps(columns, kinds, room, rung)
    if gaps is not None and (crowded := _crowded(outlines, kinds, gaps)) != kinds:
        kinds = crowded
        gaps = _gaps(columns, kinds, room, rung)
    if gaps is None:
        return None
    left = max(0, (width - (sum(size.width for size in sizes) + sum(gaps) + behind)) // 2)
    places, found = [], [Gap(0, -1, is_map=False)]
    for index, size in enumerate(sizes):
        if index:
            found.append(Gap(left, left + gaps[index] - 1, kinds[index]))
            left += gaps[index]
        places.append(size.at(left))
        left += size.width
    loss = _loss(outlines, rows[-1], left, behind) if behind else None
    return Plan(
        outlines=outlines,
        width=width,
        height=height,
        top=top,
        rows=rows,
        places=tuple(places),
        gaps=tuple(found),
        loss=loss,
    )


def _size(outlines: Outlines, rows: tuple[Rows, ...], index: int, rung: Rung) -> Place:
    """A column at cell 0: how wide it is, and where in it what it is made of stands."""
    outline, own, last = outlines.columns[index], rows[index], len(rows) - 1
    decimals = max(min(outline.decimals, 1 if index else LEAST), outline.decimals - rung.fewer)
    room = outline.whole + (decimals + 1 if decimals else 0)
    if own.kind is Kind.IMAGE:
        height, across = outline.image or (1, outline.units)
        wide = 2 * across if len(own.extent) >= height else across
        return Place(0, wide, -1, 0, -1, -1, room, decimals, 0, 0)
    if own.kind is Kind.STRIP:
        wide = STRIP + (1 + STRIP if outline.deltas else 0)
        return Place(0, wide, -1, 0, STRIP + 1, -1, room, decimals, 0, 0)
    names = min(rung.name, max(map(width_of, outline.names), default=outline.own_name if rung.indices else 0))
    before = names + 1 if names and index == 0 else 0
    if own.above and rung.indices and index:  # a name and the bias stand over the chip
        room = max(room, outline.own_name + outline.bias - 1)
    beside = -1
    if outline.bias and not own.above and rung.biases:
        beside, before = 0, max(outline.bias, outline.beside) + 2
    chip, x = before, before + room + 2 * PAD
    delta = chip
    if outline.deltas and not own.below:
        delta, x = x + 1, x + 1 + room + 2 * PAD
    other = -1
    if outlines.differs and index:
        other, x = x, x + room + 2
    name = 0 if index == 0 else x + 1
    says = (index in (0, last) and outline.names) or index == 0 or (own.above and rung.indices and outline.own_name)
    return Place(0, x, beside, chip, delta, other, room, decimals, name, names if says else 0)


def _behind(outlines: Outlines, rows: Rows, rung: Rung) -> int:
    """The width of what stands behind the outputs: their names and targets, lines, and the loss."""
    names = min(rung.name, max(map(width_of, outlines.columns[-1].names), default=0))
    target = outlines.target
    if rows.kind is not Kind.CHIPS:
        names = 0
    beside = (names + 1 if names else 0) + (0 if rows.below else target)  # a name has a blank on either side
    return max(beside + 2, target + 2, 4) + 1 + outlines.loss + 2 * PAD


def _loss(outlines: Outlines, rows: Rows, left: int, behind: int) -> LossPlace:
    chip = left + behind - outlines.loss - 2 * PAD
    at = rows.at if rows.kind is Kind.CHIPS else (rows.extent.start, rows.extent.stop - 1)
    middle = at[len(at) // 2] if len(at) % 2 else (at[0] + at[-1]) // 2
    return LossPlace(left, chip - 1, chip, outlines.loss, middle)


def _is_map(outlines: Outlines, rows: tuple[Rows, ...], index: int) -> bool:
    """Whether a matrix is a map: there are too many weights for lines, or no rows that they could lead to."""
    ends = (rows[index - 1].kind, rows[index].kind)
    return outlines.weights(index) > FEW_WEIGHTS or any(kind is not Kind.CHIPS for kind in ends)


def _crowded(outlines: Outlines, kinds: list[bool], gaps: list[int]) -> list[bool]:
    """Which matrices are maps if those are too whose lines have no room to be told apart."""
    pairs = zip(kinds, gaps, strict=True)
    found = [is_map or outlines.weights(i) > _LINES_A_CELL * gap for i, (is_map, gap) in enumerate(pairs) if i]
    return [False, *found]


def _gaps(columns: tuple[Outline, ...], kinds: list[bool], room: int, rung: Rung) -> list[int] | None:
    """The cells before each column: maps get what they are worth if lines keep the least that they need."""
    lines = [index for index, is_map in enumerate(kinds) if index and not is_map]
    maps = [index for index, is_map in enumerate(kinds) if is_map]
    least = rung.gap * len(lines) + min(rung.gap, 12) * len(maps)
    if room < least:
        return None
    worth = {index: columns[index - 1].units * (2 if columns[index - 1].units <= 16 else 1) + 4 for index in maps}
    gaps = [0] * len(kinds)
    left = room - rung.gap * len(lines)
    for rank, index in enumerate(sorted(maps, key=worth.__getitem__)):
        gaps[index] = max(min(worth[index], left // (len(maps) - rank)), min(rung.gap, 12))
        left -= gaps[index]
    for index in lines:
        gaps[index] = min(rung.gap + left // len(lines), _WIDEST_GAP)
    return gaps
