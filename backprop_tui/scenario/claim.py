"""A claim: one number as a source printed it, and what it says."""

import math
from decimal import Decimal

import msgspec


class Claim(msgspec.Struct, frozen=True):
    """A number as written: 0.167 claims 0.1665 to 0.1675, half a unit of its last digit on either side."""

    text: str
    value: float
    half_width: float
    decimals: int  # digits after the point

    @classmethod
    def of(cls, number: int | Decimal) -> "Claim":
        """What a number claims, with all its digits, trailing zeros too: 0.830 claims more than 0.83."""
        written = Decimal(number)
        exponent = int(written.as_tuple().exponent)
        half_width = float(Decimal((0, (5,), exponent - 1)))
        return cls(str(number), float(written), half_width, max(0, -exponent))

    def agrees(self, computed: float) -> bool:
        """Whether a computed number rounds to what is written; a tie may go either way."""
        if not math.isfinite(computed):
            return False
        # float64 cannot hold most ties exactly
        slack = 4 * math.ulp(max(abs(self.value), abs(computed)))
        return abs(computed - self.value) <= self.half_width + slack

    def cut_off(self, computed: float) -> bool:
        """Whether a computed number begins with what is written, cut off there; of 0.7 a 0 is nothing that is left."""
        if not math.isfinite(computed) or (self.value == 0 and self.decimals == 0):
            return False
        size, written = abs(computed), abs(self.value)
        slack = 4 * math.ulp(max(size, written))
        same_side = self.value == 0 or (self.value < 0) == (computed < 0)
        return same_side and written - slack <= size < written + 2 * self.half_width - slack
