"""The slope of a function of one number, from its values alone.

Differences over smaller and smaller steps are extrapolated to a step of 0 as Ridders does it (Numerical Recipes, 5.7),
which also says how far the result can be trusted: large steps leave higher derivatives in, small ones rounding. No step
crosses a kink: where one is near, the steps go away from it, and where the number lies on it, there are two slopes.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

FIRST, FINEST = 2.0**-7, 2.0**-24  # the largest step; that much of a number which is so large that it needs more
SHRINK = 4.0  # each step is so much smaller than the one before
FAR, NEAR = 6, 15  # how many steps: down to 8e-6, and to 3e-11, where rounding leaves a digit or two
ROUNDING = 4 * float(np.finfo(float).eps)  # of a function's value, relative
ENOUGH = 1e-11  # relative error at which no smaller step is tried
TRUSTED = 1e-8  # relative error at which nothing else is tried


class Point(NamedTuple):
    """A value of the function, and on which side of its kinks that is: the same within every smooth piece."""

    value: float
    sides: tuple[Any, ...]

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


def slope(function: Function, x: float, noise: float | None = None) -> Slope | Kink | None:
    """The slope at `x`; None where the function has no finite values around it.

    `noise` is by how much its values may be off, a few of the last bits where nothing is said.
    """
    here, size = function(x), max(FIRST, FINEST * abs(x))
    if not np.isfinite(here.value):
        return None
    noise = ROUNDING * abs(here.value) if noise is None else noise

    def across(step: float) -> float | None:
        above, below = function(x + step), function(x - step)
        smooth = here.joins(above) and here.joins(below)
        return (above.value - below.value) / ((x + step) - (x - step)) if smooth else None

    def beside(side: float, sides: Point) -> Callable[[float], float | None]:
        def difference(step: float) -> float | None:
            there = function(x + side * step)
            return (there.value - here.value) / ((x + side * step) - x) if sides.joins(there) else None

        return difference

    found: list[Slope] = []
    for difference, order, steps in (
        (across, 2, FAR),
        (beside(1.0, here), 1, FAR),
        (beside(-1.0, here), 1, FAR),
        (across, 2, NEAR),
    ):
        one = limit(difference, size, order, steps, noise)
        if one is not None:
            found.append(one)
            if one.error <= max(TRUSTED * abs(one.value), 100 * noise):
                break
    if found:
        return min(found, key=lambda one: one.error)
    close = size * SHRINK ** (1 - NEAR)
    left, right = (limit(beside(s, function(x + s * close)), size, 1, NEAR, noise) for s in (-1.0, 1.0))
    return None if left is None or right is None else Kink(left, right)


def limit(
    difference: Callable[[float], float | None], step: float, order: int, steps: int, noise: float
) -> Slope | None:
    """Where differences go as their step goes to 0; None where no two steps can be used.

    `order` is the power of the step in the first term of the error, and all others are its multiples. A difference of
    None is of a step that cannot be used; then no larger one can.
    """
    best: Slope | None = None
    before: list[float] = []
    for _ in range(steps):
        one = difference(step)
        if one is None or not np.isfinite(one):
            before = []
        else:
            row, factor = [one], SHRINK**order
            for last in before:
                row.append(row[-1] + (row[-1] - last) / (factor - 1))
                factor *= SHRINK**order
            if before:
                error = max(abs(row[-1] - row[-2]), abs(row[-1] - before[-1]), noise / step)
                if best is None or error < best.error:
                    best = Slope(row[-1], error)
                elif error > 2 * best.error and steps == FAR:
                    break  # from here on rounding takes over, or a much smaller step is wanted
                if error <= ENOUGH * abs(row[-1]):
                    break
            before = row
        step /= SHRINK
    return best
