"""The audit: each number that a source printed gets a verdict, and a wrong one its cause.

The first verdict that fits holds: it agrees at the precision printed; it was cut off instead of rounded; it was carried
over, wrong but right from what the source had printed before; or it is wrong, the root of what follows from it.
"""

from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from backprop_tui.debugger.audit.finding import WORDS, Finding
from backprop_tui.debugger.audit.source_run import Reading, Source, World
from backprop_tui.debugger.basics.printed_precision import settled
from backprop_tui.debugger.basics.printed_values import AGREES, CARRIED_OVER, CUT_OFF, VERDICTS, WRONG
from backprop_tui.engine.mistakes.conventions import Convention, factor_of
from backprop_tui.engine.network.network import Array
from backprop_tui.engine.program.program import Frame, Program
from backprop_tui.engine.sensitivity.value_noise import ValueNoise
from backprop_tui.engine.statements.variable import Role
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.language.tree import Name
from backprop_tui.formula.values.element import Shape
from backprop_tui.scenario import Claim, Published, Scenario, Wanted, load

if TYPE_CHECKING:
    from backprop_tui.debugger.mistakes.diagnosis.causes import Behind, Cause, Chosen
    from backprop_tui.debugger.mistakes.diagnosis.printed_array import PrintedArray

ROUNDS = 4  # in which what is wrong is explained, and what follows from it is looked at again
Group = tuple[int, list[tuple[int, Published]]]  # an iteration, and what was published of it with its place


