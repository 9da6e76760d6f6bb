"""A layer of hundreds as a strip: per row its share's largest values, negative to the left, positive to the right."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.diagram.diagram_layout import Level
from backprop_tui.tui.drawing.diagram.diagram_styles import Emphasis, emphasised
from backprop_tui.tui.drawing.diagram.figures import ODD
from backprop_tui.tui.drawing.diagram.glyphs import Glyphs
from backprop_tui.tui.drawing.diagram.picture import Array, Node, extreme
from backprop_tui.tui.drawing.diagram.scene import Scene
from backprop_tui.tui.drawing.diagram.unit_rows import Rows


class Band(NamedTuple):
    """One row of a strip."""

    negative: str
    positive: str
    largest: int
    """The unit with the largest |value| of the row's share, or the first that is not finite."""
    odd: bool = False
    """Some value of the share is not finite."""


@lru_cache(maxsize=64)
def _starts(rows: Rows) -> tuple[int, ...]:
    return tuple(rows.share(row).start for row in range(len(rows.heat or ())))


def bands(values: Array | None, rows: Rows, side: int, glyphs: Glyphs) -> list[Band]:
    """The rows of a heat strip from values (units,), each side `side` cells wide."""
    starts = _starts(rows)
    if values is None:
        return [Band(" " * side, " " * side, start) for start in starts]
    odd = ~np.isfinite(values)
    finite = np.where(odd, 0.0, values)
    low, high = np.minimum.reduceat(finite, starts), np.maximum.reduceat(finite, starts)
    scale = float(np.abs(finite).max()) or 1.0
    steps = len(glyphs.shades) - 1
    # Every value but 0 shows, so that a faint one is told from none.
    shade = [np.ceil(np.maximum(part, 0.0) / scale * steps).astype(int).tolist() for part in (-low, high)]
    marked = np.logical_or.reduceat(odd, starts).tolist()
    return [
        Band(
            glyphs.shades[negative] * side,
            glyphs.shades[positive] * side,
            start + extreme(values[start:end]),
            mark,
        )
        for negative, positive, mark, start, end in zip(*shade, marked, starts, (*starts[1:], rows.units), strict=True)
    ]


def draw_heat(scene: Scene, index: int) -> None:
    """Draws one column as a strip of its values, one of its δ where it has them, and a legend."""
    column, extent, place = scene.picture.columns[index], scene.layout.extents[index], scene.layout.places[index]
    both = extent.symbol and extent.level is not Level.DOTS
    wide = (extent.strips - 1) // 2 if both else extent.strips
    _draw_strip(scene, index, place.dot, wide // 2, delta=False)
    if both and column.deltas is not None:
        _draw_strip(scene, index, place.dot + wide + 1, wide // 2, delta=True)
    if extent.level is Level.NAMED:
        _draw_legend(scene, index)


def _draw_strip(scene: Scene, index: int, x: int, side: int, *, delta: bool) -> None:
    column, rows = scene.picture.columns[index], scene.layout.extents[index].rows
    glyphs, palette = scene.glyphs, scene.palette
    values, lit = (column.deltas, column.lit_deltas) if delta else (column.values, column.lit)
    emphasis = Emphasis.LIT if lit else scene.rest
    marked = {rows.row(unit) for unit in lit} if lit and lit != "all" else set()
    selected = _selected_row(scene, index, delta=delta)
    for row, band in enumerate(bands(values, rows, side, glyphs)):
        y = scene.layout.top + row
        _draw_band(scene, x, y, band, emphasis)
        glyph = ODD if band.odd else glyphs.lit if row in marked or row == selected else glyphs.axis
        axis = emphasised(palette.odd if band.odd else palette.name, Emphasis.SELECTED if row == selected else emphasis)
        scene.canvas.write(x + side, y, glyph, axis)
        scene.answer(x, y, 2 * side + 1, Node(index, band.largest, delta))


def _selected_row(scene: Scene, index: int, *, delta: bool) -> int | None:
    match scene.picture.selected:
        case Node(column, unit, part) if (
            column == index and part == delta and 0 <= unit < scene.picture.columns[index].units
        ):
            return scene.layout.extents[index].rows.row(unit)
    return None


def _draw_band(scene: Scene, x: int, y: int, band: Band, emphasis: Emphasis) -> None:
    palette = scene.palette
    scene.canvas.write(x, y, band.negative, emphasised(palette.negative, emphasis))
    scene.canvas.write(x + width_of(band.negative) + 1, y, band.positive, emphasised(palette.positive, emphasis))


def _draw_legend(scene: Scene, index: int) -> None:
    extent, place, palette = scene.layout.extents[index], scene.layout.places[index], scene.palette
    column = scene.picture.columns[index]
    y = scene.layout.top + (extent.rows.heat or range(0)).stop
    for text, address in scene.texts[index].legend[: scene.layout.height - y]:
        role = palette.name if address is None else palette.delta if address.delta else palette.value
        x = place.left + (place.width - width_of(text)) // 2
        lit = column.lit or column.lit_deltas if address is None else column.lit_deltas if address.delta else column.lit
        emphasis = Emphasis.LIT if lit else scene.rest
        if address is not None:
            emphasis = Emphasis.SELECTED if address == scene.picture.selected else emphasis
            scene.answer(x, y, width_of(text), address)
        scene.canvas.write(x, y, text, emphasised(role, emphasis))
        y += 1
