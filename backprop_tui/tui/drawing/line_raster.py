"""Rasters of lines: which cells a line inks, and how."""

import math
from enum import IntEnum
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np

Raster: TypeAlias = tuple[tuple[int, int, int], ...]
"""(x, y, ink) per cell; ink is a braille pattern or the code of an ASCII character."""


class Weight(IntEnum):
    """How heavy a line is."""

    FAINT = 0
    """As thin as thin, and a step quieter."""
    THIN = 1
    MEDIUM = 2
    HEAVY = 3


class Dash(IntEnum):
    """The style of a line, which says the sign of its weight."""

    SOLID = 0
    DASHED = 1
    DOTTED = 2


class Line(NamedTuple):
    """A straight line from the left edge of one cell to the right edge of another."""

    x0: int
    y0: int
    x1: int
    y1: int

    def row(self, x: int) -> int:
        """The row on which the line crosses the middle of column `x`."""
        return round(self.height(x))

    def height(self, x: int) -> float:
        """The same, not rounded."""
        span = self.x1 - self.x0
        return self.y0 if span <= 0 else self.y0 + (self.y1 - self.y0) * (x - self.x0) / span

    def distance(self, x: int, y: int) -> float:
        """How many rows the line is from the middle of a cell."""
        return abs(self.height(x) - y)

    def passes(self, x: int, y: int) -> bool:
        """Whether it passes through a cell."""
        slope = abs(self.y1 - self.y0) / max(self.x1 - self.x0, 1)
        return self.x0 <= x <= self.x1 and self.distance(x, y) <= (1 + slope) / 2


_DOTS = np.array([(0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80)])
_ON = {Dash.SOLID: (1, 1), Dash.DASHED: (7, 10), Dash.DOTTED: (1, 4)}
_SHORT, _SHORT_LINE = (4, 6), 40
"""The dashes of a line of few dots, so that several fit."""
_THICKNESS = {Weight.FAINT: (0,), Weight.THIN: (0,), Weight.MEDIUM: (0, 1), Weight.HEAVY: (-1, 0, 1)}


@lru_cache(maxsize=8192)
def braille(line: Line, weight: Weight, dash: Dash) -> Raster:
    """The line in dots, two by four to a cell."""
    x0, x1 = 2 * line.x0, 2 * line.x1 + 1
    y0, y1 = 4 * line.y0 + 1, 4 * line.y1 + 1
    steps = max(abs(x1 - x0), abs(y1 - y0), 1)
    on, period = _SHORT if dash is Dash.DASHED and steps < _SHORT_LINE else _ON[dash]
    steps_on = np.arange(steps + 1)
    place = steps_on[steps_on % period < on] / steps
    return _inked(x0 + (x1 - x0) * place, y0 + (y1 - y0) * place, line, weight, steep=abs(y1 - y0) > abs(x1 - x0))


