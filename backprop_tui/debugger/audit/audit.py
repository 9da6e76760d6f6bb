"""The audit: each number that a source printed gets a verdict, and a wrong one its cause.

The first verdict that fits holds: it agrees at the precision printed; it was cut off instead of rounded; it was carried
over, wrong but right from what the source had printed before; or it is wrong, the root of what follows from it.
"""

from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from backprop_tui.debugger.audit.source_run import Reading, Source, World
from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.printed_values import AGREES, CARRIED_OVER, CUT_OFF, VERDICTS, WRONG
from backprop_tui.engine.network.network import Array
from backprop_tui.engine.program.program import Frame, Program
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.values.element import Shape
from backprop_tui.formula.writing.numbers import DIGITS, MINUS, MOST_DIGITS, format_number
from backprop_tui.formula.writing.symbols import Symbols, indices
from backprop_tui.scenario import Claim, Published, Scenario, Wanted, load

if TYPE_CHECKING:
    from backprop_tui.debugger.audit.reasons import Reasons

WORDS = ("agree", "cut off", "carried over", "wrong")
FEW = 4  # elements that are named one by one; more are counted


class Finding(msgspec.Struct, frozen=True, eq=False):
    """What was found of a published value. The arrays have its shape.

    `verdicts` are words, `also_cut` says where what was carried over was cut off too, and `whence` from which printed
    variables it was. `mistakes` are sentences about the roots, and `remark` is one about what agrees.
    """

    published: Published
    computed: Array
    verdicts: Array
    also_cut: Array
    whence: Mapping[Shape, tuple[str, ...]] = {}
    mistakes: tuple[str, ...] = ()
    remark: str = ""

    def __repr__(self) -> str:
        found = Counter(str(verdict) for verdict in self.verdicts.flat)
        said = ", ".join(f"{found[verdict]:,} {word}" for verdict, word in zip(VERDICTS, WORDS, strict=True))
        return f"<Finding on {Address(self.published.name, self.published.at)}: {said}>"

    @property
    def agrees(self) -> bool:
        """Whether every number agrees."""
        return bool((self.verdicts == AGREES).all())

    @property
    def worst(self) -> str:
        """The worst of its verdicts."""
        return max(map(str, self.verdicts.flat), key=VERDICTS.index)

    @property
    def all_wrong(self) -> bool:
        """Whether every number is a root of what went wrong."""
        return bool((self.verdicts == WRONG).all())

    @property
    def follows_from(self) -> tuple[str, ...]:
        """The printed variables that wrong numbers were carried over from."""
        return tuple(dict.fromkeys(name for names in self.whence.values() for name in names))

    def word(self, at: Shape, symbol: Callable[[str], str]) -> str:
        """The verdict on one of the numbers in words: `carried over from z₂ and cut off`."""
        verdict = str(self.verdicts[at])
        if verdict != CARRIED_OVER:
            return verdict.replace("-", " ")
        whence = " and ".join(map(symbol, self.whence[at]))
        return f"carried over from {whence}{' and cut off' if self.also_cut[at] else ''}"

    def words(self, symbol: Callable[[str], str]) -> str:
        """The verdicts in words, the worst first, and which elements have them where they have different ones:
        `[1] carried over from z₁; [0] agrees`.
        """
        order = sorted(np.ndindex(self.verdicts.shape), key=lambda at: -VERDICTS.index(self.verdicts[at]))
        having: dict[str, list[Shape]] = {}
        for at in order:
            having.setdefault(self.word(at, symbol), []).append(at)
        if len(having) == 1:
            (word,) = having
            return word if self.agrees or self.verdicts.size == 1 else f"all {word}"
        return "; ".join(
            f"{self._which(places)} {word if len(places) == 1 else word.replace(AGREES, 'agree')}"
            for word, places in having.items()
        )

    def _which(self, places: Sequence[Shape]) -> str:
        if len(places) > FEW:
            return f"{len(places):,} of {self.verdicts.size:,}"
        return ", ".join(indices(at, self.verdicts.shape) for at in places)

    def elements(self, symbols: Symbols, when: str = "") -> Iterator[tuple[str, str]]:
        """The elements of an array that do not agree, the worst first, each with its verdict:
        `z₁[2,1]: printed 0.7, computed 0.6`. `when` follows the address. Empty where one verdict holds for all of it.
        """
        off = [at for at in np.ndindex(self.verdicts.shape) if self.verdicts[at] != AGREES]
        alike = not self.all_wrong and len({self.word(at, str) for at in off}) == 1 and len(off) == self.verdicts.size
        if self.verdicts.size == 1 or alike:
            return
        for at in sorted(off, key=lambda at: -VERDICTS.index(self.verdicts[at])):
            claim: Claim = self.published.claims.item(*at)
            computed = float(self.computed[at])
            verdict, address = str(self.verdicts[at]), symbols.address(self.published.name, at)
            more = "" if verdict == WRONG else f", {self.word(at, symbols.symbol)}"
            number = apart(claim, computed, more=2 if verdict == CUT_OFF else 0)
            yield verdict, f"{address}{when}: printed {claim.text.replace('-', MINUS)}, computed {number}{more}"

    def verdict(self, at: Shape) -> str:
        """The verdict on an element of the variable that is among those published."""
        return str(self.verdicts[() if self.published.at else at])

    @property
    def printed(self) -> Array:
        """The numbers as they were printed, as float64."""
        numbers: Array = np.vectorize(attrgetter("value"), otypes=[float])(self.published.claims)
        return numbers


