"""Why a number that a source printed is wrong, in sentences."""

from collections.abc import Generator, Mapping, Sequence

import numpy as np

from backprop_tui.debugger.audit.source_run import World
from backprop_tui.debugger.mistakes.matching import Fitting
from backprop_tui.engine.network.network import Array
from backprop_tui.engine.program.program import Frame
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.values.element import Shape
from backprop_tui.formula.writing.numbers import MINUS
from backprop_tui.scenario import Claim, Scenario

Claims = Mapping[Shape, Claim]  # by index in the variable
Found = dict[Shape, list[tuple[str, float]]]  # a reason, and the number that it gives with all its digits
Way = Generator[int, None, Found]
MOST_NAMED = 3  # numbers listed in one sentence


class Reasons:
    """What explains the roots: the same value elsewhere in the run, or a classic mistake.

    The simplest that fit are given, all of them: a mistake in the right run; one in the source's own; one whose result
    was cut off too.
    """

    def __init__(self, scenario: Scenario, timeline: Timeline) -> None:
        self.timeline = timeline
        self.program = timeline.program
        self.fitting = Fitting(self.program)
        self.iterations = sorted({published.iteration for published in scenario.published})

    def search(
        self, frame: Frame, name: str, claims: Claims, worlds: Sequence[World]
    ) -> Generator[int, None, tuple[tuple[str, ...], dict[Shape, float]]]:
        """The sentences about the wrong numbers of a variable, and what was behind those that there is a reason for, in
        slices: yields the iteration reached.
        """
        behind: dict[Shape, float] = {}
        told: dict[str, list[Shape]] = {}
        left = dict(claims)
        for way in (self._in_the_run, self._in_the_source, self._cut_off):
            found = (yield from way(frame, name, left, worlds)) if left else {}
            for at, reasons in found.items():
                for reason, value in reasons:
                    told.setdefault(reason, []).append(at)
                    behind.setdefault(at, value)
            left = {at: claim for at, claim in left.items() if not found.get(at)}
        said = (self._sentence(reason, name, {at: claims[at] for at in places}) for reason, places in told.items())
        return tuple(said), behind

    def _in_the_run(self, frame: Frame, name: str, claims: Claims, _: Sequence[World]) -> Way:
        found: Found = {at: [] for at in claims}
        elsewhere = yield from self._elsewhere(frame, name)
        own = np.shape(frame.at_end(name))
        for reason, value in elsewhere:
            for at, claim in claims.items() if value.shape == own else ():  # the last batch may be smaller
                if claim.agrees(float(value[at])):
                    found[at].append((reason, float(value[at])))
        fits = yield from self.fitting.search(frame, name, {at: claim.agrees for at, claim in claims.items()})
        for at, fitting in fits.items():
            found[at] += [(f"what you get when {slip.when(self.program)}", value) for slip, value in fitting]
        return found

    def _elsewhere(self, frame: Frame, name: str) -> Generator[int, None, list[tuple[str, Array]]]:
        """The value before its update, in the neighbouring iterations, and in those that the source prints."""
        found, now, carried = [], frame.iteration, name in self.program.carried
        if carried:
            found.append(("its value before the update", np.asarray(frame[name])))
        for iteration in sorted({now - 1, now + 1, *self.iterations} - {0, now, *([now - 1] if carried else [])}):
            yield from self.timeline.reach(iteration)
            value = np.asarray(self.timeline.frame(iteration).at_end(name))
            found.append((f"its value in iteration {iteration:,}", value))
        return found

    def _in_the_source(self, frame: Frame, name: str, claims: Claims, worlds: Sequence[World]) -> Way:
        found: Found = {at: [] for at in claims}
        for world in worlds:
            whence = " and ".join(map(self.program.symbols.symbol, world.departing))
            for slip, value in self.fitting.alone(world.frame, name):
                reason = f"what you get from the source's own {whence} when {slip.when(self.program)}"
                for at, claim in claims.items():
                    if claim.agrees(float(value[at])) and all(reason != other for other, _ in found[at]):
                        found[at].append((reason, float(value[at])))
        yield frame.iteration
        return found

    def _cut_off(self, frame: Frame, name: str, claims: Claims, _: Sequence[World]) -> Way:
        fits = yield from self.fitting.search(frame, name, {at: claim.cut_off for at, claim in claims.items()})
        return {
            at: [(f"what you get when {slip.when(self.program)}, cut off", value) for slip, value in fitting]
            for at, fitting in fits.items()
        }

    def _sentence(self, reason: str, name: str, claims: Claims) -> str:
        """`z₁[0] = −0.15 is what you get when …`, with several numbers in one sentence."""
        address = self.program.symbols.address
        said = [f"{address(name, at)} = {claim.text.replace('-', MINUS)}" for at, claim in claims.items()]
        if len(said) == 1:
            return f"{said[0]} is {reason}"
        last = said[-1] if len(said) <= MOST_NAMED else f"{len(said) - MOST_NAMED + 1} more"
        both = f"{', '.join(said[: min(len(said), MOST_NAMED) - 1])} and {last}"
        return f"{both} are {reason.replace('its value', 'its values')}"
