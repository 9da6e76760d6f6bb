"""The network diagram: a picture becomes rows of styled cells."""

from msgspec import Struct
from textual.strip import Strip

from backprop_tui.tui.drawing.canvas import Canvas
from backprop_tui.tui.drawing.diagram.diagram_styles import DARK, Palette
from backprop_tui.tui.drawing.diagram.edges import draw_edges, edge_at
from backprop_tui.tui.drawing.diagram.glyphs import UNICODE, Glyphs
from backprop_tui.tui.drawing.diagram.header import draw_header
from backprop_tui.tui.drawing.diagram.heat import draw_heat
from backprop_tui.tui.drawing.diagram.nodes import draw_nodes
from backprop_tui.tui.drawing.diagram.picture import Address, Picture
from backprop_tui.tui.drawing.diagram.scene import Scene, Spot, stage
from backprop_tui.tui.drawing.diagram.summary import draw_summary


class Drawing(Struct, frozen=True, eq=False):
    """A finished diagram: one strip per row, and what its cells stand for."""

    strips: list[Strip]
    spots: tuple[Spot, ...]
    scene: Scene | None = None

    def at(self, x: int, y: int) -> Address | None:
        """The node or the weight that is shown at a cell."""
        for spot in self.spots:
            if spot.y == y and spot.x <= x < spot.x + spot.width:
                return spot.address
        return None if self.scene is None else edge_at(self.scene, x, y)


def draw(picture: Picture, width: int, height: int, palette: Palette = DARK, glyphs: Glyphs = UNICODE) -> Drawing:
    """The picture in `height` strips of `width` cells, with as much text as there is room for."""
    width, height = max(width, 0), max(height, 0)
    scene = stage(picture, width, height, palette, glyphs)
    if scene is None:
        canvas = Canvas(width, height, braille=not glyphs.ascii)
        draw_summary(picture, canvas, palette, glyphs)
        return Drawing(canvas.strips(), ())
    draw_header(scene)
    draw_edges(scene)
    for index, extent in enumerate(scene.layout.extents):
        if extent.rows.heat is not None:
            draw_heat(scene, index)
        else:
            draw_nodes(scene, index)
    return Drawing(scene.canvas.strips(), tuple(scene.spots), scene)
