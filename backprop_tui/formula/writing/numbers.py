"""How a float64 is shown to a person."""

import math
from decimal import Decimal
from functools import lru_cache
from typing import Any

MINUS = "−"
DIGITS = 4
MOST_DIGITS = 15
BLANK = "·"  # stands for a value that is not computed yet; a full stop in ASCII


@lru_cache(maxsize=8192)
def format_number(value: float, digits: int = DIGITS, *, fixed: bool = False, minus: str = MINUS) -> str:
    """A number with `digits` decimals; trailing zeros only where columns line up (`fixed`).

    A number that would lose nearly all of its digits that way, or is very large, is shown as 4.386e−5; −0 as 0. Where
    that says no more it stays as it is: 0.0999 with one decimal is 0.1 and not 1e−1. Those that are shown are shown in
    several places, and again at the next step: they are kept.
    """
    if not math.isfinite(value):
        return "nan" if math.isnan(value) else f"{minus if value < 0 else ''}inf"
    size = abs(value)
    text = f"{size:.{digits}f}"
    least = 10.0 ** (1 - digits) if digits > 2 else 10.0**-digits
    exponent = size >= 1e9 or (0 < size < least and float(text) != size)
    in_powers = f"{size:.{digits - 1}e}" if exponent else ""
    exponent = exponent and (size >= 1 or float(in_powers) != float(text))
    if exponent:
        mantissa, power = in_powers.split("e")
        if not fixed and "." in mantissa:
            mantissa = mantissa.rstrip("0").rstrip(".")
        text = f"{mantissa}e{minus if power[0] == '-' else ''}{power[1:].lstrip('0') or '0'}"
    elif not fixed and "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{minus}{text}" if value < 0 and (exponent or float(text) != 0) else text


def held(value: float, digits: int) -> int:
    """As many decimals of a number as float64 has of it: those that read it back, at most `digits`."""
    if not math.isfinite(value):
        return digits
    return min(digits, max(0, -int(Decimal(repr(float(value))).as_tuple().exponent)))


def format_array(value: Any, digits: int = DIGITS, *, most: int = 8, minus: str = MINUS) -> str:
    """An array on one line: `[−0.05 1.4]` for a column or a row, `[[…] […]]` for a matrix, `[[[…] …] …]` for a matrix
    for each sample, a number for a single element.

    An array of more than `most` elements is shown by its shape and first numbers, `64×128 [0.1 0.2 …]`. Elements that a
    masked array hides are shown as not computed yet.
    """

    def number(element: Any) -> str:
        return format_element(element, digits, minus=minus)

    flat = value.reshape(-1)
    if flat.size == 1:
        return number(flat[0])
    if flat.size > most:
        times, cut = ("×", "…") if minus == MINUS else ("x", "...")
        return f"{times.join(map(str, value.shape))} [{' '.join(map(number, flat[: max(1, most // 2)]))} {cut}]"
    if value.ndim > 2 and len(value) == 1:  # the matrix of the one sample
        value = value[0]
    if value.ndim > 2:
        return f"[{' '.join(format_array(one, digits, most=most, minus=minus) for one in value)}]"
    if 1 in value.shape:
        return f"[{' '.join(map(number, flat))}]"
    return f"[{' '.join(f'[{chr(32).join(map(number, row))}]' for row in value)}]"


def format_element(element: Any, digits: int = DIGITS, *, minus: str = MINUS) -> str:
    """An element of an array, which may be a masked one."""
    if getattr(element, "mask", False):
        return BLANK if minus == MINUS else "."
    return format_number(float(element), digits, minus=minus)
