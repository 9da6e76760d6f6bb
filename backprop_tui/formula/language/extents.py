"""How far the indices of a row's rule run: what `extent` is made of, for the rows that compute their indices.

Such a rule is `a[i + b, j]` for the row b further down. What runs off the end of an operand stands in the branch of a
`where` that is not taken.
"""

from typing import Any

Shape = tuple[int, ...]
Shapes = tuple[Shape, ...]
Values = tuple[float | None, ...]


class NoFit(ValueError):  # noqa: N818 - it says what it is
    """Operands that do not fit together."""


def matrix(own: Shape) -> Shape:
    """The last two axes of a shape."""
    if len(own) < 2:
        raise NoFit
    return own[-2:]


def same(one: int, other: int) -> int:
    if one != other:
        raise NoFit
    return one


def whole(value: float | None, least: int = 0) -> int:
    """A setting that is a whole number."""
    if value is None or value < least or value != int(value):
        raise NoFit
    return int(value)


def divided(extent: int, parts: int) -> int:
    if extent % parts:
        raise NoFit
    return extent // parts


def like(place: int) -> Any:
    """The extents of the last two axes of an operand."""
    return lambda shapes, _: matrix(shapes[place])
