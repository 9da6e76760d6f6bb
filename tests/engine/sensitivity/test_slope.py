"""Slopes from values alone, beside derivatives that are known."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backprop_tui.engine.sensitivity import slope as slope_of
from backprop_tui.engine.sensitivity.slope import Kink, Point, Slope, slope

SMOOTH: dict[str, tuple[Callable[[float], float], Callable[[float], float], tuple[float, ...]]] = {
    "sin": (math.sin, math.cos, (0.0, 1.0, 30.0, -2e4)),
    "exp": (math.exp, math.exp, (-20.0, 0.0, 3.0)),
    "steep": (lambda x: math.tanh(50 * x), lambda x: 50 / math.cosh(50 * x) ** 2, (0.0, 0.01, -0.03)),
    "log": (lambda x: math.log(x) if x > 0 else math.nan, lambda x: 1 / x, (1e-8, 1e-5, 0.3, 7.0)),
    "constant": (lambda _: 3.5, lambda _: 0.0, (0.0, 1e5)),
    "line": (lambda x: 2 - 3 * x, lambda _: -3.0, (-1.0, 0.0, 1e7)),
    "parabola far up": (lambda x: 1e6 + x * x, lambda x: 2 * x, (1.0, 5.0)),
}


def smooth(function: Callable[[float], float]) -> Callable[[float], Point]:
    return lambda x: Point(function(x), ())


@pytest.mark.parametrize(("name", "x"), [(name, x) for name, (_, _, places) in SMOOTH.items() for x in places])
def test_of_smooth_functions(name: str, x: float) -> None:
    function, derivative, _ = SMOOTH[name]
    found = slope(smooth(function), x)
    assert isinstance(found, Slope)
    true = derivative(x)
    assert found.value == pytest.approx(true, rel=1e-7, abs=1e-7)
    assert abs(found.value - true) <= 4 * found.error + 1e-15 * abs(true)  # it knows how good it is


def relu(x: float) -> Point:
    return Point(max(x, 0.0) + 0.5 * x, (float(x > 0) - float(x < 0),))


@pytest.mark.parametrize("x", [1e-3, 1e-5, 1e-9, -1e-9, -1e-6, -0.2, 5.0])
def test_no_step_crosses_a_kink(x: float) -> None:
    found = slope(relu, x)
    assert isinstance(found, Slope)
    assert found.value == pytest.approx(1.5 if x > 0 else 0.5, rel=1e-9)


def test_on_a_kink_there_are_two() -> None:
    found = slope(relu, 0.0)
    assert isinstance(found, Kink)
    assert (found.left.value, found.right.value) == pytest.approx((0.5, 1.5), rel=1e-9)


def test_between_two_kinks_that_are_near() -> None:
    def zigzag(x: float) -> Point:
        return Point(abs(x - 1e-4) + abs(x + 1e-4), (math.copysign(1, x - 1e-4), math.copysign(1, x + 1e-4)))

    found = slope(zigzag, 2e-5)
    assert isinstance(found, Slope)
    assert found.value == pytest.approx(0.0, abs=1e-9)


EPS = 1e-5  # of the norm


def after_norm(height: float) -> tuple[Callable[[float], Point], Callable[[float], float]]:
    """Of two samples that are x apart behind a norm, something that moves no more than a height; and its slope."""

    def value(x: float) -> Point:
        normed = x / math.sqrt(x * x + 4 * EPS)
        return Point(0.7 + height * normed**2, (), (normed,))

    return value, lambda x: 8 * EPS * height * x / (x * x + 4 * EPS) ** 2


@pytest.mark.parametrize("height", [1e-1, 1e-6, 1e-10, 1e-12, 1e-13])
@pytest.mark.parametrize("x", [1e-6, 1e-4, 1e-3])
def test_a_step_over_a_bend_that_is_as_low_as_rounding_counts_for_nothing(height: float, x: float) -> None:
    function, derivative = after_norm(height)
    found = slope(function, x)
    assert isinstance(found, Slope)
    assert abs(found.value - derivative(x)) <= found.error
    # what is given up for it is no more than the width of the bend asks for
    assert found.error <= max(1e-8 * height, 1e-10)


def test_from_its_values_alone_such_a_bend_is_not_seen() -> None:
    function, derivative = after_norm(1e-12)
    blind = slope(lambda x: Point(function(x).value), 1e-4)
    assert isinstance(blind, Slope)
    assert abs(blind.value - derivative(1e-4)) > 4 * blind.error


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_of_what_is_not_finite_there_is_none(value: float) -> None:
    assert slope(smooth(lambda x: value if x == 1 else x), 1.0) is None
    assert slope(smooth(lambda x: x if x == 1 else value), 1.0) is None


def test_large_values_hide_a_slope() -> None:
    found = slope(smooth(lambda x: 1e20 + x), 0.0)
    assert isinstance(found, Slope)
    assert found.error > 1


# where the number itself is 0 and flat, all that is off is what its neighbours are off by
@example([0.0, 0.0, 0.0, -0.6, -6e-5, 0.3, 3.0], 0.0)
@example([0.0, 0.0, 0.0, -1e-5, -1.8273722140725597], 1e-20)
@given(st.lists(st.floats(-3, 3), min_size=1, max_size=7), st.floats(-3, 3))
def test_of_polynomials(coefficients: list[float], x: float) -> None:
    def value(x: float) -> float:
        return sum(c * x**k for k, c in enumerate(coefficients))

    true = sum(k * c * x ** (k - 1) for k, c in enumerate(coefficients) if k)
    size = sum(abs(c) * max(1, abs(x)) ** k for k, c in enumerate(coefficients))
    found = slope(smooth(value), x)
    assert isinstance(found, Slope)
    assert abs(found.value - true) <= 1e-9 * (size + 1e-6)


def test_only_the_numbers_that_move_are_extrapolated() -> None:
    asked: list[int] = []

    def wide(x: float) -> Point:
        return Point(math.sin(x), (), (np.ones(1000), [x, 2 * x if abs(x - 1) > 0.01 else 2.0]))

    function = slope_of._across(wide, 1.0, np.full(1003, 1e-16))

    def counted(step: float, places: np.ndarray) -> slope_of.Difference | None:
        found = function(step, places)
        assert found is not None
        asked.append(len(found.places))
        return found

    found = slope_of.limit(counted, 0.125, 2)
    assert found is not None
    assert found.value == pytest.approx(math.cos(1.0), rel=1e-9)
    assert set(asked) == {3}  # also where one of them no longer moves


def test_a_change_that_is_small_by_chance_is_not_what_is_left() -> None:
    """Of x + x⁵ + ax⁷ the first extrapolations from 1/8 and from 1/32 coincide, and are off by 6e-8 of what is 1."""
    fifth, seventh = -1 / 16, (4.0**-6 * 16 - 1) / 15  # what extrapolating once leaves of h⁴ and h⁶
    a = -(fifth * (8.0**-4 - 32.0**-4)) / (seventh * (8.0**-6 - 32.0**-6))
    found = slope(smooth(lambda x: x + x**5 + a * x**7), 0.0)
    assert isinstance(found, Slope)
    assert abs(found.value - 1) <= 4 * found.error
    assert found.error < 1e-10
