"""The debugger: a cursor on a timeline, with breakpoints; what the screen, the commands and the tests all drive."""

from bisect import bisect_left, bisect_right
from itertools import groupby
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.debugger.basics.position import read_position, write_position
from backprop_tui.debugger.breakpoints.breakpoints import Breakpoints
from backprop_tui.debugger.explain.questions import Explaining
from backprop_tui.debugger.expressions.quantity import read_quantity
from backprop_tui.debugger.expressions.watches import Reading, Watches
from backprop_tui.debugger.mistakes.making import Mistaking
from backprop_tui.debugger.moving.running import Running
from backprop_tui.debugger.moving.step_into import Stepping
from backprop_tui.debugger.moving.task import Outcome, Slices, Task
from backprop_tui.debugger.samples.evaluating import Evaluating
from backprop_tui.debugger.samples.in_batch import Sampling
from backprop_tui.debugger.sessions.bookmarks import Marks
from backprop_tui.debugger.whatif.branches import Branches
from backprop_tui.debugger.whatif.editing import WhatIf
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.program import Frame, Program
from backprop_tui.engine.timeline.store import Home
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.scenario import Scenario

if TYPE_CHECKING:
    from backprop_tui.debugger.audit.audit import Audit
    from backprop_tui.debugger.quiz.quiz import Quiz
    from backprop_tui.debugger.quiz.score import Score
    from backprop_tui.debugger.sessions.session import Loaded


class Debugger(Stepping, Mistaking, WhatIf, Running, Sampling, Evaluating, Explaining):
    """Steps through a scenario, forwards and back. The current operation is always the one computed last."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__()
        self.scenario = scenario
        self.timeline = Timeline(Program(scenario.network))
        self.program = self.timeline.program
        self.branches = Branches(self.program)
        self.breakpoints = Breakpoints(self.program, scenario)
        self.marks = Marks()
        self.watches = Watches(self.program)
        self.timeline.store.told = self._computed
        self.quiz: Quiz | None = None
        self.view: dict[str, int] = {}  # what a screen keeps of how things are shown
        self.step = 0
        self.element: int | None = None
        self._audit: Audit | None = None
        stages = groupby(self.program.operations, key=lambda operation: operation.stage)
        self._ends = [[operation.index for operation in operations][-1] for _, operations in stages]

    def _computed(self, home: Home, frame: Frame) -> None:
        self.watches.take(home, frame)

    # where we are

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
            self.element,
            chosen=self.sample,
            off=self.breakpoints.names(on=False),
            stops=sum(bp.enabled for bp in self.breakpoints),
            branch=self.branches.current.name,
            audit=self._audit,
            beside=self.beside,
        )

    @property
    def audit(self) -> "Audit":
        """The audit of what the source printed, of the run without edits; as far as it has been looked at."""
        if self._audit is None:
            from backprop_tui.debugger.audit.audit import Audit

            self._audit = Audit(self.scenario, self.timeline.edited(()))
        return self._audit

    def auditing(self) -> Task:
        """The whole audit; its outcome is the text of it."""

        def slices() -> Slices:
            from backprop_tui.debugger.audit.audit_text import text

            yield from self.audit.reach()
            return Outcome(text="\n".join(text(self.audit)))

        goal = max((published.iteration for published in self.scenario.published), default=1)
        return Task(slices(), lambda _: Outcome(), start=1, goal=goal)

    def __getitem__(self, name: str) -> Any:
        """A variable's value now, read-only. Raises KeyError before it exists."""
        resolved = self.program.symbols.resolve(name)
        value = None if resolved is None else self.moment().value(resolved)
        if value is None:
            raise KeyError(name)
        return value

    def value(self, expression: str) -> Any:
        """The value of an expression now, or of what has a name, such as `dead units`.

        Raises ExpressionError where it cannot be read, or reads what is not computed yet.
        """
        return read_quantity(expression, self.program).now(self.timeline, self.step)

    # moving

    def seek(self, position: str | int) -> None:
        """Go to a step or a readable position. Raises PositionError (a ValueError) where there is none."""
        step = read_position(position, self.timeline, self.iteration)
        self.timeline.frame(self.timeline.locate(step)[0])
        self.step, self.element = step, None
        if self.quiz is not None:
            self.quiz.saw()

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

    # predicting

    def predict(self, *, level: int | None = None, score: "Score | None" = None) -> "Quiz":
        """Ask for each next result before it is shown, at a level or as the score leads; it is `quiz` from now on.

        Raises QuizError (a ValueError) where there is no such level.
        """
        from backprop_tui.debugger.quiz.quiz import Quiz

        return Quiz(self, score, level)

    # finding

    def find(self, text: str, *, back: bool = False) -> int | None:
        """The step of the next operation or note with a text in it, or of the one before; None where there is none."""
        from backprop_tui.debugger.expressions.finder import Finder

        finder = Finder(self, text)
        if not finder:
            return None
        return finder.previous(self.step) if back else finder.next(self.step)

    # keeping

    def save(self, path: str | PathLike[str] | None = None) -> Path:
        """Write position, breakpoints, watches, marks and branches to a file, whole or not at all; where it went.

        Without a path, to where the next start of the scenario looks for it. Raises SessionError (a ValueError).
        """
        from backprop_tui.debugger.sessions.session import save

        return save(self, path)

    def load(self, path: str | PathLike[str] | None = None) -> "Loaded":
        """Take up what was saved, and go where it was; or nothing of it: SessionError, in one line.

        Of a scenario that has changed since, what fits is taken up and the rest is told.
        """
        from backprop_tui.debugger.sessions.session import load

        return load(self, path)

    # watching

    def series(self, expression: str, iterations: int | None = None) -> np.ndarray:
        """What an expression is at the end of each iteration from the first on, of an array its mean.

        The shape is (iterations,): of so many iterations, or of those up to here. Raises ExpressionError.
        """
        from backprop_tui.debugger.expressions.series import Series

        found = Series(self.timeline, (read_quantity(expression, self.program),))
        for _ in found.gather(self.iteration if iterations is None else iterations):
            pass
        return found.of(0)

    def readings(self) -> list[Reading]:
        """Each watch now."""
        return self.watches.readings(self.timeline, self.step)

    def _stage_end(self, number: int) -> int:
        """The step that ends a stage; stages count from 0 over the whole run, and before them is step 0."""
        if number < 0:
            return 0
        complete, which = divmod(number, len(self._ends))
        return self.timeline.step_at(complete + 1, self._ends[which])
