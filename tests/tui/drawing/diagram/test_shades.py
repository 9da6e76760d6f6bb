"""Maps and strips: what is written in them and under them."""

import math
import re

import numpy as np
import pytest
from msgspec.structs import replace
from rich.color import Color
from rich.style import Style

from backprop_tui.tui.drawing.diagram.diagram_styles import DARK, LEVELS
from backprop_tui.tui.drawing.diagram.unit_rows import Kind
from backprop_tui.tui.drawing.glyphs import ASCII, UNICODE, Glyphs
from tests.tui.drawing.diagram.pictures import SIXTEEN, Drawn, network
from tests.tui.drawing.diagram.test_diagram import styles, text, with_weights


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@pytest.mark.parametrize(("width", "height"), [(58, 11), (78, 9), (98, 13), (118, 30)])
def test_under_a_map_stands_how_far_its_numbers_reach(width: int, height: int, glyphs: Glyphs) -> None:
    drawing = network(64, 32, 10, lit=1, image=(8, 8)).at(width, height, DARK, glyphs)
    maps = [field for field in drawing.fields if field.part == "weights"]
    assert len(maps) == 2
    for field in maps:
        y = field.y + field.height
        if y < height and drawing.plan is not None:
            gap = drawing.plan.gaps[field.layer]
            said = drawing.strips[y].text[gap.left : gap.right + 1]
            assert re.match(r" +([−-][\d.]+ to \+[\d.]+|(±|\+-)[\d.]+) ", said), said


def test_what_is_not_a_number_is_seen_in_a_map() -> None:
    weights = np.full((12, 10), 0.5)
    weights[3, 3:5] = math.nan
    drawing = with_weights(network(10, 12), weights.tolist()).at(60, 20)
    marks = [
        style
        for y, strip in enumerate(drawing.strips)
        for character, style in zip(strip.text, styles(drawing, y), strict=True)
        if character == "!"
    ]
    assert marks
    for style in marks:
        assert style is not None
        assert style.color == DARK.odd.color
        assert style.color != style.bgcolor


def numbers(style: Style) -> tuple[int | None, int | None]:
    """Which of the sixteen the colours of a style are."""
    return style.color.number if style.color else None, style.bgcolor.number if style.bgcolor else None


def test_in_sixteen_colours_a_map_at_rest_is_quieter_and_nothing_in_it_is_blank() -> None:
    loud, quiet = (SIXTEEN.halves(LEVELS, -LEVELS, quiet=one)[1] for one in (False, True))
    assert (loud.color, loud.bgcolor) == (Color.parse("bright_cyan"), Color.parse("bright_yellow"))
    assert numbers(quiet) == (Color.parse("cyan").number, Color.parse("yellow").number)
    assert SIXTEEN.marked(LEVELS).bgcolor == Color.parse("bright_cyan")
    assert numbers(SIXTEEN.marked(LEVELS, quiet=True))[1] == Color.parse("cyan").number
    weights = np.zeros((30, 30))
    weights[12, 12] = 1.0
    drawing = with_weights(network(30, 30), weights.tolist()).at(90, 24, SIXTEEN)
    (field,) = (field for field in drawing.fields if field.part == "weights")
    for y in range(field.y, field.y + field.height):
        assert " " not in drawing.strips[y].text[field.x : field.x + field.width]


def probabilities() -> Drawn:
    """A picture whose outputs are classes with names, the second the most probable."""
    drawn = network(64, 32, 10, image=(8, 8))
    columns, outlines = [*drawn.picture.columns], [*drawn.outlines.columns]
    columns[-1] = replace(columns[-1], values=np.where(np.arange(10) == 1, 0.3159, 0.05))
    outlines[-1] = replace(outlines[-1], names=tuple("0123456789"))
    picture = replace(drawn.picture, columns=columns)
    return Drawn(picture, replace(drawn.outlines, columns=tuple(outlines)))


def test_the_number_that_is_looked_at_is_marked_in_its_shade_and_apart_from_its_name() -> None:
    drawing = probabilities().at(78, 9)
    plan = drawing.plan
    assert plan is not None
    assert plan.rows[-1].kind is Kind.STRIP
    assert "1: 0.3159" in text(drawing)
    y, x = plan.top + plan.rows[-1].at[1], plan.places[-1].chip + 1
    assert drawing.strips[y].text[x] == "●"
    style = styles(drawing, y)[x]
    assert style is not None
    assert style.bgcolor == DARK.marked(LEVELS).bgcolor
