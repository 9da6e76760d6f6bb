"""The layout of numbers in a file: a number, a list, a list of rows; and what to say if it is wrong."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from backprop_tui.scenario.format.problem import Path

Shape: TypeAlias = tuple[int, ...]
Numbers: TypeAlias = "float | Sequence[Numbers]"


def extent(numbers: Numbers) -> Shape | None:
    """() for a number, (n,) for a list, (rows, n) for rows of equal length, None for anything else."""
    if not isinstance(numbers, Sequence):
        return ()
    if numbers and set(map(type, numbers)) == {float}:  # the same, in a fraction of the time
        return (len(numbers),)
    inner = {extent(item) for item in numbers}
    if len(inner) > 1:
        return None
    below = inner.pop() if inner else ()
    return None if below is None else (len(numbers), *below)


def misfit(numbers: Numbers, *shapes: Shape, why: str) -> str:
    """What is wrong with numbers that have none of the shapes (the usual one first); empty if they fit."""
    seen, usual = extent(numbers), shapes[0]
    if seen in shapes:
        return ""
    turned = seen is not None and len(seen) > 1 and seen[::-1] == usual
    return f"{_seen(numbers)}, expected {describe(usual)} ({why}){': transpose it' if turned else ''}"


def written_shapes(shape: Shape) -> list[Shape]:
    """The shapes in which such a value may be written, the usual one first."""
    front = next((axis for axis, extent in enumerate(shape[:-2]) if extent > 1), max(len(shape) - 2, 0))
    shapes = [shape[front:], shape]
    if len(shape) > 2 or 1 in shape:
        shapes.insert(0 if sum(extent > 1 for extent in shape) <= 1 else 2, _without_ones(shape) or (1,))
    if max(shape, default=1) == 1 and shape:
        shapes.insert(0, ())
    return shapes


def _without_ones(shape: Shape) -> Shape:
    return tuple(extent for extent in shape if extent > 1)


def describe(shape: Shape) -> str:
    """A shape in words: a number, a list of 2 numbers, 1 row of 3, lists of 2×3×4 numbers."""
    match shape:
        case ():
            return "a number"
        case (count,):
            return f"a list of {plural(count, 'number')}"
        case (rows, columns):
            return f"{plural(rows, 'row')} of {columns:,}"
        case _:
            return f"lists of {'×'.join(map(str, shape))} numbers"


def each(numbers: Numbers, path: Path = ()) -> Iterator[tuple[Path, float]]:
    """All numbers in order, each with its path."""
    if isinstance(numbers, Sequence):
        for place, item in enumerate(numbers):
            yield from each(item, (*path, place))
    else:
        yield path, numbers


def plural(count: int, noun: str, several: str = "") -> str:
    """1 row, 2 rows."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {several or noun + 's'}"


def _seen(numbers: Numbers) -> str:
    match extent(numbers):
        case ():
            return f"is {str(numbers).lower()}" if isinstance(numbers, bool) else "is a number"
        case (0,):
            return "is empty"
        case (count,):
            return f"has {plural(count, 'number')}"
        case tuple() as shape:
            return f"has {describe(shape)}"
    rows = numbers if isinstance(numbers, Sequence) else ()
    lengths = {len(row) if isinstance(row, Sequence) else -1 for row in rows}
    return "mixes numbers and lists" if -1 in lengths else "has rows of different lengths"
