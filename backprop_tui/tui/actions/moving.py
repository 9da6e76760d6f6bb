"""Moving in time: steps, stages, iterations, continue, go to. What takes long goes on in the background."""

from functools import partial
from time import perf_counter

from backprop_tui.debugger.task import Outcome, Task
from backprop_tui.tui import bars
from backprop_tui.tui.background import PATIENCE, REPORT, SLICE, go_on, rest
from backprop_tui.tui.screens.desk import Desk


class Moving(Desk):
    """The commands that go somewhere else in the run."""

    home: int | None = None
    """The step that is gone back to after the scenario was read again, or a session resumed: only Esc ends that."""

    def go(self, step: int, *, jump: bool = False, since: int | None = None) -> None:
        """Go to a step; `since` is where one was, unless one is there still."""
        self.do(self.debugger.going(step), jump=jump, since=since)

    def restore(self, step: int) -> None:
        """Go back to the step that one had been at; what one types meanwhile does not end that."""
        self.home = step
        self.go(step)

    def going_home(self) -> bool:
        """Whether one is on the way back to there, and then say so."""
        if self.home is None or self.travel is None:
            return False
        self.pending = ""
        self.say(
            f"{self.session.position(self.debugger.timeline, self.home)} comes first: Esc stays where it has got to"
        )
        self.show()
        return True

    def do(self, task: Task, *, jump: bool = False, since: int | None = None) -> None:
        """Do what may take long: in the background after a moment, with progress."""
        if self.going_home():
            return
        self.said = ""
        if self.travel is not None:  # what is under way ends where it is, as by Esc
            self.stop()
            return
        self.doing, self.since, self.jumps = task, self.debugger.step if since is None else since, jump
        self.printed = self.debugger.printed
        if task.go_on(PATIENCE):
            self.arrive(task.leave())
        else:
            self.travel = go_on(self, partial(self._travel, task), "travel")

    async def _travel(self, task: Task) -> None:
        began, first, reported = perf_counter(), task.reached, 0.0
        while not task.go_on(SLICE):
            now = perf_counter()
            if now - reported > REPORT:
                reported = now
                rate = abs(task.reached - first) / (now - began)
                self.progress = bars.progress(task, rate, self.view())
                self._show_footer()
            await rest(self)
        self.arrive(task.leave())

    def arrive(self, outcome: Outcome) -> None:
        """Be where a task ended, and say why."""
        self.travel, self.doing, self.progress = None, None, []
        self.debugger.arrive(outcome)
        step = self.debugger.step
        if self.home is not None:
            self.origin, self.home = None if step == self.home else self.home, None
        elif abs(step - self.since) > (0 if self.jumps else 1):
            self.origin = self.since
        if step == 0:
            for pane in self.panes.values():
                pane.top = 0
        if outcome.stop is not None and outcome.stop.number:
            self.hits.append(step)
        self.reason = (step, outcome.stop.short if outcome.stop and outcome.stop.number else "")
        self.finished(outcome)
        self.show()

    def finished(self, outcome: Outcome) -> None:
        """Say in the footer what a task found, and of what log points printed the last."""
        logged = self.session.logged(self.printed)
        if len(logged) > 1:
            logged = [f"{logged[-1]} ({len(logged):,} messages, :messages has all)"]
        more = f"10{bars.key_of('resume', self.rows)}"
        self.say("; ".join([*self.session.told(outcome, self.since, more=more), *logged]))

    def stop(self) -> None:
        """End what goes on in the background where it has got to."""
        if self.travel is not None and self.doing is not None:
            self.travel.cancel()
            self.arrive(self.doing.leave())

    async def action_advance(self) -> None:
        self.go(self.debugger.step + self.count())

    def action_rewind(self) -> None:
        self.go(max(0, self.debugger.step - self.count()))

    def action_into(self) -> None:
        self.do(self.debugger.going_into(self.count()))

    def action_out_of(self) -> None:
        self.do(self.debugger.going_into(self.count(), back=True))

    def action_finish(self) -> None:
        self.go(self.debugger.after_finish(self.count()))

    def action_unfinish(self) -> None:
        self.go(self.debugger.after_unfinish(self.count()))

    def action_later(self) -> None:
        self.go(self.debugger.after_skip(self.count()))

    def action_earlier(self) -> None:
        self.go(self.debugger.after_skip(-self.count()))

    def action_home(self) -> None:
        self.pending = ""
        self.go(self.debugger.iteration_steps()[0])

    def action_end(self) -> None:
        self.pending = ""
        self.go(self.debugger.iteration_steps()[-1])

    def action_resume(self) -> None:
        count = self.count() if self.pending else None
        self.do(self.debugger.continuing(iterations=count), jump=True)

    def action_resume_back(self) -> None:
        self.pending = ""
        self.do(self.debugger.continuing(back=True), jump=True)

    def action_jump_back(self) -> None:
        self.pending = ""
        if self.origin is None:
            self.say("there was no jump yet")
            self.show()
        else:
            self.go(self.origin, jump=True)

    async def action_goto(self) -> None:
        from backprop_tui.tui.screens.goto import GotoScreen

        self.pending = ""
        await self.app.push_screen(GotoScreen(self.debugger), self._go_to)  # keys that follow at once are for it

    def _go_to(self, step: int | None) -> None:
        if step is not None:
            self.go(step, jump=True)
