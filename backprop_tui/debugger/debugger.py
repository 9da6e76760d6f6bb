"""The debugger: a facade of parts that each do one thing; what the screen, the commands and the tests all drive.

The parts share a cursor on a timeline. Its own methods are those of a person's vocabulary, and each hands on to a part.
"""

from collections.abc import Iterator
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, SupportsIndex

import numpy as np

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.cursor import Cursor
from backprop_tui.debugger.basics.focus import Focus
from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.debugger.breakpoints.breakpoints import Breakpoints
from backprop_tui.debugger.expressions.watches import Reading, Watches
from backprop_tui.debugger.mistakes.making import OnPurpose
from backprop_tui.debugger.moving.task import Outcome, Slices, Stop, Task
from backprop_tui.debugger.moving.travel import Travel
from backprop_tui.debugger.sessions.bookmarks import Marks
from backprop_tui.debugger.whatif.branches import Branch, Branches
from backprop_tui.debugger.whatif.editing import WhatIf
from backprop_tui.engine.program.count import count_of
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.scenario import Wanted, load

if TYPE_CHECKING:
    from backprop_tui.debugger.audit.audit import Audit
    from backprop_tui.debugger.explain.explanation import Explanation
    from backprop_tui.debugger.explain.touches import Touch
    from backprop_tui.debugger.mistakes.side_by_side import Beside
    from backprop_tui.debugger.quiz.quiz import Quiz
    from backprop_tui.debugger.quiz.score import Score
    from backprop_tui.debugger.samples.per_sample import PerSample
    from backprop_tui.debugger.samples.typed_samples import Samples
    from backprop_tui.debugger.sessions.session import Loaded
    from backprop_tui.debugger.whatif.comparison import Comparison
    from backprop_tui.engine.program.evaluation import Evaluation, Evaluator


