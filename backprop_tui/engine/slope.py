"""The slope of a function of one number, from its values alone, and how wrong it may be.

A central difference (f(x + h) − f(x − h))/2h is off by the curvature, f‴h²/6 + f⁗′h⁴/120 + …, and by rounding: by no
more than ε/h where f is off by ε. Differences over steps each a quarter of the one before are extrapolated to a step of
0, which takes away the first error term by term (L. F. Richardson, 1911), and what the last extrapolation changed is
what is left of it (C. J. F. Ridders, 1982; Numerical Recipes, 5.7). The step with the least of both errors is taken.

That holds for steps within which f is smooth. A wider one may see nothing of a narrow bend that is no higher than ε,
such as that of a norm's √(variance + 10⁻⁵), and f alone cannot tell. But what f is computed from can: on the way to f
the bend is as high as what is bent. So a step counts where the extrapolation holds for everything on the way.

No step crosses a kink: where one is near, the steps go away from it, and where the number lies on it, there are two
slopes.
"""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray

FIRST, FINEST = 2.0**-3, 2.0**-24  # the largest step; that much of a number which is so large that it needs more
SHRINK = 4.0  # each step is so much smaller than the one before
STEPS = 17  # down to 3e-11, where rounding leaves a digit or two
EPS = float(np.finfo(float).eps)
ROUNDING = 4 * EPS  # of a value, relative
HOLDS = 0.01  # of a slope on the way: an extrapolation that changes it by less is one to a smooth function
ENOUGH = 1e-11  # relative error at which no smaller step is tried
TRUSTED = 1e-8  # relative error at which nothing else is tried


class Point(NamedTuple):
    """A value of the function, on which side of its kinks that is (the same within every smooth piece), and the numbers
    from which it was computed.
    """

    value: float
    sides: tuple[Any, ...] = ()
    way: Any = ()

    @property
    def values(self) -> Array:
        """All that was computed, the value last."""
        return np.append(self.way, self.value)

    def joins(self, other: "Point") -> bool:
        """Whether there is no kink between two points that are near to each other."""
        return all(map(np.array_equal, self.sides, other.sides))


class Slope(NamedTuple):
    """A slope and by how much it may be wrong."""

    value: float
    error: float


class Kink(NamedTuple):
    """The slopes to the left and to the right of a number that lies on a kink."""

    left: Slope
    right: Slope


Function = Callable[[float], Point]


class Difference(NamedTuple):
    """Slopes over a step, of all that was computed, and by how much rounding may move them."""

    slopes: Array
    rounding: Array


Differences = Callable[[float], Difference | None]  # over a step; None where it cannot be used


def slope(function: Function, x: float, noise: Array | None = None) -> Slope | Kink | None:
    """The slope at `x`; None where the function has no finite values around it.

    `noise` is by how much each of a point's values may be off, a few of the last bits where nothing is said.
    """
    function = cache(function)
    here, size = function(x), max(FIRST, FINEST * abs(x))
    if not np.isfinite(here.value):
        return None
    noise = ROUNDING * np.abs(here.values) if noise is None else noise
    found: list[Slope] = []
    for differences, order in (
        (_across(function, x, noise), 2),
        (_beside(function, x, 1.0, here, noise), 1),
        (_beside(function, x, -1.0, here, noise), 1),
    ):
        one = limit(differences, size, order)
        if one is not None:
            found.append(one)
            if one.error <= max(TRUSTED * abs(one.value), 100 * noise[-1]):
                break
    if found:
        return min(found, key=lambda one: one.error)
    close = size * SHRINK ** (1 - STEPS)
    left, right = (limit(_beside(function, x, s, function(x + s * close), noise), size, 1) for s in (-1.0, 1.0))
    return None if left is None or right is None else Kink(left, right)


def _across(function: Function, x: float, noise: Array) -> Differences:
    """Central differences: between points on either side of x."""
    here = function(x)

    def difference(step: float) -> Difference | None:
        above, below = function(x + step), function(x - step)
        if not (here.joins(above) and here.joins(below)):
            return None
        bend = np.abs(above.values - 2 * here.values + below.values) / step
        middle = EPS * max(abs(x), step)  # how far from x is what lies between x + step and x − step, as they are
        return Difference((above.values - below.values) / ((x + step) - (x - step)), (noise + bend * middle) / step)

    return difference


def _beside(function: Function, x: float, side: float, piece: Point, noise: Array) -> Differences:
    """Differences to one side of x, in the smooth piece that a point is in."""
    here = function(x)

    def difference(step: float) -> Difference | None:
        there = function(x + side * step)
        if not piece.joins(there):
            return None
        return Difference((there.values - here.values) / ((x + side * step) - x), 2 * noise / step)

    return difference


@np.errstate(invalid="ignore", over="ignore")
def limit(differences: Differences, step: float, order: int) -> Slope | None:
    """Where the last of some slopes goes as the step goes to 0; None where there is no step within which all are
    smooth.

    `order` is the power of the step in the first term of the error, and all others are its multiples. Where a step
    cannot be used no larger one can.
    """
    best: Slope | None = None
    before: list[Array] = []
    for _ in range(STEPS):
        one = differences(step)
        if one is None or not np.isfinite(one.slopes[-1]):
            before = []
        else:
            row, factor = [one.slopes], SHRINK**order
            for last in before:
                row.append(row[-1] + (row[-1] - last) / (factor - 1))
                factor *= SHRINK**order
            if before:
                change = np.maximum(np.abs(row[-1] - row[-2]), np.abs(row[-1] - before[-1]))
                bent = np.any(change > HOLDS * np.abs(row[-1]) + 2 * one.rounding)
                error = float(max(change[-1], one.rounding[-1]))
                if not bent and (best is None or error < best.error):
                    best = Slope(float(row[-1][-1]), error)
                elif best is not None and error > 2 * best.error:
                    break  # from here on rounding takes over
                if best is not None and best.error <= ENOUGH * abs(best.value):
                    break
            before = row
        step /= SHRINK
    return best
