"""The weights between two columns: lines, their numbers, or a bundle where there are too many."""

import math
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from rich.style import Style

from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.diagram import edge_labels
from backprop_tui.tui.drawing.diagram.diagram_styles import Emphasis, emphasised
from backprop_tui.tui.drawing.diagram.line_raster import Dash, Line, Weight, braille, characters
from backprop_tui.tui.drawing.diagram.picture import Array, Column, Edge
from backprop_tui.tui.drawing.diagram.scene import Scene
from backprop_tui.tui.drawing.diagram.unit_rows import Rows

_CROWD = 100
"""With more weights than this between two columns, they are drawn as a bundle."""
_MOST_LINES = _CROWD
_MOST_LABELS = 24
"""With more lines in use than this, only the selected one has its number."""
_DENSE = 30
"""With more lines than this between two columns, all are drawn a step lighter, and the lightest only in use."""
_STRANDS = 9
"""Strands at an end of a bundle that is a heat strip, spread evenly over its rows."""


class Stroke(NamedTuple):
    """One line in the style of its weight."""

    unit: int
    source: int
    line: Line
    weight: Weight
    dash: Dash
    role: Style


class Knot(NamedTuple):
    """Where a bundle is gathered, and what is written there: how many weights it stands for."""

    x: int
    y: int
    text: str


class Layer(Struct, frozen=True):
    """The weights that enter one column of a scene."""

    scene: Scene
    index: int

    @property
    def column(self) -> Column:
        """The column that the weights enter."""
        return self.scene.picture.columns[self.index]

    @property
    def previous(self) -> Column:
        """The column that they come from."""
        return self.scene.picture.columns[self.index - 1]

    @property
    def crowded(self) -> bool:
        """Whether there are too many to tell apart."""
        heat = any(
            extent.rows.heat is not None for extent in self.scene.layout.extents[self.index - 1 : self.index + 1]
        )
        return heat or self.column.units * self.previous.units > _CROWD

    def line(self, unit: int, source: int) -> Line:
        """The line of one weight, between the rows that show or stand for its units."""
        layout, index = self.scene.layout, self.index
        before, after = layout.extents[index - 1].rows, layout.extents[index].rows
        return Line(
            layout.places[index - 1].exit,
            layout.top + before.row(source),
            layout.places[index].entry,
            layout.top + after.row(unit),
        )


def draw_edges(scene: Scene) -> None:
    """Draws all weights, those in use over the others, then their numbers and arrow heads."""
    layers = [Layer(scene, index) for index in range(1, len(scene.picture.columns))]
    _trace(scene, [stroke for layer in layers for stroke in _quiet(layer)], scene.rest)
    for layer in layers:
        knot = _knot(layer) if layer.crowded else None
        if knot is not None:
            _draw_bundle(layer, knot)
        lit = _lit(layer)
        _trace(scene, lit, Emphasis.LIT)
        _draw_heads(scene, lit)
        if knot is not None:
            scene.canvas.write(knot.x, knot.y, knot.text, emphasised(scene.palette.label, _bundle_emphasis(layer)))
        _draw_labels(layer, lit, knot)


def edge_at(scene: Scene, x: int, y: int) -> Edge | None:
    """The weight whose line passes through a cell, nearest to its middle; one in use before any other."""
    layers = [Layer(scene, index) for index in range(1, len(scene.picture.columns))]
    for strokes in (_lit, _quiet):
        near = [
            (stroke.line.distance(x, y), layer.index, stroke.unit, stroke.source)
            for layer in layers
            for stroke in strokes(layer)
            if stroke.line.passes(x, y)
        ]
        if near:
            _, index, unit, source = min(near)
            return Edge(index, unit, source)
    return None


def _trace(scene: Scene, strokes: list[Stroke], emphasis: Emphasis) -> None:
    """Draws the light lines first: heavier ones pass over them, and lines of one weight share their dots."""
    raster = characters if scene.glyphs.ascii else braille
    for weight in Weight:
        strength = Emphasis(emphasis - 1) if weight is Weight.FAINT and emphasis else emphasis
        scene.canvas.trace(
            (emphasised(stroke.role, strength), raster(stroke.line, weight, stroke.dash))
            for stroke in strokes
            if stroke.weight is weight
        )


