"""The debugger: a cursor on a timeline, with breakpoints; what the screen, the commands and the tests all drive."""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Generator
from functools import cached_property
from itertools import groupby
from typing import Any

from backprop_tui.debugger.address import Address
from backprop_tui.debugger.branches import Branches
from backprop_tui.debugger.breakpoint import Breakpoint
from backprop_tui.debugger.breakpoints import Breakpoints
from backprop_tui.debugger.evaluation import Samples, evaluate
from backprop_tui.debugger.marks import Marks
from backprop_tui.debugger.moment import Moment
from backprop_tui.debugger.points import Points
from backprop_tui.debugger.position import read_position, write_position
from backprop_tui.debugger.quantity import shown
from backprop_tui.debugger.search import Search
from backprop_tui.debugger.slices import run_out
from backprop_tui.debugger.stop import Message, Stop
from backprop_tui.debugger.watches import Reading, Watches
from backprop_tui.debugger.what_if import WhatIf
from backprop_tui.engine.evaluation import Evaluation, Evaluator
from backprop_tui.engine.event import Event
from backprop_tui.engine.program import Program
from backprop_tui.engine.timeline import Timeline
from backprop_tui.scenario import Scenario

MESSAGES = 1000  # of log points that are kept


class Debugger(WhatIf):
    """Steps through a scenario, forwards and back. The current operation is always the one computed last."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.timeline = Timeline(Program(scenario.network))
        self.program = self.timeline.program
        self.branches = Branches(self.program)
        self.breakpoints = Breakpoints(self.program, scenario)
        self.marks = Marks()
        self.watches = Watches(self.program)
        self.messages: deque[Message] = deque(maxlen=MESSAGES)  # of log points, newest last
        self.selection: Address | None = None
        self.step = 0
        stages = groupby(self.program.operations, key=lambda operation: operation.stage)
        self._ends = [[operation.index for operation in operations][-1] for _, operations in stages]

    # where we are

    @property
    def iteration(self) -> int:
        """The iteration of the current step, from 1."""
        return self.timeline.locate(self.step)[0]

    @property
    def index(self) -> int:
        """The index of the current operation in its iteration, -1 at step 0."""
        return self.timeline.locate(self.step)[1]

    @property
    def last_step(self) -> int:
        """The last step of the iterations that the scenario asks for."""
        return self.scenario.iterations * self.timeline.length

    @property
    def event(self) -> Event | None:
        """What happened at the current step; None at step 0."""
        return self.timeline.event(self.step)

    @property
    def position(self) -> str:
        """The readable position, `1:delta2`; `start` at step 0."""
        return write_position(self.step, self.timeline)

    def moment(self) -> Moment:
        """All that there is to show of the current step."""
        iteration, index = self.timeline.locate(self.step)
        return Moment(
            self.scenario,
            self.timeline,
            self.step,
            iteration,
            index,
            self.timeline.frame(iteration),
            self.breakpoints.names(),
            self.selection,
        )

    def __getitem__(self, name: str) -> Any:
        """A variable's value now, read-only. Raises KeyError before it exists."""
        resolved = self.program.symbols.resolve(name)
        value = None if resolved is None else self.moment().value(resolved)
        if value is None:
            raise KeyError(name)
        return value

    def evaluate(self, x: Samples | None = None, y: Samples | None = None) -> Evaluation:
        """The forward half with the parameters that there are now; nothing of the run changes.

        Raises EvaluationError (a ValueError) where x or y do not fit the network.
        """
        return evaluate(self._evaluator, self.moment(), x, y)

    @cached_property
    def _evaluator(self) -> Evaluator:
        return Evaluator(self.scenario.network)

    # moving

    def seek(self, position: str | int) -> None:
        """Go to a step or a readable position. Raises PositionError (a ValueError) where there is none."""
        step = read_position(position, self.timeline, self.iteration)
        self.timeline.frame(self.timeline.locate(step)[0])
        self.step = step

    def advance(self, count: int = 1) -> None:
        """On by so many operations; past the scenario's last iteration training goes on."""
        self.seek(self.step + count)

    def rewind(self, count: int = 1) -> None:
        """Back by so many operations, to step 0 at the most."""
        self.seek(max(0, self.step - count))

    def finish(self, count: int = 1) -> None:
        """To the last operation of the stage, of the next stage if there already."""
        self.seek(self.after_finish(count))

    def unfinish(self, count: int = 1) -> None:
        """Back to the last operation of the stage before."""
        self.seek(self.after_unfinish(count))

    def skip(self, iterations: int) -> None:
        """The same operation so many iterations later, or earlier where negative, down to the first."""
        self.seek(self.after_skip(iterations))

    def home(self) -> None:
        """The first operation of the iteration."""
        self.seek(self.iteration_steps()[0])

    def end(self) -> None:
        """The last operation of the iteration."""
        self.seek(self.iteration_steps()[-1])

    # where a move goes, without going there

    def after_finish(self, count: int = 1) -> int:
        """The step that `finish` goes to."""
        iteration, index = self.timeline.locate(self.step)
        return self._stage_end((iteration - 1) * len(self._ends) + bisect_right(self._ends, index) + count - 1)

    def after_unfinish(self, count: int = 1) -> int:
        """The step that `unfinish` goes to."""
        iteration, index = self.timeline.locate(self.step)
        return self._stage_end((iteration - 1) * len(self._ends) + bisect_left(self._ends, index) - count)

    def after_skip(self, iterations: int) -> int:
        """The step that `skip` goes to."""
        iteration, index = self.timeline.locate(self.step)
        if index < 0:  # step 0 is before the first operation of iteration 1
            return self.timeline.step_at(1 + max(0, iterations), -1)
        return self.timeline.step_at(max(1, iteration + iterations), index)

    def iteration_steps(self) -> range:
        """The steps of the current iteration."""
        first = self.timeline.step_at(self.iteration, 0)
        return range(first, first + self.timeline.length)

    def resume(self, *, back: bool = False, iterations: int | None = None) -> Stop:
        """Continue to the next stop, or to the end: the scenario's last iteration, or `iterations` from here.

        Back: to the stop before, or step 0. Past the scenario's last iteration it needs a count to move. Interrupted
        (ctrl+c), it stays at the iteration that it has reached. What log points say is in `messages`.
        """
        reached = [self.iteration]
        try:
            step, stop = run_out(self.search(back=back, iterations=iterations), reached)
        except KeyboardInterrupt:
            step, stop = self.reached(reached[-1], back=back), Stop("interrupted")
        self.arrive(step, stop)
        return stop

    def arrive(self, step: int, stop: Stop | None = None) -> None:
        """Go where a search ended: a temporary breakpoint that was stopped at is gone. Raises PositionError."""
        self.seek(step)
        if stop is not None:
            self.breakpoints.reached(stop.number)

    def target(self, *, back: bool = False, iterations: int | None = None) -> tuple[int, Stop]:
        """Where `resume` goes, without going there."""
        return run_out(self.search(back=back, iterations=iterations))

    def search(self, *, back: bool = False, iterations: int | None = None) -> Generator[int, None, tuple[int, Stop]]:
        """The search of `target` in slices: yields the iteration reached, returns the step and the stop.

        It can be left at any time; `reached` says where one is then.
        """
        limit = 0 if back else self.last_step if iterations is None else self.step + iterations * self.timeline.length
        limit = min(limit, self.step) if back else max(limit, self.step)
        counts = self.breakpoints.counts(self.timeline)
        searching = Search(self.timeline, self.breakpoints.points(), counts)
        hit = yield from searching.first(self.step, limit, self._print)
        if hit is None:
            return limit, Stop("end")
        step, bp = hit
        return step, self._stop(step, bp)

    def reached(self, iteration: int, *, back: bool = False) -> int:
        """The step where a search is left that has reached an iteration: the end of it, or going back its start."""
        if back:
            return min(self.step, self.timeline.step_at(iteration, 0))
        return max(self.step, self.timeline.step_at(iteration, self.timeline.length - 1))

    def last_change(self, address: Address | str) -> int | None:
        """The step, up to here, at which a value last became another: of a parameter, its update.

        0 for a parameter that is as it was at the start; for a value that never changed, the step that first computed
        it; None before it exists. Takes what `add_change` does. Raises ExpressionError.
        """
        bp = Breakpoint(str(address), kind="change")
        points = Points((bp,), self.program, self.scenario)
        hit = run_out(Search(self.timeline, points, {}).first(self.step + 1, 0, lambda _: None))
        if hit is not None:
            return hit[0]
        quantity = points.quantity(bp.name)
        for index in range(-1, self.timeline.length):
            if quantity.at(self.program, index):
                step = max(0, self.timeline.step_at(1, index))
                return step if step <= self.step else None
        return None

    # watching

    def readings(self) -> list[Reading]:
        """Each watch now."""
        return self.watches.readings(self.timeline, self.step)

    def _stop(self, step: int, bp: Breakpoint) -> Stop:
        if bp.kind == "event" and bp.name == "nonfinite":
            operation = self.program.operations[self.timeline.locate(step)[1]]
            return Stop("nonfinite", operation.name, bp.number)
        return Stop("change" if bp.kind == "change" else "breakpoint", bp.name, bp.number)

    def _print(self, hit: tuple[int, Breakpoint]) -> None:
        step, bp = hit
        iteration, index = self.timeline.locate(step)
        value = self.breakpoints.points().quantity(bp.log).value(self.timeline.frame(iteration), index)
        self.messages.append(
            Message(bp.number, step, write_position(step, self.timeline), f"{bp.log} = {shown(value)}")
        )

    def _stage_end(self, number: int) -> int:
        """The step that ends a stage; stages count from 0 over the whole run, and before them is step 0."""
        if number < 0:
            return 0
        complete, which = divmod(number, len(self._ends))
        return self.timeline.step_at(complete + 1, self._ends[which])