class Audit:
    """The findings about a scenario's published values, made in the order of the run, and the causes of wrong ones.

    `notes` is what there is to say of how they came.
    """

    def __init__(self, scenario: Scenario, timeline: Timeline | None = None, notes: Sequence[str] = ()) -> None:
        self.scenario = scenario
        self.notes = (*notes, *(row.said for row in scenario.conventions if row.factor is None))
        self.timeline = timeline or Timeline(Program.of(scenario.network))
        self.conventions: tuple[Convention, ...] = tuple(row for row in scenario.conventions if row.factor)
        self.causes: tuple[Cause, ...] = ()
        self._found: dict[int, Finding] = {}
        self._looks: dict[int, Look] = {}
        # by place and factor of the conventions, with what rounding leaves of its claims
        self._settled: dict[tuple[int, float], Published] = {}
        self._explained: frozenset[int] = frozenset()  # the places with wrong numbers that have been looked into
        order = sorted(enumerate(self.scenario.published), key=lambda one: (one[1].iteration, self._index(one[1].name)))
        self._groups = [(at, [*group]) for at, group in groupby(order, key=lambda one: one[1].iteration)]
        self._run = self._look(Source(self.timeline.program), {}, self._groups)
        self._diagnosing: Iterator[int] | None = None

    def __iter__(self) -> Iterator[Finding]:
        """What was found so far, in the order of the scenario."""
        return (self._found[place] for place in range(len(self.scenario.published)) if place in self._found)

    @property
    def state(self) -> tuple[object, ...]:
        """All that it says so far; it goes on, and then some of these are other objects."""
        return (self.causes, self.conventions, *self._found.values())

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
        """Look at what was published up to an iteration, or at everything, and at what explains it: yields the
        iteration it has reached.

        It can be left at any time, and goes on from there the next time.
        """
        published = self.scenario.published
        wanted = [place for place, one in enumerate(published) if iteration is None or one.iteration <= iteration]
        while any(place not in self._found for place in wanted):
            yield next(self._run)
        if self._diagnosing is None and self._roots() - self._explained:
            self._diagnosing = self._explain()
        if self._diagnosing is not None:
            last = max((published[place].iteration for place in wanted), default=1)
            for at in self._diagnosing:
                yield at or last
            self._diagnosing = None

    def _roots(self) -> frozenset[int]:
        return frozenset(place for place, look in self._looks.items() if look.open)

    def _look(
        self, source: Source, behind: "Mapping[int, Behind]", groups: Sequence[Group]
    ) -> Generator[int, None, None]:
        """Look at some groups of what was published; runs as far as they need. `behind` has what is known to be behind
        printed numbers, by place.
        """
        for iteration, of_iteration in groups:
            yield from self.timeline.reach(iteration)
            frame = self.timeline.frame(iteration)
            source.enter(frame)
            noise = ValueNoise(frame, [one.name for _, one in of_iteration])
            for name, of_name in groupby(of_iteration, key=lambda one: one[1].name):
                looks = []
                factor = factor_of(self.conventions, self.timeline.program, name, frame)
                for place, published in of_name:
                    if (place, factor) not in self._settled:
                        plain = scaled(published, 1 / factor) if factor != 1 else published
                        self._settled[place, factor] = settled(plain, frame, noise)
                    looks.append(Look(self, source, self._settled[place, factor], frame, place, factor))
                for look in looks:
                    look.run(behind.get(look.place))
                    self._looks[look.place] = look
                    self._found[look.place] = look.finding()
                if name in self.timeline.program.by_name:
                    source.read(name, readings(looks, frame.at_end(name)))
            yield iteration

    def _explain(self) -> Generator[int, None, None]:
        """Find the causes of what is wrong so far, and look again at what then follows from it."""
        from backprop_tui.debugger.mistakes.diagnosis.causes import told
        from backprop_tui.debugger.mistakes.diagnosis.diagnose import diagnose
        from backprop_tui.debugger.mistakes.diagnosis.search import Search

        roots = self._roots()
        yield from self._recognise()
        printed = printed_arrays(self._looks)
        chosen: list[Chosen] = []
        for _ in range(ROUNDS):
            search = Search(self.timeline, printed_arrays(self._looks))
            for one in chosen:
                search.settle(one.behind())
            found = yield from diagnose(search)
            if not found:
                break
            chosen += found
            yield from self._again({place: behind for one in chosen for place, behind in one.behind().items()})
        left = {place: look.finding().verdicts == WRONG for place, look in self._looks.items()}
        symbols = self.timeline.program.symbols
        causes = (cause for one in chosen for cause in told(one, printed, left, symbols))
        self.causes = (*self._of_conventions(), *causes)
        for place, finding in self._found.items():
            own = tuple(cause for cause in self.causes if place in cause.hits)
            self._found[place] = msgspec.structs.replace(finding, causes=own)
        self._explained = roots

    def _again(self, behind: "Mapping[int, Behind]") -> Generator[int, None, None]:
        """Look once more at all that has been looked at."""
        seen = [(at, [one for one in group if one[0] in self._looks]) for at, group in self._groups]
        yield from self._look(Source(self.timeline.program), behind, [one for one in seen if one[1]])

    def _recognise(self) -> Generator[int, None, None]:
        """Take on the conventions in which what is wrong is right, where what follows from it bears that out."""
        from backprop_tui.debugger.mistakes.diagnosis.recognised import bears_out, likely

        printed, tried = printed_arrays(self._looks), set[tuple[Convention, ...]]()
        while rows := next((one for one in likely(printed, self.timeline, self.conventions) if one not in tried), None):
            tried.add(rows)
            before = self.conventions, self._looks, self._found
            self.conventions, self._looks, self._found = (*before[0], *rows), dict(before[1]), dict(before[2])
            yield from self._again({})
            then = printed_arrays(self._looks)
            if bears_out(rows, printed, then, self.timeline):
                printed = then
            else:
                self.conventions, self._looks, self._found = before

    def _of_conventions(self) -> "list[Cause]":
        """The conventions of the source as causes: which of what it printed is to be read in them."""
        from backprop_tui.debugger.mistakes.diagnosis.recognised import as_causes

        printed = [(place, look.published, look.factor) for place, look in self._looks.items()]
        return as_causes(self.conventions, printed, self.timeline)

    def _index(self, name: str) -> float:
        by_name = self.timeline.program.by_name
        operation = by_name.get(name)
        if operation is None:
            return -1
        match operation.tree:  # what is another name for something is looked at together with that
            case Name(same) if same in by_name:
                return by_name[same].index + 0.5
        return operation.index


def check(scenario: Wanted) -> Audit:
    """The audit of the published values: an iterable of findings, with `counts`. `scenario` is what `load` takes."""
    audit = Audit(load(scenario))
    for _ in audit.reach():
        pass
    return audit


