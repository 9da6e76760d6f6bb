"""A long run of which only the last iteration is wanted, such as to find the mistake behind a late printed number."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from backprop_tui.engine.program.on_demand import on_demand
from backprop_tui.engine.program.program import Frame, Program

PERIOD = 64  # iterations between two checks of whether the run repeats itself: rare enough to cost next to nothing


class FarRun:
    """The iterations of a program without edits, one after the other. In each it computes only what is carried on; the
    rest is computed when it is asked for.

    A run that comes back to the values of one period ago repeats itself from there on, so whole periods can be skipped:
    rounded numbers come to a standstill in the end, and what is not finite stays so.
    """

    def __init__(self, program: Program) -> None:
        self.program = on_demand(program, but=program.above(program.carried))
        self._repeats = not program.entering(1)  # each iteration follows from what is carried alone
        self._frame = self._first()
        self._before: dict[str, Any] = {}

    def _first(self) -> Frame:
        return self.program.fill(self.program.first())

    def reach(self, iteration: int) -> Iterator[int]:
        """Compute on to an iteration, or start again if it is past, yielding each iteration that was computed."""
        if iteration < self._frame.iteration:
            self._frame, self._before = self._first(), {}
        while self._frame.iteration < iteration:
            self._frame = self.program.fill(self.program.following(self._frame))
            if self._repeats and self._frame.iteration % PERIOD == 0 and self._is_as_before():
                self._frame.iteration += (iteration - self._frame.iteration) // PERIOD * PERIOD
            yield self._frame.iteration

    def frame(self, iteration: int) -> Frame:
        """The values of an iteration."""
        for _ in self.reach(iteration):
            pass
        return self._frame

    def _is_as_before(self) -> bool:
        before, now = self._before, {name: self._frame[name] for name in self.program.carried}
        self._before = now
        return bool(before) and all(np.array_equal(now[name], before[name], equal_nan=True) for name in now)
