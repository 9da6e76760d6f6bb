"""The row over the diagram: what the columns and the weights between them are called, and which way it flows."""

from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.diagram.diagram_styles import Emphasis, emphasised
from backprop_tui.tui.drawing.diagram.scene import Scene


def draw_header(scene: Scene) -> None:
    """Writes the labels of columns, then those of weights where room is left."""
    ends, starts = [0], []
    for column, place in zip(scene.picture.columns, scene.layout.places, strict=True):
        text = scene.glyphs.text(column.label)
        x = min(max(place.left + (place.width - width_of(text)) // 2, 0), scene.layout.width - width_of(text))
        emphasis = Emphasis.LIT if column.lit or column.lit_deltas else scene.rest
        starts.append(x)
        if x >= ends[-1]:
            scene.canvas.write(x, 0, text, emphasised(scene.palette.label, emphasis))
            ends.append(x + width_of(text) + 1)
        else:
            ends.append(ends[-1])
    for index in range(1, len(starts)):
        _draw_weight_label(scene, index, ends[index], starts[index] - 1)


def _draw_weight_label(scene: Scene, index: int, start: int, end: int) -> None:
    column, places, glyphs = scene.picture.columns[index], scene.layout.places, scene.glyphs
    text = glyphs.text(column.weight_label)
    emphasis = Emphasis.LIT if column.lit_edges else scene.rest
    middle = (places[index - 1].exit + places[index].entry + 1) // 2
    x = middle - width_of(text) // 2
    if x < start or x + width_of(text) > end:
        return
    scene.canvas.write(x, 0, text, emphasised(scene.palette.label, emphasis))
    style = emphasised(scene.palette.arrow, emphasis)
    if scene.picture.direction == "forward" and x + width_of(text) + 2 <= end:
        scene.canvas.write(x + width_of(text) + 1, 0, glyphs.forward, style)
    if scene.picture.direction == "backward" and x - 2 >= start:
        scene.canvas.write(x - 2, 0, glyphs.backward, style)
