"""How the lines of weights are drawn where they share cells, and where they begin."""

import numpy as np
import pytest
from msgspec.structs import replace
from rich.style import Style

from backprop_tui.tui.drawing.diagram.diagram import Drawing
from backprop_tui.tui.drawing.diagram.diagram_styles import COLOURLESS, DARK, Palette
from backprop_tui.tui.drawing.diagram.picture import Edge
from backprop_tui.tui.drawing.diagram.scene import Lines, Stroke
from backprop_tui.tui.drawing.line_raster import braille
from backprop_tui.tui.shared.theme import THEMES, styles
from tests.tui.drawing.diagram.pictures import article, network
from tests.tui.drawing.diagram.test_diagram import is_dots, with_weights

ROOMS = [(58, 11), (78, 8), (118, 12)]


def lines_of(drawing: Drawing) -> tuple[Lines, list[Stroke], dict[tuple[int, int], tuple[str, Style | None]]]:
    """The lines of a picture, and the cells of their canvas, which nothing else is on."""
    lines = drawing.lines
    assert lines is not None
    rows = lines.canvas.strips()
    cells = {
        (x, y): (character, style)
        for y, strip in enumerate(rows)
        for x, (character, style) in enumerate((c, segment.style) for segment in strip for c in segment.text)
    }
    return lines, [stroke for strokes in lines.strokes.values() for stroke in strokes], cells


@pytest.mark.parametrize(("width", "height"), ROOMS)
def test_every_line_keeps_its_dots_where_a_heavy_one_passes(width: int, height: int) -> None:
    _, strokes, cells = lines_of(article("L").at(width, height))
    assert len({stroke.weight for stroke in strokes}) == 2
    for stroke in strokes:
        for x, y, ink in braille(stroke.line, stroke.weight, stroke.dash):
            character, _ = cells[x, y]
            assert is_dots(character)
            assert (ord(character) - 0x2800) & ink == ink, (stroke, x, y)


@pytest.mark.parametrize("palette", [DARK, styles(THEMES[-1]).drawing], ids=["dark", "high-contrast"])
@pytest.mark.parametrize(("width", "height"), ROOMS)
def test_a_cell_that_lines_of_both_signs_share_has_no_sign(width: int, height: int, palette: Palette) -> None:
    _, strokes, cells = lines_of(article("L").at(width, height, palette))
    roles: dict[tuple[int, int], set[Style]] = {}
    for stroke in strokes:
        for x, y, _ in braille(stroke.line, stroke.weight, stroke.dash):
            roles.setdefault((x, y), set()).add(stroke.role)
    assert {len(found) for found in roles.values()} == {1, 2}
    for cell, found in roles.items():
        wanted = found.pop() if len(found) == 1 else palette.zero
        _, style = cells[cell]
        assert style is not None
        assert style.color == wanted.color, cell


def test_a_weight_of_nought_has_a_whole_line_where_colours_tell_it_from_others() -> None:
    drawn = with_weights(network(1, 1), [[0.0]])
    for palette, whole in ((DARK, True), (COLOURLESS, False)):
        _, (stroke,), cells = lines_of(drawn.at(60, 6, palette))
        inked = [is_dots(cells[x, stroke.line.row(x)][0]) for x in range(stroke.line.x0, stroke.line.x1 + 1)]
        assert all(inked) is whole


@pytest.mark.parametrize(("width", "height"), ROOMS)
def test_the_line_of_a_unit_that_is_off_begins_behind_the_word_on_its_row(width: int, height: int) -> None:
    drawing = article("z2").at(width, height)
    plan = drawing.plan
    assert plan is not None
    row, left = plan.top + plan.rows[1].at[0], plan.places[1].exit
    assert drawing.strips[row].text[left : left + 5] == " off "
    assert is_dots(drawing.strips[row].text[left + 5])
    assert drawing.at(left + 5, row) == Edge(2, 0, 0)


def test_a_map_begins_behind_the_word_for_a_unit_that_is_off() -> None:
    drawn = network(4, 12, 10, lit=1)
    outlines = [*drawn.outlines.columns]
    outlines[1] = replace(outlines[1], states=True)
    drawing = drawn._replace(outlines=replace(drawn.outlines, columns=tuple(outlines))).at(118, 24)
    plan = drawing.plan
    assert plan is not None
    assert plan.gaps[2].is_map
    off = drawn.picture.columns[1].off
    assert off is not None
    for unit in np.flatnonzero(off):
        row, left = plan.top + plan.rows[1].at[unit], plan.places[1].exit
        assert drawing.strips[row].text[left : left + 4] == " off"
    for field in drawing.fields:
        assert field.layer != 2 or field.x > plan.places[1].exit + 4


def test_the_widest_name_of_an_output_has_a_line_behind_it_too() -> None:
    names = ("setosa", "versicolor", "virginica")
    drawn = network(4, 3)
    outlines = drawn.outlines.columns[0], replace(drawn.outlines.columns[1], names=names)
    drawing = drawn._replace(outlines=replace(drawn.outlines, columns=outlines)).at(118, 16)
    for name in names:
        assert any(f" {name} ─" in strip.text for strip in drawing.strips), name


@pytest.mark.parametrize("width", [52, 56, 58, 62, 70])
def test_numbers_of_a_table_are_apart(width: int) -> None:
    drawn = with_weights(network(4, 3), [[0.1983, -0.1681, 0.7274, -0.03], [2.2681, -0.5243, -2.3341, 0.0]] * 2)
    drawing = drawn.at(width, 8)
    assert drawing.plan is not None
    cells = drawing.plan.gaps[1].cells
    assert cells
    for spot in drawing.spots:
        match spot.address:
            case Edge():
                assert drawing.strips[spot.y].text[spot.x] == " "
                assert drawing.strips[spot.y].text[spot.x + 1 : spot.x + cells].strip() not in ("", "…")


def test_numbers_of_a_table_with_room_have_equally_many_decimals_and_the_first_name_is_whole() -> None:
    drawn = with_weights(network(4, 3), [[0.1983, -0.1681, 0.7274, -0.031]] * 3)
    outlines = drawn.outlines.columns[0], replace(drawn.outlines.columns[1], names=("versicolor",) * 3)
    drawing = drawn._replace(outlines=replace(drawn.outlines, columns=outlines)).at(62, 8)
    plan = drawing.plan
    assert plan is not None
    assert plan.gaps[1].cells == 7
    shown = [drawing.strips[plan.top + row].text for row in plan.rows[0].at]
    for text, number in zip(shown, ("0.198", "−0.168", "0.727", "−0.031"), strict=True):
        assert text.count(f" {number}") == 3
    assert "versicolor versi… versi…" in drawing.strips[plan.top].text
