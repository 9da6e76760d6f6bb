"""Which classic mistakes give a number, at its precision and at this state of a run."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from backprop_tui.debugger.basics.slices import run_out
from backprop_tui.engine.mistakes.change import Around, Mistake
from backprop_tui.engine.mistakes.long_run import FarRun
from backprop_tui.engine.mistakes.mistaken_program import Mistaken, Slip, along, slips
from backprop_tui.engine.mistakes.mistakes import ROWS
from backprop_tui.engine.program.edit import Edit
from backprop_tui.engine.program.program import QUIET, Frame, Program, cast
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.language.tree import names
from backprop_tui.formula.values.compile import compiled
from backprop_tui.formula.values.element import Shape

Says = Callable[[float], bool]  # whether a number is the one that is asked about
FAR = 50  # iterations: to run more, the whole program is compiled


class Fit(NamedTuple):
    """A mistake that gives a number, and all digits of what it gives."""

    slip: Slip
    value: float


class Fitting:
    """The mistakes in one program, each made once and kept with what it ran; `edits` are those of the right run."""

    def __init__(self, program: Program, edits: Iterable[Edit] = ()) -> None:
        self.program = program
        self.edits = tuple(edits)
        self._statements = {statement.name: statement for statement in program.statements}
        self._made: dict[str, list[Mistaken]] = {}
        self._runs: dict[tuple[Slip, bool], Timeline | FarRun] = {}

    def fits(self, frame: Frame, name: str, at: Shape, says: Says) -> tuple[Slip, ...]:
        """The mistakes whose number is the one asked about, of an element of what an operation computes.

        All that are equally simple: those made in this operation alone or everywhere, else those made at one place
        before it. None where the right number is the one. `frame` is the iteration with its right values.
        """
        return tuple(fit.slip for fit in run_out(self.search(frame, name, {at: says}))[at])

    def search(
        self, frame: Frame, name: str, asked: Mapping[Shape, Says]
    ) -> Generator[int, None, dict[Shape, tuple[Fit, ...]]]:
        """What `fits` finds for several elements at once, in slices: yields the iteration reached."""
        right = frame[frame.program.by_name[name].key]
        found: dict[Shape, dict[str, Fit]] = {at: {} for at in asked}
        open_ones = {at: says for at, says in asked.items() if not says(float(right[at]))}

        def note(slip: Slip, value: Any) -> None:
            for at, says in open_ones.items():
                if slip.mistake.name not in found[at] and says(float(value[at])):
                    found[at][slip.mistake.name] = Fit(slip, float(value[at]))

        for slip, value in self.alone(frame, name):
            note(slip, value)
        for at_site in (False, True):
            for wrong in self._relevant(frame, name, at_site=at_site) if open_ones else ():
                if all(wrong.slip.mistake.name in found[at] for at in open_ones):
                    continue  # by a different variable of its kind
                for values in self._frames(wrong, frame):
                    if values is None:
                        yield frame.iteration
                    else:
                        note(wrong.slip, values[wrong.program.by_name[name].key])
            open_ones = {at: says for at, says in open_ones.items() if not found[at]}
        return {at: tuple(fits.values()) for at, fits in found.items()}

    def alone(self, frame: Frame, name: str) -> Iterator[tuple[Slip, Any]]:
        """What each mistake gives for one operation, from what it reads in a frame."""
        operation = frame.program.by_name[name]
        for mistake in ROWS:
            if not mistake.is_local:
                continue
            for digits in mistake.digits:
                around = Around(self.program.statements, self.program.shapes, digits)
                tree = mistake.tree(self._statements[name], around)
                if tree is None:
                    break
                keys = {n: operation.keys.get(n) or frame.program.key(n, operation.index - 1) or n for n in names(tree)}
                yield Slip(mistake, digits), QUIET(compiled(tree, keys))(frame)

    def _relevant(self, frame: Frame, name: str, *, at_site: bool) -> Iterator[Mistaken]:
        """The mistaken programs that may give a different value by more than this operation alone."""
        first = frame.iteration == 1 and not self.edits
        above = self.program.above([name], carried=not first)
        for mistake in ROWS:
            covered = {name} if first and mistake.is_local else set()  # by what it makes of this operation alone
            if above == covered:
                continue
            for wrong in self._programs(mistake):
                changed = wrong.changed & above
                if bool(wrong.slip.site) == at_site and not changed <= covered:
                    yield wrong

    def _programs(self, mistake: Mistake) -> list[Mistaken]:
        if mistake.name not in self._made:
            self._made[mistake.name] = [Mistaken.of(self.program, slip) for slip in slips(self.program, mistake)]
        return self._made[mistake.name]

    def _frames(self, wrong: Mistaken, frame: Frame) -> Iterator[Frame | None]:
        """The iteration with the mistake, made in it alone and in all so far; None while that is being run."""
        iteration = frame.iteration
        edited = frame.program is not frame.program.plain
        if iteration > 1 and not edited and not wrong.slip.mistake.persist:
            alone = wrong.on_demand.resumed(iteration, ())
            alone.update(cast({name: frame[name] for name in alone}, wrong.program.dtype))  # as edited
            yield alone
            if wrong.changed.isdisjoint(self._carried_on):
                return  # the iterations before are as they were
        run = self._run(wrong, far=iteration > FAR)
        for _ in run.reach(iteration):
            yield None
        yield run.frame(iteration)

    @cached_property
    def _carried_on(self) -> set[str]:
        """The operations that move what later iterations start from."""
        return self.program.above(self.program.carried)

    def _run(self, wrong: Mistaken, *, far: bool) -> Timeline | FarRun:
        key = (wrong.slip, far)
        if key not in self._runs:
            program = wrong.program if far else wrong.on_demand
            is_plain = far and not self.edits
            self._runs[key] = FarRun(program) if is_plain else Timeline(program, 0, 0, edits=along(self.edits, wrong))
        return self._runs[key]
