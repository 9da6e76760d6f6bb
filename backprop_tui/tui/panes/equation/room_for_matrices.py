"""Parts of a text whose matrices take as many rows as there is room for."""

from collections.abc import Callable, Iterable, Sequence

from backprop_tui.tui.panes.equation.formula_block import TALLEST
from backprop_tui.tui.shared.styled_line import Run

Line = Sequence[Run]
# A part's lines, from how many rows a matrix in it takes at the most. Which of a way's two that is stands beside it:
# that of numbers put in, or that of the result; None where there are no matrices.
Part = tuple[int | None, Callable[[int], Iterable[Line]]]

NUMBERS, RESULT = 0, 1
WAYS = ((TALLEST, TALLEST), (TALLEST // 2, TALLEST // 2), (0, TALLEST), (0, 0))
LOW = 9  # lines, from which on a matrix may take several
EVERY = 1_000_000  # lines: as many as it takes


def fitted(parts: Sequence[Part], height: int) -> list[Line]:
    """The parts in order, in the first way that fits into a number of lines, or else the last."""
    made: dict[tuple[int, int], list[Line]] = {}
    found: list[Line] = []
    for way in WAYS if height >= LOW else WAYS[-1:]:
        found = []
        for place, (which, lines) in enumerate(parts):
            rows = 0 if which is None else way[which]
            if (place, rows) not in made:
                made[place, rows] = list(lines(rows))
            found += made[place, rows]
        if len(found) <= height:
            break
    return found
