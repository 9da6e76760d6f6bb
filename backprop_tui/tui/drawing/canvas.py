"""A grid of cells that text and lines are put on."""

from collections.abc import Iterable
from functools import cached_property, lru_cache
from operator import itemgetter

from msgspec import Struct
from rich.cells import cached_cell_len, split_graphemes
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
def legible(style: Style) -> Style:
    """The style of text: lines may be dim, but no text that has a colour, which would be hard to read."""
    return style + Style(dim=False) if style.dim and style.color and not style.color.is_default else style


def _runs(text: list[str], styles: list[Style]) -> list[Segment]:
    """Cells that follow each other in one style as one piece."""
    segments: list[Segment] = []
    run, count = 0, len(text)
    for index in range(1, count):
        if styles[index] is not styles[run]:
            segments.append(Segment("".join(text[run:index]), styles[run]))
            run = index
    if run < count:
        segments.append(Segment("".join(text[run:count]), styles[run]))
    return segments


class Cells(Struct, eq=False, dict=True):
    """A piece of a row that is made once and put on many canvases: its cells, each in a style of its own, which is
    `legible`.
    """

    text: list[str]
    styles: list[Style]

    @cached_property
    def segments(self) -> list[Segment]:
        """The same as they go into a strip."""
        return _runs(self.text, self.styles)


class Canvas:
    """`height` rows of `width` cells. Text covers lines; lines that cross share their dots."""

    def __init__(self, width: int, height: int, *, braille: bool = True) -> None:
        self.width = width
        self.height = height
        self._base = _BRAILLE if braille else 0
        self._text: list[str] = [" "] * (width * height)
        self._styles: list[Style] = [_PLAIN] * (width * height)
        self._laid: dict[int, list[tuple[int, Cells]]] = {}
        self.made: list[Strip] = []

    def write(self, x: int, y: int, text: str, style: Style) -> None:
        """Puts text on one row. The caller has measured: what leaves the canvas is left out whole."""
        style = legible(style)
        row = cells(text)
        if not 0 <= y < self.height or x < 0 or x + len(row) > self.width:
            return
        start = y * self.width + x
        end = start + len(row)
        self._text[start:end] = row
        self._styles[start:end] = [style] * len(row)

    def lay(self, x: int, y: int, cells: Cells) -> None:
        """Puts cells on one row; likewise."""
        size = len(cells.text)
        if 0 <= y < self.height and x >= 0 and x + size <= self.width:
            start = y * self.width + x
            self._text[start : start + size] = cells.text
            self._styles[start : start + size] = cells.styles
            self._laid.setdefault(y, []).append((start, cells))

    def trace(self, lines: Iterable[tuple[Style, Iterable[tuple[int, int, int]]]], shared: Style | None = None) -> None:
        """Draws lines, each (x, y, ink) cells, as one layer: they share cells among themselves and cover what is below.

        Ink is a braille pattern, or a character's code on a canvas without braille. A cell has one style: where lines
        of several share their dots it is `shared`, or that of the last.
        """
        width, size, base = self.width, self.width * self.height, self._base
        layer: dict[int, int] = {}
        styles = self._styles
        for style, raster in lines:
            for x, y, ink in raster:
                index = y * width + x
                if 0 <= index < size:
                    before = layer.get(index, 0) if base else 0
                    layer[index] = before | ink
                    styles[index] = style if shared is None or not before or styles[index] == style else shared
        for index, ink in layer.items():
            self._text[index] = chr(base + ink)

    def copy(self) -> "Canvas":
        """Another canvas with the same on it."""
        other = Canvas(self.width, self.height, braille=bool(self._base))
        other._text, other._styles = [*self._text], [*self._styles]
        other._laid = {y: [*laid] for y, laid in self._laid.items()}
        return other

    def strips(self, before: "Canvas | None" = None) -> list[Strip]:
        """One strip per row, of exactly the canvas's width; those of a canvas `before` where the row is the same."""
        width = self.width
        rows = [slice(y * width, (y + 1) * width) for y in range(self.height)]
        if before is None or (before.width, before.height) != (width, self.height) or not before.made:
            self.made = [self._strip(y) for y in range(self.height)]
        else:
            self.made = [
                old
                if self._looks(row) == before._looks(row)  # noqa: SLF001 - another of the same
                else self._strip(y)
                for y, (row, old) in enumerate(zip(rows, before.made, strict=True))
            ]
        return self.made

    def _looks(self, row: slice) -> tuple[list[str], list[Style]]:
        return self._text[row], self._styles[row]

    def _strip(self, y: int) -> Strip:
        segments: list[Segment] = []
        at, end = y * self.width, (y + 1) * self.width
        for begin, cells in sorted(self._laid.get(y, ()), key=itemgetter(0)):
            stop = begin + len(cells.text)
            if begin >= at and self._text[begin:stop] == cells.text and self._styles[begin:stop] == cells.styles:
                segments += [*_runs(self._text[at:begin], self._styles[at:begin]), *cells.segments]
                at = stop  # nothing was put over them
        return Strip([*segments, *_runs(self._text[at:end], self._styles[at:end])], self.width)


width_of = cached_cell_len
"""The width of a text in cells: asked of a few hundred texts a step, most of them as before."""
