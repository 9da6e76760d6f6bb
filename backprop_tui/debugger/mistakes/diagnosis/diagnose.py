"""What went wrong: the search in its order, from what is plain to pairs, until every wrong number is explained.

The order is that of the rows of `FAMILIES`. What explains most goes first, and what it leaves open is looked at again.
"""

from collections.abc import Callable, Generator, Sequence

from backprop_tui.debugger.mistakes.diagnosis.candidate import Candidate
from backprop_tui.debugger.mistakes.diagnosis.causes import Chosen, listed
from backprop_tui.debugger.mistakes.diagnosis.copied_wrongly import given_values, settings_off_by_two
from backprop_tui.debugger.mistakes.diagnosis.element_slips import Slipped, by_element, in_words, slips_of_number
from backprop_tui.debugger.mistakes.diagnosis.evidence import CLOSE, MAY_BE, MOST_NAMES, Level, bits, level, price
from backprop_tui.debugger.mistakes.diagnosis.pairs import pairs
from backprop_tui.debugger.mistakes.diagnosis.plain import of_something_else, scaled, transposed
from backprop_tui.debugger.mistakes.diagnosis.printed_array import PrintedArray
from backprop_tui.debugger.mistakes.diagnosis.search import Fit, Search
from backprop_tui.debugger.mistakes.diagnosis.shuffled import SHUFFLED, orders
from backprop_tui.debugger.mistakes.diagnosis.whole_weights import of_whole_weights
from backprop_tui.formula.writing.numbers import MINUS

Found = Generator[int, None, list[Chosen]]
LEAST = 2.0  # bits that one number needs which somebody worked out, beyond its price
MOST_CAUSES = 12  # of one source: what else is wrong is left to look at when these are mended


def diagnose(search: Search) -> Generator[int, None, list[Chosen]]:
    """The causes of what is wrong, in slices; what begins first stands first."""
    causes: list[Chosen] = []
    while not search.is_done and len(causes) < MOST_CAUSES:
        found = yield from _next(search)
        if not found:
            break
        causes += found
        for one in found:
            search.settle(one.behind())
        if any(isinstance(candidate, Slipped) for one in found for candidate in one.candidates):
            break  # what follows from it is to be seen first
    order = {one.place: rank for rank, one in enumerate(search.printed)}
    return sorted(causes, key=lambda one: min(order[place] for place in one.behind()))


def _next(search: Search) -> Generator[int, None, list[Chosen]]:
    """The causes that the first family which has any gives."""
    for family in FAMILIES:
        found = yield from family(search)
        if found:
            return found
    return []


def _chosen(found: Sequence[Candidate], search: Search) -> list[Chosen]:
    """The best candidates as causes, all that cannot be told from each other; empty where none is likely enough."""
    likely = [one for one in found if one.margin >= MAY_BE and not one.may_be_misprint(search.roots)]
    if not likely:
        return []
    best = max(likely, key=lambda one: one.evidence - one.costs)
    most = best.evidence - best.costs
    close = [
        one
        for one in likely
        if one.evidence - one.costs >= most - CLOSE
        or (one.explains >= best.explains and one.costs <= best.costs + CLOSE)  # whatever it could have been
    ]
    widest = max(one.explains for one in close)
    alike: dict[str, Candidate] = {}
    for one in sorted(close, key=lambda one: (not one.described, -one.explains)):
        if one.explains == widest:
            alike.setdefault(one.name, one)
    described = [one for one in alike.values() if one.described][:1]
    named = [one for one in alike.values() if not one.described][:MOST_NAMES]
    first: list[Level] = [level(one.margin, 1) or "may be" for one in described]
    rest = len(named) + len(described)
    levels = [*first, *(level(one.margin, rest) or "may be" for one in named)]
    return [Chosen((*described, *named), tuple(levels))]


def _simple(search: Search) -> Found:
    """What is plain, and single mistakes: everything that is one change."""
    yield from search.gathering()
    found: list[Candidate] = [
        *scaled(search),
        *transposed(search),
        *of_something_else(search),
        *of_whole_weights(search),
    ]
    fits = yield from search.ask(search.singles)
    found += [_candidate(search, fit) for fit in fits]
    chosen = _chosen(found, search)
    told = ((one, how) for each in chosen for one, how in zip(each.candidates, each.levels, strict=True))
    if any(how == "is" and not one.described for one, how in told):
        chosen = yield from _or_a_setting(search, found, chosen)
    return chosen


