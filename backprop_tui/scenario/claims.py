"""The claims of an array, asked all at once: what `Claim` says of one number, for thousands of them."""

from collections.abc import Iterable

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from backprop_tui.scenario.printed_number import SLACK, Claim

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


class Claims(msgspec.Struct, frozen=True, eq=False):
    """What the numbers of an array claim, each as arrays of its shape. `may_be_cut` says which of them may be the
    beginning of a longer number.
    """

    values: Floats
    half_widths: Floats
    units: Floats
    may_be_cut: Booleans

    @classmethod
    def of(cls, claims: NDArray[np.object_]) -> "Claims":
        """Those of an array of `Claim`."""
        flat: list[Claim] = claims.ravel().tolist()

        def as_array(numbers: Iterable[float]) -> Floats:
            return np.array([*numbers], dtype=float).reshape(claims.shape)

        return cls(
            as_array(one.value for one in flat),
            as_array(one.half_width for one in flat),
            as_array(one.unit for one in flat),
            np.array([one.may_be_cut for one in flat], dtype=bool).reshape(claims.shape),
        )

    def agrees(self, computed: ArrayLike) -> Booleans:
        """Which computed numbers round to what is written, as `Claim.agrees` has it."""
        found = np.asarray(computed, dtype=float)
        with np.errstate(all="ignore"):
            slack = SLACK * np.spacing(np.maximum(np.abs(self.values), np.abs(found)))
            near = np.abs(found - self.values) <= self.half_widths + slack
        finite = np.isfinite(found) & np.isfinite(self.values)
        alike = (found == self.values) | (np.isnan(found) & np.isnan(self.values))
        agrees: Booleans = np.where(finite, near, alike)
        return agrees

    def cut_off(self, computed: ArrayLike) -> Booleans:
        """Which computed numbers begin with what is written, as `Claim.cut_off` has it."""
        found = np.asarray(computed, dtype=float)
        with np.errstate(all="ignore"):
            size, written = np.abs(found), np.abs(self.values)
            slack = SLACK * np.spacing(np.maximum(size, written))
            begins = (written - slack <= size) & (size < written + self.units - slack)
        same_side = (self.values == 0) | ((self.values < 0) == (found < 0))
        cut: Booleans = self.may_be_cut & np.isfinite(found) & same_side & begins
        return cut
