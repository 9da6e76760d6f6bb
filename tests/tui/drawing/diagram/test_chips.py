"""What is written beside the chips of units."""

from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from rich.style import Style

from backprop_tui.tui.drawing.diagram.diagram import Drawing
from backprop_tui.tui.drawing.diagram.diagram_styles import DARK
from backprop_tui.tui.drawing.diagram.picture import Node, plain
from backprop_tui.tui.drawing.figures import Writer
from backprop_tui.tui.drawing.glyphs import UNICODE
from tests.tui.drawing.diagram.pictures import article
from tests.tui.drawing.diagram.test_diagram import styles, written

ROOMS = [(58, 11), (78, 8), (118, 12)]


def updated(width: int, height: int, **more: Any) -> Drawing:
    """The article's network after its first biases have moved as those of xor do."""
    drawn = article("W2")
    columns = [*drawn.picture.columns]
    columns[1] = replace(
        columns[1],
        biases=np.array([-1.5091, 3.6234]),
        biases_before=np.array([-1.5084, 3.6215]),
        lit_bias="all",
        **{"fresh": "bias", **more},
    )
    return drawn._replace(picture=replace(drawn.picture, columns=columns)).at(width, height)


@pytest.mark.parametrize(("width", "height"), ROOMS)
def test_a_bias_before_and_after_its_update_has_equally_many_digits(width: int, height: int) -> None:
    drawing = updated(width, height)
    assert written(drawing, Node(1, 0, "bias")) == ["−1.5084 → −1.5091"]
    assert written(drawing, Node(1, 1, "bias")) == ["3.6215 → 3.6234"]


@pytest.mark.parametrize("room", range(5, 20))
def test_a_change_has_equally_many_digits_or_is_not_said_to_be_none(room: int) -> None:
    text = Writer(plain, UNICODE).change(-1.5384, -1.5391, " → ", room, 4)
    assert text == (None if room < 15 else "−1.538 → −1.539" if room < 17 else "−1.5384 → −1.5391")
    assert Writer(plain, UNICODE).change(0.1, 0.1, " → ", room, 4) == (None if room < 9 else "0.1 → 0.1")


def test_the_change_of_the_only_outputs_bias_has_room_over_the_line_to_l() -> None:
    drawn = article("W2")
    columns = [*drawn.picture.columns]
    columns[2] = replace(columns[2], biases=np.array([-0.6843]), biases_before=np.array([-0.6793]), lit_bias="all")
    drawing = drawn._replace(picture=replace(drawn.picture, columns=columns)).at(78, 8)
    assert written(drawing, Node(2, 0, "bias")) == ["−0.6793 → −0.6843"]


def test_a_bias_that_is_asked_for_has_a_question_mark_in_its_place() -> None:
    assert written(updated(78, 8, fresh=None, asked="bias"), Node(1, 0, "bias")) == ["−1.5084 → ?"]


def inks(drawing: Drawing, address: Node) -> set[Style | None]:
    (spot,) = [spot for spot in drawing.spots if spot.address == address]
    return {*styles(drawing, spot.y)[spot.x : spot.x + spot.width]}


def test_a_bias_in_use_has_the_colour_of_its_sign_and_a_new_one_is_marked() -> None:
    drawing = updated(78, 8)
    for unit, role in ((0, DARK.negative), (1, DARK.positive)):
        (style,) = inks(drawing, Node(1, unit, "bias"))
        assert style is not None
        assert (style.color, style.bold, style.underline) == (role.color, True, True)
    (rest,) = inks(article("W2").at(78, 8), Node(1, 0, "bias"))
    assert rest is not None
    assert rest.color == DARK.name.color


def test_another_loss_is_not_taken_for_a_target() -> None:
    """It stands over L where the target of the only output stands under the way to it."""
    drawn = article("W2")
    loss = replace(drawn.picture.loss, other=1.0375)
    rows = [strip.text for strip in drawn._replace(picture=replace(drawn.picture, loss=loss)).at(118, 12).strips]
    target = next(row for row in rows if "y 1" in row)
    assert "≠" not in target
    assert rows.index(next(row for row in rows if "≠ 1.0375" in row)) == rows.index(target) - 2
