"""The slope of a function of one number, from its values alone, and how wrong it may be.

A central difference (f(x + h) − f(x − h))/2h is off by the curvature, f‴h²/6 + f⁗′h⁴/120 + …, and by rounding: by no
more than ε/h where f is off by ε. Differences over steps each a quarter of the one before are extrapolated to a step of
0, which takes away the first error term by term (L. F. Richardson, 1911), and what the last extrapolation changed is
what is left of it (C. J. F. Ridders, 1982; Numerical Recipes, 5.7). It may have changed little by chance, where terms
cancel over these very steps: so the next step is asked too, and what it says beyond its own rounding is an error. The
step with the least error is taken.

That holds for steps within which f is smooth. A wider step may miss a narrow bend that is no higher than ε, such as
that of a norm's √(variance + 10⁻⁵), and f alone cannot tell. But the values that f is computed from can: there, the
bend is as high as the value that is bent. So a step counts only if the extrapolation holds for all those values.

No step crosses a kink: where one is near, the steps go away from it, and where the number lies on it, there are two
slopes.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray

FIRST, FINEST = 2.0**-3, 2.0**-24  # the largest step, and its least share of a large number
SHRINK = 4.0  # each step is the one before divided by this
STEPS = 17  # down to 3e-11, where rounding leaves a digit or two
EPS = float(np.finfo(float).eps)
ROUNDING = 4 * EPS  # of a value, relative
HOLDS = 0.01  # relative: an extrapolation that changes a slope on the way by less is of a smooth function
ENOUGH = 1e-11  # the relative error at which no smaller step is tried
TRUSTED = 1e-8  # the relative error at which no other method is tried


class Point:
    """A value of the function, the sides of its kinks that it is on (the same throughout a smooth piece), and the
    arrays of numbers from which it was computed; `values` are all these numbers in one array, the value last.
    """

    def __init__(self, value: float, sides: Sequence[Any] = (), way: Sequence[Any] = ()) -> None:
        self.value, self.sides = value, tuple(sides)
        self.values = np.concatenate([*map(np.ravel, way), [value]])

    def joins(self, other: "Point") -> bool:
        """Whether two nearby points have no kink between them."""
        return all(map(np.array_equal, self.sides, other.sides))


class Slope(NamedTuple):
    """A slope, and how far off it may be."""

    value: float
    error: float


class Kink(NamedTuple):
    """The slopes to the left and to the right of a number that lies on a kink."""

    left: Slope
    right: Slope


Function = Callable[[float], Point]


class Difference(NamedTuple):
    """Slopes over a step, and how far rounding may move them, of those numbers that were computed at these places: the
    ones that were asked for, the ones that moved, and the last. In a wide layer most stay as they are.
    """

    places: Array
    slopes: Array
    rounding: Array


Differences = Callable[[float, Array], Difference | None]  # over a step, of these places; None where it cannot be used


def slope(function: Function, x: float, noise: Array | None = None) -> Slope | Kink | None:
    """The slope at `x`; None where the function has no finite values around it.

    `noise` is how far off each of a point's values may be; without it, a few of the last bits are assumed.
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

    def difference(step: float, asked: Array) -> Difference | None:
        above, below = function(x + step), function(x - step)
        if not (here.joins(above) and here.joins(below)):
            return None
        places = _moved(asked, here, above, below)
        high, low = above.values[places], below.values[places]
        bend = np.abs(high - 2 * here.values[places] + low) / step
        middle = EPS * max(abs(x), step)  # how far from x is what lies between x + step and x − step, as they are
        off = noise[places] + _on_the_way(high - here.values[places], low - here.values[places]) + bend * middle
        return Difference(places, (high - low) / ((x + step) - (x - step)), off / step)

    return difference


def _beside(function: Function, x: float, side: float, piece: Point, noise: Array) -> Differences:
    """Differences to one side of x, in the smooth piece that a point is in."""
    here = function(x)

    def difference(step: float, asked: Array) -> Difference | None:
        there = function(x + side * step)
        if not piece.joins(there):
            return None
        places = _moved(asked, here, there)
        moved = there.values[places] - here.values[places]
        return Difference(places, moved / ((x + side * step) - x), (2 * noise[places] + _on_the_way(moved)) / step)

    return difference


def _on_the_way(*moved: Array) -> Array:
    """How far off numbers are for having moved: the noise is that of x, where a number may be 0 and have none."""
    furthest: Array = np.abs(moved).max(axis=0)
    return ROUNDING * furthest


def _moved(asked: Array, here: Point, *others: Point) -> Array:
    """In order: the places that are asked for, those of numbers that differ between the points, and the last."""
    moved = np.zeros(here.values.shape, bool)
    moved[asked] = True
    for other in others:
        moved |= other.values != here.values
    moved[-1] = True
    return np.flatnonzero(moved)


def _spread(values: Array, places: Array, wider: Array) -> Array:
    """Values at some places as values at more places, 0 at the others."""
    found = np.zeros(wider.shape)
    found[np.searchsorted(wider, places)] = values
    return found


@np.errstate(invalid="ignore", over="ignore")
def limit(differences: Differences, step: float, order: int) -> Slope | None:
    """The limit of the last of some slopes as the step goes to 0; None if there is no step within which all are smooth.

    `order` is the power of the step in the first term of the error; the powers of the other terms are its multiples. If
    a step cannot be used, no larger one can.
    """
    best: Slope | None = None
    unasked: Slope | None = None  # that of the step before, of which no smaller step has been asked yet
    before: list[Array] = []
    places = np.zeros(0, int)  # of all numbers that have moved so far
    for _ in range(STEPS):
        one = differences(step, places)
        if one is None or not np.isfinite(one.slopes[-1]):
            before = []
        else:
            before = [_spread(last, places, one.places) for last in before]
            row, factor, places = [one.slopes], SHRINK**order, one.places
            for last in before:
                row.append(row[-1] + (row[-1] - last) / (factor - 1))
                factor *= SHRINK**order
            if before:
                change = np.maximum(np.abs(row[-1] - row[-2]), np.abs(row[-1] - before[-1]))
                bent = np.any(change > HOLDS * np.abs(row[-1]) + 2 * one.rounding)
                error, value = float(max(change[-1], one.rounding[-1])), float(row[-1][-1])
                if unasked is not None:
                    off = max(unasked.error, abs(value - unasked.value) - float(one.rounding[-1]))
                    best = min(best or Slope(0.0, np.inf), Slope(unasked.value, off), key=lambda one: one.error)
                unasked = None if bent else Slope(value, error)
                if best is not None and best.error <= ENOUGH * abs(best.value):
                    break
                if best is not None and error > 2 * best.error:
                    break  # from here on rounding takes over
            before = row
        step /= SHRINK
    return best or unasked
