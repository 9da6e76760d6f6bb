"""The weights of the inputs as a table of numbers, where lines would have no room for theirs: a row for each input,
beside it, and a column for each unit that it leads to, under its name.
"""

import math

from rich.style import Style

from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.diagram.diagram_styles import Emphasis, emphasised
from backprop_tui.tui.drawing.diagram.picture import Edge
from backprop_tui.tui.drawing.diagram.scene import Scene, short
from backprop_tui.tui.drawing.glyphs import ASKED


def draw_table(scene: Scene, index: int) -> None:
    """Draws the weights, or their gradients while those are what is shown."""
    column, gap, plan = scene.picture.columns[index], scene.plan.gaps[index], scene.plan
    numbers = column.weights if column.gradients is None else column.gradients
    outline = plan.outlines.columns[index]
    left = gap.left + (gap.width - gap.cells * outline.units) // 2
    for unit in range(outline.units):
        x = left + unit * gap.cells
        name = scene.glyphs.text(outline.names[unit]) if outline.names else f"[{unit}]"
        head = short(name, gap.cells - 1, scene.glyphs)
        style = emphasised(scene.styles.name, Emphasis.LIT if column.lit_edges else scene.rest)
        scene.canvas.write(x + gap.cells - width_of(head), plan.top, head, style)
        for source, row in enumerate(plan.rows[index - 1].at):
            value = None if numbers is None else float(numbers[unit, source]) + 0.0
            address, text = Edge(index, unit, source), scene.glyphs.absent
            if column.asked == "weights":
                text = ASKED
            elif value is not None:
                text = scene.writer.short(value, gap.cells - (value >= 0), plan.outlines.decimals)
            padded = " " * (gap.cells - width_of(text)) + text
            scene.canvas.write(x, plan.top + row, padded, _style(scene, address, value))
            scene.answer(x, plan.top + row, gap.cells, address)


def _style(scene: Scene, address: Edge, value: float | None) -> Style:
    """A weight is a chip in the colour of its sign, a gradient in that of what flows back; a zero stands alone."""
    column, styles = scene.picture.columns[address.column], scene.styles
    emphasis = _emphasis(scene, address)
    if not value:
        return emphasised(styles.zero, emphasis)
    if not math.isfinite(value):
        return emphasised(styles.odd, emphasis)
    by_sign = styles.negative_chips if value < 0 else styles.positive_chips
    return (by_sign if column.gradients is None else styles.delta_chips)[emphasis]


def _emphasis(scene: Scene, address: Edge) -> Emphasis:
    column = scene.picture.columns[address.column]
    if scene.picture.selected == address:
        return Emphasis.SELECTED
    lit = column.lit_edges
    if lit == "all" or (lit is not None and (address.unit, address.source) in lit):
        return Emphasis.FRESH if column.fresh == "weights" else Emphasis.LIT
    return scene.rest
