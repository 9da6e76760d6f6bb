"""One given number copied wrongly: found by solving for it.

For each number that a scenario gives (a weight, a bias, an input, a target, a setting), what it would have to be so
that one wrong number comes out as printed; then whether everything else is explained too, with a value that somebody
may have written: one of few decimals.
"""

from collections.abc import Generator, Iterator
from math import ceil, log10

import numpy as np

from backprop_tui.debugger.mistakes.diagnosis.evidence import price
from backprop_tui.debugger.mistakes.diagnosis.printed_array import PrintedArray
from backprop_tui.debugger.mistakes.diagnosis.search import Fit, Search
from backprop_tui.engine.mistakes.overlay import FAR, Overlay
from backprop_tui.engine.statements.variable import Role
from backprop_tui.formula.values.element import Shape

MOST = 120  # given numbers: of more, too many could be meant
STEPS = 8  # of the secant method
DECIMALS = 4  # that a given number is written with, at most
GIVEN = (Role.INPUT, Role.TARGET, Role.PARAMETER, Role.SETTING)
NEAR = 1e-9  # relative

Given = tuple[str, Shape]
Solved = tuple[Fit, Given, float, float]  # what fits, where it is given, what it was, and what it would cost


def given_values(search: Search) -> Generator[int, None, list[Solved]]:
    """The given numbers that explain what is wrong if they were something else, in slices."""
    first = next((one for one in search.roots if search.open(one).any()), None)
    places = [*_given(search)]
    if first is None or first.name not in search.program.by_name or first.iteration > FAR or len(places) > MOST:
        return []
    at = max(zip(*np.nonzero(np.atleast_1d(search.open(first))), strict=True), key=lambda at: _bits(first, at))
    found = []
    for place in places:
        yield first.iteration
        for value, decimals in _written(_solved(search, first, at, place)):
            fit = search.judge(_with(search, place, value))
            if fit is not None:
                found.append((fit, place, value, price(len(places) * 10.0**decimals)))
                break
    return found


def settings_off_by_two(search: Search) -> Iterator[tuple[Overlay, str, float]]:
    """Settings with twice or half their value, which is what forgetting a ½ of a formula comes to."""
    for name, own in search.program.variables.items():
        if own.role is Role.SETTING and np.shape(before := search.program.start.get(name, [])) == () and before:
            yield from ((Overlay(search.program, (), {name: before * k}), name, float(before) * k) for k in (2.0, 0.5))


def _given(search: Search) -> Iterator[Given]:
    program = search.program
    for name, own in program.variables.items():
        if own.role in GIVEN and name in program.start and not (program.feed.changes and name in ("x", "y")):
            yield from ((name, at) for at in np.ndindex(np.shape(program.start[name])))


def _bits(one: PrintedArray, at: Shape) -> float:
    with np.errstate(all="ignore"):
        return float(np.nan_to_num(np.abs(np.atleast_1d(one.values - one.right) / np.atleast_1d(one.halves))[at]))


def _with(search: Search, place: Given, value: float) -> Overlay:
    name, at = place
    changed = np.array(search.program.start[name], dtype=float)
    changed[at] = value
    return Overlay(search.program, (), {name: changed})


def _solved(search: Search, one: PrintedArray, at: Shape, place: Given) -> float | None:
    """What a given number would have to be, by the secant method; None where that leads nowhere."""
    wanted = float(np.atleast_1d(one.values)[at])
    name, index = place
    before = float(search.program.start[name][index])

    def off(value: float) -> float:
        overlay = _with(search, place, value)
        found = one.part(overlay.at_end(one.name, overlay.frame(one.iteration, search.right)))
        return float(np.atleast_1d(np.asarray(found))[at]) - wanted if found is not None else np.nan

    a, b = before, before + max(abs(before), 1.0) * 1e-3
    fa, fb = off(a), off(b)
    for _ in range(STEPS):
        if not np.isfinite(fb) or fa == fb:
            return None
        a, b, fa = b, b - fb * (b - a) / (fb - fa), fb
        if not np.isfinite(b):
            return None
        fb = off(b)
        if abs(b - a) <= NEAR * max(abs(b), 1e-6):
            return b
    return b if abs(fb) <= float(np.atleast_1d(one.halves)[at]) else None


def _written(solved: float | None) -> Iterator[tuple[float, int]]:
    """A solution as somebody may have written it, with few decimals first."""
    if solved is None or abs(solved) > 10.0**DECIMALS:
        return
    whole = max(0, ceil(log10(abs(solved) + 1e-12)))
    seen = set()
    for decimals in range(DECIMALS + 1):
        value = round(solved, decimals) + 0.0  # no −0
        if value not in seen:
            seen.add(value)
            yield value, decimals + whole
