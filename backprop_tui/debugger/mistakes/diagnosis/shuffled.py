"""Inputs in another order than their targets: the order is read off what was printed of each sample, or tried."""

from collections.abc import Generator, Iterator
from itertools import combinations, permutations
from math import comb, factorial, lgamma, log

import numpy as np

from backprop_tui.debugger.mistakes.diagnosis.evidence import price
from backprop_tui.debugger.mistakes.diagnosis.printed_array import PrintedArray
from backprop_tui.debugger.mistakes.diagnosis.search import Fit, Search
from backprop_tui.engine.mistakes.mistakes import MISTAKES
from backprop_tui.engine.mistakes.overlay import FAR, Overlay
from backprop_tui.engine.statements.sample_axis import COLUMNS
from backprop_tui.engine.statements.variable import Phase, Role

SHUFFLED = MISTAKES["inputs-shuffled"]
ALL_ORDERS = 5  # samples, of which every order is tried
MOST_SWAPPED = 40  # samples, of which any two may have changed places

Order = tuple[int, ...]
Found = tuple[Fit, Order, float]  # what fits, the order of the inputs, and the bits that it pays for being one of many


def orders(search: Search) -> Generator[int, None, list[Found]]:
    """The orders of the inputs that explain what is wrong, in slices."""
    program = search.program
    inputs = [name for name, own in program.variables.items() if own.role is Role.INPUT and own.samples == COLUMNS]
    first = next((one for one in search.roots if search.open(one).any()), None)
    inputs = [name for name in inputs if name in program.start]
    if first is None or first.iteration > FAR or program.feed.changes or not inputs:
        return []
    samples = np.shape(program.start[inputs[0]])[COLUMNS]
    read = _read_off(search, samples)
    tried, costs = ([read], lgamma(samples + 1) / log(2)) if read else (_likely(samples), price(_count(samples)))
    found = []
    for order in tried:
        start = {name: np.asarray(program.start[name])[:, order] for name in inputs}
        fits = yield from search.ask([Overlay(program, (), start)])
        found += [(fit, order, costs) for fit in fits]
    return found


def _read_off(search: Search, samples: int) -> Order:
    """The order in which the right values of the samples were printed; empty where that is not seen."""
    for one in search.roots:
        own = search.program.by_name.get(one.name)
        if own is None or own.variable.phase is not Phase.FORWARD or one.at or one.iteration != 1:
            continue
        if search.program.sample_axes.get(one.name) == COLUMNS and one.claims.shape[COLUMNS:] == (samples,):
            return _order(one, samples)
    return ()


def _order(one: PrintedArray, samples: int) -> Order:
    """Which sample each column is; empty where one is none, or two are the same."""
    alike = np.array(
        [one.agrees(np.repeat(one.right[:, [k]], samples, axis=COLUMNS)).all(axis=0) for k in range(samples)]
    )
    found = tuple(int(k) for k in alike.argmax(axis=0))
    return found if alike.any(axis=0).all() and len(set(found)) == samples else ()


def _likely(samples: int) -> Iterator[Order]:
    """The orders that are tried: all of few samples, of more each with two samples in each other's place."""
    right = tuple(range(samples))
    if samples <= ALL_ORDERS:
        yield from (order for order in permutations(right) if order != right)
    elif samples <= MOST_SWAPPED:
        for i, j in combinations(right, 2):
            yield tuple({i: j, j: i}.get(k, k) for k in right)


def _count(samples: int) -> float:
    return float(factorial(samples) if samples <= ALL_ORDERS else comb(samples, 2))
