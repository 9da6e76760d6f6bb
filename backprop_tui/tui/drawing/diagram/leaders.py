"""Leaders: lines over the room that a column keeps for numbers which are not there, a bias beside its chip, what flows
back, a number of a mistaken run; so that what leads to a unit touches it, and what it leads to is not apart from it.
"""

from backprop_tui.tui.drawing.diagram.diagram_styles import emphasised
from backprop_tui.tui.drawing.diagram.plan import STRIP
from backprop_tui.tui.drawing.diagram.scene import Scene
from backprop_tui.tui.drawing.diagram.shades import place_of
from backprop_tui.tui.drawing.diagram.unit_rows import Kind


def draw_leaders(scene: Scene, index: int) -> None:
    """Draws those of a column, under all that is written there."""
    place, last = scene.plan.places[index], len(scene.plan.places) - 1
    if place.bias >= 0:
        for _, y in _rows(scene, index, index):
            _draw(scene, place.left, place.chip, y, scene.glyphs.leader)
    glyph = scene.glyphs.leader if index < last else scene.glyphs.rule
    start = _behind(scene, index)
    if start == place.exit:
        return
    for unit, y in _rows(scene, index, index + 1):
        end = place.exit if scene.picture.columns[index].other(unit) is None else place.other
        _draw(scene, start, end, y, glyph)


def _behind(scene: Scene, index: int) -> int:
    """The first cell of a column behind its numbers."""
    column, place, kind = scene.picture.columns[index], scene.plan.places[index], scene.plan.rows[index].kind
    wide = STRIP if kind is Kind.STRIP else place.width if kind is Kind.IMAGE else place.chip_width
    flows = column.deltas is not None or column.asked == "deltas"
    return (place.delta if flows and scene.plan.outlines.columns[index].deltas else place.chip) + wide


def _rows(scene: Scene, index: int, gap: int) -> list[tuple[int, int]]:
    """The units of a column that something leads to or from, over a gap beside it, each with its row: all of them, or
    the one beside the arrow of a map, or on the way to L; and those that a word is said of, behind the column.
    """
    plan, own = scene.plan, scene.plan.rows[index]
    rows = [(unit, plan.top + row) for unit, row in enumerate(own.at)]
    if gap == len(plan.places):
        only = None if own.kind is Kind.CHIPS or plan.loss is None else plan.top + plan.loss.row
    elif plan.gaps[gap].cells:
        return []
    else:
        only = place_of(plan, gap).middle if plan.gaps[gap].is_map else None
    if only is None:
        return rows
    said = [(unit, row) for unit, row in rows if gap > index and own.kind is Kind.CHIPS and scene.state(index, unit)[1]]
    return [*said, *[(unit, row) for unit, row in rows if row == only][:1]]


def _draw(scene: Scene, start: int, end: int, y: int, glyph: str) -> None:
    scene.canvas.write(start, y, glyph * (end - start), emphasised(scene.styles.zero, scene.rest))
