"""What a source printed of one variable, as arrays: what it claims, what is right, and which numbers are wrong."""

from functools import cached_property
from typing import Any

import msgspec
import numpy as np

from backprop_tui.engine.network.network import Array
from backprop_tui.engine.program.program import Frame
from backprop_tui.formula.values.element import Shape
from backprop_tui.scenario.claims import Claims

ROUNDING = 1 + 1e-9
SAME = 1e-12  # relative: computed numbers that differ by less are the same


class Setting(msgspec.Struct, frozen=True, eq=False):
    """What a number may have been computed from: an iteration, in which the values under `pins` are as the source had
    them. `departing` are the printed variables among those that are not what is computed.
    """

    frame: Frame
    pins: frozenset[str]
    departing: tuple[str, ...] = ()


class PrintedArray(msgspec.Struct, frozen=True, eq=False, dict=True):
    """What was printed of a variable in an iteration; arrays have the shape of `claims`.

    `place` is its place among what the source printed. `right` is what is computed, `before` what a parameter was
    before its update, and `wrong` says which numbers neither agree nor follow from what was printed before. `at` is the
    element that was printed, or () for all. `between` are the operations between what was printed before and this, and
    `settings` what it may have been computed from.
    """

    place: int
    name: str
    iteration: int
    at: Shape
    claims: Array
    right: Array
    wrong: Array
    before: Array | None = None
    between: frozenset[str] = frozenset()
    settings: tuple[Setting, ...] = ()
    followed: bool = False

    @cached_property
    def _claims(self) -> Claims:
        return Claims.of(self.claims)

    @property
    def values(self) -> Array:
        """The numbers as printed."""
        return self._claims.values

    @property
    def halves(self) -> Array:
        """Half the width of what each claims."""
        return self._claims.half_widths

    def widths(self, value: Array) -> Array:
        """Half the width of what each says about a value that it agrees with: an array is printed with one precision,
        so a number without its trailing zeros says as much as the others, if the value has these zeros.
        """
        finest = np.full_like(self.halves, self.halves.min(initial=np.inf))
        with np.errstate(all="ignore"):
            return np.where(np.abs(value - self.values) <= finest * ROUNDING, finest, self.halves)

    @property
    def units(self) -> Array:
        """The unit of each one's last digit."""
        return self._claims.units

    @property
    def is_root(self) -> bool:
        """Whether something in it is wrong."""
        return bool(self.wrong.any())

    @property
    def base(self) -> Array:
        """What a factor would be of: the number, or a parameter's step."""
        return self.right if self.before is None else self.right - self.before

    def part(self, value: Any) -> Array | None:
        """What was printed of a value of the variable; None where it has no such part."""
        value = np.asarray(value)
        if not self.at:
            return value if value.shape == self.claims.shape else None
        inside = len(self.at) == value.ndim and all(i < n for i, n in zip(self.at, value.shape, strict=True))
        return np.asarray(value[self.at]) if inside else None

    def agrees(self, value: Array) -> Array:
        """Which numbers are what was printed."""
        return self._claims.agrees(value)

    def cut_off(self, value: Array) -> Array:
        """Which numbers begin with what was printed."""
        return self._claims.cut_off(value)

    def same(self, value: Array, other: Array) -> Array:
        """Which numbers are the same but for rounding."""
        with np.errstate(all="ignore"):
            found: Array = (np.abs(value - other) <= SAME * np.abs(other)) | (np.isnan(value) & np.isnan(other))
        return found
