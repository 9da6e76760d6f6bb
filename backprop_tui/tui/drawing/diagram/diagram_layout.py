"""Where everything stands: the geometry of a diagram, from sizes alone."""

from enum import IntEnum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from backprop_tui.tui.drawing.diagram.unit_rows import Rows

OFF, OUT = "off", "out"  # of equal length
_WIDEST_GAP = 44
"""Cells between two columns at most: further apart, lines are hard to follow."""
_STRIP = {True: 5, False: 3}
"""The width of a heat strip: shades of negative values, the axis, shades of positive ones."""


class Level(IntEnum):
    """How much is written at the nodes of a column."""

    DOTS = 0
    BARE = 1
    NAMED = 2


_LEAST_GAP = {Level.NAMED: 8, Level.BARE: 6, Level.DOTS: 3}


class Extent(NamedTuple):
    """All that decides the width of one column; widths in cells."""

    rows: Rows
    level: Level
    name: int
    number: int
    symbol: int
    """The width of the symbol before δ, 0 where no δ is shown."""
    tag: int
    """The room kept for the word `off`."""
    legend: int
    """The widest line under a heat strip."""
    other: int = 0
    """The room behind a number for its value in another run."""

    @property
    def lead(self) -> int:
        """The width before the number, without the space after it."""
        below = self.symbol if self.rows.below else 0
        return max(self.name, below) if self.level is Level.NAMED else below

    @property
    def text(self) -> int:
        """The width of what is written at a node."""
        if self.level is Level.DOTS:
            return 0
        beside = self.symbol + self.number + 2 + self.other if self.symbol and not self.rows.below else 0
        tag = self.tag if self.level is Level.NAMED else 0
        return self.lead + bool(self.lead) + self.number + self.other + beside + tag

    @property
    def strips(self) -> int:
        """The width of a heat strip, or of two where δ is shown."""
        one = _STRIP[self.level is Level.NAMED]
        return one if not self.symbol or self.level is Level.DOTS else 2 * one + 1


class Place(NamedTuple):
    """The horizontal position of one column."""

    left: int
    width: int
    dot: int
    """The cell of the node's glyph; the left cell of a heat strip."""
    text: int
    entry: int
    """The last cell of an edge that comes from the left."""
    exit: int
    """The first cell of an edge that goes to the right."""


class Layout(Struct, frozen=True):
    """The geometry of one diagram in cells; rows of `extents` start at `top`."""

    width: int
    height: int
    top: int
    extents: tuple[Extent, ...]
    places: tuple[Place, ...]


@lru_cache(maxsize=256)
def arrange(extents: tuple[Extent, ...], width: int, height: int, top: int) -> Layout | None:
    """Distributes the columns over the width; None where they do not fit."""
    last = len(extents) - 1
    widths = [_width(extent, index, last) for index, extent in enumerate(extents)]
    least = sum(max(_LEAST_GAP[a.level], _LEAST_GAP[b.level]) for a, b in pairwise(extents))
    if sum(widths) + least > width:
        return None
    margins = min(2, width - sum(widths) - least)
    gap = min((width - margins - sum(widths)) // max(last, 1), _WIDEST_GAP)
    left = (width - sum(widths) - gap * last) // 2
    places = []
    for index, (extent, wide) in enumerate(zip(extents, widths, strict=True)):
        places.append(_place(extent, left, wide, first=index == 0))
        left += wide + gap
    return Layout(width, height, top, extents, tuple(places))


def _width(extent: Extent, index: int, last: int) -> int:
    if extent.rows.heat is not None:
        return max(extent.strips, extent.legend if extent.level is Level.NAMED else 0)
    inner = 0 < index < last and extent.level is not Level.DOTS
    return 1 + bool(extent.text) + extent.text + inner


def _place(extent: Extent, left: int, width: int, *, first: bool) -> Place:
    if extent.rows.heat is not None:
        dot = left + (width - extent.strips) // 2
        return Place(left, width, dot, left, dot - 1, dot + extent.strips)
    if first:
        dot = left + width - 1
        return Place(left, width, dot, left, left - 1, dot + 1)
    return Place(left, width, left, left + 2, left - 1, left + width)
