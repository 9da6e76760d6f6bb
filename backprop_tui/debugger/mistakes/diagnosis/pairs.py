"""Two mistakes at once: first those of which one can be seen alone, then all that move what is wrong first."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import islice

import numpy as np

from backprop_tui.debugger.mistakes.diagnosis.evidence import MAY_BE, price
from backprop_tui.debugger.mistakes.diagnosis.printed_array import PrintedArray
from backprop_tui.debugger.mistakes.diagnosis.search import Fit, RuledOutError, Search
from backprop_tui.engine.mistakes.overlay import FAR, Overlay

MOST_PARTNERS = 8  # mistakes that explain a part, of which a second one is looked for
MOST_WORK = 120_000_000  # numbers that are computed for all pairs together: some three seconds
OPERATION = 250  # numbers that an operation costs beside its own
SLICE = 50  # pairs between two looks at whether to go on
Pairs = Generator[int, None, tuple[list[Fit], int]]


def pairs(search: Search) -> Pairs:
    """The pairs that explain what neither explains alone, in slices, and how many were tried."""
    first = next((one for one in search.roots if search.open(one).any()), None)
    if first is None or first.iteration > FAR or first.name not in search.program.by_name:
        return [], 0
    if search.most < price(len(search.singles) ** 2 / 2) + MAY_BE:
        return [], 0  # too few numbers to tell one pair from another
    partial = [fit for fit in (yield from search.ask(search.singles, partial=True)) if fit.unexplained]
    known = sorted((fit for fit in partial if search.margin(fit) >= MAY_BE), key=lambda fit: -fit.evidence)
    if known:
        partners = [fit.overlay for fit in known[:MOST_PARTNERS]]
        both = (one.with_also(other) for one in partners for other in search.singles if _differ(one, other))
        found, tried = yield from _judged(search, both, None)
        return found, max(tried, len(search.singles))
    return (yield from _judged(search, _all(search, first), first))


def _judged(search: Search, both: Iterable[Overlay | None], first: PrintedArray | None) -> Pairs:
    """The pairs that explain something; those that leave or change the `first` wrong array are not asked further."""
    found, tried = [], 0
    for overlay in islice(both, _affordable(search, [first] if first else search.roots)):
        tried += 1
        if not tried % SLICE:
            yield tried
        if overlay is None or (first is not None and not _explains(search, overlay, first)):
            continue
        fit = search.judge(overlay)
        if fit is not None and _needs_both(search, fit):
            found.append(fit)
    return found, tried


def _affordable(search: Search, asked: Sequence[PrintedArray]) -> int:
    """How many pairs are tried, each of which computes anew what these arrays come from."""
    program, iterations = search.program, max(one.iteration for one in asked)
    above = program.above([one.name for one in asked if one.name in program.by_name])
    each = sum(OPERATION + int(np.prod(program.shapes[name])) for name in above)
    return MOST_WORK // max(1, each * iterations)


def _needs_both(search: Search, fit: Fit) -> bool:
    """Whether neither of the two explains the same numbers alone."""
    for slip in fit.overlay.slips:
        alone = next(one for one in search.singles if one.slips == (slip,))
        for one in search.roots:
            if one.place in fit.hits:
                value = one.part(alone.at_end(one.name, alone.frame(one.iteration, search.right)))
                if value is None or not one.agrees(np.asarray(value, dtype=float))[fit.hits[one.place].mask].all():
                    break
        else:
            return False
    return True


def _explains(search: Search, overlay: Overlay, one: PrintedArray) -> bool:
    try:
        return search.on(overlay, one) is not None
    except RuledOutError:
        return False


def _all(search: Search, first: PrintedArray) -> Iterator[Overlay | None]:
    above = search.program.above([first.name])
    near = [one for one in search.singles if one.is_in_order and not one.start and not one.changed.isdisjoint(above)]
    for place, one in enumerate(near):
        yield from (one.with_also(other) for other in near[place + 1 :] if _differ(one, other))


def _differ(one: Overlay, other: Overlay) -> bool:
    mine, theirs = ({slip.mistake.name for slip in overlay.slips} for overlay in (one, other))
    return not mine & theirs
