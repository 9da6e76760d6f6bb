"""Running on and back: to the next stop, to a step, to what changed a number; each also as a task in slices."""

from collections import deque
from collections.abc import Callable, Generator
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.cursor import Cursor
from backprop_tui.debugger.basics.focus import Focus
from backprop_tui.debugger.basics.position import read_position, write_position
from backprop_tui.debugger.breakpoints.breakpoints import Breakpoints
from backprop_tui.debugger.mistakes.making import OnPurpose
from backprop_tui.debugger.moving.task import Message, Outcome, Slices, Stop, Task
from backprop_tui.engine.program.count import count_of
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.writing.numbers import DIGITS

if TYPE_CHECKING:
    from backprop_tui.debugger.breakpoints.breakpoint import Breakpoint


INTERRUPTED = Stop("interrupted")
AT_START = "this is the start: nothing comes before it"
MESSAGES = 1000  # messages of log points that are kept


class Travel:
    """Moves a cursor until something is so. Each move is also a task in slices, so that a screen stays alive.

    Wherever the cursor comes to, a mistaken run that goes `beside` is computed as far too.
    """

    def __init__(self, cursor: Cursor, focus: Focus, breakpoints: Breakpoints, beside: OnPurpose) -> None:
        self._cursor, self._focus, self._breakpoints, self._beside = cursor, focus, breakpoints, beside
        self.messages: deque[Message] = deque(maxlen=MESSAGES)  # of log points, newest last
        self.printed = 0  # how many there were
        self._scenario, self._program = cursor.scenario, cursor.program

    @property
    def _timeline(self) -> Timeline:
        return self._cursor.timeline

    @property
    def _step(self) -> int:
        return self._cursor.step

    def resume(self, *, back: bool = False, iterations: int | None = None) -> Stop:
        """Continue to the next stop, or to the end: the scenario's last iteration, or `iterations` from here.

        Back: to the stop before, or step 0. Past the scenario's last iteration it needs a count to move. Interrupted
        (ctrl+c), it stays at the iteration that it has reached. What log points say is in `messages`.
        """
        outcome = self.continuing(back=back, iterations=iterations).finish()
        self.arrive(outcome)
        return outcome.stop or Stop("end")

    def target(self, *, back: bool = False, iterations: int | None = None) -> tuple[int, Stop]:
        """Where `resume` goes, without going there."""
        from backprop_tui.debugger.basics.slices import run_out

        return run_out(self.search(back=back, iterations=iterations))

    def search(
        self, *, back: bool = False, iterations: int | None = None, until: int | None = None
    ) -> Generator[int, None, tuple[int, Stop]]:
        """The search of `target` in slices: yields the iteration reached, returns the step and the stop.

        With `until`, that step is the end. It can be left at any time; `reached` says where that leads.
        """
        from backprop_tui.debugger.breakpoints.stop_search import Search

        limit = self._limit(iterations, until, back=back)
        counts = self._breakpoints.counts(self._timeline)
        searching = Search(self._timeline, self._breakpoints.points(), counts)
        hit = yield from searching.first(self._step, limit, self._print)
        if hit is None:
            return limit, Stop("end")
        step, bp = hit
        return step, self._stop(step, bp)

    def reached(self, iteration: int, *, back: bool = False) -> int:
        """The step where a search is left that has reached an iteration: the end of it, or going back its start."""
        if back:
            return min(self._step, self._timeline.step_at(iteration, 0))
        return max(self._step, self._timeline.step_at(iteration, self._timeline.length - 1))

    def last_change(self, address: Address | str) -> int | None:
        """The step, up to here, at which a value last changed: for a parameter, its update.

        0 for a parameter that still has its initial value; for a value that never changed, the step that first computed
        it; None before it exists. Takes what `add_change` does. Raises ExpressionError.
        """
        from backprop_tui.debugger.basics.slices import run_out

        return run_out(self.changes(address))

    def changes(self, address: Address | str) -> Generator[int, None, int | None]:
        """The search of `last_change` in slices: yields the iteration reached, returns the step."""
        from backprop_tui.debugger.breakpoints.breakpoint import Breakpoint
        from backprop_tui.debugger.breakpoints.stop_search import Search
        from backprop_tui.debugger.breakpoints.stop_tests import Points

        bp = Breakpoint(str(address), kind="change")
        points = Points((bp,), self._program, self._scenario)
        hit = yield from Search(self._timeline, points, {}).first(self._step + 1, 0, lambda _: None)
        if hit is not None:
            return hit[0]
        quantity = points.quantity(bp.name)
        for index in range(-1, self._timeline.length):
            if quantity.at(self._program, index):
                step = max(0, self._timeline.step_at(1, index))
                return step if step <= self._step else None
        return None

    # as tasks

    def going(self, step: int) -> Task:
        """To a step: what is missing up to its iteration is computed. Left early, it ends where that had got to.

        Raises PositionError where there is no such step.
        """
        read_position(step, self._timeline, 1)
        iteration = self._timeline.locate(step)[0]

        def slices() -> Slices:
            yield from self._timeline.reach(iteration)
            yield from self._beside.reach(iteration)
            return Outcome(step)

        return Task(slices(), partial(self._left, step), start=self._cursor.iteration, goal=iteration)

    def settling(self, text: str, more: Callable[[], str]) -> Task:
        """To the same step of a timeline that has been replaced; what to say of that, and `more` once there."""
        step = self._step

        def slices() -> Slices:
            yield from self._timeline.reach(self._cursor.iteration)
            yield from self._beside.reach(self._cursor.iteration)
            return Outcome(step, text="; ".join(part for part in (text, more()) if part))

        return Task(slices(), partial(self._left, step), start=1, goal=self._cursor.iteration)

    def catching_up(self, text: str) -> Task:
        """What runs beside, computed as far as this run is; what to say of it then. Left early, it is put away."""
        iteration = self._cursor.iteration

        def slices() -> Slices:
            yield from self._timeline.reach(iteration)
            yield from self._beside.reach(iteration)
            return Outcome(text=text)

        def leave(_: int) -> Outcome:
            self._beside.make_none()
            return Outcome(text="stopped: the run alone")

        return Task(slices(), leave, start=1, goal=iteration)

    def continuing(self, *, back: bool = False, iterations: int | None = None, until: int | None = None) -> Task:
        """To the next stop, as `resume`; with `until`, no further than that step."""

        def slices() -> Slices:
            step, stop = yield from self.search(back=back, iterations=iterations, until=until)
            iteration = self._timeline.locate(step)[0]
            yield from self._timeline.reach(iteration)
            yield from self._beside.reach(iteration)
            return Outcome(step, stop)

        def leave(iteration: int) -> Outcome:
            return Outcome(self.reached(iteration, back=back), INTERRUPTED)

        goal = self._timeline.locate(self._limit(iterations, until, back=back))[0]
        return Task(slices(), leave, start=self._cursor.iteration, goal=goal)

    def going_to_stop(self, number: int) -> Task:
        """To the next stop of one breakpoint, on or off, whatever others there are. Raises BreakpointError."""
        from backprop_tui.debugger.breakpoints.stop_search import Search
        from backprop_tui.debugger.breakpoints.stop_tests import Points

        bp = replace(self._breakpoints[number], log="", hit=0)
        points = Points((bp,), self._program, self._scenario)
        limit = max(self._cursor.last_step, self._step + self._timeline.length)

        def slices() -> Slices:
            hit = yield from Search(self._timeline, points, {}).first(self._step, limit, lambda _: None)
            if hit is None:
                hit = yield from Search(self._timeline, points, {}).first(self._step + 1, 0, lambda _: None)
            if hit is None:
                return Outcome(text=f"breakpoint {number} stops nowhere up to the last iteration")
            return Outcome(hit[0], self._stop(*hit))

        goal = self._timeline.locate(limit)[0]
        return Task(slices(), partial(self._left, self._step), start=self._cursor.iteration, goal=goal)

    def tracing(self, address: Address | str, digits: int = DIGITS) -> Task:
        """To who last changed a value: an answer, about that step. Raises ExpressionError."""
        from backprop_tui.debugger.expressions.quantity import read_quantity

        read_quantity(str(address), self._program)

        def slices() -> Slices:
            step = yield from self.changes(address)
            return Outcome(text=self._traced(address, step, digits), about=step)

        return Task(slices(), lambda _: Outcome(text="stopped"), start=self._cursor.iteration, goal=1)

    def arrive(self, outcome: Outcome) -> None:
        """Go where a task ended: a temporary breakpoint that was stopped at is gone. Raises PositionError."""
        if outcome.step is not None:
            self.enter(outcome.step, outcome.element)
        if outcome.stop is not None:
            self._breakpoints.reached(outcome.stop.number)

    def enter(self, step: int, element: int | None) -> None:
        """Be at a step, or at an element of its operation, which is the selection then. Raises PositionError."""
        address = self._cursor.enter(step, element)
        if address is not None:
            self._focus.selection = address

    def told(self, stop: Stop, since: int, *, digits: int = DIGITS, more: str = "continue 10") -> str:
        """What to say of a stop that was arrived at from a step; `more` is how one asks for ten iterations more."""
        from backprop_tui.debugger.breakpoints.named_events import HAPPENINGS

        symbol = self._program.symbols.symbol
        which = symbol(stop.which)
        match stop.reason:
            case "nonfinite":
                return f"stopped at breakpoint {stop.number}: {which} is not finite"
            case "change":
                return f"stopped at breakpoint {stop.number}: {self.change(stop.which, digits)}"
            case "breakpoint":
                operation = self._program.operations[self._timeline.locate(self._step)[1]]
                at = f": {which} at {operation.symbol}" if stop.which in HAPPENINGS else f" on {which}"
                return f"stopped at breakpoint {stop.number}{at}"
            case "interrupted":
                iteration, index = self._timeline.locate(self._step)
                at = "end" if index == self._timeline.length - 1 else "start"
                return "stopped" if self._step == since else f"stopped at the {at} of iteration {iteration:,}"
        if self._step == since == 0:
            return AT_START
        if self._step == since >= self._cursor.last_step:
            total = self._scenario.iterations
            over = "iteration is over" if total == 1 else f"{total:,} iterations are over"
            return f"the scenario's {over}; {more} goes on for ten more"
        return ""

    def messages_since(self, printed: int) -> list[Message]:
        """What log points have printed since a number of messages, as far as it is kept."""
        new = min(self.printed - printed, len(self.messages))
        return list(self.messages)[len(self.messages) - new :]

    def change(self, text: str, digits: int = DIGITS) -> str:
        """What the current step made of an expression: `W1[0,1] changed, 0.7 → 0.68`. Raises ExpressionError."""
        from backprop_tui.debugger.expressions.quantity import read_quantity, shown

        quantity = read_quantity(text, self._program)
        before, now = (quantity.at_step(self._timeline, max(0, step)) for step in (self._step - 1, self._step))
        name = self._program.symbols.symbol(text)
        if before is None:
            return f"{name} is {shown(now, digits)}"
        return f"{name} changed, {shown(before, digits)} → {shown(now, digits)}"

    def _traced(self, address: Address | str, step: int | None, digits: int) -> str:
        """Who last changed an expression, in words."""
        from backprop_tui.debugger.expressions.quantity import read_quantity, shown

        text, symbols = str(address), self._program.symbols
        name = address.shown(symbols) if isinstance(address, Address) else symbols.symbol(text)
        if step is None:
            return f"{name} is not computed yet"
        quantity = read_quantity(text, self._program)
        before, now = (quantity.at_step(self._timeline, max(0, at)) for at in (step - 1, step))
        iteration, index = self._timeline.locate(step)
        edited = [edit for edit in self._timeline.edits_at(iteration, index) if edit.name in quantity.names]
        by = ", edited" if any(edit.place(self._timeline.length) == (iteration, index) for edit in edited) else ""
        at = f"{write_position(step, self._timeline)}, step {step:,}{by}"
        if before is None or not step:
            when = "as it was at the start" if not step else f"the same since {at}"
            return f"{name} is {shown(now, digits)}, {when}"
        return f"{name} last changed at {at}: {shown(before, digits)} → {shown(now, digits)}"

    # inside

    def _left(self, step: int, iteration: int) -> Outcome:
        """Where a way to a step ends that is left after an iteration: there, or at the start if that is kept."""
        stays = step <= self._step and self._timeline.has(self._step)
        return Outcome(
            self._step if stays else self._timeline.step_at(iteration, self._timeline.length - 1),
            INTERRUPTED,
        )

    def _limit(self, iterations: int | None, until: int | None, *, back: bool) -> int:
        """The last step that a search may go to. Raises ValueError for a negative number of iterations."""
        count = None if iterations is None else count_of("iterations", iterations)
        if until is not None:
            return until
        if back:
            return 0
        if count is None:
            return max(self._step, self._cursor.last_step)
        return self._step + count * self._timeline.length

    def _stop(self, step: int, bp: "Breakpoint") -> Stop:
        if bp.kind == "event" and bp.name == "nonfinite":
            operation = self._program.operations[self._timeline.locate(step)[1]]
            return Stop("nonfinite", operation.name, bp.number)
        return Stop("change" if bp.kind == "change" else "breakpoint", bp.name, bp.number)

    def _print(self, hit: "tuple[int, Breakpoint]") -> None:
        from backprop_tui.debugger.expressions.quantity import shown

        step, bp = hit
        value = self._breakpoints.points().quantity(bp.log).at_step(self._timeline, step)
        text = f"{bp.log} = {shown(value)}"
        self.messages.append(Message(bp.number, step, write_position(step, self._timeline), text))
        self.printed += 1
