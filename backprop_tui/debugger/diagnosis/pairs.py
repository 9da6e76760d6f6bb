"""Two mistakes at once: first of those that one of the two can be seen of, then of all that move what is wrong first."""

from collections.abc import Generator, Iterator

from backprop_tui.debugger.diagnosis.evidence import MAY_BE
from backprop_tui.debugger.diagnosis.search import Fit, RuledOut, Search
from backprop_tui.engine.mistakes.variant import FAR, Variant

MOST_PARTNERS = 8  # mistakes that explain a part, of which a second one is looked for
MOST = 6_000  # pairs that are tried


def pairs(search: Search) -> Generator[int, None, tuple[list[Fit], int]]:
    """The pairs that explain something that neither explains alone, in slices, and how many were tried."""
    first = next((one for one in search.roots if search.open(one).any()), None)
    if first is None or first.iteration > FAR:
        return [], 0
    yield first.iteration
    partial = [fit for fit in (yield from search.ask(search.singles, partial=True)) if fit.unexplained]
    partial = [fit for fit in partial if search.margin(fit) >= MAY_BE]
    partial.sort(key=lambda fit: -fit.evidence)
    known = [fit.variant for fit in partial[:MOST_PARTNERS]]
    found: list[Fit] = []
    tried = 0
    for one in known:
        for variant in _with(one, search.singles):
            tried += 1
            fit = search.judge(variant)
            if fit is not None:
                found.append(fit)
        yield first.iteration
    if found or known:
        return found, max(tried, len(search.singles))
    near = [one for one in search.singles if one.is_in_order and not one.start and _moves(search, one, first.name)]
    for place, one in enumerate(near):
        for other in near[place + 1 :]:
            if tried >= MOST:
                return found, tried
            tried += 1
            both = _pair(one, other)
            if both is None:
                continue
            try:
                hit = search.on(both, first)
            except RuledOut:
                continue
            fit = search.judge(both) if hit is not None else None
            if fit is not None:
                found.append(fit)
        yield first.iteration
    return found, tried


def _with(one: Variant, others: list[Variant]) -> Iterator[Variant]:
    for other in others:
        both = _pair(one, other)
        if both is not None:
            yield both


def _pair(one: Variant, other: Variant) -> Variant | None:
    """Both, where they are two different mistakes."""
    mine, theirs = ({slip.mistake.name for slip in variant.slips} for variant in (one, other))
    return None if mine & theirs else one.with_also(other)


def _moves(search: Search, one: Variant, name: str) -> bool:
    return not one.changed.isdisjoint(search.program.above([name]))
