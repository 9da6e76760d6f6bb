"""A published number claims as much as it is written with."""

import math
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_tui.scenario import Claim
from backprop_tui.scenario.printed_number import EXACT


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


@pytest.mark.parametrize(
    ("written", "half_widths"),
    [
        (["0.1", "-0.277"], [5e-4, 5e-4]),  # trailing zeros are left out: the longest says how exact all are
        (["0", "-0.36818758"], [5e-9, 5e-9]),
        (["0.0", "0.0", "0.4125"], [5e-5] * 3),
        (["1", "12", "0.5"], [0.05] * 3),
        (["0.149780716", "0.19956143", "0.24975114", "0.29950229"], [5e-10, *[5e-9] * 3]),  # rounded by hand
        (["0.149780716", "0.19956143"], [5e-10] * 2),  # one of two may have lost a zero
        (["0.440", "0.6615"], [5e-5] * 2),
        (["0.44", "0.6615"], [5e-5] * 2),
        (["1.0", "0.06", "-0.0003", "0.9987", "-1.0", "0.7"], [5e-5] * 6),  # as short as some are, they have decimals
        (["0.149780716", "0.25"], [5e-10] * 2),
        (["1.23e-5", "4.00e-1", "0"], [5e-8, 5e-4, 5e-8]),  # as many significant digits
        (["0.12", "0.034"], [5e-3, 5e-4]),
        (["0.01346", "0.00005612", "-0.0149", "0.5"], [5e-6, 5e-9, 5e-6, 5e-5]),  # four digits, less zeros at the end
        (["1.234e-05", "0.12", "12.34", "1"], [5e-9, 5e-5, 5e-3, 5e-4]),
        (["125.5", "0.1234", "0"], [0.05, 5e-5, 5e-5]),
        (["0.5", "0.00012"], [5e-6, 5e-6]),  # two digits are too few to be told from decimals
        (["0.5", "0.25", "0.12345678"], [5e-9] * 3),
        (["0.5", "0.03"], [5e-3, 5e-3]),  # one digit is no number of digits to print with
        (["0"], [EXACT]),
        (["0.0", "0.0"], [EXACT] * 2),  # as Python writes a 0
        (["0.00", "0.00"], [5e-3] * 2),
        (["1", "-2", "0", "10"], [EXACT, EXACT, EXACT, 0.5]),
        (["1.0"], [0.05]),
        (["1e2", "3e2"], [EXACT] * 2),
        ([], []),
    ],
)
def test_numbers_of_an_array_have_one_precision(written: list[str], half_widths: list[float]) -> None:
    found = Claim.together([int(one) if one.lstrip("-").isdigit() else Decimal(one) for one in written])
    assert [one.half_width for one in found] == pytest.approx(half_widths, rel=1e-12)
    assert [one.text for one in found] == [claim(one).text for one in written]


@pytest.mark.parametrize(("written", "computed"), [("0", 0.4), ("1", 1.4), ("1", 0.6), ("-1", -1.1), ("0.0", 0.04)])
def test_a_bare_whole_number_is_no_other(written: str, computed: float) -> None:
    (found,) = Claim.together([Decimal(written)])
    assert not found.agrees(computed)
    assert found.agrees(found.value + 1e-15)
    assert found.cut_off(computed) == (abs(computed) > abs(found.value) > 0)


def test_a_claim_keeps_the_text_of_its_number() -> None:
    assert [claim(written).text for written in ("0.830", "-7", "-0.0")] == ["0.830", "-7", "-0.0"]


@pytest.mark.parametrize(("written", "shown"), [("0.00000000", "0.00000000"), ("2.5e-17", "2.5e-17"), ("NaN", "nan")])
def test_a_number_is_shown_as_it_was_printed(written: str, shown: str) -> None:
    (found,) = Claim.together([Decimal(written)])
    assert found.text == shown


def test_what_is_not_finite_agrees_with_itself_alone() -> None:
    nan, inf, less = Claim.together([Decimal("nan"), Decimal("inf"), Decimal("-inf")])
    for one, own in ((nan, math.nan), (inf, math.inf), (less, -math.inf)):
        assert [one.agrees(other) for other in (math.nan, math.inf, -math.inf, 0.0)].count(True) == 1
        assert one.agrees(own)


@pytest.mark.parametrize("computed", [math.nan, math.inf, -math.inf])
def test_nothing_that_is_not_finite_agrees(computed: float) -> None:
    assert not claim("1e300").agrees(computed)


@given(st.floats(-1e6, 1e6), st.integers(0, 12))
def test_a_number_agrees_with_itself_rounded(number: float, digits: int) -> None:
    assert claim(f"{number:.{digits}f}").agrees(number)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_agrees_with_itself_written_out(number: float) -> None:
    assert Claim.of(Decimal(repr(number))).agrees(number)


SCALES: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "saturated": lambda random, n: np.tanh(random.normal(size=n) * 3),
    "of one": lambda random, n: random.normal(size=n),
    "small": lambda random, n: random.normal(size=n) * 0.01,
    "large": lambda random, n: random.normal(size=n) * 30,
    "of all sizes": lambda random, n: random.normal(size=n) * 10.0 ** random.integers(-4, 3, size=n),
}
FORMS: dict[str, Callable[[np.ndarray], list[str]]] = {
    "rounded": lambda x: [*map(repr, np.round(x, 4).tolist())],
    "%.4f": lambda x: [f"{one:.4f}" for one in x],
    "%.4g": lambda x: [f"{one:.4g}" for one in x],
    "%.6g": lambda x: [f"{one:.6g}" for one in x],
    "NumPy": lambda x: np.array2string(x, threshold=10_000).strip("[]").split(),
    "NumPy, 4": lambda x: np.array2string(x, threshold=10_000, precision=4, suppress_small=True).strip("[]").split(),
    "repr": lambda x: [*map(repr, x.tolist())],
    "float32": lambda x: [*map(repr, x.astype(np.float32).tolist())],
}


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("form", FORMS)
def test_what_is_right_agrees_however_it_is_printed_and_a_unit_of_the_last_digit_does_not(
    form: str, scale: str
) -> None:
    random = np.random.default_rng(5)
    for count in (12, 30, 300):
        right = SCALES[scale](random, count)
        texts = FORMS[form](right)
        claims = Claim.together([Decimal(text) for text in texts])
        in_full = form in ("repr", "float32")  # what these hold beyond their last digits is the audit's to say
        computed = [float(text) for text in texts] if in_full else right.tolist()
        assert all(one.agrees(number) for one, number in zip(claims, computed, strict=True)), texts
        one_precision = form in ("rounded", "%.4f", "NumPy, 4")
        assert not one_precision or len({one.half_width for one in claims}) == 1, texts
        for at in () if in_full else random.integers(count, size=5):
            number = Decimal(texts[at])
            off = number + Decimal((0, (1,), int(number.as_tuple().exponent))) * (
                1 if float(number) >= right[at] else -1
            )
            changed = Claim.together([Decimal(text) for text in (*texts[:at], str(off), *texts[at + 1 :])])
            assert not changed[at].agrees(right[at]), (off, right[at])
