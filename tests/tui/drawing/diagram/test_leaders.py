"""Nothing stands apart from what leads to it, whichever of its numbers are computed."""

import pytest
from msgspec.structs import replace

from backprop_tui.tui.drawing.diagram.plan import STRIP
from backprop_tui.tui.drawing.diagram.shades import place_of
from backprop_tui.tui.drawing.diagram.unit_rows import Kind
from tests.tui.drawing.diagram.pictures import Drawn, network


def with_biases(drawn: Drawn, beside: int) -> Drawn:
    """The same with biases of the last column, of so many cells."""
    columns, outlines = [*drawn.picture.columns], [*drawn.outlines.columns]
    columns[-1] = replace(columns[-1], biases=columns[-1].values)
    outlines[-1] = replace(outlines[-1], bias=beside)
    picture = replace(drawn.picture, columns=columns)
    return Drawn(picture, replace(drawn.outlines, columns=tuple(outlines), target=3))


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize(("width", "height"), [(56, 11), (78, 9), (98, 13), (118, 24)])
def test_there_is_no_blank_between_a_strip_and_what_follows_it(width: int, height: int, backward: bool) -> None:
    drawing = network(64, 32, 10, lit=1, backward=backward, image=(8, 8)).at(width, height)
    plan = drawing.plan
    assert plan is not None
    assert plan.rows[1].kind is Kind.STRIP
    place, row = plan.places[1], drawing.strips[place_of(plan, 2).middle].text
    assert " " not in row[place.chip : place.chip + STRIP]
    assert "    " not in row[place.chip : plan.gaps[2].left + 1]
    assert plan.loss is not None
    if plan.rows[2].kind is Kind.STRIP:
        row, last = drawing.strips[plan.top + plan.loss.row].text, plan.places[2]
        assert " " not in row[(last.delta if backward else last.chip) : plan.loss.bus]


@pytest.mark.parametrize("backward", [False, True])
def test_lines_begin_at_the_chips_where_nothing_has_flowed_back_yet(backward: bool) -> None:
    drawing = network(2, 16, 16, 1, lit=1, backward=backward).at(108, 26)
    plan = drawing.plan
    assert plan is not None
    assert not plan.gaps[3].is_map
    place = plan.places[2]
    assert place.delta > place.chip
    for row in plan.rows[2].at:
        behind = (place.delta if backward else place.chip) + place.chip_width
        assert " " not in drawing.strips[plan.top + row].text[behind : place.exit]


def test_outputs_whose_bias_is_beside_them_are_reached_by_the_arrow_and_by_lines() -> None:
    drawing = with_biases(network(64, 32, 10, lit=2, image=(8, 8)), 8).at(98, 13)
    plan = drawing.plan
    assert plan is not None
    assert plan.places[2].bias >= 0
    row = drawing.strips[place_of(plan, 2).middle].text
    assert "   " not in row[plan.gaps[2].right : plan.places[2].chip]
    for unit in plan.rows[2].at:
        text = drawing.strips[plan.top + unit].text
        assert "    " not in text[plan.places[2].chip + plan.places[2].chip_width : plan.loss.bus if plan.loss else 0]


def test_the_word_for_a_unit_that_is_off_is_not_apart_from_its_chip() -> None:
    drawn = network(4, 12, 10, lit=1)
    outlines = [*drawn.outlines.columns]
    outlines[1] = replace(outlines[1], states=True)
    drawing = drawn._replace(outlines=replace(drawn.outlines, columns=tuple(outlines))).at(118, 16)
    plan, off = drawing.plan, drawn.picture.columns[1].off
    assert plan is not None
    assert off is not None
    assert plan.gaps[2].is_map
    assert plan.places[1].delta > plan.places[1].chip
    for unit in off.nonzero()[0]:
        text = drawing.strips[plan.top + plan.rows[1].at[unit]].text
        behind, _, _ = text[plan.places[1].chip + plan.places[1].chip_width :].partition(" off ")
        assert behind
        assert " " not in behind
