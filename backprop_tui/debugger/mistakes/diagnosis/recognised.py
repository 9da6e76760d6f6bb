"""Conventions of a source, recognised: numbers that are wrong here, and right there."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from backprop_tui.debugger.mistakes.diagnosis.causes import Cause
from backprop_tui.debugger.mistakes.diagnosis.evidence import IS, of_scale, price
from backprop_tui.debugger.mistakes.diagnosis.printed_array import PrintedArray
from backprop_tui.engine.mistakes.conventions import CONVENTIONS, Convention, factor_of
from backprop_tui.engine.network.network import Array
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.scenario import Published

Rows = tuple[Convention, ...]
MOST_AT_ONCE = 2  # conventions that an array can be told to be in from itself


def likely(printed: Sequence[PrintedArray], right: Timeline, known: Rows = ()) -> Iterator[Rows]:
    """The conventions that have enough evidence beside those that are `known`: arrays that are right in them, and no
    number that is right only without. Each alone first, then two at once.
    """
    left = [row for row in CONVENTIONS if row.factor and row.key not in {one.key for one in known}]
    for rows in (rows for count in range(1, MOST_AT_ONCE + 1) for rows in combinations(left, count)):
        if len({row.key for row in rows}) < len(rows):
            continue
        concerned = [(one, factor) for one in printed if (factor := _factor(rows, one, right)) != 1]
        right_there = [_are_right(one, factor) for one, factor in concerned]
        both = [*zip(concerned, right_there, strict=True)]
        explained = [(one, factor) for (one, factor), these in both if one.is_root and these.all()]
        if not explained or any((one.agrees(one.right) & ~these).any() for (one, _), these in both):
            continue
        evidence = max(_evidence(one, factor) for one, factor in explained)
        if evidence - price(len(left) ** len(rows)) >= IS:
            yield rows


def _are_right(one: PrintedArray, factor: float) -> Array:
    """Which numbers are right in a convention; those so small that they print the same without it are right in both."""
    value = one.right * factor
    found: Array = one.agrees(value) | one.cut_off(value)
    return found


def _evidence(one: PrintedArray, factor: float) -> float:
    """That of the number which is printed with most digits."""
    with np.errstate(all="ignore"):
        off = np.min(one.units / np.abs(one.right), initial=np.inf, where=one.right != 0)
    return of_scale(factor, factor - float(off), factor + float(off))


def _factor(rows: Rows, one: PrintedArray, right: Timeline) -> float:
    return factor_of(rows, right.program, one.name, right.frame(one.iteration))


def bears_out(rows: Rows, before: Sequence[PrintedArray], printed: Sequence[PrintedArray], right: Timeline) -> bool:
    """Whether something that the conventions say nothing of, and that comes of what they are about, is right with them;
    and no more of that is wrong than was `before`.
    """
    program = right.program
    concerned = {one.name for one in printed if _factor(rows, one, right) != 1}
    now, then = (sum(int(one.wrong.sum()) for one in among if one.name not in concerned) for among in (printed, before))
    if now > then:
        return False
    for one in printed:
        if one.name not in concerned and one.name in program.by_name and not one.wrong.any():
            above = program.above([one.name], carried=False)
            if concerned & above and one.right.any():
                return True
    return False


def as_causes(
    rows: Sequence[Convention], printed: Sequence[tuple[int, Published, float]], right: Timeline
) -> list[Cause]:
    """Conventions as causes have it: they explain the arrays that are to be read in them."""
    found = []
    for row in rows:
        own = [
            (place, one)
            for place, one, _ in printed
            if factor_of((row,), right.program, one.name, right.frame(one.iteration)) != 1
        ]
        masks = {place: np.ones(one.claims.shape, dtype=bool) for place, one in own}
        names = tuple(dict.fromkeys(one.name for _, one in own))
        values = {place: np.zeros(one.claims.shape) for place, one in own}
        if own:
            found.append(Cause(row.name, names, row.value, "is", IS, names, row.said, masks, values))
    return found
