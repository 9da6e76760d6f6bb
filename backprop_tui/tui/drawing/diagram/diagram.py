"""The picture of a network: what is to be drawn becomes rows of styled cells."""

from collections.abc import Hashable
from functools import cached_property

from msgspec import Struct
from textual.strip import Strip

from backprop_tui.tui.drawing.canvas import Canvas
from backprop_tui.tui.drawing.diagram.chips import draw_chips, draw_loss
from backprop_tui.tui.drawing.diagram.diagram_styles import DARK, Palette
from backprop_tui.tui.drawing.diagram.edges import draw_labels, draw_table, edge_at, lines_of
from backprop_tui.tui.drawing.diagram.figures import Writer
from backprop_tui.tui.drawing.diagram.header import draw_header
from backprop_tui.tui.drawing.diagram.layer_bars import draw_bars
from backprop_tui.tui.drawing.diagram.outline import Outlines
from backprop_tui.tui.drawing.diagram.picture import Address, Picture
from backprop_tui.tui.drawing.diagram.plan import Plan, plan_of
from backprop_tui.tui.drawing.diagram.scene import Lines, Scene, Spot
from backprop_tui.tui.drawing.diagram.shades import draw_image, draw_map, draw_strip
from backprop_tui.tui.drawing.diagram.summary import draw_summary
from backprop_tui.tui.drawing.diagram.unit_rows import Kind
from backprop_tui.tui.drawing.glyphs import UNICODE, Glyphs


class Drawing(Struct, frozen=True, eq=False, dict=True):
    """A finished picture: one strip per row, and what its cells stand for."""

    strips: list[Strip]
    spots: tuple[Spot, ...]
    plan: Plan | None = None
    canvas: Canvas | None = None
    lines: dict[Hashable, Lines] = {}

    @cached_property
    def _by_cell(self) -> dict[tuple[int, int], Address]:
        return {(x, spot.y): spot.address for spot in self.spots for x in range(spot.x, spot.x + spot.width)}

    def at(self, x: int, y: int) -> Address | None:
        """The number of a unit or the weight that is shown at a cell."""
        found = self._by_cell.get((x, y))
        return found if found is not None or self.plan is None else edge_at(self.plan, x, y)


def draw(
    picture: Picture,
    outlines: Outlines,
    width: int,
    height: int,
    styles: Palette = DARK,
    glyphs: Glyphs = UNICODE,
    before: Drawing | None = None,
) -> Drawing:
    """The picture in `height` strips of `width` cells, with as much text as there is room for; rows that are as they
    were `before` are those of then.
    """
    width, height = max(width, 0), max(height, 0)
    canvas, old = Canvas(width, height, braille=not glyphs.ascii), before.canvas if before else None
    writer = Writer(picture.number, glyphs)
    if outlines.deep:
        spots = draw_bars(picture, canvas, styles, writer)
        if spots is not None:
            return Drawing(canvas.strips(old), tuple(spots), canvas=canvas)
    plan = plan_of(outlines, width, height)
    if plan is None or outlines.deep:
        draw_summary(picture, outlines, canvas, styles, glyphs)
        return Drawing(canvas.strips(old), (), canvas=canvas)
    kept = before.lines if before is not None and before.plan is plan else {}
    lines = lines_of(Scene(picture, plan, styles, glyphs, writer, canvas, []), kept)
    scene = Scene(picture, plan, styles, glyphs, writer, lines.canvas.copy(), [])
    draw_header(scene)
    draw_labels(scene, lines)
    draws = {Kind.CHIPS: draw_chips, Kind.STRIP: draw_strip, Kind.IMAGE: draw_image}
    for index, rows in enumerate(plan.rows):
        if index and plan.gaps[index].is_map:
            draw_map(scene, index)
        elif index and plan.gaps[index].cells:
            draw_table(scene, index)
        draws[rows.kind](scene, index)
    draw_loss(scene)
    return Drawing(scene.canvas.strips(old), tuple(scene.spots), plan, scene.canvas, kept)
