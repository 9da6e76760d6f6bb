"""A claim: one number as a source printed it, and the range of values that it claims.

A printed number claims everything that rounds to it: half a unit of its last digit on either side. What makes that hard
is that trailing zeros are often left out, so the precision has to be judged from all the numbers printed together.
"""

import math
from collections.abc import Sequence
from decimal import Decimal

import msgspec

SOONER = 2  # decimals: a number that lacks more of them has more often lost trailing zeros than been rounded
EXACT = 1e-9  # how far a number may be from a whole one that it is said to equal: rounding errors are smaller


class Claim(msgspec.Struct, frozen=True):
    """A number as written: 0.167 claims 0.1665 to 0.1675, half a unit of its last digit on either side."""

    text: str
    value: float
    half_width: float
    decimals: int  # digits after the point
    unit: float  # of the last digit

    @property
    def is_exact(self) -> bool:
        """Whether it claims to be exactly that number."""
        return self.half_width == EXACT

    @classmethod
    def of(cls, number: int | Decimal, place: int | None = None, *, exact: bool = False) -> "Claim":
        """What a number claims with all its digits, including trailing zeros: 0.830 claims more than 0.83.

        `place` is the power of ten of its last digit, if that differs from the last one written.
        """
        written = Decimal(number)
        place = _place(written) if place is None else place
        half_width = EXACT if exact else float(Decimal((0, (5,), place - 1)))
        return cls(str(number), float(written), half_width, max(0, -place), float(Decimal((0, (1,), place))))

    @classmethod
    def together(cls, numbers: Sequence[int | Decimal]) -> tuple["Claim", ...]:
        """What the numbers of one printed array claim; an array is printed with one precision.

        That precision is the number of decimals of the longest number, because trailing zeros are often left out. But a
        number of two or more digits that ends slightly earlier was rounded by hand (0.149780716 beside 0.19956143), and
        if all numbers have equally many significant digits, the array was printed with those: then each claims what it
        has. A whole number of one digit, with no decimals around it, would claim next to nothing, so it claims to be
        exactly that number; likewise, zeros alone claim that everything is 0.
        """
        written = [Decimal(number) for number in numbers]
        finest = min(map(_place, written), default=0)
        digits = {len(one.as_tuple().digits) for one in written if one}
        whole = finest >= (0 if digits else -1)  # Python writes a 0 as 0.0

        def claim(number: int | Decimal, one: Decimal) -> Claim:
            place = _place(one)
            has_digits = len(one.as_tuple().digits) > 1 and place < 0
            if has_digits and (len(digits) == 1 or place - finest <= SOONER):
                return cls.of(number)
            return cls.of(number, finest, exact=whole and abs(one) < Decimal((0, (1,), finest + 1)))

        return tuple(claim(number, one) for number, one in zip(numbers, written, strict=True))

    def agrees(self, computed: float) -> bool:
        """Whether a computed number rounds to what is written; a tie may go either way."""
        if not math.isfinite(computed):
            return False
        # float64 cannot hold most ties exactly
        slack = 4 * math.ulp(max(abs(self.value), abs(computed)))
        return abs(computed - self.value) <= self.half_width + slack

    def cut_off(self, computed: float) -> bool:
        """Whether a computed number begins with what is written, cut off there; a 0 is not what is left of 0.7."""
        if not math.isfinite(computed) or (self.value == 0 and (self.decimals == 0 or self.is_exact)):
            return False
        size, written = abs(computed), abs(self.value)
        slack = 4 * math.ulp(max(size, written))
        same_side = self.value == 0 or (self.value < 0) == (computed < 0)
        return same_side and written - slack <= size < written + self.unit - slack


def _place(number: Decimal) -> int:
    """The power of ten that the last digit of a number stands for."""
    return int(number.as_tuple().exponent)