def _quiet(layer: Layer) -> list[Stroke]:
    column = layer.column
    if layer.crowded or column.lit_edges == "all":
        return []
    lit = column.lit_edges or ()
    strokes = [stroke for stroke in _strokes(layer, _visible(layer)) if (stroke.unit, stroke.source) not in lit]
    if all(stroke.weight is not Weight.FAINT for stroke in strokes):
        return strokes
    least = _heaviest(layer)
    return [s for s in strokes if s.weight is not Weight.FAINT or (s.unit, s.source) in least]


def _heaviest(layer: Layer) -> set[tuple[int, int]]:
    """The heaviest weight of every shown unit, so that none looks as if it had no weights."""
    extents, weights = layer.scene.layout.extents, layer.column.weights
    units, sources = (extents[index].rows.shown for index in (layer.index, layer.index - 1))
    size = np.zeros((len(units), len(sources))) if weights is None else np.abs(weights[np.ix_(units, sources)])
    rows = ((units[row], sources[place]) for row, place in enumerate(size.argmax(1).tolist()))
    columns = ((units[row], sources[place]) for place, row in enumerate(size.argmax(0).tolist()))
    return {*rows, *columns}


def _lit(layer: Layer) -> list[Stroke]:
    """The strokes in use, the selected one first; among those on the same line, the heaviest."""
    column, selected = layer.column, layer.scene.picture.selected
    pairs: list[tuple[int, int]] = []
    if column.lit_edges == "all":
        pairs = [] if layer.crowded else _visible(layer)
    elif column.lit_edges:
        pairs = sorted(column.lit_edges)
    if isinstance(selected, Edge) and selected.column == layer.index:
        pairs.insert(0, (selected.unit, selected.source))
    known = [(i, j) for i, j in pairs if 0 <= i < column.units and 0 <= j < layer.previous.units]
    strongest: dict[Line, Stroke] = {}
    for stroke in _strokes(layer, known):
        if stroke.line not in strongest or stroke.weight > strongest[stroke.line].weight:
            strongest[stroke.line] = stroke
    strokes = list(strongest.values())[:_MOST_LINES]
    # A fan of lines that each stand for many says where the operands are, not how large.
    return [stroke._replace(weight=Weight.THIN) for stroke in strokes] if len(known) > _CROWD else strokes


def _visible(layer: Layer) -> list[tuple[int, int]]:
    extents = layer.scene.layout.extents
    return [(i, j) for i in extents[layer.index].rows.shown for j in extents[layer.index - 1].rows.shown]


def _strokes(layer: Layer, pairs: list[tuple[int, int]]) -> list[Stroke]:
    weights, palette = layer.column.weights, layer.scene.palette
    largest = _largest(weights) if pairs else 0.0
    heaviest = (
        Weight.MEDIUM if not layer.crowded and layer.column.units * layer.previous.units > _DENSE else Weight.HEAVY
    )
    strokes = []
    for unit, source in pairs:
        weight = 0.0 if weights is None else float(weights[unit, source])
        if not math.isfinite(weight):
            look = Weight.THIN, Dash.DOTTED, palette.odd
        elif weight == 0.0:
            look = Weight(heaviest - 2), Dash.DOTTED, palette.zero
        elif weight > 0.0:
            look = _tier(weight, largest, heaviest), Dash.SOLID, palette.positive
        else:
            look = _tier(-weight, largest, heaviest), Dash.DASHED, palette.negative
        strokes.append(Stroke(unit, source, layer.line(unit, source), *look))
    return strokes


def _largest(weights: Array | None) -> float:
    return 0.0 if weights is None else float(np.abs(weights).max(where=np.isfinite(weights), initial=0.0))


def _tier(size: float, largest: float, heaviest: Weight) -> Weight:
    return Weight(heaviest - 2 + (size >= largest / 3) + (size >= largest * 2 / 3))


def _draw_heads(scene: Scene, strokes: list[Stroke]) -> None:
    direction, glyphs = scene.picture.direction, scene.glyphs
    if direction is None:
        return
    style = emphasised(scene.palette.arrow, Emphasis.LIT)
    for stroke in strokes:
        x0, y0, x1, y1 = stroke.line
        x, y, glyph = (x1, y1, glyphs.forward) if direction == "forward" else (x0, y0, glyphs.backward)
        scene.canvas.write(x, y, glyph, style)