def apart(claim: Claim, computed: float, more: int) -> str:
    """A computed number with as many digits as tell it from the printed one, and some more than that one has."""
    least = min(max(DIGITS, claim.decimals + more), MOST_DIGITS)
    written = (format_number(computed, digits) for digits in range(least, MOST_DIGITS + 1))
    same = format_number(claim.value, MOST_DIGITS)
    return next((number for number in written if number != same), format_number(computed, MOST_DIGITS))


class Audit:
    """The findings about a scenario's published values, made in the order of the run."""

    def __init__(self, scenario: Scenario, timeline: Timeline | None = None) -> None:
        self.scenario = scenario
        self.timeline = timeline or Timeline(Program.of(scenario.network))
        self.source = Source(self.timeline.program)
        self._found: dict[int, Finding] = {}
        self._run = self._look()

    def __iter__(self) -> Iterator[Finding]:
        """What was found so far, in the order of the scenario."""
        return (self._found[place] for place in range(len(self.scenario.published)) if place in self._found)

    def __repr__(self) -> str:
        said = ", ".join(f"{count:,} {word}" for word, count in self.in_words().items())
        return f"<Audit of {self.scenario.name}: {said}>"

    def __str__(self) -> str:
        """The text of it, as `backprop-tui check` prints it."""
        from backprop_tui.debugger.audit.audit_text import text

        return "\n".join(text(self))

    def _repr_html_(self) -> str:
        """What a notebook shows: the same as a table."""
        from backprop_tui.debugger.audit.audit_html import html

        return html(self)

    def of(self, published: Published) -> Finding | None:
        """What was found for a published value; None until it has been looked at."""
        places = (place for place, one in enumerate(self.scenario.published) if one is published)
        return next((self._found[place] for place in places if place in self._found), None)

    @property
    def counts(self) -> dict[str, int]:
        """How many numbers have each verdict."""
        found = Counter(str(verdict) for finding in self for verdict in finding.verdicts.flat)
        return {verdict: found[verdict] for verdict in VERDICTS}

    def in_words(self) -> dict[str, int]:
        """The counts, as people read them: `13 agree`."""
        return dict(zip(WORDS, self.counts.values(), strict=True))

    @property
    def agrees(self) -> bool:
        """Whether every published number agrees."""
        return all(finding.agrees for finding in self)

    def reach(self, iteration: int | None = None) -> Iterator[int]:
        """Look at what was published up to an iteration, or at everything: yields the iteration it has reached.

        It can be left at any time, and goes on from there the next time.
        """
        published = self.scenario.published
        wanted = [place for place, one in enumerate(published) if iteration is None or one.iteration <= iteration]
        while any(place not in self._found for place in wanted):
            yield next(self._run)

    def _look(self) -> Generator[int, None, None]:
        """Look at everything; runs as far as what was published needs."""
        order = sorted(enumerate(self.scenario.published), key=lambda one: (one[1].iteration, self._index(one[1].name)))
        for iteration, of_iteration in groupby(order, key=lambda one: one[1].iteration):
            yield from self.timeline.reach(iteration)
            frame = self.timeline.frame(iteration)
            self.source.enter(frame)
            for name, of_name in groupby(of_iteration, key=lambda one: one[1].name):
                looks = [Look(self, published, frame, place) for place, published in of_name]
                for look in looks:
                    yield from look.run()
                    self._found[look.place] = look.finding()
                if name in self.timeline.program.by_name:
                    self.source.read(name, readings(looks, frame.at_end(name)))
            yield iteration

    def _index(self, name: str) -> int:
        operation = self.timeline.program.by_name.get(name)
        return -1 if operation is None else operation.index

    @cached_property
    def reasons(self) -> "Reasons":
        """What explains a wrong number, in sentences."""
        from backprop_tui.debugger.audit.reasons import Reasons

        return Reasons(self.scenario, self.timeline)


def check(scenario: Wanted) -> Audit:
    """The audit of the published values: an iterable of findings, with `counts`. `scenario` is what `load` takes."""
    audit = Audit(load(scenario))
    for _ in audit.reach():
        pass
    return audit


