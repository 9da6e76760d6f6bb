"""A published number claims as much as it is written with."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_tui.scenario import Claim


def claim(written: str) -> Claim:
    return Claim.of(int(written) if written.lstrip("-").isdigit() else Decimal(written))


@pytest.mark.parametrize(
    ("written", "least", "most", "decimals"),
    [
        ("0.167", 0.1665, 0.1675, 3),
        ("0.830", 0.8295, 0.8305, 3),
        ("-0.83", -0.835, -0.825, 2),
        ("0", -0.5, 0.5, 0),
        ("12", 11.5, 12.5, 0),
        ("1e2", 50.0, 150.0, 0),
        ("1.50e-3", 0.001495, 0.001505, 5),
        ("-0.0", -0.05, 0.05, 1),
    ],
)
def test_a_claim_is_half_a_unit_of_the_last_digit_wide(written: str, least: float, most: float, decimals: int) -> None:
    found = claim(written)
    assert (found.value - found.half_width, found.value + found.half_width) == pytest.approx((least, most), abs=1e-15)
    assert found.decimals == decimals
    assert found.agrees(least)
    assert found.agrees(most)
    assert not found.agrees(least - found.half_width / 100)
    assert not found.agrees(most + found.half_width / 100)


def test_a_claim_keeps_the_text_of_its_number() -> None:
    assert [claim(written).text for written in ("0.830", "-7", "-0.0")] == ["0.830", "-7", "-0.0"]


@pytest.mark.parametrize("computed", [math.nan, math.inf, -math.inf])
def test_nothing_that_is_not_finite_agrees(computed: float) -> None:
    assert not claim("1e300").agrees(computed)


@given(st.floats(-1e6, 1e6), st.integers(0, 12))
def test_a_number_agrees_with_itself_rounded(number: float, digits: int) -> None:
    assert claim(f"{number:.{digits}f}").agrees(number)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_agrees_with_itself_written_out(number: float) -> None:
    assert Claim.of(Decimal(repr(number))).agrees(number)
