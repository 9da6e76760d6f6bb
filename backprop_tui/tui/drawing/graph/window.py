"""Which part of a graph is seen: one interval of cells along each axis."""

from collections.abc import Iterable

Extent = tuple[int, int]
"""From a cell to the one behind the last."""

_MARGIN = 2  # cells round what has to be seen


def aim(offset: int, size: int, total: int, must: Extent, wishes: Iterable[Extent] = ()) -> int:
    """The offset nearest to the present one at which a window shows all of `must`, and those wishes that fit.

    The nearest wishes come first. Where there is room, there is a margin round them.
    """
    low, high = must[0], min(must[1], must[0] + size)
    for start, end in sorted(wishes, key=lambda wish: max(must[0] - wish[0], wish[1] - must[1])):
        if max(high, end) - min(low, start) <= size:
            low, high = min(low, start), max(high, end)
    margin = min(_MARGIN, (size - (high - low)) // 2)
    low, high = low - margin, high + margin
    offset = min(max(offset, high - size), low)
    return max(0, min(offset, total - size))
