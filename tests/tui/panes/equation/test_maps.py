"""Large results are drawn as maps beside their numbers, or in their place where there is less room."""

import itertools
import re

import pytest

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.scenario import load
from backprop_tui.tui.drawing.heat import is_large
from backprop_tui.tui.panes.equation.equation import equation_rows
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.view import View
from tests.lessons.models import MODELS
from tests.tui.panes.drawn import STYLES, Drawn

MAP = re.compile(r"▀▀|[−+·]{4}")


def shown(debugger: Debugger, width: int, height: int) -> str:
    view = View(debugger.moment(), Notation(debugger.program.symbols), STYLES)
    return "\n".join("".join(text for text, _ in line) for line in equation_rows(view, width, height)[:height])


@pytest.mark.parametrize("lesson", MODELS)
def test_every_large_result_of_a_model_is_a_map(lesson: str) -> None:
    debugger = Debugger(load(lesson))
    for operation in debugger.program.operations:
        debugger.seek(operation.index + 1)
        assert not is_large(operation.shape) or MAP.search(shown(debugger, 62, 12)), operation.name


@pytest.mark.parametrize("size", [(76, 5), (62, 12), (100, 30)])
def test_a_causal_softmax_is_a_map_at_every_size(size: tuple[int, int]) -> None:
    debugger = Debugger(load("gpt-block"))
    debugger.seek("1:a1")
    assert MAP.search(shown(debugger, *size))


def test_what_has_no_numbers_is_written_once() -> None:
    debugger = Debugger(load("gpt-block"))
    debugger.seek("1:a1")
    for size in ((60, 14), (100, 30), (160, 30)):
        lines = [line.strip() for line in shown(debugger, *size).splitlines()]
        assert not any(one == other and one.strip("▀ ") for one, other in itertools.pairwise(lines))


def test_the_element_that_was_stepped_into_stands_out_in_the_map() -> None:
    debugger = Debugger(load("gpt-block"))
    debugger.seek("1:a1")
    before = shown(debugger, 100, 30)
    debugger.cursor.enter(debugger.step, 9)
    assert "●" not in before
    assert "●" in shown(debugger, 100, 30)


def test_a_node_of_the_graph_has_its_matrix_as_a_card_where_there_is_room() -> None:
    drawn = Drawn(load("gpt-block"), 118, 15)
    drawn.debugger.seek("1:a1")
    rows = drawn.lines()
    (top,) = [place for place, row in enumerate(rows) if row.rstrip().endswith("a₁ 8×8")]
    assert all("▀▀▀▀▀▀▀▀" in row for row in rows[top + 1 : top + 5])
    drawn.debugger.seek("1:mu_m1")  # a row of numbers
    assert not any("▀" in row for row in drawn.lines())


def test_an_image_is_drawn_as_one_beside_the_kernel_and_what_it_becomes() -> None:
    debugger = Debugger(load("convolution"))
    assert debugger.program.images == {"x"}
    debugger.seek("1:z")
    text = shown(debugger, 62, 12)
    row = next(row for row in text.splitlines() if "▀" in row)
    assert row.lstrip().startswith("▀" * 8), "no signs are written in an image"
    assert MAP.search(row.lstrip()[8:])
    assert "z, sample 1, kernel 1" in text


@pytest.mark.parametrize("position", ["z2", "dL_dh"])
def test_a_map_is_what_the_numbers_beside_it_are(position: str) -> None:
    debugger = Debugger(load("digits"))
    debugger.seek(f"1:{position}")
    assert re.search(r"⎥ = ▀▀", shown(debugger, 62, 16))
