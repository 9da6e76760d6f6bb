"""The weights between two columns as lines, with their numbers on all of them or on none; or as a table of numbers,
where lines would have no room for theirs: a row for each input, beside it, and a column for each unit that it leads to.
"""

import math
from collections.abc import Hashable
from operator import attrgetter

import numpy as np
from msgspec import Struct
from rich.style import Style

from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.diagram.diagram_styles import Emphasis, emphasised
from backprop_tui.tui.drawing.diagram.edge_labels import anchor
from backprop_tui.tui.drawing.diagram.picture import Array, Column, Edge, among
from backprop_tui.tui.drawing.diagram.plan import Labels
from backprop_tui.tui.drawing.diagram.scene import Lines, Scene, Stroke, short
from backprop_tui.tui.drawing.glyphs import ASKED
from backprop_tui.tui.drawing.line_raster import Dash, Weight, braille, characters

_WIDEST = 7
"""Cells of one number on an edge."""
_SPACED = 15
"""Cells from which on an arrow between two numbers has spaces around it."""
_KEPT = 64
"""How many pictures of the lines are kept."""
_PADDED = " −0."
"""What is before the decimals of a number in a table,"""
_FEWEST = 2
"""which are so many at least, where one has room for them."""
_LARGEST = 0.9
"""The share of the largest weight from which on a line is two dots wide,"""
_OF_MANY = 3
"""where at most one of so many is."""


class Layer(Struct, frozen=True):
    """The weights that enter one column, as lines."""

    scene: Scene
    index: int

    @property
    def column(self) -> Column:
        """The column that the weights enter."""
        return self.scene.picture.columns[self.index]

    def strokes(self) -> list[Stroke]:
        """The lines of all weights; those of what is not a number are not drawn, and only say so."""
        column, plan, styles = self.column, self.scene.plan, self.scene.styles
        weights, thickest = column.weights, _thickest(column.weights)
        # Where colours tell signs apart, dashes and dots would only make a blob, or a cloud, of lines that cross.
        told = self.scene.glyphs.ascii or styles.colourless
        nothing, below = (Dash.DOTTED, Dash.DASHED) if told else (Dash.SOLID, Dash.SOLID)
        found = []
        starts = self.starts()
        for unit in range(plan.outlines.columns[self.index].units):
            for source, start in enumerate(starts):
                weight = 0.0 if weights is None else float(weights[unit, source])
                thick = Weight.MEDIUM if abs(weight) >= thickest else Weight.THIN
                line = plan.line(self.index, unit, source)._replace(x0=start)
                if not math.isfinite(weight):
                    look = Weight.FAINT, Dash.DOTTED, styles.odd
                elif weight == 0.0:
                    look = Weight.THIN, nothing, styles.zero
                elif weight > 0.0:
                    look = thick, Dash.SOLID, styles.positive
                else:
                    look = thick, below, styles.negative
                found.append(Stroke(unit, source, line, *look))
        return found

    def starts(self) -> list[int]:
        """The cell at which the lines of each source begin: behind a word that says why it passes nothing on."""
        gap, before = self.scene.plan.gaps[self.index], self.scene.picture.columns[self.index - 1]
        units = self.scene.plan.outlines.columns[self.index - 1].units
        if before.off is None and before.dropped is None:
            return [gap.left] * units
        words = (self.scene.state(self.index - 1, unit) for unit in range(units))
        return [min(max(gap.left, x + len(word)), gap.right) for x, word in words]

    def is_lit(self, stroke: Stroke) -> bool:
        """Whether the operation uses a weight, or it is selected."""
        selected = Edge(self.index, stroke.unit, stroke.source).along(self.scene.picture.selected)
        return selected or among(self.column.lit_edges, (stroke.unit, stroke.source))


