"""The network in a line or a few: what is left of the picture where there is no room for one."""

from backprop_tui.tui.drawing.canvas import Canvas, width_of
from backprop_tui.tui.drawing.diagram.diagram_styles import Emphasis, Palette, emphasised
from backprop_tui.tui.drawing.diagram.outline import Outlines
from backprop_tui.tui.drawing.diagram.picture import Picture
from backprop_tui.tui.drawing.glyphs import Glyphs


def draw_summary(picture: Picture, outlines: Outlines, canvas: Canvas, palette: Palette, glyphs: Glyphs) -> None:
    """Writes `x(3) → h(2) → ŷ(1)` in as many rows as it takes; where there are fewer, the layers in use are seen."""
    texts = [
        f"{glyphs.text(column.label)}({outline.units})"
        for column, outline in zip(picture.columns, outlines.columns, strict=True)
    ]
    places = _places(texts, canvas.width, glyphs)
    lit = [y for (_, y), column in zip(places, picture.columns, strict=True) if column.in_use]
    # The layers in use on the last row at the latest, and no row left empty under the network.
    top = max(min(max(lit, default=0) - canvas.height + 1, places[-1][1]), 0)
    rest = Emphasis.NORMAL if picture.idle else Emphasis.QUIET
    for index, ((x, y), column) in enumerate(zip(places, picture.columns, strict=True)):
        arrow = _arrow(index, glyphs)
        style = emphasised(palette.arrow, Emphasis.LIT if column.lit_edges else rest)
        canvas.write(x, y - top, arrow, style)
        style = emphasised(palette.label, Emphasis.LIT if column.in_use else rest)
        canvas.write(x + width_of(arrow), y - top, texts[index], style)


def _arrow(index: int, glyphs: Glyphs) -> str:
    return f"{glyphs.between} " if index else ""


def _places(texts: list[str], width: int, glyphs: Glyphs) -> list[tuple[int, int]]:
    places, x, y = [], 0, 0
    for index, text in enumerate(texts):
        wide = width_of(_arrow(index, glyphs) + text)
        if x and x + 1 + wide > width:
            x, y = 0, y + 1
        x += bool(x)
        places.append((x, y))
        x += wide
    return places
