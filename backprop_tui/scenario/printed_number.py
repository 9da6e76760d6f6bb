"""A claim: one number as a source printed it, and the range of values that it claims.

A printed number claims everything that rounds to it: half a unit of its last digit on either side. What makes that hard
is that trailing zeros are often left out, so the precision has to be judged from all the numbers printed together; or
it is stated. A number that is given in full claims what its type can hold, and rounding on the way there may take more
of it: that is known only where it is computed (`Claim.within`).
"""

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import comb
from typing import NamedTuple

import msgspec
import numpy as np

from backprop_tui.scenario.shown_precision import Dtype, shown_types

SOONER = 2  # decimals: a number that lacks more of them has more often lost trailing zeros than been rounded
FEWEST_SIGNIFICANT = 3  # digits of a number that tells something of how it was printed
LOST = 0.1  # of numbers: those that end in a zero
BY_CHANCE = 0.005  # how rarely so many numbers end in zeros as are taken for rounded by hand
EXACT = 1e-9  # how far a number may be from a whole one that it is said to equal: rounding errors are smaller
LAST_DIGITS = (
    8  # units in the last place of the largest number of an array: what any two ways of computing may differ by
)
SLACK = 4  # units in the last place of float64, which cannot hold most ties exactly
WRITTEN_OUT = 25  # characters of a number without an exponent


class Stated(NamedTuple):
    """What a file says of how exact printed numbers are: decimals that all have, or how far off they may be:
    `atol` and `rtol` times the number itself.
    """

    digits: int | None = None
    rtol: float | None = None
    atol: float | None = None

    def off(self, number: float) -> float:
        """How far off a number may be."""
        size = abs(number) if math.isfinite(number) else 0.0
        return (self.atol or 0.0) + (self.rtol or 0.0) * size


