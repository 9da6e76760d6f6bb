"""The search for what went wrong: changed programs, asked for all printed numbers together.

A hypothesis explains a printed array where it gives its wrong numbers and leaves the right ones alone. It is ruled out
by a number that agrees and that it would change, and by a wrong one that it would change into something else. What it
is asked in is the run from its start, and what the source had printed before, put into it.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec
import numpy as np

from backprop_tui.debugger.mistakes.diagnosis.evidence import CLOSE, bits, of_scale, of_way, price, strongest, zeros
from backprop_tui.debugger.mistakes.diagnosis.printed_array import SAME, PrintedArray, Setting
from backprop_tui.engine.mistakes.mistaken_program import slips
from backprop_tui.engine.mistakes.mistakes import ROWS
from backprop_tui.engine.mistakes.overlay import FAR, Overlay
from backprop_tui.engine.network.network import Array
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.timeline.timeline import Timeline

SETTINGS = 6  # in which a hypothesis is asked for one array, beside the run from its start
ANOTHER_RUN = 1.0  # bits: what a source printed later may be of another run than what it printed before
FROM_BEFORE = 1.0  # bits: it was computed from what had been printed before
CUT = 1.0  # bits: and cut off
SCALE = 1e-9  # relative: numbers that differ by less have the same ratio
MOST_FAR = 30_000  # iterations far on, over all hypotheses: a second's work in a small network
SAMPLED = 6  # wrong numbers of an array that tell hypotheses from each other


class Hit(msgspec.Struct, frozen=True, eq=False):
    """What a hypothesis gives for one printed array: which wrong numbers it explains, and all its digits.

    `whence` are the printed variables that it was computed from, `cut` says that it was cut off besides, and `of_step`
    that what is said of it is so of a parameter's step, and not of the parameter.
    """

    mask: Array
    value: Array
    whence: tuple[str, ...] = ()
    cut: bool = False
    of_step: bool = False


class Fit(msgspec.Struct, frozen=True, eq=False):
    """A hypothesis that explains something and is not ruled out.

    `hits` are by place. `evidence` is in bits, `costs` what it pays beside the number of hypotheses, and `scale` the
    factor that it comes to, where it is nothing but that. `unexplained` are the places that it changes into something
    else than what was printed: it may be one of a pair.
    """

    overlay: Overlay
    hits: Mapping[int, Hit]
    evidence: float
    costs: float = 0.0
    scale: float | None = None
    unexplained: frozenset[int] = frozenset()
    evidence_of_all: float = 0.0

    @property
    def explains(self) -> int:
        """How many numbers."""
        return sum(int(hit.mask.sum()) for hit in self.hits.values())


class RuledOutError(Exception):
    """A hypothesis that a number which agrees rules out."""


class Search:
    """Asks hypotheses for all that was printed. `right` is the right run."""

    def __init__(
        self, right: Timeline, printed: Sequence[PrintedArray], singles: Sequence[Overlay] | None = None
    ) -> None:
        self.right = right
        self.program: Program = right.program
        self._singles = singles
        order = self._index
        self.printed = sorted(printed, key=lambda one: (one.iteration, order(one.name)))
        self.roots = [one for one in self.printed if one.is_root]
        self.others = [one for one in self.printed if not one.is_root]
        self.settled: dict[int, Array] = {}  # by place, what has been explained already
        self.samples: dict[int, list[tuple[Overlay, Array]]] = {}
        self._far = MOST_FAR

    def _index(self, name: str) -> int:
        operation = self.program.by_name.get(name)
        return -1 if operation is None else operation.index

    @cached_property
    def singles(self) -> Sequence[Overlay]:
        """Every mistake of the table, everywhere and at each place where it can be made."""
        for _ in self.gathering():
            pass
        return self._singles or ()

    def gathering(self) -> Generator[int, None, None]:
        """Make them ready, in slices."""
        if self._singles is None:
            found: list[Overlay] = []
            for row in ROWS:
                found += [Overlay(self.program, (slip,)) for slip in slips(self.program, row)]
                yield 0
            self._singles = found

    def settle(self, explained: Mapping[int, Any]) -> None:
        """Count what is explained, by place, as such; each has a `mask`."""
        for place, behind in explained.items():
            before = self.settled.get(place)
            self.settled[place] = behind.mask if before is None else behind.mask | before

    def open(self, one: PrintedArray) -> Array:
        """Which wrong numbers of an array nothing explains yet."""
        settled = self.settled.get(one.place)
        return one.wrong if settled is None else one.wrong & ~settled

    @property
    def most(self) -> float:
        """The most evidence that anything could have which explains all that is open."""
        return sum(
            float(bits(one.values, one.right, one.widths(one.values))[self.open(one)].sum()) for one in self.roots
        )

    @property
    def is_done(self) -> bool:
        """Whether every wrong number is explained."""
        return not any(self.open(one).any() for one in self.roots)

    def ask(self, overlays: Iterable[Overlay], *, partial: bool = False) -> Generator[int, None, list[Fit]]:
        """The hypotheses that explain something and are not ruled out, in slices. With `partial`, also those that
        change other wrong numbers into something else.
        """
        found = []
        for overlay in overlays:
            yield 0
            for one in self.roots:
                if one.name in self.program.by_name and self._can_run(overlay, one.iteration):
                    yield from overlay.reach(one.iteration, self.right)
            fit = self.judge(overlay, partial=partial)
            if fit is not None:
                found.append(fit)
        return found

    def _can_run(self, overlay: Overlay, iteration: int) -> bool:
        """Whether a hypothesis can be run as far as an iteration: only the first of the table are run very far."""
        if iteration <= FAR or not overlay.moves_on or overlay.has(iteration):
            return True
        if self._far < iteration:
            return False
        self._far -= iteration
        for _ in overlay.reach(iteration, self.right):
            pass
        return True

    def judge(self, overlay: Overlay, *, partial: bool = False) -> Fit | None:
        """What a hypothesis explains; None where it is nothing, or where it is ruled out."""
        hits: dict[int, Hit] = {}
        unexplained = set()
        for one in self.roots:
            try:
                hit = self.on(overlay, one)
            except RuledOutError:
                unexplained.add(one.place)
                continue
            if hit is not None and (hit.mask & self.open(one)).any():
                hits[one.place] = hit
        told = {(one.iteration, one.name, one.at) for one in self.roots if one.place in hits}
        unexplained -= {one.place for one in self.roots if (one.iteration, one.name, one.at) in told}
        first = min((one.iteration for one in self.roots if one.place in hits), default=0)
        if not hits:
            return None
        earlier = {one.place for one in self.roots if one.place in unexplained and one.iteration < first}
        if unexplained - earlier and not partial:
            return None
        another = bool(earlier)
        for one in self.others:
            if (one.iteration, one.name, one.at) in told:
                continue  # somebody else printed the same number
            try:
                self.on(overlay, one)
            except RuledOutError:
                if one.iteration >= first:
                    return None
                another = True
        return self._fit(overlay, hits, frozenset(unexplained - earlier), another=another)

    def _fit(self, overlay: Overlay, hits: dict[int, Hit], unexplained: frozenset[int], *, another: bool) -> Fit:
        by_number: dict[tuple[int, str], Array] = {}  # a number that is printed twice is one number
        ratios, spans, ways, patterns = [], [], [], [0.0]
        for one in self.roots:
            hit = hits.get(one.place)
            if hit is None:
                continue
            mask = hit.mask & self.open(one)
            found = np.where(mask, bits(one.values, one.right, one.widths(hit.value)), 0.0)
            whole = np.zeros(np.shape(self.right.frame(one.iteration).at_end(one.name)))
            whole[one.at or ...] = found
            patterns.append(zeros(one.values, hit.value, mask))
            before = by_number.get((one.iteration, one.name))
            by_number[one.iteration, one.name] = whole if before is None else np.maximum(before, whole)
            base, start = one.base[mask], 0.0 if one.before is None else one.before[mask]
            with np.errstate(all="ignore"):
                ratios.append((hit.value[mask] - start) / base)
                ends = np.stack([one.values[mask] + s * one.widths(hit.value)[mask] for s in (-1, 1)])
                spans.append((ends - start) / base)
                ways.append((ends - one.right[mask]) / (hit.value - one.right)[mask])
        every = np.concatenate([found.ravel() for found in by_number.values()])
        evidence = strongest(every, max(1, overlay.size)) + max(patterns)
        if not any(hit.cut for hit in hits.values()):
            evidence = max(evidence, of_way(np.concatenate(ways, axis=1), float(every.max())))
        scale = _common(np.concatenate(ratios))
        if scale is not None:
            span = np.sort(np.concatenate(spans, axis=1), axis=0)
            evidence = min(evidence, of_scale(scale, float(span[0].max()), float(span[1].min())))
        costs = ANOTHER_RUN * another + FROM_BEFORE * any(h.whence for h in hits.values())
        costs += CUT * any(hit.cut for hit in hits.values())
        return Fit(overlay, hits, evidence, costs, scale, unexplained, strongest(every, 2 * max(1, overlay.size)))

    def on(self, overlay: Overlay, one: PrintedArray) -> Hit | None:
        """What a hypothesis says to one array: None where it leaves it as it is. Raises RuledOutError."""
        if one.name not in self.program.by_name:
            if one.name in overlay.start:
                return self._beside(one, one.part(overlay.start[one.name]), one.right)
            return None
        if not self._can_run(overlay, one.iteration):
            return None
        frame = overlay.frame(one.iteration, self.right)
        value = one.part(overlay.at_end(one.name, frame))
        try:
            return self._beside(one, value, one.right, sampled=overlay)
        except RuledOutError:
            if overlay.changed.isdisjoint(one.between) and not (overlay.start and one.iteration == 1):
                return None  # what was printed before it is right, or looked at by itself
            for setting in self._settings(one) if overlay.is_local else ():
                patched = overlay.over(setting.frame, setting.pins)
                own = one.part(overlay.at_end(one.name, patched))
                plain = one.part(setting.frame[self.program.by_name[one.name].key])
                try:
                    return self._beside(one, own, plain, whence=setting.departing)
                except RuledOutError:
                    continue
            raise

    def _settings(self, one: PrintedArray) -> Iterator[Setting]:
        yield from one.settings[:SETTINGS]
        if one.iteration > 1:  # made in that iteration alone
            yield Setting(self.right.frame(one.iteration), frozenset())

    def _beside(
        self,
        one: PrintedArray,
        value: Array | None,
        plain: Array | None,
        *,
        whence: tuple[str, ...] = (),
        sampled: Overlay | None = None,
    ) -> Hit | None:
        """What a value says to an array, beside the value without the change. Raises RuledOutError."""
        if value is None or plain is None:
            raise RuledOutError
        value = np.asarray(value, dtype=float)
        same = one.same(value, plain)
        if same.all():
            return None
        if sampled is not None and one.is_root:
            self._sample(sampled, one, value)
        hit, cut = one.agrees(value), False
        if (~hit & ~same & one.wrong).any():
            also = one.cut_off(value) & one.wrong & ~hit
            cut = bool(also.any())
            hit |= also
        bad = ~hit & ~same
        if bad.any():
            bad &= ~(one.cut_off(value) & ~one.wrong)
        if bad.any():
            raise RuledOutError
        return Hit(one.wrong & hit & ~same, value, whence, cut)

    def _sample(self, overlay: Overlay, one: PrintedArray, value: Array) -> None:
        wrong = value[one.wrong][:SAMPLED]
        self.samples.setdefault(one.place, []).append((overlay, wrong))

    def rivals(self, fit: Fit) -> float:
        """How many hypotheses were tried that say something else of what one explains: each counts for how likely it
        was to be met by chance beside this one, which is less the further off it is.
        """
        most = 1.0
        for one in self.roots:
            if one.place not in fit.hits:
                continue
            right = one.right[one.wrong][:SAMPLED]
            own = fit.hits[one.place].value[one.wrong][:SAMPLED]
            error = max(np.abs(own - right).max(initial=0.0), 1e-300)
            found: dict[tuple[float, ...], float] = {}
            for _, value in self.samples.get(one.place, ()):
                further = np.abs(value - right).max(initial=0.0) / error
                if np.isfinite(further) and further > SAME:
                    found[tuple(np.round((value - right) / error / max(1.0, further), 4))] = min(1.0, 1 / further)
            most = max(most, sum(found.values()))
        return most

    def margin(self, fit: Fit, tried: float = 0) -> float:
        """The evidence for a hypothesis beyond what it pays."""
        return fit.evidence - fit.costs - price(max(tried, self.rivals(fit)))

    def best(self, fits: Sequence[Fit]) -> list[Fit]:
        """The hypothesis with most evidence and those that cannot be told from it, the simplest of each name."""
        if not fits:
            return []
        most = max(fit.evidence - fit.costs for fit in fits)
        close = [fit for fit in fits if fit.evidence - fit.costs >= most - CLOSE]
        widest = max(fit.explains for fit in close)
        close = [fit for fit in close if fit.explains >= widest]
        found: dict[tuple[str, ...], Fit] = {}
        for fit in close:
            found.setdefault(tuple(slip.mistake.name for slip in fit.overlay.slips), fit)
        return list(found.values())


def _common(ratios: Array) -> float | None:
    """The one ratio that all of some have; None where they differ, or it is that of what is right."""
    if not np.isfinite(ratios).all() or not ratios.size:
        return None
    first = float(ratios[0])
    return first if np.all(np.abs(ratios - first) <= SCALE * abs(first)) and first != 1.0 else None
