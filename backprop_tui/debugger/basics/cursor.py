"""Where somebody is in a run: a step of a timeline, and perhaps an element of the operation there."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from itertools import groupby
from typing import SupportsIndex

import numpy as np

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.position import read_position, write_position
from backprop_tui.engine.program.count import count_of
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.operation import Operation
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Phase
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.scenario import Scenario


class Cursor:
    """A place in a run that moves; the parts of a debugger share it, and with it the branch's `timeline`.

    `element` counts from 0; it is None where the whole operation is done, as after any move except a step into it.
    Later elements are not computed yet. `moved` are called after each move.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.timeline = Timeline(Program.of(scenario.network))
        self.program = self.timeline.program
        self.step = 0
        self.element: int | None = None
        self.moved: list[Callable[[], None]] = []
        stages = groupby(self.program.operations, key=_stage)
        self._ends = [[operation.index for operation in operations][-1] for _, operations in stages]

    @property
    def iteration(self) -> int:
        """The iteration of the current step, from 1."""
        return self.timeline.locate(self.step)[0]

    @property
    def index(self) -> int:
        """The index of the current operation in its iteration, -1 at step 0."""
        return self.timeline.locate(self.step)[1]

    @property
    def event(self) -> Event | None:
        """What happened at the current step; None at step 0."""
        return self.timeline.event(self.step)

    @property
    def position(self) -> str:
        """The readable position, `1:delta2`; `start` at step 0."""
        return write_position(self.step, self.timeline)

    @property
    def last_step(self) -> int:
        """The last step of the iterations that the scenario asks for."""
        return self.scenario.iterations * self.timeline.length

    def seek(self, position: str | SupportsIndex) -> None:
        """Go to a step or a readable position. Raises PositionError (a ValueError) where there is none."""
        step = read_position(position, self.timeline, self.iteration)
        self.timeline.frame(self.timeline.locate(step)[0])
        self.step, self.element = step, None
        for moved in self.moved:
            moved()

    # the step that a move leads to, without making the move

    def after_finish(self, count: int = 1) -> int:
        """The end of the stage, or of the next one if already there; `count` stages on. Raises ValueError below 0."""
        if not count_of("stages", count):
            return self.step
        iteration, index = self.timeline.locate(self.step)
        return self._stage_end((iteration - 1) * len(self._ends) + bisect_right(self._ends, index) + count - 1)

    def after_unfinish(self, count: int = 1) -> int:
        """The end of the previous stage, `count` stages back. Raises ValueError below 0."""
        if not count_of("stages", count):
            return self.step
        iteration, index = self.timeline.locate(self.step)
        return self._stage_end((iteration - 1) * len(self._ends) + bisect_left(self._ends, index) - count)

    def after_skip(self, iterations: int) -> int:
        """The same operation some iterations later, or earlier where negative, down to the first."""
        iteration, index = self.timeline.locate(self.step)
        if index < 0:  # step 0 is before the first operation of iteration 1
            return self.timeline.step_at(1 + max(0, iterations), -1)
        return self.timeline.step_at(max(1, iteration + iterations), index)

    def iteration_steps(self) -> range:
        """The steps of the current iteration."""
        first = self.timeline.step_at(self.iteration, 0)
        return range(first, first + self.timeline.length)

    def size(self, step: int) -> int:
        """How many elements the operation of a step has; 0 before any."""
        event = self.timeline.event(step)
        return 0 if event is None else int(np.size(event.value))

    def enter(self, step: int, element: int | None) -> Address | None:
        """Be at an element of the operation of a step, or at all of it where that is None; the element's address.

        Raises PositionError where there is no such step.
        """
        self.seek(step)
        event = self.event
        if element is None or event is None:
            return None
        self.element = min(element, self.size(step) - 1)
        return Address(event.name, tuple(map(int, np.unravel_index(self.element, np.shape(event.value)))))

    def _stage_end(self, number: int) -> int:
        """The step that ends a stage; stages count from 0 over the whole run, and before them is step 0."""
        if number < 0:
            return 0
        complete, which = divmod(number, len(self._ends))
        return self.timeline.step_at(complete + 1, self._ends[which])


def _stage(operation: Operation) -> tuple[str, str]:
    """What `f` goes to the end of: a stage, which the blocks and steps of a model part the forward half of."""
    own = operation.variable
    return operation.stage, own.section if own.phase is Phase.FORWARD else ""
