"""Numbers put in as matrices, and a formula of them set out over several lines."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.values.with_numbers import array_piece, matrix_rows, numeric_writer
from backprop_tui.formula.writing.matrix_layout import set_out, width
from backprop_tui.formula.writing.printer import pieces, text

VALUES = {
    "W1": np.array([[0.2, -0.4, 0.1], [0.7, 0.3, -0.5]]),
    "x": np.array([[1.0], [0.5], [-1.5]]),
    "b1": np.array([[0.1], [-0.2]]),
    "eta": np.array(0.1),
}


@pytest.mark.parametrize(
    ("formula", "lines"),
    [
        (
            "W1 @ x + b1",
            [
                "                  ⎡ 1  ⎤         ",
                "⎡0.2  −0.4   0.1⎤·⎢ 0.5⎥ + ⎡ 0.1⎤",
                "⎣0.7   0.3  −0.5⎦ ⎣−1.5⎦   ⎣−0.2⎦",
            ],
        ),
        ("eta * sum(x)", ["      ⎡ 1  ⎤", "0.1·Σ ⎢ 0.5⎥", "      ⎣−1.5⎦"]),
        ("b1.T", ["⎡ 0.1⎤ᵀ", "⎣−0.2⎦ "]),
    ],
)
def test_matrices_stand_beside_each_other(formula: str, lines: list[str]) -> None:
    found, middle = set_out(pieces(parse(formula), numeric_writer(VALUES.__getitem__)))
    assert ["".join(text for text, _ in line) for line in found] == lines
    assert middle == (len(lines) - 1) // 2


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.booleans())
def test_lines_are_of_one_width_and_every_piece_is_whole(heights: list[int], tall: bool) -> None:
    values = {f"a{place}": np.arange(2.0 * height).reshape(height, 2) for place, height in enumerate(heights)}
    written = pieces(parse(" * ".join(values)), numeric_writer(values.__getitem__, corner=(9, 9)))
    lines, middle = set_out(written, tall=tall)
    assert len({width(line) for line in lines}) == 1
    assert 0 <= middle < len(lines) == (max(heights) if tall else 1)
    for piece in written:
        rows = tuple(text for line in lines for text, of in line if of is piece)
        assert rows == ((piece.rows if tall else ()) or (piece.text,))


def test_a_large_matrix_is_shown_by_its_corner() -> None:
    array = np.arange(60.0).reshape(6, 10)
    assert matrix_rows(array, corner=(2, 3))[0] == ("⎡ 0   1   2  …⎤", "⎢10  11  12  …⎥", "⎣⋮ 6×10       ⎦")
    assert matrix_rows(array, minus="-", corner=(1, 2))[0] == ("[0  1  ...]", "[: 6x10   ]")
    assert matrix_rows(array[:1, :2])[0] == ("[0  1]",)


@pytest.mark.parametrize(
    ("column", "rows", "marked"),
    [
        (None, ("⎡ 0   1   2  …⎤", "⎣10  11  12  …⎦"), ""),
        (1, ("⎡ 0   1   2  …⎤", "⎣10  11  12  …⎦"), " 1"),
        (4, ("⎡ 0   1  …   4  …⎤", "⎣10  11  …  14  …⎦"), " 4"),
        (9, ("⎡ 0   1  …   9⎤", "⎣10  11  …  19⎦"), " 9"),
    ],
)
def test_a_column_stands_out_wherever_it_is(column: int | None, rows: tuple[str, ...], marked: str) -> None:
    found, (start, end) = matrix_rows(np.arange(20.0).reshape(2, 10), corner=(2, 3), marked=column)
    assert found == rows
    assert found[0][start:end] == marked
    piece = array_piece(np.arange(20.0).reshape(2, 10), corner=(2, 3), marked=column)
    assert (piece.rows, piece.mark) == (rows, (start, end))


def test_in_ascii_nothing_else_is_written() -> None:
    assert text(parse("W1 @ x - eta"), numeric_writer(VALUES.__getitem__, form="source")).isascii()