def _inked(across: Any, down: Any, box: Line, weight: Weight, *, steep: bool) -> Raster:
    """Dots, by how far across and down each is, as ink, thickened within the cells of a box."""
    left, right = 2 * box.x0, 2 * box.x1 + 1
    top, bottom = 4 * min(box.y0, box.y1), 4 * max(box.y0, box.y1) + 3
    thick = np.array(_THICKNESS[weight])
    beside, below = (thick, 0 * thick) if steep else (0 * thick, thick)
    x = (np.rint(across).astype(int)[:, None] + beside).ravel()
    y = (np.rint(down).astype(int)[:, None] + below).ravel()
    within = (left <= x) & (x <= right) & (top <= y) & (y <= bottom)
    x, y = x[within], y[within]
    wide, first = max(box.x1 - box.x0 + 1, 1), top >> 2
    cells = ((y >> 2) - first) * wide + (x >> 1) - box.x0
    ink = np.zeros(((bottom - top + 1) >> 2) * wide, int)
    np.bitwise_or.at(ink, cells, _DOTS[x & 1, y & 3])
    return tuple((cell % wide + box.x0, cell // wide + first, int(ink[cell])) for cell in np.flatnonzero(ink).tolist())


@lru_cache(maxsize=8192)
def curve(line: Line, weight: Weight) -> Raster:
    """An S in dots between the ends of a line, level at both."""
    x0, x1 = 2 * line.x0, 2 * line.x1 + 1
    y0, y1 = 4 * line.y0 + 1, 4 * line.y1 + 1
    steps = 2 * (abs(x1 - x0) + 2 * abs(y1 - y0)) or 1
    t = np.arange(steps + 1) / steps
    return _inked(
        x0 + (x1 - x0) * t, y0 + (y1 - y0) * t * t * (3 - 2 * t), line, weight, steep=abs(y1 - y0) > abs(x1 - x0)
    )


@lru_cache(maxsize=8192)
def arc(line: Line, weight: Weight) -> Raster:
    """Half an ellipse in dots, open to the right: it leaves and comes back at `x1`, and reaches `x0`.

    Its ends are on the near sides of their rows, so that one that ends in a row is apart from one that begins there.
    """
    x0, x1, way = 2 * line.x0, 2 * line.x1 + 1, 1 if line.y1 > line.y0 else -1
    y0, y1 = 4 * line.y0 + 1 + way, 4 * line.y1 + 1 - way
    steps = 4 * (abs(x1 - x0) + abs(y1 - y0)) or 1
    angles = math.pi * np.arange(steps + 1) / steps
    middle, half = (y0 + y1) / 2, (y1 - y0) / 2
    return _inked(x1 - (x1 - x0) * np.sin(angles), middle - half * np.cos(angles), line, weight, steep=True)


_CELLS = {Dash.SOLID: (1, 1), Dash.DASHED: (2, 3), Dash.DOTTED: (1, 3)}


@lru_cache(maxsize=8192)
def characters(line: Line, weight: Weight, dash: Dash) -> Raster:
    """The line in the characters - = / \\ | and the dot."""
    dx, dy = line.x1 - line.x0, line.y1 - line.y0
    steps = max(abs(dx), abs(dy), 1)
    on, period = _CELLS[dash]
    flat = "=" if weight is Weight.HEAVY else "-"
    slanted = "\\" if dy > 0 else "/"
    cells = [(line.x0 + round(dx * step / steps), line.y0 + round(dy * step / steps)) for step in range(steps + 1)]
    raster = []
    for step, (x, y) in enumerate(cells):
        if step % period >= on:
            continue
        to_x, to_y = cells[min(step + 1, steps)]
        character = "." if dash is Dash.DOTTED else flat if to_y == y else "|" if to_x == x else slanted
        raster.append((x, y, ord(character)))
    return tuple(raster)


def slanted(line: Line, weight: Weight) -> Raster:
    """A curve in characters: a slant in every row, about the middle, so that two that cross are an X."""
    flat = ord("=" if weight >= Weight.MEDIUM else "-")
    way, rows = (1 if line.y1 > line.y0 else -1), abs(line.y1 - line.y0)
    pitch = min(2.0, max(line.x1 - line.x0 - 2, 0) / max(rows, 1))
    middle = (line.x0 + line.x1) / 2
    places = [round(middle + (row - rows / 2) * pitch) for row in range(rows + 1)]
    slant = ord("|" if pitch < 0.5 else "\\" if way > 0 else "/")
    raster = [(x, line.y0, flat) for x in range(line.x0, places[0])]
    raster += [(x, line.y0 + way * row, slant) for row, x in enumerate(places)]
    return tuple(raster + [(x, line.y1, flat) for x in range(places[-1] + 1, line.x1 + 1)])


def bracket(line: Line, weight: Weight) -> Raster:
    """An arc in the characters . - | and '."""
    flat = ord("=" if weight >= Weight.MEDIUM else "-")
    top, bottom = sorted((line.y0, line.y1))
    raster = [(line.x0, y, ord("|")) for y in range(top + 1, bottom)]
    raster += [(line.x0, top, ord(".")), (line.x0, bottom, ord("'"))]
    return tuple(raster + [(x, y, flat) for y in (top, bottom) for x in range(line.x0 + 1, line.x1 + 1)])
