"""Numbers as text, lined up on the decimal point."""

import math
from collections.abc import Iterable
from typing import NamedTuple

from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.diagram.glyphs import Glyphs
from backprop_tui.tui.drawing.diagram.picture import Number

ODD = "!"
"""Follows a value that is not finite."""


class Writer(NamedTuple):
    """Writes numbers with a number of digits in a character set."""

    number: Number
    digits: int
    glyphs: Glyphs

    def __call__(self, value: float | None) -> str:
        """The text of a value; None stands for one that is not computed yet."""
        if value is None:
            return self.glyphs.absent
        text = self.glyphs.text(self.number(value, self.digits))
        return text if math.isfinite(value) else text + ODD

    def short(self, value: float, widest: int) -> str:
        """The text of a value on its own: without zeros that say nothing, and with as few as two decimals to fit."""
        texts = [_bare(value, self._replace(digits=digits)(value)) for digits in range(self.digits, 1, -1)]
        return next((text for text in texts if width_of(text) <= widest), texts[-1] if texts else self(value))


class Column(NamedTuple):
    """The room for numbers that stand under each other: cells before the decimal point, and from it on."""

    before: int
    after: int

    @property
    def width(self) -> int:
        """The width of each number, in cells."""
        return self.before + self.after

    def align(self, text: str) -> str:
        """The text padded to the column's width, its decimal point under the others."""
        before = self.width - width_of(text) if _pointless(text) else self.before - _split(text)[0]
        return " " * before + text + " " * (self.width - before - width_of(text))


def column(texts: Iterable[str], least: Column) -> Column:
    """The room that these texts take, at least `least`."""
    before, after = least
    widest = 0
    for text in texts:
        if _pointless(text):
            widest = max(widest, width_of(text))
        else:
            whole, rest = _split(text)
            before, after = max(before, whole), max(after, rest)
    return Column(max(before, widest - after), after)


def _bare(value: float, text: str) -> str:
    """The text without the zeros at its end, where it still says exactly the value."""
    bare = text.rstrip("0").rstrip(".")
    try:
        return bare if "." in text and float(bare.replace("−", "-")) == value else text
    except ValueError:
        return text


def _pointless(text: str) -> bool:
    return text.endswith(ODD)


def _split(text: str) -> tuple[int, int]:
    width, point = width_of(text), max(text.find("."), text.find("·"))
    return (width, 0) if point < 0 else (width_of(text[:point]), width - width_of(text[:point]))
