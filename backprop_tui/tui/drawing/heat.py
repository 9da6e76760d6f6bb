"""A matrix as a map of shades, by itself: the shade says how large a number is, colour and mark say its sign.

It is drawn as the maps of the diagram are (`tui/drawing/diagram/shades.py`). Where there is room for it, a number is
two cells of a row, and its sign is written in them; else two numbers share a cell; else the strongest of several stand
for them.
"""

from collections.abc import Collection

import numpy as np
from msgspec import Struct
from rich.style import Style

from backprop_tui.tui.drawing.diagram.diagram_styles import Emphasis, Palette, emphasised
from backprop_tui.tui.drawing.diagram.shades import WIDE, has_marks, largest, sampled_to, shaded
from backprop_tui.tui.drawing.glyphs import Glyphs

Array = np.ndarray
Cell = tuple[str, Style]
Place = tuple[int, ...]
LARGE = (4, 5)  # rows and columns of the largest matrix that numbers tell as well


def is_large(shape: tuple[int, ...]) -> bool:
    """Whether the last two axes are a matrix that a map tells more of than a few of its numbers."""
    return len(shape) > 1 and min(shape[-2:]) > 1 and (shape[-2] > LARGE[0] or shape[-1] > LARGE[1])


class Size(Struct, frozen=True):
    """The rows and cells of a map, and whether each number has a row and cells of its own."""

    rows: int
    cells: int
    whole: bool

    @classmethod
    def of(cls, shape: tuple[int, ...], rows: int, cells: int) -> "Size":
        """The largest map of a matrix in so many rows and cells; a number is never larger than two cells."""
        high, wide = shape
        whole = high <= rows
        across = min(wide * (WIDE if whole else 1), cells)
        return cls(
            high if whole else min(-(-high // 2), rows), across - across % wide if across > wide else across, whole
        )


class Heat(Struct, frozen=True, eq=False):
    """A matrix to be drawn. `scale` is the number that has the strongest shade, 0 for the largest there is; what is
    `missing` is left blank, and the numbers that are `looked_at` stand out. An `image` has no signs written in it.
    """

    matrix: Array
    scale: float = 0.0
    image: bool = False
    looked_at: Collection[Place] = ()
    missing: Array | None = None

    def size(self, rows: int, cells: int) -> Size:
        """The largest map of it in so many rows and cells."""
        return Size.of(self.matrix.shape, rows, cells)

    def rows(self, size: Size, palette: Palette, glyphs: Glyphs) -> list[list[Cell]]:
        """The rows of the map, each cell with its style."""
        high, wide = self.matrix.shape
        numbers = self.matrix if self.missing is None else np.where(self.missing, 0.0, self.matrix)
        sampled = sampled_to(numbers, 2 * size.rows, size.cells)
        marks = not self.image and has_marks((high, wide), size.rows, size.cells)
        scale = self.scale or largest(numbers)
        found = shaded(sampled, scale, Emphasis.NORMAL, palette, glyphs, marks=marks, image=self.image)
        if self.missing is None and not self.looked_at:
            return list(found)
        missing = np.zeros((high, wide), dtype=bool) if self.missing is None else self.missing
        at = [(y * high // (2 * size.rows), (y + 1) * high // (2 * size.rows)) for y in range(0, 2 * size.rows, 2)]
        across = [x * wide // size.cells for x in range(size.cells)]
        return [
            [
                self._cell(cell, [(y, x) for y in ys], missing, palette, glyphs)
                for x, cell in zip(across, row, strict=True)
            ]
            for ys, row in zip(at, found, strict=True)
        ]

    def _cell(self, cell: Cell, places: list[Place], missing: Array, palette: Palette, glyphs: Glyphs) -> Cell:
        if any(place in self.looked_at for place in places):
            return glyphs.lit, emphasised(palette.value, Emphasis.SELECTED)
        return (" ", palette.name) if all(missing[place] for place in places) else cell