def _draw_labels(layer: Layer, strokes: list[Stroke], knot: Knot | None) -> None:
    scene, selected = layer.scene, layer.scene.picture.selected
    chosen = [stroke for stroke in strokes if Edge(layer.index, stroke.unit, stroke.source).along(selected)]
    wanted = strokes if len(strokes) <= _MOST_LABELS else chosen
    if layer.column.weights is None:
        return
    texts = [_label(layer, stroke, full=stroke in chosen) for stroke in wanted]
    widths = tuple(width_of(text) + 2 for text in texts)
    walls = _legends(layer) + (((knot.x, knot.y, width_of(knot.text)),) if knot is not None else ())
    spots = edge_labels.settle(tuple(stroke.line for stroke in wanted), widths, walls)
    for stroke, text, spot in zip(wanted, texts, spots, strict=True):
        if spot is None:
            continue
        address = Edge(layer.index, stroke.unit, stroke.source)
        fresh = layer.column.fresh == "weights" and stroke not in chosen
        emphasis = Emphasis.SELECTED if address == selected else Emphasis.FRESH if fresh else Emphasis.LIT
        role = stroke.role if layer.column.gradients is None else scene.palette.delta
        scene.canvas.write(spot.x, spot.y, " " * (width_of(text) + 2), scene.palette.zero)
        scene.canvas.write(spot.x + 1, spot.y, text, emphasised(role, emphasis))
        scene.answer(spot.x + 1, spot.y, width_of(text), address)


def _label(layer: Layer, stroke: Stroke, *, full: bool) -> str:
    column, writer = layer.column, layer.scene.writer
    numbers, prefix = (column.weights, "") if column.gradients is None else (column.gradients, writer.glyphs.text("∂ "))
    if numbers is None:
        return writer(None)
    value = float(numbers[stroke.unit, stroke.source]) + 0.0
    room = stroke.line.x1 - stroke.line.x0 + 1
    return prefix + writer.short(value, room if full else room // 3 - len(prefix))


def _legends(layer: Layer) -> tuple[tuple[int, int, int], ...]:
    """Where text under heat strips reaches between the columns, as (x, y, width)."""
    layout = layer.scene.layout
    return tuple(
        (place.left, layout.top + row, place.width)
        for extent, place in zip(layout.extents, layout.places, strict=True)
        if extent.rows.heat is not None
        for row in range(extent.rows.heat.stop, layout.height - layout.top)
    )


def _knot(layer: Layer) -> Knot:
    layout = layer.scene.layout
    x0, x1 = layout.places[layer.index - 1].exit, layout.places[layer.index].entry
    y = round(sum(rows[0] + rows[-1] for rows in _ends(layer)) / 4)
    text = f" {layer.previous.units}{layer.scene.glyphs.times}{layer.column.units} "
    if width_of(text) > x1 - x0 + 1:
        text = ""
    return Knot(x0 + (x1 - x0 + 1 - width_of(text)) // 2, y, text)


def _bundle_emphasis(layer: Layer) -> Emphasis:
    return Emphasis.LIT if layer.column.lit_edges == "all" else layer.scene.rest


def _draw_bundle(layer: Layer, knot: Knot) -> None:
    """Gathers the weights into a knot, and spreads them again."""
    scene, layout = layer.scene, layer.scene.layout
    x0, x1 = layout.places[layer.index - 1].exit, layout.places[layer.index].entry
    before, after = _ends(layer)
    lines = [Line(x0, row, knot.x - 1, knot.y) for row in before if knot.x > x0]
    lines += [Line(end, knot.y, x1, row) for row in after if (end := knot.x + width_of(knot.text)) <= x1]
    raster = characters if scene.glyphs.ascii else braille
    style = emphasised(scene.palette.zero, _bundle_emphasis(layer))
    scene.canvas.trace((style, raster(line, Weight.THIN, Dash.SOLID)) for line in lines)
    if layer.column.lit_edges == "all" and scene.picture.direction is not None:
        forward = scene.picture.direction == "forward"
        glyph = scene.glyphs.forward if forward else scene.glyphs.backward
        for row in after if forward else before:
            scene.canvas.write(x1 if forward else x0, row, glyph, emphasised(scene.palette.arrow, Emphasis.LIT))


def _ends(layer: Layer) -> tuple[list[int], list[int]]:
    """The rows at which the strands of a bundle leave and arrive."""
    extents, top = layer.scene.layout.extents, layer.scene.layout.top
    before, after = (_strands(extents[index].rows, top) for index in (layer.index - 1, layer.index))
    return before, after


def _strands(rows: Rows, top: int) -> list[int]:
    if rows.heat is None:
        return [top + row for row in rows.at]
    strands = min(_STRANDS, len(rows.heat))
    return [top + rows.heat[0] + round((len(rows.heat) - 1) * strand / (strands - 1)) for strand in range(strands)]
