"""Which units of a column are shown, and on which rows."""

from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

HEAT_FROM = 200
"""A layer of at least this many units becomes a heat strip where it does not fit."""
_WIDEST_PITCH = 9
"""Rows from one unit to the next at most, so that a small layer stays together."""
_LEAST_HEAT = 3
"""Rows that a heat strip needs."""


class Rows(Struct, frozen=True):
    """The vertical arrangement of one column; rows count from the top of the body."""

    units: int
    shown: tuple[int, ...]
    at: tuple[int, ...]
    """The row of each shown unit."""
    gaps: tuple[tuple[int, int], ...]
    """(row, hidden units) of each `⋮`."""
    below: bool
    """δ has a row of its own, under the value."""
    heat: range | None
    """The rows of the heat strip that stands for all units."""

    def row(self, unit: int) -> int:
        """The row of a unit; of its share of the strip, or of the `⋮` that hides it."""
        if self.heat is not None:
            return self.heat[unit * len(self.heat) // self.units]
        for shown, row in zip(self.shown, self.at, strict=True):
            if shown == unit:
                return row
        before = sum(shown < unit for shown in self.shown)
        return self.gaps[sum(row < self.at[before] for row, _ in self.gaps) - 1][0]

    def share(self, row: int) -> range:
        """The units that one row of the heat strip stands for."""
        count = len(self.heat or ())
        return range(-(-row * self.units // count), -(-(row + 1) * self.units // count))


@lru_cache(maxsize=512)
def stack(units: int, height: int, pinned: tuple[int, ...], *, deltas: bool, legend: int) -> Rows | None:
    """Arranges a column in `height` rows, `pinned` units always among those shown; None where it cannot be done.

    `legend` is the number of rows wanted under a heat strip.
    """
    if units <= height:
        return _all(units, height, deltas=deltas)
    if units >= HEAT_FROM and height >= _LEAST_HEAT:
        strip = height - legend if height - legend >= 2 * _LEAST_HEAT else height
        return Rows(units, (), (), (), False, range(strip))
    return _ends(units, height, pinned, deltas=deltas)


def _all(units: int, height: int, *, deltas: bool) -> Rows:
    pitch = min(height // units, _WIDEST_PITCH)
    below = deltas and pitch >= 2
    length = (units - 1) * pitch + 1
    top = min((height - length) // 2, height - length - below)
    return Rows(units, tuple(range(units)), tuple(range(top, top + length, pitch)), (), below, None)


def _ends(units: int, height: int, pinned: tuple[int, ...], *, deltas: bool) -> Rows | None:
    pitch = 2 if units > 2 * height and height >= 10 else 1
    shown: list[int] = []
    inwards = (unit for step in range(height) for unit in (step, units - 1 - step))
    for unit in (0, units - 1, *pinned, *inwards):
        if (
            0 <= unit < units
            and unit not in shown
            and _length(wanted := sorted([*shown, unit]), units, pitch) <= height
        ):
            shown = wanted
    if len(shown) < 2:
        return None
    at, gaps, row, next_unit = [], [], (height - _length(shown, units, pitch)) // 2, 0
    for unit in [*shown, units]:
        if unit > next_unit:
            gaps.append((row, unit - next_unit))
            row += pitch
        at.append(row)
        row += pitch
        next_unit = unit + 1
    return Rows(units, tuple(shown), tuple(at[:-1]), tuple(gaps), deltas and pitch == 2, None)


def _length(shown: list[int], units: int, pitch: int) -> int:
    """The rows that these units take, with as many for each gap between them as for a unit."""
    edges = [-1, *shown, units]
    gaps = sum(after - before > 1 for before, after in pairwise(edges))
    return (len(shown) + gaps) * pitch
