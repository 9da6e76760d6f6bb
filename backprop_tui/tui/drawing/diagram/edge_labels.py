"""Where the numbers of weights are written on their edges."""

from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from backprop_tui.tui.drawing.diagram.line_raster import Line

_MARGIN = 2
"""Cells at either end of an edge that stay free, for the arrow head."""


class Spot(NamedTuple):
    """The left cell of a label."""

    x: int
    y: int


@lru_cache(maxsize=512)
def settle(
    lines: tuple[Line, ...], widths: tuple[int, ...], walls: tuple[tuple[int, int, int], ...] = ()
) -> tuple[Spot | None, ...]:
    """A spot on each line for a label of its width, the first lines first; None where there is no room.

    Labels never touch each other; a label that would cover much of the other lines is left out, because a reader
    could not say which edge it belongs to. `walls` are (x, y, width) of text that stands in the way.
    """
    cover = Counter(cell for line in lines for cell in _cells(line))
    taken = {(cell, y) for x, y, width in walls for cell in range(x, x + width)}
    near: set[tuple[int, int]] = set()
    spots: list[Spot | None] = []
    for line, width in zip(lines, widths, strict=True):
        spot = _best(line, width, cover, taken, near)
        spots.append(spot)
        if spot is not None:
            reach = range(spot.x - 1, spot.x + width + 1)
            taken.update((x, spot.y) for x in reach)
            near.update((x, y) for x in reach for y in (spot.y - 1, spot.y + 1))
    return tuple(spots)


def _cells(line: Line) -> set[tuple[int, int]]:
    return {(x, line.row(x)) for x in range(line.x0, line.x1 + 1)}


def _best(
    line: Line,
    width: int,
    cover: Counter[tuple[int, int]],
    taken: set[tuple[int, int]],
    near: set[tuple[int, int]],
) -> Spot | None:
    own = _cells(line)
    middle = (line.x0 + line.x1 - width + 1) / 2
    best, least = None, width / 2
    for x in range(line.x0 + _MARGIN, line.x1 - _MARGIN - width + 2):
        y = line.row(x + width // 2)
        reach = [(cell, y) for cell in range(x - 1, x + width + 1)]
        if not taken.isdisjoint(reach):
            continue
        others = sum(cover[cell] - (cell in own) for cell in reach)
        crowded = 0 if near.isdisjoint(reach) else 2
        cost = others + crowded + abs(x - middle) / (line.x1 - line.x0 + 1)
        if cost < least:
            best, least = Spot(x, y), cost
    return best
