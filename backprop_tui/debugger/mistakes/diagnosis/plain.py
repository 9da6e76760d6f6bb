"""What can be seen without another program: a factor, a sign, a transposition, the value of something else."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from backprop_tui.debugger.mistakes.diagnosis.candidate import Candidate
from backprop_tui.debugger.mistakes.diagnosis.evidence import bits, of_scale, strongest
from backprop_tui.debugger.mistakes.diagnosis.printed_array import PrintedArray
from backprop_tui.debugger.mistakes.diagnosis.search import Hit, Search
from backprop_tui.engine.network.network import Array, Network
from backprop_tui.formula.writing.numbers import MINUS

MOST_OTHERS = 400  # values of other variables that a printed array is compared with


class Factor(NamedTuple):
    """A factor that numbers are off by more often than by others, in words and as a number to print."""

    value: float
    words: str
    written: str


def factors(samples: int, outputs: int) -> list[Factor]:
    """The factors for a batch and a number of outputs, each once: those that a formula can lose or gain."""
    found = [Factor(2.0, "twice what is right", "2"), Factor(0.5, "half of what is right", "1/2")]
    for count in (samples, outputs, samples * outputs, 2 * samples, samples - 1):
        if count > 1:
            found += [
                Factor(count, f"{count} times what is right", str(count)),
                Factor(1 / count, f"1/{count} of what is right", f"1/{count}"),
            ]
    if samples > 1:
        found += [
            Factor((samples - 1) / samples, f"{samples - 1}/{samples} of what is right", f"{samples - 1}/{samples}"),
            Factor(samples / (samples - 1), f"{samples}/{samples - 1} of what is right", f"{samples}/{samples - 1}"),
            Factor(2 / samples, f"2/{samples} of what is right", f"2/{samples}"),
        ]
    signed = [Factor(-1.0, "what is right with the sign turned", f"{MINUS}1")]
    signed += [Factor(-one.value, f"{one.words}, with the sign turned", f"{MINUS}{one.written}") for one in found]
    return [*{round(one.value, 12): one for one in (*signed, *found)[::-1] if one.value != 1}.values()][::-1]


def scaled(search: Search) -> Iterator[Candidate]:
    """Arrays that are all the same factor times what is right; of a parameter, its step."""
    network = search.program.network
    outputs = network.layers[-1].units if isinstance(network, Network) else 1
    table = factors(min(search.program.feed.size, search.program.feed.total), outputs)
    spans: dict[int, tuple[float, float]] = {}
    for one in search.roots:
        span = span_of(one, search.open(one))
        if span is not None:
            spans[one.place] = span
    for factor in table:
        having = [one for one in search.roots if one.place in spans and _within(factor.value, spans[one.place])]
        if not having:
            continue
        lower, upper = (pick(spans[one.place][k] for one in having) for k, pick in ((0, max), (1, min)))
        hits = {
            one.place: Hit(search.open(one), _times(one, factor.value), of_step=one.before is not None)
            for one in having
        }
        is_sign = factor.value == -1
        yield Candidate(
            "sign" if is_sign else "factor",
            factor.words,
            hits,
            min(of_scale(factor.value, lower, upper), _sum(search, hits)),
            len(table),
            tuple(dict.fromkeys(one.name for one in having)),
            "" if is_sign else factor.written.replace(MINUS, "-"),
            scale=factor.value,
            described=True,
        )


def _times(one: PrintedArray, factor: float) -> Array:
    return one.base * factor + (0.0 if one.before is None else one.before)


def _within(factor: float, span: tuple[float, float]) -> bool:
    return span[0] <= factor <= span[1]


def span_of(one: PrintedArray, wrong: Array) -> tuple[float, float] | None:
    """From where to where a factor may be that makes the printed numbers of the right ones; None if there is none."""
    if not wrong.any() or not np.isfinite(one.values).all() or not np.isfinite(one.base).all():
        return None
    start = 0.0 if one.before is None else one.before
    zero = one.base == 0
    slack = one.halves + 8 * np.spacing(np.maximum(np.abs(one.values), np.abs(one.right)))
    if (np.abs(one.values - start)[zero] > slack[zero]).any() or zero.all():
        return None
    base, printed = one.base[~zero], (one.values - start)[~zero]
    ends = np.sort(np.stack([(printed - slack[~zero]) / base, (printed + slack[~zero]) / base]), axis=0)
    lower, upper = float(ends[0].max()), float(ends[1].min())
    return (lower, upper) if lower <= upper else None


def _sum(search: Search, hits: Mapping[int, Hit]) -> float:
    evidence = [
        np.where(hits[one.place].mask, bits(one.values, one.right, one.widths(hits[one.place].value)), 0.0).ravel()
        for one in search.roots
        if one.place in hits
    ]
    return strongest(np.concatenate(evidence), sum(map(len, evidence)))


def transposed(search: Search) -> Iterator[Candidate]:
    """Square matrices whose rows and columns are the other way round; of a parameter, those of its step."""
    hits = {}
    for one in search.roots:
        wrong, shape = search.open(one), one.claims.shape
        if not wrong.any() or len(shape) != 2 or shape[0] != shape[1] or shape[0] == 1:
            continue
        turned = ((one.right.T, False), (_turned(one), True))
        found = next(((value, of_step) for value, of_step in turned if one.agrees(value).all()), None)
        if found is not None:
            hits[one.place] = Hit(wrong, found[0], of_step=found[1])
    if hits:
        names = tuple(dict.fromkeys(one.name for one in search.roots if one.place in hits))
        yield Candidate("transposed", "transposed", hits, _sum(search, hits), 2, names, described=True)


def _turned(one: PrintedArray) -> Array:
    return one.base.T + (0.0 if one.before is None else one.before)


def of_something_else(search: Search) -> Iterator[Candidate]:
    """The value before an update, in another iteration that is near or printed, or of another variable."""
    told: dict[tuple[str, str], dict[int, Hit]] = defaultdict(dict)
    tried = 1
    for one in search.roots:
        wrong = search.open(one)
        if not wrong.any():
            continue
        others = [*_others(search, one)]
        tried = max(tried, len(others))
        for name, said, value in others:
            found = one.part(value)
            if found is not None and one.agrees(found)[wrong].all() and not one.agrees(one.right)[wrong].any():
                told[name, said][one.place] = Hit(wrong, np.asarray(found, dtype=float))
    for (name, said), hits in told.items():
        at = tuple(dict.fromkeys(one.name for one in search.roots if one.place in hits))
        yield Candidate(name, said, hits, _sum(search, hits), tried, at, described=True)


def _others(search: Search, one: PrintedArray) -> Iterator[tuple[str, str, Array]]:
    program, frame, now = search.program, search.right.frame(one.iteration), one.iteration
    own = program.by_name.get(one.name)
    if own is None:
        return
    carried = one.name in program.carried
    if carried:
        yield "before-update", "its value before the update", np.asarray(frame[own.name])
    printed = {other.iteration for other in search.printed}
    skipped = {0, now, *([now - 1] if carried else [])}
    for iteration in sorted({now - 1, now + 1, *printed} - skipped)[:MOST_OTHERS]:
        value = np.asarray(search.right.frame(iteration).at_end(one.name))
        yield "other-iteration", f"its value in iteration {iteration:,}", value
    symbol: Callable[[str], str] = program.symbols.symbol
    for other in program.operations:
        if other.name != one.name and other.shape == own.shape and other.shape != ():
            yield "other-value", f"the value of {symbol(other.name)}", np.asarray(frame[other.key])
