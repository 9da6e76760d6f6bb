"""What the parts of a picture share while it is drawn."""

from typing import NamedTuple

from msgspec import Struct
from rich.cells import set_cell_size
from rich.style import Style

from backprop_tui.tui.drawing.canvas import Canvas, width_of
from backprop_tui.tui.drawing.diagram.diagram_styles import Emphasis, Palette
from backprop_tui.tui.drawing.diagram.figures import Writer
from backprop_tui.tui.drawing.diagram.picture import Address, Node, Part, Picture, Units, among
from backprop_tui.tui.drawing.diagram.plan import Plan
from backprop_tui.tui.drawing.glyphs import Glyphs
from backprop_tui.tui.drawing.line_raster import Dash, Line, Weight


class Spot(NamedTuple):
    """Cells of one row that stand for an address."""

    x: int
    y: int
    width: int
    address: Address


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

    def answer(self, x: int, y: int, width: int, address: Address) -> None:
        """Makes cells stand for an address."""
        self.spots.append(Spot(x, y, width, address))


def short(name: str, widest: int, glyphs: Glyphs) -> str:
    """The name, cut where it is too long."""
    if width_of(name) <= widest:
        return name
    return set_cell_size(name, widest - 1).rstrip() + glyphs.cut