class Look:
    """A look at one published value: what it is beside the computed one, and what was behind it in the source; what the
    source prints is `factor` times that, by its conventions.
    """

    def __init__(
        self, audit: Audit, source: Source, published: Published, frame: Frame, place: int, factor: float = 1.0
    ) -> None:
        self.audit, self.source, self.frame, self.place = audit, source, frame, place
        self.published, self.factor = published, factor
        self.value: Array = np.asarray(frame.at_end(published.name))
        shape = published.claims.shape
        self.verdicts = np.full(shape, WRONG, dtype=object)
        self.also_cut = np.zeros(shape, dtype=bool)
        self.printed, self.behind = self.value.copy(), self.value.copy()
        self.covers = np.zeros(self.value.shape, dtype=bool)
        self.whence: dict[Shape, tuple[str, ...]] = {}
        self.worlds: list[World] = []
        self.between: frozenset[str] = frozenset()
        self.meant: list[Array] = []  # what the textbook formula gives in the source's own run
        part = published.of(self.value)
        claims = published.all_claims
        agrees = claims.agrees(part)
        cut = claims.cut_off(part) & ~agrees
        self.verdicts[agrees], self.verdicts[cut] = AGREES, CUT_OFF
        self.covers[published.at or ...] = True
        self.printed[published.at or ...] = claims.values
        self.behind[published.at or ...] = np.where(agrees | cut, part, claims.values)
        # elements without a verdict yet, in order
        self.open: dict[Shape, None] = dict.fromkeys(_places(~(agrees | cut)))

    def _at(self, at: Shape) -> Shape:
        """The index in the variable of an index in the claims."""
        return self.published.at or at

    def run(self, behind: "Behind | None" = None) -> None:
        """Find out what the numbers that are neither right nor cut off were carried over from; of those that are left,
        what was `behind` them may be known: what the mistake was not made in follows from what it was made in.
        """
        name, source = self.published.name, self.source
        if name not in self.audit.timeline.program.by_name:
            return
        if self.open:
            self.worlds = list(source.worlds(name))
        near, self.between = source.nearest(name)
        for cut in (False, True):
            for world in self.worlds:
                self._carried_over(world, cut=cut)
        departing = tuple(other for other in near if source.departs(other))
        if behind is None:
            return
        for at in [at for at in self.open if behind.mask[at]]:
            self.behind[self._at(at)] = behind.value[at]
            if departing and behind.changed and behind.changed.isdisjoint({name, *self.between}):
                self.verdicts[at], self.whence[at] = CARRIED_OVER, departing
                del self.open[at]

    def _carried_over(self, world: World, *, cut: bool) -> None:
        value = np.asarray(world.frame[self.audit.timeline.program.by_name[self.published.name].key])
        if not (cut or self.meant):
            self.meant.append(value)
        claims, part = self.published.all_claims, self.published.of(value)
        follows = claims.cut_off(part) if cut else claims.agrees(part)
        for at in [at for at in self.open if follows[at]]:
            self.verdicts[at], self.also_cut[at] = CARRIED_OVER, cut
            self.behind[self._at(at)] = float(part[at])
            self.whence[at] = world.departing
            del self.open[at]

    def finding(self) -> Finding:
        """The finding about the value."""
        return Finding(
            scaled(self.published, self.factor) if self.factor != 1 else self.published,
            np.asarray(self.published.of(self.value)) * self.factor,
            self.verdicts,
            self.also_cut,
            self.whence,
            remark=self._remark(),
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


def scaled(published: Published, factor: float) -> Published:
    """What was printed, each number times a factor, as it is in another convention."""

    def of(claim: Claim) -> Claim:
        size = abs(factor)
        numbers = {"value": claim.value * factor, "half_width": claim.half_width * size, "unit": claim.unit * size}
        return msgspec.structs.replace(claim, **numbers)

    claims = np.vectorize(of, otypes=[object])(published.claims)
    return msgspec.structs.replace(published, claims=claims)


def _places(mask: Array) -> list[Shape]:
    """Where it is true; () of a single number."""
    return [tuple(at) for at in np.argwhere(mask).tolist()]


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


def printed_arrays(looks: Mapping[int, Look]) -> "list[PrintedArray]":
    """What was looked at as the search for causes has it."""
    from backprop_tui.debugger.mistakes.diagnosis.printed_array import PrintedArray, Setting

    followed = {name for look in looks.values() for names in look.whence.values() for name in names}
    found = []
    for place, look in looks.items():
        published, own = look.published, look.audit.timeline.program.by_name.get(look.published.name)
        wrong = np.zeros(published.claims.shape, dtype=bool)
        for at in look.open:
            wrong[at] = True
        is_updated = own is not None and own.variable.role is Role.PARAMETER
        before = published.of(np.asarray(look.frame[published.name])) if is_updated else None
        found.append(
            PrintedArray(
                place,
                published.name,
                published.iteration,
                published.at,
                published.claims,
                np.asarray(published.of(look.value)),
                wrong,
                before,
                look.between,
                tuple(Setting(world.frame, world.pins, world.departing) for world in look.worlds),
                published.name in followed,
            )
        )
    return found
