"""On which rows the units of a column stand."""

from enum import IntEnum

from msgspec import Struct

from backprop_tui.tui.drawing.diagram.outline import Outline


class Kind(IntEnum):
    """How a column is drawn."""

    CHIPS = 0
    """A number for each unit."""
    STRIP = 1
    """Shades, half a row or less for each unit."""
    IMAGE = 2
    """The units as the picture that they are."""


class Rows(Struct, frozen=True):
    """The vertical arrangement of one column; rows count from the top of the body."""

    kind: Kind
    at: tuple[int, ...]
    """The row of each unit's value; of a strip, the row that its share is on."""
    above: bool = False
    """The bias has a row of its own, over the value."""
    below: bool = False
    """What flows back has a row of its own, under the value."""
    extent: range = range(0)
    """The rows of a strip or an image."""


def stack(outline: Outline, height: int) -> Rows:
    """Arranges a column in `height` rows, with as many rows for each unit as there are: value, δ, bias."""
    units = outline.units
    if outline.image is not None and height >= 3:
        rows = outline.image[0] if outline.image[0] <= height else min(height, -(-outline.image[0] // 2))
        top = (height - rows) // 2
        columns = outline.image[1]
        at = tuple(top + unit // columns * rows // outline.image[0] for unit in range(units))
        return Rows(Kind.IMAGE, at, extent=range(top, top + rows))
    for above, below in ((bool(outline.bias), outline.deltas), (False, outline.deltas), (False, False)):
        own = 1 + above + below
        if units * own <= height:
            first = tuple(row + above for row in _spread(units, own, height))
            return Rows(Kind.CHIPS, first, above=above, below=below)
    rows = min(height - 1 if height > 4 else height, -(-units // 2))  # a row below is for the number that is looked at
    top = (height - 1 - rows) // 2 if height > 4 else 0
    return Rows(Kind.STRIP, tuple(top + unit * rows // units for unit in range(units)), extent=range(top, top + rows))


_APART = 4  # blank rows between two units of a small layer at most: further apart it falls to pieces


def _spread(units: int, own: int, height: int) -> list[int]:
    """The first row of each unit, evenly over the height: the steeper lines are, the better they are told apart."""
    if units == 1:
        return [(height - own + (own > 1)) // 2 if own != 2 else (height - 1) // 2]
    pitch = min((height - own) / (units - 1), max(height * 0.8 / units, own + _APART))
    if pitch < own + 1:  # with blank rows between a few only, they would seem to be groups
        first = (height - own * units) // 2
        return [*range(first, first + own * units, own)]
    top = (height - own - pitch * (units - 1)) / 2
    return [round(top + unit * pitch) for unit in range(units)]


def share(rows: Rows, units: int, row: int) -> range:
    """The units that one row of a strip stands for."""
    count = len(rows.extent)
    return range(-(-row * units // count), -(-(row + 1) * units // count))
