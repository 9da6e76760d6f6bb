"""The decision map as cells: two points of the plane in a cell, in colours; or a character each in ASCII."""

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from backprop_tui.debugger.samples.decision_map import Decision

HALF = "▀"
SHADES = " .:-=+*#%@"
SIGNS = "0123456789"
UNKNOWN = "x"  # a sample without a target
MARKS = {False: ("∘", "•"), True: ("o", "+")}  # of the classes 0 and 1: in Unicode, in ASCII
# of class 1 or plus, as on the edges of the diagram, of class 0 or minus; then of more classes
HUES = ((0xB8, 0x5E, 0x1E), (0x2F, 0x6F, 0xB0), (0x35, 0x80, 0x42), (0x96, 0x5F, 0xB5), (0x84, 0x70, 0x18))
MIDDLE = (0x70, 0x70, 0x74)  # of a prediction halfway between two classes
LEVELS = 32  # shades of a prediction: more are hard to tell apart


def plane(found: Decision, *, ascii_only: bool) -> list[Strip]:
    """The rows of the map: two rows of `found.values` in each, or one in ASCII. Samples lie over it, by class."""
    rows = _letters(found) if ascii_only else _halves(found)
    height, width = len(rows), len(rows[0])
    signs = _signs(found, ascii_only=ascii_only)
    for (across, down), target in zip(found.samples.T.tolist(), found.targets.tolist(), strict=True):
        x, y = min(int(across * width), width - 1), min(int(down * height), height - 1)
        under = rows[y][x].style or Style()
        rows[y][x] = Segment(signs(target), under + Style(bold=True, reverse=ascii_only, color="#ffffff"))
    return [Strip(row, width).simplify() for row in rows]


def _signs(found: Decision, *, ascii_only: bool) -> Callable[[float], str]:
    def sign(target: float) -> str:
        if math.isnan(target):
            return UNKNOWN
        return SIGNS[int(target) % 10] if found.classes > 1 else MARKS[ascii_only][target >= 0.5]

    return sign


def _halves(found: Decision) -> list[list[Segment]]:
    levels = _levels(found)
    upper, lower = levels[0::2], levels[1::2]
    return [
        [Segment(HALF, _cell(a, b, found.classes)) for a, b in zip(above, below, strict=True)]
        for above, below in zip(upper.tolist(), lower.tolist(), strict=True)
    ]


def _letters(found: Decision) -> list[list[Segment]]:
    if found.classes > 1:
        return [[Segment(SIGNS[int(v) % 10]) for v in row] for row in found.values.tolist()]
    places = np.rint(found.values * (len(SHADES) - 1)).astype(int)
    return [[Segment(SHADES[place]) for place in row] for row in places.tolist()]


def _levels(found: Decision) -> np.ndarray:
    levels: np.ndarray = np.rint(found.values if found.classes > 1 else found.values * LEVELS).astype(int)
    return levels


@lru_cache(maxsize=4096)
def _cell(above: int, below: int, classes: int) -> Style:
    return Style(color=_hue(above, classes), bgcolor=_hue(below, classes))


def _hue(level: int, classes: int) -> Color:
    if classes > 1:
        return Color.from_rgb(*HUES[level % len(HUES)])
    share = level / LEVELS
    end, part = (HUES[0], 1 - 2 * share) if share < 0.5 else (HUES[1], 2 * share - 1)
    return Color.from_rgb(*(round(m + (e - m) * part) for m, e in zip(MIDDLE, end, strict=True)))