def lines_of(scene: Scene, kept: dict[Hashable, Lines]) -> Lines:
    """All lines, those in use over the others; those `kept` where they are the same, and they are kept then."""
    columns, selected = scene.picture.columns, scene.picture.selected
    of = (*(column.weights for column in columns), scene.styles, scene.glyphs)
    lit = (lit if isinstance(lit := column.lit_edges, str | None) else frozenset(lit) for column in columns)
    layers = _layers(scene)
    starts = tuple(start for layer in layers for start in layer.starts())
    key = (*map(id, of), scene.rest, selected if isinstance(selected, Edge) else None, *lit, starts)
    if key not in kept:
        if len(kept) >= _KEPT:
            kept.clear()
        found = Lines(of, {layer.index: layer.strokes() for layer in layers}, scene.canvas)
        for emphasis, lit_ones in ((scene.rest, False), (Emphasis.LIT, True)):
            for layer in layers:
                strokes = [stroke for stroke in found.strokes[layer.index] if layer.is_lit(stroke) is lit_ones]
                _trace(scene, strokes, emphasis)
        kept[key] = found
    return kept[key]


def draw_labels(scene: Scene, lines: Lines) -> None:
    """Writes the numbers of weights on their lines."""
    for layer in _layers(scene):
        labels = scene.plan.labels(layer.index)
        if labels is not None and _says_numbers(layer):
            for stroke in lines.strokes[layer.index]:
                _label(layer, stroke, labels)


def _layers(scene: Scene) -> list[Layer]:
    gaps = enumerate(scene.plan.gaps)
    return [Layer(scene, index) for index, gap in gaps if index and not (gap.is_map or gap.cells)]


def edge_at(lines: Lines, x: int, y: int) -> Edge | None:
    """The weight whose line passes through a cell, nearest to its middle."""
    near = [
        (stroke.line.distance(x, y), index, stroke.unit, stroke.source)
        for index, strokes in lines.strokes.items()
        for stroke in strokes
        if stroke.line.passes(x, y)
    ]
    return Edge(*min(near)[1:]) if near else None


def _says_numbers(layer: Layer) -> bool:
    """Whether the numbers are written: while the weights are in use, or one is selected, or nothing is in use."""
    selected = layer.scene.picture.selected
    chosen = isinstance(selected, Edge) and selected.column == layer.index
    return layer.column.weights is not None and (bool(layer.column.lit_edges) or chosen or layer.scene.picture.idle)


def _trace(scene: Scene, strokes: list[Stroke], emphasis: Emphasis) -> None:
    """Draws the light lines first, so that characters of heavier ones are over theirs; dots they share, without a sign
    where both pass. What is not a number has none.
    """
    raster = characters if scene.glyphs.ascii else braille
    scene.canvas.trace(
        (
            (emphasised(stroke.role, emphasis), raster(stroke.line, stroke.weight, stroke.dash))
            for stroke in sorted(strokes, key=attrgetter("weight"))
            if stroke.weight is not Weight.FAINT
        ),
        emphasised(scene.styles.zero, emphasis),
    )