def _or_a_setting(search: Search, found: list[Candidate], chosen: list[Chosen]) -> Found:
    """The causes with what cannot be told from them: a setting that has twice or half its value."""
    symbols, more = search.program.symbols, []
    for overlay, name, value in settings_off_by_two(search):
        fits = yield from search.ask([overlay])
        before = float(search.program.start[name])
        said = f"what you get with {symbols.symbol(name)} = {value:g} in place of {before:g}".replace("-", MINUS)
        more += [
            Candidate("given-value", said, fit.hits, fit.evidence, search.rivals(fit), (name,), f"{value:g}", when=said)
            for fit in fits
        ]
    return _chosen([*found, *more], search) if more else chosen


def _by_hand(search: Search) -> Found:
    """Slips in single numbers of an operation, of the first array that they explain."""
    yield 0
    for one in search.roots:
        found = by_element(search, one)
        if not found or found[0].margin < MAY_BE:
            continue
        lone = int(search.open(one).sum()) == 1
        if lone and found[0].may_be_misprint(search.roots):
            continue
        alike: dict[bytes, list[Slipped]] = {}  # slips of the same numbers cannot be told from each other
        for slip in found:
            alike.setdefault(slip.hits[one.place].mask.tobytes(), []).append(slip)
        return [_level(slips[:MOST_NAMES]) for slips in alike.values()]
    return []


def _level(slips: Sequence[Candidate]) -> Chosen:
    return Chosen(tuple(slips), tuple(level(one.margin, len(slips)) or "may be" for one in slips))


def _given(search: Search) -> Found:
    """One given number that was copied wrongly."""
    fits = yield from given_values(search)
    symbols = search.program.symbols
    found = []
    for fit, (name, at), value, costs in fits:
        written = f"{symbols.address(name, at) if at else symbols.symbol(name)}"
        said = f"what you get with {written} = {value:g} in place of {float(search.program.start[name][at]):g}"
        found.append(
            Candidate(
                "given-value",
                said.replace("-", MINUS),
                fit.hits,
                fit.evidence_of_all,
                1,
                (name + (f"[{','.join(map(str, at))}]" if at else ""),),
                f"{value:g}",
                fit.costs + costs,
                when=said,
            )
        )
    best = max(found, key=lambda one: one.margin, default=None)
    return _chosen([one for one in found if best is not None and one.margin >= best.margin - CLOSE], search)


def _shuffled(search: Search) -> Found:
    """Inputs in another order than their targets."""
    fits = yield from orders(search)
    found = []
    for fit, order, costs in fits:
        written = ", ".join(str(sample + 1) for sample in order)
        said, at = f"what you get when {SHUFFLED.when}: samples {written}", tuple(fit.overlay.start)
        paid = fit.costs + costs
        found.append(Candidate(SHUFFLED.name, said, fit.hits, fit.evidence_of_all, 1, at, written, paid, when=said))
    return _chosen(found, search)


def _in_pairs(search: Search) -> Found:
    fits, tried = yield from pairs(search)
    return _chosen([_candidate(search, fit, tried) for fit in fits], search)


def _candidate(search: Search, fit: Fit, tried: float = 0) -> Candidate:
    """A fit as a candidate, with its words."""
    slips = fit.overlay.slips
    when = " and ".join(slip.when(search.program) for slip in slips)
    whence = dict.fromkeys(name for hit in fit.hits.values() for name in hit.whence)
    own = f"from the source's own {listed([*map(search.program.symbols.symbol, whence)])} " if whence else ""
    cut = ", cut off" if any(hit.cut for hit in fit.hits.values()) else ""
    names = [search.program.by_name[one.name].name for one in search.roots if one.place in fit.hits]
    above = search.program.above([name for name in names if name in search.program.by_name])
    at = tuple(step.name for step in fit.overlay.steps if step.differs and step.name in above)
    return Candidate(
        "+".join(slip.mistake.name for slip in slips),
        f"what you get {own}when {when}{cut}",
        fit.hits,
        fit.evidence,
        max(tried, search.rivals(fit)),
        at,
        ", ".join(str(slip.digits) for slip in slips if slip.digits),
        fit.costs,
        fit.scale,
        when=when,
        changed=fit.overlay.changed,
    )


FAMILIES: tuple[Callable[[Search], Found], ...] = (_simple, _by_hand, _given, _shuffled, _in_pairs)


def slips_behind(search: Search, one: PrintedArray) -> Generator[int, None, list[str]]:
    """What gives a single number that somebody worked out, in words: slips in this operation alone, else mistakes
    before it that no other number rules out. Empty where none is likelier than chance.
    """
    evidence = float(bits(one.values, one.right, one.halves))
    found, tried = slips_of_number(search, one, ())
    if found:
        return [in_words(search, *slip[:2]) for slip in found] if evidence >= price(tried) + LEAST else []
    fits = yield from search.ask(search.singles)
    told = [_candidate(search, fit) for fit in fits if one.place in fit.hits]
    simplest = {fit.name: fit for fit in reversed(told)}
    return [fit.said for fit in reversed(simplest.values()) if fit.margin >= LEAST]
