"""Numbers put in as matrices."""

import numpy as np
import pytest

from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.values.with_numbers import array_piece, matrix_rows, numeric_writer
from backprop_tui.formula.writing.printer import text

VALUES = {
    "W1": np.array([[0.2, -0.4, 0.1], [0.7, 0.3, -0.5]]),
    "x": np.array([[1.0], [0.5], [-1.5]]),
    "b1": np.array([[0.1], [-0.2]]),
    "eta": np.array(0.1),
}


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
