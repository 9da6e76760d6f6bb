"""A grid of cells that text and lines are put on."""

from collections.abc import Iterable
from functools import lru_cache

from rich.cells import cell_len, split_graphemes
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

_BRAILLE = 0x2800
_PLAIN = Style()


@lru_cache(maxsize=4096)
def cells(text: str) -> tuple[str, ...]:
    """The text cell by cell; the cell after a wide character is empty, and no character is without width."""
    if text.isascii():
        return tuple(text)
    found: list[str] = []
    for start, end, width in split_graphemes(text)[0]:
        if width:
            found += [text[start:end], *[""] * (width - 1)]
    return tuple(found)


@lru_cache(maxsize=1024)
def not_dim(style: Style) -> Style:
    """The style without being dim."""
    return style + Style(dim=False)


class Canvas:
    """`height` rows of `width` cells. Text covers lines; lines that cross share their dots."""

    def __init__(self, width: int, height: int, *, braille: bool = True) -> None:
        self.width = width
        self.height = height
        self._base = _BRAILLE if braille else 0
        self._text: list[str] = [" "] * (width * height)
        self._styles: list[Style] = [_PLAIN] * (width * height)
        self._ink: dict[int, int] = {}

    def write(self, x: int, y: int, text: str, style: Style) -> None:
        """Puts text on one row. The caller has measured: what leaves the canvas is left out whole. Lines may be
        dim, but no text that has a colour: it would be hard to read.
        """
        style = not_dim(style) if style.dim and style.color and not style.color.is_default else style
        row = cells(text)
        if not 0 <= y < self.height or x < 0 or x + len(row) > self.width:
            return
        start = y * self.width + x
        end = start + len(row)
        self._text[start:end] = row
        self._styles[start:end] = [style] * len(row)
        for index in range(start, end):
            self._ink.pop(index, None)

    def trace(self, lines: Iterable[tuple[Style, Iterable[tuple[int, int, int]]]]) -> None:
        """Draws lines, each (x, y, ink) cells, as one layer: they share cells among themselves and cover what is below.

        Ink is a braille pattern, or a character's code on a canvas without braille.
        """
        width, size = self.width, self.width * self.height
        merge = self._base != 0
        layer: dict[int, int] = {}
        styles = self._styles
        for style, raster in lines:
            for x, y, ink in raster:
                index = y * width + x
                if 0 <= index < size:
                    layer[index] = layer.get(index, 0) | ink if merge else ink
                    styles[index] = style
        self._ink.update(layer)

    def strips(self) -> list[Strip]:
        """One strip per row, of exactly the canvas's width."""
        text, base = self._text, self._base
        for index, ink in self._ink.items():
            text[index] = chr(base + ink)
        return [self._strip(y * self.width, (y + 1) * self.width) for y in range(self.height)]

    def _strip(self, start: int, end: int) -> Strip:
        text, styles = self._text, self._styles
        segments: list[Segment] = []
        run = start
        for index in range(start + 1, end):
            if styles[index] is not styles[run]:
                segments.append(Segment("".join(text[run:index]), styles[run]))
                run = index
        if run < end:
            segments.append(Segment("".join(text[run:end]), styles[run]))
        return Strip(segments, self.width)


def width_of(text: str) -> int:
    """The width of a text in cells."""
    return len(text) if text.isascii() else cell_len(text)
