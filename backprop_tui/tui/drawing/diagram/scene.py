"""What the parts of a picture share while it is drawn."""

from itertools import product
from typing import Literal, NamedTuple

import numpy as np
from msgspec import Struct
from rich.cells import set_cell_size
from rich.style import Style

from backprop_tui.tui.drawing.canvas import Canvas, width_of
from backprop_tui.tui.drawing.diagram.diagram_styles import Emphasis, Palette
from backprop_tui.tui.drawing.diagram.picture import Address, Array, Edge, Node, Part, Picture, Units, among
from backprop_tui.tui.drawing.diagram.plan import Plan
from backprop_tui.tui.drawing.figures import Writer
from backprop_tui.tui.drawing.glyphs import Glyphs
from backprop_tui.tui.drawing.line_raster import Dash, Line, Weight


class Spot(NamedTuple):
    """Cells of one row that stand for an address."""

    x: int
    y: int
    width: int
    address: Address


class Field(NamedTuple):
    """Cells that stand for numbers which are shades: a matrix of weights, or a layer's units in rows and columns."""

    x: int
    y: int
    width: int
    height: int
    layer: int
    """The column of the picture."""
    part: Part | Literal["weights"]
    shape: tuple[int, int]
    values: Array | None

    @property
    def columns(self) -> int:
        """How many numbers are side by side."""
        return self.shape[1]

    def address(self, row: int, column: int) -> Address:
        """The number in a row and a column."""
        if self.part == "weights":
            return Edge(self.layer, row, column)
        return Node(self.layer, row * self.columns + column, self.part)

    def place(self, address: Address) -> tuple[int, int] | None:
        """The row and the column of a number; None where it is elsewhere."""
        match address:
            case Edge(index, row, column) if self.part == "weights" and index == self.layer:
                return row, column
            case Node(index, unit, part) if part == self.part and index == self.layer:
                return divmod(unit, self.columns)
        return None

    def row_of(self, row: int) -> int:
        """The row of the canvas on which a row of numbers begins."""
        return self.y + row * self.height // self.shape[0]

    def nearest(self, y: int, _part: str = "") -> int:
        """The row of numbers that is nearest to a row of the canvas."""
        return min(max(y - self.y, 0) * self.shape[0] // self.height, self.shape[0] - 1)

    def at(self, x: int, y: int, selected: Address | None) -> Address | None:
        """The strongest of the numbers that share a cell, which has its shade; the next where one is selected."""
        if not (0 <= x - self.x < self.width and 0 <= y - self.y < self.height):
            return None
        rows, columns = self.shape
        inside = [
            *product(_share(y - self.y, self.height, rows), _share(x - self.x, self.width, columns)),
        ]
        chosen = None if selected is None else self.place(selected)
        if chosen in inside:
            return self.address(*inside[(inside.index(chosen) + 1) % len(inside)])
        if self.values is None:
            return self.address(*inside[0])
        sizes = np.abs(np.nan_to_num(self.values.reshape(self.shape)))
        return self.address(*max(inside, key=lambda place: float(sizes[place])))


def _share(cell: int, cells: int, count: int) -> range:
    """The numbers, of so many, that one of so many cells stands for."""
    first = cell * count // cells
    return range(first, max(first + 1, (cell + 1) * count // cells))


class Stroke(NamedTuple):
    """The line of one weight in the style of it."""

    unit: int
    source: int
    line: Line
    weight: Weight
    dash: Dash
    role: Style


class Lines(Struct, frozen=True, eq=False):
    """The lines of all weights, which most steps leave as they are."""

    of: tuple[object, ...]
    """The weights, styles and characters that they are made of: kept alive, since they are told apart by identity."""
    strokes: dict[int, list[Stroke]]
    """By the column that they enter."""
    canvas: Canvas
    """With nothing else on it."""


class Scene(Struct, frozen=True):
    """One picture on its way to the canvas."""

    picture: Picture
    plan: Plan
    styles: Palette
    glyphs: Glyphs
    writer: Writer
    canvas: Canvas
    spots: list[Spot]
    fields: list[Field]

    @property
    def rest(self) -> Emphasis:
        """The emphasis of what is not in use: quiet beside what is, ordinary where nothing is."""
        return Emphasis.NORMAL if self.picture.idle else Emphasis.QUIET

    def emphasis(self, address: Node) -> Emphasis:
        """How far a number of a unit steps forward."""
        if self.picture.selected == address:
            return Emphasis.SELECTED
        units, fresh = self._use(address.column, address.part)
        if among(units, address.unit):
            return Emphasis.FRESH if fresh else Emphasis.LIT
        return self.rest

    def _use(self, index: int, part: Part) -> tuple[Units, bool]:
        loss = self.picture.loss
        if part == "loss":
            return "all" if loss.lit else None, loss.fresh
        if part == "target":
            return loss.lit_targets, False
        column = self.picture.columns[index]
        units = {"values": column.lit, "deltas": column.lit_deltas, "bias": column.lit_bias}[part]
        return units, column.fresh == part

    def asks(self, address: Node) -> bool:
        """Whether the number of a unit is asked for, so that a question mark stands there."""
        if address.part == "loss":
            return self.picture.loss.asked
        return address.part != "target" and self.picture.columns[address.column].asked == address.part

    def state(self, index: int, unit: int) -> tuple[int, str]:
        """Why a unit passes nothing on: where the word begins, and the word with blanks around it, empty where there is
        none. It is behind the chip, in the room for another number where that is free.
        """
        column, place = self.picture.columns[index], self.plan.places[index]
        if column.off is None and column.dropped is None:
            return place.exit, ""
        word = column.state(unit)
        x = place.other if place.other >= 0 and column.other(unit) is None else place.exit
        return (x, f" {word} ") if word else (x, "")

    def answer(self, x: int, y: int, width: int, address: Address) -> None:
        """Makes cells stand for an address."""
        self.spots.append(Spot(x, y, width, address))


def short(name: str, widest: int, glyphs: Glyphs) -> str:
    """The name, cut where it is too long."""
    if width_of(name) <= widest:
        return name
    return set_cell_size(name, widest - 1).rstrip() + glyphs.cut
