"""Digits of three rows."""

import pytest

from backprop_tui.tui.drawing.large_digits import ASCII_SEGMENTS, SEGMENTS, large, large_matrix


@pytest.mark.parametrize("table", [SEGMENTS, ASCII_SEGMENTS])
def test_every_character_has_three_rows_of_one_width_and_looks_like_no_other(table: dict[str, tuple[str, ...]]) -> None:
    assert all(len(rows) == 3 and len({*map(len, rows)}) == 1 for rows in table.values())
    assert len({*table.values()}) == len(table)
    assert set("0123456789. nai f".replace(" ", "") + " ") <= table.keys()


def test_a_number() -> None:
    assert large("−0.47") == [
        "   ┏━┓ ╻ ╻╺━┓",
        "╺━╸┃ ┃ ┗━┫  ┃",
        "   ┗━┛▪  ╹  ╹",
    ]
    assert large("nan")[1] == "┏━┓┏━┫┏━┓"


def test_a_power_of_ten_is_raised() -> None:
    assert large("4e−5")[:2] == ["╻ ╻    ⁻⁵", "┗━┫ ×10  "]
    assert large("4e-5", ascii_only=True)[0].endswith("^-5")


def test_a_matrix_has_brackets_and_columns() -> None:
    rows = large_matrix([["1", "−2"], ["3", "4"]])
    assert len(rows) == 6
    assert len({*map(len, rows)}) == 1
    assert [row[0] for row in rows] == ["⎡", "⎢", "⎢", "⎢", "⎢", "⎣"]
    assert large_matrix([["1"]]) == large("1")
    assert all(row.isascii() for row in large_matrix([["1", "-2.5"]], ascii_only=True))
