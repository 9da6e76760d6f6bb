"""Maps of matrices by themselves: every number's sign is told by a mark where it has a row, and by colour."""

import numpy as np
import pytest

from backprop_tui.tui.drawing.diagram.diagram_styles import COLOURLESS, DARK
from backprop_tui.tui.drawing.glyphs import ASCII, UNICODE
from backprop_tui.tui.drawing.heat import Heat, is_large

RANDOM = np.random.default_rng(3)
SIGNS = {"−": -1, "-": -1, "+": 1}


@pytest.mark.parametrize("shape", [(8, 8), (5, 2), (2, 9), (30, 40), (3, 200), (64, 3)])
@pytest.mark.parametrize("room", [(2, 8), (4, 30), (8, 16), (40, 90)])
def test_a_map_is_no_larger_than_its_room(shape: tuple[int, int], room: tuple[int, int]) -> None:
    drawn = Heat(RANDOM.normal(size=shape))
    size = drawn.size(*room)
    assert size.rows <= room[0]
    assert size.cells <= room[1]
    rows = drawn.rows(size, DARK, UNICODE)
    assert len(rows) == size.rows
    assert all(sum(len(text) for text, _ in row) == size.cells for row in rows)


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
@pytest.mark.parametrize("palette", [DARK, COLOURLESS])
def test_marks_say_the_sign_of_every_number(glyphs: object, palette: object) -> None:
    matrix = RANDOM.normal(size=(6, 7))
    rows = Heat(matrix).rows(Heat(matrix).size(10, 40), palette, glyphs)  # type: ignore[arg-type]
    for row, numbers in zip(rows, matrix, strict=True):
        for x, number in enumerate(numbers):
            sign = SIGNS.get(row[2 * x][0], 0)
            assert sign in (0, np.sign(number))
            assert sign or abs(number) < 0.15 * np.abs(matrix).max(), "only what is nearly nothing has no sign"


def test_a_causal_softmax_is_a_triangle() -> None:
    scores = np.where(np.tri(8, dtype=bool), RANDOM.normal(size=(8, 8)), -np.inf)
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    drawn = Heat(shares)
    for room in ((8, 16), (4, 8)):  # a row for each token; two tokens a row
        size = drawn.size(*room)
        rows = drawn.rows(size, DARK, UNICODE)
        nothing = Heat(np.zeros((8, 8))).rows(size, DARK, UNICODE)[0][0]
        wide, per = size.cells // 8, 8 // size.rows
        ahead = [[x // wide > per * (y + 1) - 1 for x in range(size.cells)] for y in range(size.rows)]
        for row, outside in zip(rows, ahead, strict=True):
            assert all((cell == nothing) == out or not out for cell, out in zip(row, outside, strict=True))
        assert rows[0][0] != nothing, "the first token looks at itself"


def test_what_is_missing_is_blank_and_what_is_looked_at_stands_out() -> None:
    missing = np.zeros((5, 6), dtype=bool)
    missing[3:] = True
    drawn = Heat(np.ones((5, 6)), missing=missing, looked_at={(2, 1)})
    rows = ["".join(text for text, _ in row) for row in drawn.rows(drawn.size(5, 12), DARK, UNICODE)]
    assert rows == ["+" * 12, "+" * 12, "++●●" + "+" * 8, " " * 12, " " * 12]


def test_what_a_few_numbers_tell_is_no_map() -> None:
    assert [is_large(shape) for shape in ((), (4, 5), (5, 4), (4, 6), (9, 1), (1, 9), (2, 8, 8), (8, 2, 2))] == [
        *(False, False, True, True, False, False, True, False),
    ]
