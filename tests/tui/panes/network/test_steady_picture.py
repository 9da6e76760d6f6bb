"""Nothing in the picture moves from step to step: its geometry is made once for a scenario and a size."""

import re

import pytest
from textual.theme import BUILTIN_THEMES, Theme

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.scenario import load
from backprop_tui.tui.drawing.diagram.diagram import Drawing, draw
from backprop_tui.tui.drawing.diagram.picture import Node
from backprop_tui.tui.panes.network.diagram_picture import picture
from backprop_tui.tui.panes.network.diagram_places import places_of
from backprop_tui.tui.panes.network.network_pane import outlines
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.theme import THEMES, styles
from backprop_tui.tui.shared.view import View
from tests.tui.harness import network

SIZES = [(78, 8), (118, 14)]


def drawn(debugger: Debugger, size: tuple[int, int], theme: Theme = THEMES[0]) -> Drawing:
    notation, painted = Notation(debugger.program.symbols), styles(theme)
    view = View(debugger.moment(), notation, painted)
    places = places_of(view.moment.program)
    assert places is not None
    return draw(picture(view, places), outlines(view, places), *size, painted.drawing, notation.glyphs)


@pytest.mark.parametrize("name", ["article", "mazur", "softmax-iris", "spirals"])
@pytest.mark.parametrize("size", SIZES)
def test_the_geometry_is_the_same_at_every_step(name: str, size: tuple[int, int]) -> None:
    debugger = Debugger(load(name))
    length = debugger.timeline.length
    first = drawn(debugger, size)
    assert first.plan is not None
    chips = {
        spot
        for spot in first.spots
        if isinstance(spot.address, Node)
        and spot.address.part == "values"
        and spot.width == first.plan.places[spot.address.column].chip_width  # not that of its name
    }
    assert chips
    for step in (*range(1, length + 1), 2 * length, 20 * length + 3):
        debugger.seek(step)
        found = drawn(debugger, size)
        assert found.plan is first.plan
        assert chips <= {*found.spots}


@pytest.mark.parametrize("name", ["article", "softmax-iris", "xor"])
@pytest.mark.parametrize("size", [(58, 11), (78, 9), (98, 13), (118, 14)])
def test_a_bias_and_its_gradient_have_room_at_every_step(name: str, size: tuple[int, int]) -> None:
    debugger = Debugger(load(name))
    for _ in range(2 * debugger.timeline.length):
        debugger.advance()
        rows = "\n".join(strip.text for strip in drawn(debugger, size).strips)
        assert not re.search("[b∂] …|→ …", rows)


@pytest.mark.parametrize("size", SIZES)
def test_an_edit_moves_nothing(size: tuple[int, int]) -> None:
    debugger = Debugger(load("article"))
    first = drawn(debugger, size)
    debugger.seek("z1")
    debugger.assign("W2[0,1]", 123456.789)
    debugger.seek("1:L")
    assert drawn(debugger, size).plan is first.plan


@pytest.mark.parametrize("name", ["digits", "spirals"])
def test_maps_are_drawn_in_sixteen_colours_which_cannot_be_blended(name: str) -> None:
    debugger = Debugger(load(name))
    debugger.advance(4)
    for theme in ("ansi-dark", "ansi-light"):
        shaded = drawn(debugger, (78, 12), BUILTIN_THEMES[theme])
        colours = {segment.style.color for row in shaded.strips for segment in row if segment.style is not None}
        assert len(colours) > 2


@pytest.mark.parametrize("size", [(58, 11), (78, 8)])
@pytest.mark.parametrize("name", ["mazur", "spirals"])
def test_an_input_is_never_left_out(name: str, size: tuple[int, int]) -> None:
    drawing = drawn(Debugger(load(name)), size)
    chips = [spot for spot in drawing.spots if spot.address in (Node(0, 0), Node(0, 1))]
    assert len(chips) == 2
    for spot in chips:
        assert float(drawing.strips[spot.y].text[spot.x : spot.x + spot.width].replace("−", "-")) != 0
    assert any(isinstance(spot.address, Node) and spot.address.part == "loss" for spot in drawing.spots)


def test_how_far_a_map_reaches_stands_apart_from_the_number_beside_it() -> None:
    """`0.586` and `1: 0.3159` beside each other read as one number."""
    debugger = Debugger(load("digits"))
    debugger.seek("L")
    row = next(strip.text for strip in drawn(debugger, (78, 9)).strips if "0.3159" in strip.text)
    assert re.search(r"−0\.\d+ to \+0\.\d+ {2,}1: 0\.3159", row)


def test_no_arrow_lies_over_the_word_for_a_unit_that_is_off() -> None:
    debugger = Debugger(network(6, 12, 5, 3, batch=4))
    debugger.seek("1:delta3")
    text = "\n".join(strip.text for strip in drawn(debugger, (118, 14)).strips)
    assert "off" in text
    assert "ff" not in text.replace("off", "")
