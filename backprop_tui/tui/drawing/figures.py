"""Numbers as text in a room of a fixed width, so that nothing moves when they change."""

import math
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.glyphs import Glyphs

Number: TypeAlias = Callable[[float, int], str]
"""Formats a finite or non-finite float with a number of decimals."""
NEARLY = 0.05
"""What is smaller, and has no room for its power of ten, is said to be nearly 0."""


class Writer(NamedTuple):
    """Writes numbers in a character set."""

    number: Number
    glyphs: Glyphs

    def __call__(self, value: float | None, decimals: int, room: int) -> str:
        """A value with a number of decimals, with fewer where the room asks for it; None is not computed yet.

        The text may be shorter than the room, never longer.
        """
        if value is None:
            return self.glyphs.absent
        for digits in range(decimals, 0, -1):
            text = self.glyphs.text(self.number(value, digits))
            if width_of(text) <= room:
                return text
        return self._in_short(value, room)

    def beside(self, right: float | None, value: float, decimals: int, room: int) -> str:
        """A value that differs from the right one: where there is no room for the digits that do, a sign of that."""
        text = self(value, decimals, room)
        return self.glyphs.cut if text == self(right, decimals, room) else text

    def _in_short(self, value: float, room: int) -> str:
        """A value that has no room for one decimal: a whole number, a power of ten, that it is nearly 0, or a sign that
        there is one.
        """
        if math.isfinite(value):
            for text in (f"{value:.0f}" if value.is_integer() or abs(value) >= 10 else "", f"{value:.0e}"):
                written = self.glyphs.text(text.replace("e-0", "e-").replace("e+0", "e").replace("-", "−"))
                if text and width_of(written) <= room:
                    return written
        if abs(value) < NEARLY and width_of(nearly := self.glyphs.text("≈0")) <= room:
            return nearly
        return self.glyphs.cut * min(room, 1)

    def short(self, value: float, widest: int, decimals: int) -> str:
        """A value on its own: without zeros that say nothing."""
        return bare(value, self(value, decimals, widest))

    def change(self, before: float, value: float, joint: str, room: int, decimals: int) -> str | None:
        """A value and the one that takes its place, with equally many decimals, so that they can be compared. None
        where the room has no digits for both, or not those that differ.
        """
        differ = False
        for digits in range(decimals, 0, -1):
            sides = [bare(one, self.glyphs.text(self.number(one, digits))) for one in (before, value)]
            differ = differ or sides[0] != sides[1]
            text = joint.join(sides)
            if width_of(text) <= room:
                return None if differ and sides[0] == sides[1] else text
        return None


def bare(value: float, text: str) -> str:
    """The text without the zeros at its end, where it still says exactly the value."""
    found = text.rstrip("0").rstrip(".")
    try:
        return found if "." in text and float(found.replace("−", "-")) == value else text
    except ValueError:
        return text
