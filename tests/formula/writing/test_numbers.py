"""Numbers as a person sees them."""

import re
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backprop_tui.formula.writing.numbers import DIGITS, MOST_DIGITS, format_array, format_number


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-1.5, "−1.5"),
        (-0.05000000000000002, "−0.05"),
        (1.4632824673, "1.4633"),
        (0.23145, "0.2314"),  # the float64 lies below
        (0.00005, "5e−5"),
        (-4.38568e-5, "−4.386e−5"),
        (0.001, "0.001"),
        (0.0009999999, "0.001"),
        (0.00125, "0.0013"),
        (999_999_999.0, "999999999"),
        (123456789.123456, "123456789.1235"),
        (1e9, "1e9"),
        (-1.23456e100, "−1.235e100"),
        (5e-324, "4.941e−324"),
        (float("inf"), "inf"),
        (float("-inf"), "−inf"),
        (float("nan"), "nan"),
    ],
)
def test_four_digits(value: float, shown: str) -> None:
    assert format_number(value) == shown


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (1.0, 4, "1.0000"),
        (-0.0, 2, "0.00"),
        (-0.5, 3, "−0.500"),
        (0.05, 1, "5e−2"),
        (1e-9, 3, "1.00e−9"),
        (0.0951, 1, "0.1"),
        (-0.0099999, 2, "−0.01"),
        (0.0097, 2, "9.7e−3"),
        (0.00099999, 4, "0.0010"),
        (0.00999999, 3, "0.010"),
    ],
)
def test_fixed_digits_line_up(value: float, digits: int, shown: str) -> None:
    assert format_number(value, digits, fixed=True) == shown


numbers = st.floats(allow_nan=False, allow_infinity=False) | st.floats(-10, 10)


def half_a_unit(text: str) -> Decimal:
    """Half of the last place that is written."""
    mantissa, _, exponent = text.partition("e")
    return Decimal((0, (5,), -len(mantissa.partition(".")[2]) - 1 + int(exponent or 0)))


@given(numbers, st.integers(1, MOST_DIGITS), st.booleans())
@example(0.99995, 4, False)
@example(999999999.99999, 4, False)
@example(9.9995e-4, 4, False)
def test_it_reads_back_within_half_a_unit_of_the_last_place(value: float, digits: int, fixed: bool) -> None:
    text = format_number(value, digits, fixed=fixed, minus="-")
    unit = half_a_unit(format_number(value, digits, fixed=True, minus="-"))
    assert abs(Decimal(text) - Decimal(value)) <= unit
    assert re.fullmatch(r"-?\d+(\.\d+)?(e-?[1-9]\d*)?", text)


@given(numbers, st.integers(1, MOST_DIGITS))
def test_what_is_shown_keeps_its_first_digit(value: float, digits: int) -> None:
    shown = Decimal(format_number(value, digits, minus="-"))
    assert (shown == 0) == (value == 0)
    assert abs(shown - Decimal(value)) <= abs(Decimal(value)) / 2


@given(numbers)
def test_only_the_sign_differs(value: float) -> None:
    assert format_number(-abs(value)) == ("−" if value else "") + format_number(abs(value))


@given(st.floats(-10, 10))
def test_no_zeros_hang_on(value: float) -> None:
    assert not re.search(r"\.\d*0$|\.$", format_number(value).partition("e")[0])
    assert len(format_number(value).partition(".")[2]) <= DIGITS or "e" in format_number(value)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (np.float64(0.25), "0.25"),
        (np.array(-0.0), "0"),
        (np.array([[0.25]]), "0.25"),
        (np.array([[-0.05], [1.4]]), "[−0.05 1.4]"),
        (np.array([[1.0, 0.5]]), "[1 0.5]"),
        (np.array([[0.2, -0.4], [0.7, 0.3]]), "[[0.2 −0.4] [0.7 0.3]]"),
        (np.array([[np.nan, -np.inf]]), "[nan −inf]"),
        (np.arange(9.0).reshape(9, 1), "9×1 [0 1 2 3 …]"),
        (np.arange(12.0).reshape(3, 4), "3×4 [0 1 2 3 …]"),
        (np.zeros((1000, 1000)), "1000×1000 [0 0 0 0 …]"),
    ],
)
def test_arrays(value: np.ndarray, shown: str) -> None:
    assert format_array(value) == shown


def test_an_array_in_ascii_with_more_digits() -> None:
    assert format_array(np.array([[-1 / 3], [2 / 3]]), 6, minus="-") == "[-0.333333 0.666667]"


@given(st.integers(1, 12), st.integers(1, 12), st.integers(1, 20))
def test_no_array_is_shown_in_more_numbers_than_asked_for(rows: int, columns: int, most: int) -> None:
    inside = format_array(np.ones((rows, columns)), most=most).partition("[")[2]
    assert inside.count("1") <= most