class Debugger:
    """Steps through a scenario, forwards and back. The current operation is always the one computed last.

    `scenario` is one that was loaded, or what `load` takes. `cursor` is where it is and `focus` what is looked at;
    `travel` moves until something is so; `whatif` edits, on `branches`; `purpose` has what is run beside it.
    """

    def __init__(self, scenario: Wanted) -> None:
        self.scenario = scenario = load(scenario)
        self.cursor = Cursor(scenario)
        self.focus = Focus(self.cursor)
        self.program = self.cursor.program
        self.branches = Branches(self.program)
        self.breakpoints = Breakpoints(self.program, scenario)
        self.watches = Watches(self.program)
        self.marks = Marks()
        self.purpose = OnPurpose(self.cursor)
        self.travel = Travel(self.cursor, self.focus, self.breakpoints, self.purpose)
        self.whatif = WhatIf(self.cursor, self.branches, self.moment)
        self.cursor.timeline.store.told = self.watches.take
        self.quiz: Quiz | None = None
        self.cursor.moved.append(self._moved)
        self.view: dict[str, int] = {}  # what a screen keeps of how things are shown
        self._audit: Audit | None = None

    # where we are

    @property
    def timeline(self) -> Timeline:
        """The run of the current branch."""
        return self.cursor.timeline

    @property
    def step(self) -> int:
        """The current step, from 1; 0 before anything ran."""
        return self.cursor.step

    @property
    def iteration(self) -> int:
        """The iteration of the current step, from 1."""
        return self.cursor.iteration

    @property
    def index(self) -> int:
        """The index of the current operation in its iteration, -1 at step 0."""
        return self.cursor.index

    @property
    def element(self) -> int | None:
        """The element of the operation that was stepped into, from 0; None where all of it is there."""
        return self.cursor.element

    @property
    def event(self) -> Event | None:
        """What happened at the current step; None at step 0."""
        return self.cursor.event

    @property
    def position(self) -> str:
        """The readable position, `1:delta2`; `start` at step 0."""
        return self.cursor.position

    @property
    def last_step(self) -> int:
        """The last step of the iterations that the scenario asks for."""
        return self.cursor.last_step

    @property
    def is_computed(self) -> bool:
        """Whether the values of the step are kept, and those of what runs beside: then showing it computes nothing."""
        beside = self.beside
        return self.timeline.has(self.step) and (beside is None or beside.b.kept(self.iteration) is not None)

    @property
    def selection(self) -> Address | None:
        """The scalar that is selected. Selecting one of another sample goes to that sample."""
        return self.focus.selection

    @selection.setter
    def selection(self, address: Address | None) -> None:
        self.focus.selection = address

    @property
    def sample(self) -> int:
        """The sample that is shown, from 0; in a smaller batch, the last one."""
        return self.focus.sample

    def show_sample(self, sample: int) -> None:
        """Show another sample of the batch, or the nearest there is; the selection goes along."""
        self.focus.show_sample(sample, self.moment().samples)

    def moment(self) -> Moment:
        """Everything there is to show at the current step."""
        return self.moment_at(self.step)

    def moment_at(self, step: int) -> Moment:
        """Everything that there would be to show at another step, with the same selected."""
        timeline = self.timeline
        iteration, index = timeline.locate(step)
        return Moment(
            self.scenario,
            timeline,
            step,
            iteration,
            index,
            timeline.frame(iteration),
            self.breakpoints.names(),
            self.selection,
            self.element if step == self.step else None,
            chosen=self.sample,
            places=dict(self.focus.places),
            off=self.breakpoints.names(on=False),
            stops=sum(bp.enabled for bp in self.breakpoints),
            branch=self.branches.current.name,
            audit=self._audit,
            beside=self.beside,
        )

    def __getitem__(self, name: str) -> Any:
        """A variable's value now, read-only, or one number of it: `W1[0,1]`. Raises NoValueError (a KeyError)."""
        from backprop_tui.debugger.basics.value_now import value_now

        return value_now(self.moment(), name)

    def __iter__(self) -> Iterator[str]:
        """The names of the variables that have a value now."""
        from backprop_tui.debugger.basics.value_now import names_now

        return names_now(self.moment())

    def __contains__(self, name: object) -> bool:
        """Whether a variable, or one number of it, has a value now."""
        from backprop_tui.debugger.basics.value_now import NoValueError

        try:
            self[name]  # type: ignore[index]
        except NoValueError:
            return False
        return True

    def __repr__(self) -> str:
        return f"<Debugger of {self.scenario.name} at {self.position}, step {self.step:,} of {self.last_step:,}>"

    def value(self, expression: str) -> Any:
        """The value of an expression now, or of what has a name, such as `dead units`.

        Raises ExpressionError where it cannot be read, or reads what is not computed yet.
        """
        from backprop_tui.debugger.expressions.quantity import read_quantity

        return read_quantity(expression, self.program).now(self.timeline, self.step)

    # moving: each count is 0 or more, else it raises ValueError

    def seek(self, position: str | SupportsIndex) -> None:
        """Go to a step or a readable position. Raises PositionError (a ValueError) where there is none."""
        self.cursor.seek(position)

    def advance(self, count: int = 1) -> None:
        """On by `count` operations; past the scenario's last iteration training goes on."""
        self.seek(self.step + count_of("operations", count))

    def rewind(self, count: int = 1) -> None:
        """Back by `count` operations, as far as step 0."""
        self.seek(max(0, self.step - count_of("operations", count)))

    def finish(self, count: int = 1) -> None:
        """To the last operation of the stage, or of the next stage if already there."""
        self.seek(self.cursor.after_finish(count))

    def unfinish(self, count: int = 1) -> None:
        """Back to the last operation of the previous stage."""
        self.seek(self.cursor.after_unfinish(count))

    def skip(self, iterations: int) -> None:
        """The same operation that many iterations later, or earlier where negative, down to the first."""
        self.seek(self.cursor.after_skip(iterations))

    def home(self) -> None:
        """The first operation of the iteration."""
        self.seek(self.cursor.iteration_steps()[0])

    def end(self) -> None:
        """The last operation of the iteration."""
        self.seek(self.cursor.iteration_steps()[-1])

    def into(self, count: int = 1, *, back: bool = False) -> None:
        """On by `count` elements, into the operations that follow; from a whole operation, into its first; or `back`.

        The element becomes the selection. Step 0 comes before the very first element.
        """
        from backprop_tui.debugger.moving.step_into import step_into

        outcome = step_into(self.cursor, count, back=back).finish()
        self.travel.enter(outcome.step or 0, outcome.element)

    def leave(self) -> None:
        """Finish the operation that was stepped into."""
        self.cursor.element = None

    def resume(self, *, back: bool = False, iterations: int | None = None) -> Stop:
        """Continue to the next stop, or to the end: the scenario's last iteration, or `iterations` from here.

        Back: to the stop before, or step 0. Past the scenario's last iteration it needs a count to move. Interrupted
        (ctrl+c), it stays at the iteration that it has reached. What log points say is in `travel.messages`.
        """
        return self.travel.resume(back=back, iterations=iterations)

    def last_change(self, address: Address | str) -> int | None:
        """The step, up to here, at which a value last changed: for a parameter, its update.

        0 for a parameter that still has its initial value; for a value that never changed, the step that first computed
        it; None before it exists. Takes what `breakpoints.add_change` does. Raises ExpressionError.
        """
        return self.travel.last_change(address)

    # what if

    def assign(self, address: str | Address, value: object) -> Branch:
        """Set a number here and now, `W2[0,1]` to −0.5: what runs after this step reads it, on a branch of its own.

        Raises EditError (a ValueError) where that cannot be done.
        """
        return self.whatif.assign(address, value)

    def rerun(self) -> Branch:
        """Do the iteration again with its edits from its start. Raises EditError."""
        return self.whatif.rerun()

    def undo(self) -> None:
        """Take back the last assign, rerun or renaming of a branch. Raises EditError."""
        self.whatif.undo()

    def redo(self) -> None:
        """Do again what was taken back last. Raises EditError."""
        self.whatif.redo()

    def switch(self, name: str) -> None:
        """To the same step of another branch. Raises EditError."""
        self.whatif.switch(name)

    def compare(self, a: str, b: str) -> "Comparison":
        """Two branches side by side, at this step. Raises EditError."""
        return self.whatif.compare(a, b)

    @property
    def threads(self) -> int:
        """How many threads BLAS computes with; a replay is the same to the last bit only with as many."""
        from backprop_tui.debugger.basics.blas_threads import threads

        return threads()

    # explaining

    def explain(self, address: str | Address) -> "Explanation":
        """The tree of where a number comes from, made as it is unfolded. Raises ExpressionError where there is none."""
        from backprop_tui.debugger.explain.asked_number import asked

        return asked(self.moment(), address)

    def touches(self, address: str | Address) -> "Touch":
        """The other direction: what is computed from a number. Raises ExpressionError where there is none."""
        from backprop_tui.debugger.explain.asked_number import touched

        return touched(self.moment(), address)

    def per_sample(self, name: str) -> "PerSample":
        """What each sample of the batch adds to a gradient: an array each, and `rest`; together they are the gradient.

        Raises ShareError (a ValueError) where there is no such gradient, or not yet.
        """
        from backprop_tui.debugger.samples.per_sample import per_sample

        return per_sample(self.moment(), name)

    # judging

    @property
    def audit(self) -> "Audit":
        """The audit of what the source printed, for the run without edits, as far as it has been looked at."""
        if self._audit is None:
            from backprop_tui.debugger.audit.audit import Audit

            self._audit = Audit(self.scenario, self.timeline.edited(()))
        return self._audit

    def auditing(self) -> Task:
        """The whole audit as a task; its outcome is the text of it."""

        def slices() -> Slices:
            from backprop_tui.debugger.audit.audit_text import text

            yield from self.audit.reach()
            return Outcome(text="\n".join(text(self.audit)))

        goal = max((published.iteration for published in self.scenario.published), default=1)
        return Task(slices(), lambda _: Outcome(), start=1, goal=goal)

    def make_mistake(self, name: str) -> "Beside":
        """Run the program with a mistake of the table in it beside the right one; `cut-off:2` says how many decimals.

        Raises MistakeError (a ValueError) where there is no such mistake, or it changes nothing here.
        """
        return self.purpose.make(name)

    def vary(self, *changes: str) -> "Beside":
        """Run the scenario with some of its keys changed beside it: `vary("optimizer.name=adam")`.

        Raises VariantError (a ValueError), which lists what is wrong with them as for a scenario's file.
        """
        return self.purpose.vary(changes)

    def make_none(self) -> None:
        """Run the right program alone."""
        self.purpose.make_none()

    @property
    def beside(self) -> "Beside | None":
        """The right run and a mistaken one or a variant beside it, both with the edits of the branch; else None."""
        return self.purpose.beside

    # evaluating

    @cached_property
    def evaluator(self) -> "Evaluator":
        """What evaluates samples, given parameters by name.

        Raises EvaluationError for a model that cannot be evaluated, such as one that does not say what its output is.
        """
        from backprop_tui.debugger.samples.typed_samples import evaluator_of

        return evaluator_of(self.scenario)

    def evaluate(self, x: "Samples | None" = None, y: "Samples | None" = None) -> "Evaluation":
        """Evaluate samples x, and their targets y where they are known; without any, all that is trained on.

        Raises EvaluationError (a ValueError) where x or y do not fit the network.
        """
        from backprop_tui.debugger.samples.typed_samples import evaluate

        return evaluate(self.evaluator, self.moment(), x, y)

    def evaluate_held_out(self) -> "Evaluation":
        """Evaluate the samples that are not trained on. Raises EvaluationError where there are none."""
        from backprop_tui.debugger.samples.typed_samples import evaluate_held_out

        return evaluate_held_out(self.evaluator, self.moment())

    # predicting

    def predict(self, *, level: int | None = None, score: "Score | None" = None) -> "Quiz":
        """Ask for each next result before it is shown, at a level or as the score suggests; `quiz` is set from now on.

        Raises QuizError (a ValueError) where there is no such level.
        """
        from backprop_tui.debugger.quiz.quiz import Quiz

        return Quiz(self, score, level)

    def _moved(self) -> None:
        """Let a quiz take note of the step that was shown."""
        if self.quiz is not None:
            self.quiz.saw()

    # finding and watching

    def find(self, text: str, *, back: bool = False) -> int | None:
        """The step of the next operation or note with a text in it, or of the one before; None where there is none."""
        from backprop_tui.debugger.expressions.find_by_text import Finder

        finder = Finder(self.scenario, self.timeline, text)
        if not finder:
            return None
        return finder.previous(self.step) if back else finder.next(self.step)

    def series(self, expression: str, iterations: int | None = None) -> np.ndarray:
        """What an expression is at the end of each iteration from the first on; for an array, its mean.

        The shape is (iterations,): as many as are asked for, or those up to here. Raises ExpressionError.
        """
        from backprop_tui.debugger.expressions.quantity import read_quantity
        from backprop_tui.debugger.expressions.series import Series

        found = Series(self.timeline, (read_quantity(expression, self.program),))
        for _ in found.gather(self.iteration if iterations is None else count_of("iterations", iterations)):
            pass
        return found.of(0)

    def readings(self) -> list[Reading]:
        """Each watch now."""
        return self.watches.readings(self.timeline, self.step)

    # keeping

    def save(self, path: str | PathLike[str] | None = None) -> Path:
        """Write position, breakpoints, watches, marks and branches to a file, whole or not at all; where it went.

        Without a path, to where the next start of the scenario looks for it. Raises SessionError (a ValueError).
        """
        from backprop_tui.debugger.sessions.session import save

        return save(self, path)

    def load(self, path: str | PathLike[str] | None = None) -> "Loaded":
        """Take up what was saved, and go where it was; or take up nothing, and raise SessionError, one line.

        Where the scenario has changed since, what fits is taken up and the rest is reported.
        """
        from backprop_tui.debugger.sessions.session import load

        return load(self, path)
