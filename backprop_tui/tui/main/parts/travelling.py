"""Going elsewhere in the run, and whatever else may take long: in the background after a moment, with progress."""

from collections import deque
from collections.abc import Callable
from functools import partial
from time import perf_counter

from textual.worker import Worker

from backprop_tui.debugger.moving.task import Outcome, Task
from backprop_tui.tui.main.parts.host import Host
from backprop_tui.tui.shared import bars
from backprop_tui.tui.shared.background import PATIENCE, REPORT, SLICE, go_on, rest
from backprop_tui.tui.shared.styled_line import Run

HITS = 1000  # latest stops that are marked: far more than the line of steps has cells


class Travelling:
    """The task that is under way, and where the last ones led."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.listeners: list[Callable[[Outcome], None]] = []
        """Called in this order with what each task found, before that is shown."""
        self.worker: Worker[None] | None = None
        self.task: Task | None = None
        self.since, self.printed = 0, 0
        """The step, and how many messages of log points there were, when the task began."""
        self.jumps = False
        """Whether there is a way back even from a move of one step."""
        self.progress: list[Run] = []
        """How far the task is, for the footer."""
        self.origin: int | None = None
        """Where the last jump began, or the last move of more than a step."""
        self.home: int | None = None
        """The step to go back to after a reload, or on resuming a session: only Esc ends that."""
        self.hits: deque[int] = deque(maxlen=HITS)
        """The steps where a continue stopped."""
        self.reason = (0, "")
        """Where and why the last continue stopped."""

    @property
    def under_way(self) -> bool:
        """Whether a task goes on in the background."""
        return self.worker is not None

    def go(self, step: int, *, jump: bool = False, since: int | None = None) -> None:
        """Go to a step; `since` is where the move began, unless that is the current step."""
        self.do(self.host.debugger.travel.going(step), jump=jump, since=since)

    def restore(self, step: int) -> None:
        """Go back to a step; keys that are pressed on the way do not end that."""
        self.home = step
        self.go(step)

    def forget(self) -> None:
        """Forget the steps of a run that is replaced."""
        self.origin = None
        self.hits.clear()

    def going_home(self) -> bool:
        """Whether it is on the way back to a step; if so, say so."""
        if self.home is None or not self.under_way:
            return False
        position = self.host.session.position(self.host.debugger.timeline, self.home)
        self.host.say(f"{position} comes first: Esc stays where it has got to")
        self.host.show()
        return True

    def do(self, task: Task, *, jump: bool = False, since: int | None = None) -> None:
        """Do a task: at once where it is short, else in the background."""
        if self.going_home():
            return
        self.host.said = ""
        if self.under_way:  # what is under way ends where it is, as by Esc
            self.host.stop()
            return
        debugger = self.host.debugger
        self.task, self.since, self.jumps = task, debugger.step if since is None else since, jump
        self.printed = debugger.travel.printed
        if task.go_on(PATIENCE):
            self._arrive(task.leave())
        else:
            self.worker = go_on(self.host, partial(self._travel, task), "travel")

    def stop(self) -> None:
        """End what goes on in the background where it has got to."""
        if self.worker is not None and self.task is not None:
            self.worker.cancel()
            self._arrive(self.task.leave())

    async def _travel(self, task: Task) -> None:
        began, first, reported = perf_counter(), task.reached, 0.0
        while not task.go_on(SLICE):
            now = perf_counter()
            if now - reported > REPORT:
                reported = now
                rate = abs(task.reached - first) / (now - began)
                self.progress = bars.progress(task, rate, self.host.view())
                self.host.show_footer()
            await rest(self.host)
        self._arrive(task.leave())

    def _arrive(self, outcome: Outcome) -> None:
        """Be where the task ended."""
        self.worker, self.task, self.progress = None, None, []
        debugger = self.host.debugger
        debugger.travel.arrive(outcome)
        step = debugger.step
        if self.home is not None:
            self.origin, self.home = None if step == self.home else self.home, None
        elif abs(step - self.since) > (0 if self.jumps else 1):
            self.origin = self.since
        numbered = outcome.stop is not None and outcome.stop.number
        if numbered:
            self.hits.append(step)
        self.reason = (step, outcome.stop.short if outcome.stop and numbered else "")
        for listener in self.listeners:
            listener(outcome)
        self.host.show()

    def told(self, outcome: Outcome) -> list[str]:
        """What a task found, in sentences."""
        more = f"10{bars.key_of('resume', self.host.rows)}"
        return list(self.host.session.told(outcome, self.since, more=more))

    def logged(self) -> list[str]:
        """The messages that log points printed since the task began."""
        return list(self.host.session.logged(self.printed))

    async def ended(self) -> None:
        """Wait until no task is under way."""
        if self.worker is not None:
            await self.worker.wait()
