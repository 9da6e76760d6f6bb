"""Rasters of straight lines: which cells a line inks, and how."""

from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple, TypeAlias

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
        span = self.x1 - self.x0
        return self.y0 if span <= 0 else round(self.y0 + (self.y1 - self.y0) * (x - self.x0) / span)


_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
_ON = {Dash.SOLID: (1, 1), Dash.DASHED: (7, 10), Dash.DOTTED: (1, 4)}
_SHORT, _SHORT_LINE = (4, 6), 40
"""The dashes of a line of few dots, so that several fit."""
_THICKNESS = {Weight.FAINT: (0,), Weight.THIN: (0,), Weight.MEDIUM: (0, 1), Weight.HEAVY: (-1, 0, 1)}


@lru_cache(maxsize=8192)
def braille(line: Line, weight: Weight, dash: Dash) -> Raster:
    """The line in dots, two by four to a cell."""
    x0, x1 = 2 * line.x0, 2 * line.x1 + 1
    y0, y1 = 4 * line.y0 + 1, 4 * line.y1 + 1
    steep = abs(y1 - y0) > abs(x1 - x0)
    steps = max(abs(x1 - x0), abs(y1 - y0), 1)
    on, period = _SHORT if dash is Dash.DASHED and steps < _SHORT_LINE else _ON[dash]
    top, bottom = 4 * min(line.y0, line.y1), 4 * max(line.y0, line.y1) + 3
    ink: dict[tuple[int, int], int] = {}
    for step in range(steps + 1):
        if step % period >= on:
            continue
        x = round(x0 + (x1 - x0) * step / steps)
        y = round(y0 + (y1 - y0) * step / steps)
        for offset in _THICKNESS[weight]:
            dot_x, dot_y = (x + offset, y) if steep else (x, y + offset)
            if x0 <= dot_x <= x1 and top <= dot_y <= bottom:
                cell = (dot_x >> 1, dot_y >> 2)
                ink[cell] = ink.get(cell, 0) | _DOTS[dot_x & 1][dot_y & 3]
    return tuple((x, y, dots) for (x, y), dots in ink.items())


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