class Look:
    """A look at one published value: what it is beside the computed one, and what was behind it in the source."""

    def __init__(self, audit: Audit, published: Published, frame: Frame, place: int) -> None:
        self.audit, self.published, self.frame, self.place = audit, published, frame, place
        self.value: Array = np.asarray(frame.at_end(published.name))
        shape = published.claims.shape
        self.verdicts = np.full(shape, WRONG, dtype=object)
        self.also_cut = np.zeros(shape, dtype=bool)
        self.printed, self.behind = self.value.copy(), self.value.copy()
        self.covers = np.zeros(self.value.shape, dtype=bool)
        self.whence: dict[Shape, tuple[str, ...]] = {}
        self.mistakes: tuple[str, ...] = ()
        self.meant: list[Array] = []  # what the textbook formula gives in the source's own run
        self.open: dict[Shape, Claim] = {}  # elements without a verdict yet, by their index in the claims
        for at in np.ndindex(shape):
            self.covers[self._at(at)] = True
            self._compare(at, published.claims.item(*at))

    def _at(self, at: Shape) -> Shape:
        """The index in the variable of an index in the claims."""
        return self.published.at or at

    def _compare(self, at: Shape, claim: Claim) -> None:
        computed = float(self.value[self._at(at)])
        self.printed[self._at(at)] = claim.value
        if claim.agrees(computed):
            self.verdicts[at] = AGREES
        elif claim.cut_off(computed):
            self.verdicts[at] = CUT_OFF
        else:
            self.open[at] = claim
            self.behind[self._at(at)] = claim.value

    def run(self) -> Generator[int, None, None]:
        """Find out what the numbers that are neither right nor cut off were carried over from, or what went wrong."""
        name, audit = self.published.name, self.audit
        if not self.open or name not in audit.timeline.program.by_name:
            return
        worlds = list(audit.source.worlds(name))
        for cut in (False, True):
            for world in worlds:
                self._carried_over(world, cut=cut)
        roots = {self._at(at): claim for at, claim in self.open.items()}
        if roots:
            self.mistakes, behind = yield from audit.reasons.search(self.frame, name, roots, worlds)
            for at, value in behind.items():
                self.behind[at] = value

    def _carried_over(self, world: World, *, cut: bool) -> None:
        value = np.asarray(world.frame[self.audit.timeline.program.by_name[self.published.name].key])
        if not (cut or self.meant):
            self.meant.append(value)
        for at, claim in [*self.open.items()]:
            computed = float(value[self._at(at)])
            if claim.cut_off(computed) if cut else claim.agrees(computed):
                self.verdicts[at], self.also_cut[at] = CARRIED_OVER, cut
                self.behind[self._at(at)] = computed
                self.whence[at] = world.departing
                del self.open[at]

    def finding(self) -> Finding:
        """The finding about the value."""
        return Finding(
            self.published,
            np.asarray(self.published.of(self.value)),
            self.verdicts,
            self.also_cut,
            self.whence,
            self.mistakes,
            self._remark(),
        )

    def _remark(self) -> str:
        """Which loss it is, where the source prints it after the parameters that are to make it smaller."""
        published, scenario = self.published, self.audit.scenario
        carried = self.audit.timeline.program.carried
        earlier = (one for one in scenario.published[: self.place] if one.iteration == published.iteration)
        if published.name != "L" or self.open or not any(one.name in carried for one in earlier):
            return ""
        claim: Claim = published.claims.item()
        after = self.frame.program.loss_after(self.frame)
        if self.verdicts[()] != AGREES or claim.agrees(after):
            return ""
        number = f"{after:.{max(4, claim.decimals)}f}"
        return (
            f"L = {claim.text} is the loss of iteration {published.iteration}; with the new parameters it is {number}"
        )


def readings(looks: list[Look], computed: Any) -> list[Reading]:
    """What a variable was in the source, from all that was printed of it.

    First what was behind that; then what it should have been, where it may be nothing but a misprint; then as printed.
    """
    rounds: list[tuple[Array, Array, Array]] = []  # one for each time that the same number is printed
    for look in looks:
        for covered, behind, printed in rounds:
            if not (covered & look.covers).any():
                behind[look.covers], printed[look.covers] = look.behind[look.covers], look.printed[look.covers]
                covered |= look.covers
                break
        else:
            rounds.append((look.covers.copy(), look.behind.copy(), look.printed.copy()))
    misprints = (
        [np.asarray(computed), *(value for look in looks for value in look.meant)]
        if any(look.open for look in looks)
        else []
    )
    found = [*(behind for _, behind, _ in rounds), *misprints, *(printed for _, _, printed in rounds)]
    return [Reading.of(value, computed) for value in found]