def _thickest(weights: Array | None) -> float:
    """The |weight| from which on a line is two dots wide: a few of many stand out, or none."""
    if weights is None:
        return math.inf
    sizes = np.abs(weights[np.isfinite(weights)])
    least = _LARGEST * float(sizes.max(initial=0.0))
    return least if 0 < int((sizes >= least).sum()) <= max(1, sizes.size // _OF_MANY) and least > 0 else math.inf


def _label(layer: Layer, stroke: Stroke, labels: Labels) -> None:
    scene, column = layer.scene, layer.column
    spot, address = labels.spots[stroke.unit, stroke.source], Edge(layer.index, stroke.unit, stroke.source)
    text = _text(layer, stroke, labels)
    fresh = column.fresh == "weights" and layer.is_lit(stroke)
    selected = scene.picture.selected
    emphasis = Emphasis.FRESH if fresh else Emphasis.LIT if layer.is_lit(stroke) else scene.rest
    if address == selected:
        emphasis = Emphasis.SELECTED
    role = stroke.role if column.gradients is None else scene.styles.delta
    x = spot.x + max(0, anchor(labels.width + 2) - (width_of(text) + 2) // 2)  # about where its line passes
    scene.canvas.write(x, spot.y, " " * (width_of(text) + 2), scene.styles.zero)
    scene.canvas.write(x + 1, spot.y, text, emphasised(role, emphasis))
    scene.answer(x + 1, spot.y, width_of(text), address)


def _text(layer: Layer, stroke: Stroke, labels: Labels) -> str:
    column, writer, at = layer.column, layer.scene.writer, (stroke.unit, stroke.source)
    decimals = layer.scene.plan.outlines.decimals

    def short(values: Array) -> str:
        return writer.short(float(values[at]) + 0.0, min(_WIDEST, labels.width), decimals)

    if column.asked == "weights" and (column.weights_before is None or not labels.both):
        return ASKED
    if column.gradients is not None:
        return short(column.gradients)
    if column.weights is None:
        return writer.glyphs.absent
    if column.weights_before is None or not labels.both:
        return short(column.weights)
    joint = writer.glyphs.becomes if labels.width < _SPACED else f" {writer.glyphs.becomes} "
    before = float(column.weights_before[at]) + 0.0
    if column.asked == "weights":
        return f"{writer.short(before, labels.width // 2, decimals)}{joint}{ASKED}"
    value = float(column.weights[at]) + 0.0
    return writer.change(before, value, joint, labels.width, decimals) or short(column.weights)


def draw_table(scene: Scene, index: int) -> None:
    """Draws the weights, or their gradients while those are what is shown."""
    column, gap, plan = scene.picture.columns[index], scene.plan.gaps[index], scene.plan
    numbers = column.weights if column.gradients is None else column.gradients
    outline = plan.outlines.columns[index]
    left = gap.left + (gap.width - gap.cells * outline.units) // 2
    decimals = max(gap.cells - width_of(_PADDED), _FEWEST)
    for unit in range(outline.units):
        x = left + unit * gap.cells
        name = scene.glyphs.text(outline.names[unit]) if outline.names else f"[{unit}]"
        head = short(name, gap.cells - 1 if unit else x + gap.cells, scene.glyphs)  # nothing is left of the first
        style = emphasised(scene.styles.name, Emphasis.LIT if column.lit_edges else scene.rest)
        scene.canvas.write(x + gap.cells - width_of(head), plan.top, head, style)
        for source, row in enumerate(plan.rows[index - 1].at):
            value = None if numbers is None else float(numbers[unit, source]) + 0.0
            address, text = Edge(index, unit, source), scene.glyphs.absent
            if column.asked == "weights":
                text = ASKED
            elif value is not None:
                text = scene.writer.short(value, gap.cells - 1, min(plan.outlines.decimals, decimals))
            padded = text.rjust(gap.cells - 1)
            scene.canvas.write(x + 1, plan.top + row, padded, _number_style(scene, address, value))
            scene.answer(x, plan.top + row, gap.cells, address)


def _number_style(scene: Scene, address: Edge, value: float | None) -> Style:
    """A weight is a chip in the colour of its sign, a gradient in that of what flows back; a zero stands alone."""
    column, styles = scene.picture.columns[address.column], scene.styles
    emphasis = _emphasis_of(scene, address)
    if not value:
        return emphasised(styles.zero, emphasis)
    if not math.isfinite(value):
        return emphasised(styles.odd, emphasis)
    by_sign = styles.negative_chips if value < 0 else styles.positive_chips
    return (by_sign if column.gradients is None else styles.delta_chips)[emphasis]


def _emphasis_of(scene: Scene, address: Edge) -> Emphasis:
    column = scene.picture.columns[address.column]
    if scene.picture.selected == address:
        return Emphasis.SELECTED
    if among(column.lit_edges, (address.unit, address.source)):
        return Emphasis.FRESH if column.fresh == "weights" else Emphasis.LIT
    return scene.rest
