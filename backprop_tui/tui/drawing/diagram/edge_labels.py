"""Where the numbers of weights are written on their edges: on all edges of a matrix, or on none."""

from collections import Counter
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from backprop_tui.tui.drawing.line_raster import Line

_MARGIN = 1
"""Cells at either end of an edge that stay free, so that it is seen to touch."""
_ANCHOR = 4
"""The cell of a wide label, at most, that its line passes through: what comes from the source leads into it."""
_NEAR = 8
"""How much more it counts that a label is near its source than that few other lines pass under it."""
_MOST = 0.75
"""The share of a label's cells under which other lines may pass: where more do, nobody can say whose label it is."""
_FAR = 0.5
"""How far from its source the middle of a label may be, as a share of the line: behind that it is the target's."""


def anchor(width: int) -> int:
    """The cell of a label of a width that its line passes through."""
    return min(width // 2, _ANCHOR)


class Spot(NamedTuple):
    """The left cell of a label."""

    x: int
    y: int


@lru_cache(maxsize=256)
def settle(
    lines: tuple[Line, ...], width: int, reserved: frozenset[tuple[int, int]] = frozenset()
) -> tuple[Spot, ...] | None:
    """A spot on each line for a label of a width, near the line's source; None unless there is one on every line.

    Labels never touch, each lies where its own line is more to be seen than others, and none on a cell that is
    `reserved`.
    """
    cover = Counter(chain.from_iterable(map(_cells, lines)))
    # The steepest lines have the fewest cells to choose from near their source.
    steep = sorted(range(len(lines)), key=lambda i: -abs(lines[i].y1 - lines[i].y0))
    flat = steep[::-1]
    for order in (range(len(lines)), steep, flat):
        found = _greedy(lines, width, cover, [*order], {*reserved})
        if found is not None:
            return found
    return None


def _greedy(
    lines: tuple[Line, ...],
    width: int,
    cover: Counter[tuple[int, int]],
    order: list[int],
    taken: set[tuple[int, int]],
) -> tuple[Spot, ...] | None:
    spots: dict[int, Spot] = {}
    for index in order:
        spot = _best(lines[index], width, cover, taken)
        if spot is None:
            return None
        spots[index] = spot
        taken.update((x, spot.y) for x in range(spot.x - 1, spot.x + width + 1))
    return tuple(spots[index] for index in range(len(lines)))


def _cells(line: Line) -> set[tuple[int, int]]:
    return {(x, line.row(x)) for x in range(line.x0, line.x1 + 1)}


def _best(line: Line, width: int, cover: Counter[tuple[int, int]], taken: set[tuple[int, int]]) -> Spot | None:
    own = _cells(line)
    best, least = None, float("inf")
    span = line.x1 - line.x0 + 1
    for x in range(line.x0 + _MARGIN, line.x1 - _MARGIN - width + 2):
        if x + width / 2 > line.x0 + _FAR * span:
            break
        y = line.row(x + anchor(width))
        reach = [(cell, y) for cell in range(x, x + width)]
        if not taken.isdisjoint(reach):
            continue
        others = sum(cover[cell] - (cell in own) for cell in reach)
        if others > width * _MOST:
            continue
        cost = others / width + _NEAR * (x - line.x0) / span
        if cost < least:
            best, least = Spot(x, y), cost
    return best
