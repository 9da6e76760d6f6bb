"""The row over the picture: what the columns and the weights between them are called, and which way it flows. A name of
weights that has no room there is in the row below, where that is blank.
"""

from rich.style import Style

from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.diagram.diagram_styles import Emphasis, emphasised
from backprop_tui.tui.drawing.diagram.scene import Scene


def draw_header(scene: Scene) -> None:
    """Writes what stands in the columns, then the names of weights where room is left."""
    ends, starts = [0], []
    for column, place in zip(scene.picture.columns, scene.plan.places, strict=True):
        text = scene.glyphs.text(column.label)
        starts.append(place.chip + bool(place.room))
        emphasis = Emphasis.LIT if column.lit else scene.rest
        end = _write(scene, starts[-1], text, scene.styles.label, emphasis, ends[-1])
        if column.delta_label and (column.deltas is not None or column.asked == "deltas"):
            emphasis = Emphasis.LIT if column.lit_deltas else scene.rest
            x = max(end + 1, place.delta + 1 if place.delta > place.chip else 0)
            end = _write(scene, x, scene.glyphs.text(column.delta_label), scene.styles.delta, emphasis, end)
        ends.append(end + 1)
    for index in range(1, len(starts)):
        if not _weight_label(scene, index, 0, ends[index], starts[index] - 1) and scene.plan.top > 1:
            before, after = (place.left + place.width // 2 for place in scene.plan.places[index - 1 : index + 1])
            _weight_label(scene, index, 1, before + 1, after)
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


def _weight_label(scene: Scene, index: int, y: int, start: int, end: int) -> bool:
    """Writes what a matrix is called, with an arrow where there is room for it; whether it has room itself."""
    column, gap, glyphs = scene.picture.columns[index], scene.plan.gaps[index], scene.glyphs
    text = glyphs.text(column.weight_label)
    wide, emphasis = width_of(text), Emphasis.LIT if column.lit_edges else scene.rest
    x = min(max((gap.left + gap.right + 1 - wide) // 2, start + 2), end - wide)
    if x < start:
        return False
    scene.canvas.write(x, y, text, emphasised(scene.styles.label, emphasis))
    style = emphasised(scene.styles.arrow, emphasis)
    if scene.picture.direction == "forward" and x + wide + 2 <= end:
        scene.canvas.write(x + wide + 1, y, glyphs.forward, style)
    if scene.picture.direction == "backward" and x - 2 >= start:
        scene.canvas.write(x - 2, y, glyphs.backward, style)
    return True
