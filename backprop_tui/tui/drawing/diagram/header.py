"""The row over the picture: what the columns and the weights between them are called, and which way it flows."""

from rich.style import Style

from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.diagram.diagram_styles import Emphasis, emphasised
from backprop_tui.tui.drawing.diagram.scene import Scene


def draw_header(scene: Scene) -> None:
    """Writes what stands in the columns, then the names of weights where room is left."""
    ends, starts = [0], []
    for column, place in zip(scene.picture.columns, scene.plan.places, strict=True):
        text = scene.glyphs.text(column.label)
        starts.append(place.chip)
        emphasis = Emphasis.LIT if column.lit else scene.rest
        end = _write(scene, place.chip + bool(place.room), text, scene.styles.label, emphasis, ends[-1])
        if column.delta_label and (column.deltas is not None or column.asked == "deltas"):
            emphasis = Emphasis.LIT if column.lit_deltas else scene.rest
            x = max(end + 1, place.delta + 1 if place.delta > place.chip else 0)
            end = _write(scene, x, scene.glyphs.text(column.delta_label), scene.styles.delta, emphasis, end)
        ends.append(end + 1)
    for index in range(1, len(starts)):
        _weight_label(scene, index, ends[index], starts[index] - 1)
    loss = scene.plan.loss
    if loss is not None:
        emphasis = Emphasis.LIT if scene.picture.loss.lit else scene.rest
        text = scene.glyphs.text(scene.picture.loss.label)
        _write(scene, loss.chip + 1, text, scene.styles.label, emphasis, ends[-1])


def _write(scene: Scene, x: int, text: str, style: Style, emphasis: Emphasis, after: int) -> int:
    """Writes a label from a cell on, unless it would run into what is before it; the cell after it."""
    if x < after or x + width_of(text) > scene.plan.width:
        return after
    scene.canvas.write(x, 0, text, emphasised(style, emphasis))
    return x + width_of(text)


def _weight_label(scene: Scene, index: int, start: int, end: int) -> None:
    column, gap, glyphs = scene.picture.columns[index], scene.plan.gaps[index], scene.glyphs
    text = glyphs.text(column.weight_label)
    emphasis = Emphasis.LIT if column.lit_edges else scene.rest
    x = max((gap.left + gap.right + 1 - width_of(text)) // 2, start + 2)
    if x + width_of(text) > end:
        return
    scene.canvas.write(x, 0, text, emphasised(scene.styles.label, emphasis))
    style = emphasised(scene.styles.arrow, emphasis)
    if scene.picture.direction == "forward" and x + width_of(text) + 2 <= end:
        scene.canvas.write(x + width_of(text) + 1, 0, glyphs.forward, style)
    if scene.picture.direction == "backward" and x - 2 >= start:
        scene.canvas.write(x - 2, 0, glyphs.backward, style)