class Claim(msgspec.Struct, frozen=True):
    """A number as written: 0.167 claims 0.1665 to 0.1675, half a unit of its last digit on either side.

    `dtype` is that of a number given in full, empty for any other. `is_stated` says that the source stated how far off
    the number may be.
    """

    text: str
    value: float
    half_width: float
    decimals: int  # digits after the point
    unit: float  # of the last digit
    dtype: Dtype = ""
    is_stated: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether it claims to be exactly that number."""
        return self.half_width == EXACT

    @property
    def may_be_cut(self) -> bool:
        """Whether it may be the beginning of a longer number: a 0 is not what is left of 0.7, and what is given in full
        was not cut off.
        """
        return not (self.dtype or (self.value == 0 and (self.decimals == 0 or self.is_exact)))

    @classmethod
    def of(cls, number: int | Decimal, place: int | None = None, *, exact: bool = False) -> "Claim":
        """What a number claims with all its digits, including trailing zeros: 0.830 claims more than 0.83.

        `place` is the power of ten of its last digit, if that differs from the last one written.
        """
        written = Decimal(number)
        if not written.is_finite():
            return cls(_text(written), float(written), 0.0, 0, 0.0)
        place = _place(written) if place is None else place
        half_width = EXACT if exact else float(Decimal((0, (5,), place - 1)))
        return cls(_text(written), float(written), half_width, max(0, -place), float(Decimal((0, (1,), place))))

    @classmethod
    def together(
        cls, numbers: Sequence[int | Decimal], stated: Stated | None = None, dtype: Dtype | None = None
    ) -> tuple["Claim", ...]:
        """What the numbers of one printed array claim; an array is printed with one precision.

        That is the one that is `stated`, or else one of three readings of the digits. The first is the number of
        decimals of the longest number: others lost the zeros at their ends, as in `np.round(x, 4).tolist()`, one number
        in ten one, one in a hundred two. Another is that of significant digits (`%.4g`: 1.234e-05 beside 0.12 and
        12.34), where all have equally many, or no more zeros were lost that way and no fewer numbers have all the
        digits than have all the decimals; then no number claims more than its digits say, nor more than the first
        reading does. Or so many numbers lack one or two decimals that they were rounded by hand (0.149780716 beside
        0.19956143, 0.24975114 and 0.29950229), which then claim what they have. A whole number of one digit, with no
        decimals around it, would claim next to nothing, so it claims to be exactly that number; likewise, zeros alone
        claim that everything is 0.
        """
        written = [Decimal(number) for number in numbers]
        if stated is not None and stated.digits is not None:
            return tuple(cls.of(one, -stated.digits) for one in written)
        if stated is not None and not (stated.rtol is stated.atol is None):
            return tuple(cls.of(one).stated(stated) for one in written)
        if dtype := shown_types([written])[0] if dtype is None else dtype:
            finest = min(map(_place, (one for one in written if one.is_finite())), default=0)  # NumPy prints 8 decimals
            half_width = float(Decimal((0, (5,), finest - 1)))
            found = in_full([float(one) for one in written], dtype, [*map(_text, written)])
            return tuple(claim.within(half_width) for claim in found)
        finite = [one for one in written if one.is_finite()]
        finest = min(map(_place, finite), default=0)
        significant = _significant([one for one in finite if one], finest)
        whole = finest >= (0 if any(finite) else -1)  # Python writes a 0 as 0.0

        def last(one: Decimal) -> int:
            if not (significant and one):
                return finest
            return max(finest, min(_place(one), one.adjusted() - significant + 1))

        telling = _telling(finite)
        by_hand = _is_beyond_chance(sum(_place(one) > last(one) for one in telling), len(telling))

        def claim(one: Decimal) -> Claim:
            if not one.is_finite():
                return cls.of(one)
            lacks = _place(one) - last(one)
            if by_hand and _digits(one) > 1 and lacks <= SOONER and _place(one) < 0:
                return cls.of(one)
            return cls.of(one, last(one), exact=whole and abs(one) < Decimal((0, (1,), finest + 1)))

        return tuple(map(claim, written))

    def stated(self, stated: Stated) -> "Claim":
        """The same number, which may be as far off as is stated."""
        return msgspec.structs.replace(self, half_width=stated.off(self.value), is_stated=True)

    def within(self, tolerance: float) -> "Claim":
        """The same number, claimed no more exactly than that."""
        return msgspec.structs.replace(self, half_width=tolerance) if tolerance > self.half_width else self

    def agrees(self, computed: float) -> bool:
        """Whether a computed number rounds to what is written; a tie may go either way. nan is nan, inf is inf."""
        if not (math.isfinite(computed) and math.isfinite(self.value)):
            return computed == self.value or (math.isnan(computed) and math.isnan(self.value))
        slack = SLACK * math.ulp(max(abs(self.value), abs(computed)))
        return abs(computed - self.value) <= self.half_width + slack

    def cut_off(self, computed: float) -> bool:
        """Whether a computed number begins with what is written, cut off there."""
        if not (self.may_be_cut and math.isfinite(computed)):
            return False
        size, written = abs(computed), abs(self.value)
        slack = SLACK * math.ulp(max(size, written))
        same_side = self.value == 0 or (self.value < 0) == (computed < 0)
        return same_side and written - slack <= size < written + self.unit - slack


def in_full(values: Sequence[float], dtype: Dtype, texts: Sequence[str] | None = None) -> tuple[Claim, ...]:
    """What the numbers of an array claim that is given in full: what its type can hold of the largest of them.

    Without `texts` they are written as Python writes them.
    """
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    with np.errstate(over="ignore"):
        half_width = LAST_DIGITS * float(np.spacing(np.dtype(dtype).type(largest)))
    claims = []
    for value, text in zip(values, texts or map(repr, values), strict=True):
        _, _, decimals = text.partition("e")[0].partition(".")
        exponent = int(text.partition("e")[2] or 0)
        places = max(0, len(decimals) - exponent)
        claims.append(Claim(text, value, half_width, places, 10.0**-places, dtype))
    return tuple(claims)


def _text(number: Decimal) -> str:
    """A number as it was printed: 0.00000000, and 2.5e-17 with its exponent."""
    if not number.is_finite():
        return str(number).lower().replace("infinity", "inf")
    zeros = f"{number:f}"
    return zeros if not number and len(zeros) <= WRITTEN_OUT else str(number).replace("E", "e")


def _significant(numbers: Sequence[Decimal], finest: int) -> int:
    """With how many significant digits numbers were printed; 0 if it was with decimals, the last of them `finest`."""
    digits = [_digits(one) for one in numbers]
    most = max(digits, default=0)
    if len(set(digits)) == 1 and most > 1:
        return most
    lost = [(_place(one) - finest, most - _digits(one)) for one in _telling(numbers)]  # zeros, in either reading
    decimals, significant = zip(*lost, strict=True) if lost else ((), ())
    differ = decimals != significant
    is_likelier = sum(decimals) >= sum(significant) and decimals.count(0) <= significant.count(0)
    return most if differ and is_likelier else 0


def _is_beyond_chance(lacking: int, count: int) -> bool:
    """Whether more of some numbers end sooner than can have lost zeros."""
    if lacking <= count * LOST:
        return False
    chance = sum(comb(count, k) * LOST**k * (1 - LOST) ** (count - k) for k in range(lacking, count + 1))
    return chance < BY_CHANCE


def _telling(numbers: Iterable[Decimal]) -> set[Decimal]:
    """The numbers that tell how an array was printed: not those that are short because of what they are, such as 1.0,
    nor one again that occurs several times.
    """
    return {one for one in numbers if _digits(one.normalize()) >= FEWEST_SIGNIFICANT}


def _digits(number: Decimal) -> int:
    return len(number.as_tuple().digits)


def _place(number: Decimal) -> int:
    """The power of ten that the last digit of a number stands for."""
    return int(number.as_tuple().exponent)
