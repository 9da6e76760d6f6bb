"""What the digits of printed numbers show of the program that printed them: the type of its numbers.

A number given in full is not claimed to the last digit: another order of the same additions gives another one. Python
prints as many digits as it takes to read the same number back, up to 17 of a float64 and up to 9 of a float32, and
`tolist` makes float64 of float32, with up to 17 digits that are those of a float32.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Literal

import numpy as np

Dtype = Literal["float64", "float32", ""]

FULL = 15  # significant digits of an array in full: from here on, rounding is in the last ones
NEARLY = 12  # significant digits that a number of a source that prints in full may have by chance
SINGLE = 7  # significant digits: a float32 may need more of them
FEW_OF_SINGLE = 6  # significant digits that a float32 has at least, but for one in ten thousand
LONGEST_SINGLE = 9  # significant digits: no float32 needs more
ROUNDED = 0.5 + 1e-6  # units of the last digit that rounding moves a number by
CHANCE = 0.05  # of numbers that look like float32 without being any


def shown_types(arrays: Sequence[Sequence[Decimal]]) -> list[Dtype]:
    """The type of each array of one source, if it was printed in full; empty if it was not.

    A few numbers alone may look like float32 by chance: that is told from all of them together.
    """
    known = [[number for number in numbers if number.is_finite() and number] for numbers in arrays]
    single = [number for numbers in known if _digits(numbers) > SINGLE for number in numbers]
    is_single = _look_single(single) and _by_chance(single) < CHANCE
    types = [_type(numbers, is_single=is_single) for numbers in known]
    if "float64" in types:
        return [dtype or ("float64" if _digits(one) >= NEARLY else "") for dtype, one in zip(types, known, strict=True)]
    return types


def _type(numbers: Sequence[Decimal], *, is_single: bool) -> Dtype:
    longest = _digits(numbers)
    if longest > LONGEST_SINGLE and all(_is_single(float(number)) for number in numbers):
        return "float32"
    if longest >= FULL:
        return "float64"
    return "float32" if is_single and longest >= FEW_OF_SINGLE and _look_single(numbers) else ""


def _digits(numbers: Iterable[Decimal]) -> int:
    """The significant digits of the longest."""
    return max((len(number.as_tuple().digits) for number in numbers), default=0)


def _look_single(numbers: Iterable[Decimal]) -> bool:
    """Whether each number is a float32, rounded to the digits that it has."""
    return all(abs(float(number) - float(_single(float(number)))) <= ROUNDED * _unit(number) for number in numbers)


def _is_single(number: float) -> bool:
    return float(_single(number)) == number


def _by_chance(numbers: Iterable[Decimal]) -> float:
    """How likely it is that numbers of so many digits look like float32 although they are not."""
    chance = 1.0
    for number in numbers:
        chance *= min(1.0, _unit(number) / _spacing(number))
    return chance


def _unit(number: Decimal) -> float:
    """The unit of the last digit."""
    return 10.0 ** int(number.as_tuple().exponent)


def _spacing(number: Decimal) -> float:
    """How far the next float32 is."""
    return float(np.spacing(abs(_single(float(number)))))


def _single(number: float) -> np.float32:
    with np.errstate(over="ignore", under="ignore"):
        return np.float32(number)
