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
        self.made: list[Strip] = []

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

    def trace(self, lines: Iterable[tuple[Style, Iterable[tuple[int, int, int]]]]) -> None:
        """Draws lines, each (x, y, ink) cells, as one layer: they share cells among themselves and cover what is below.

        Ink is a braille pattern, or a character's code on a canvas without braille.
        """
        width, size, base = self.width, self.width * self.height, self._base
        layer: dict[int, int] = {}
        styles = self._styles
        for style, raster in lines:
            for x, y, ink in raster:
                index = y * width + x
                if 0 <= index < size:
                    layer[index] = layer.get(index, 0) | ink if base else ink
                    styles[index] = style
        for index, ink in layer.items():
            self._text[index] = chr(base + ink)

    def copy(self) -> "Canvas":
        """Another canvas with the same on it."""
        other = Canvas(self.width, self.height, braille=bool(self._base))
        other._text, other._styles = [*self._text], [*self._styles]
        return other

    def strips(self, before: "Canvas | None" = None) -> list[Strip]:
        """One strip per row, of exactly the canvas's width; those of a canvas `before` where the row is the same."""
        width = self.width
        rows = [slice(y * width, (y + 1) * width) for y in range(self.height)]
        if before is None or (before.width, before.height) != (width, self.height) or not before.made:
            self.made = [self._strip(row.start, row.stop) for row in rows]
        else:
            self.made = [
                old
                if self._looks(row) == before._looks(row)  # noqa: SLF001 - another of the same
                else self._strip(row.start, row.stop)
                for row, old in zip(rows, before.made, strict=True)
            ]
        return self.made

    def _looks(self, row: slice) -> tuple[list[str], list[Style]]:
        return self._text[row], self._styles[row]

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
