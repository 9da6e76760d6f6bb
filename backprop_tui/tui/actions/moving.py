"""Moving in time: steps, stages, iterations, continue, go to."""

from asyncio import sleep
from collections.abc import Iterator
from functools import partial
from time import perf_counter

from backprop_tui.debugger.stop import Stop
from backprop_tui.tui.background import go_on
from backprop_tui.tui.screens.desk import Desk

PATIENCE = 0.05  # seconds of computing before a move goes on in the background
SLICE = 0.03


class Moving(Desk):
    """The commands that go somewhere else in the run."""

    def go(self, step: int, stop: Stop | None = None, *, jump: bool = False) -> None:
        """Go to a step; where that takes long, in the background, with progress."""
        self.said = ""
        if self.travel is not None:  # a move ends one that is still under way where that is, as Esc does
            self.stop()
            return
        if jump and step != self.debugger.step:
            self.origin = self.debugger.step
        iteration = self.debugger.timeline.locate(step)[0]
        route = self.debugger.timeline.reach(iteration)
        if self._walk(route, PATIENCE):
            self._arrive(step, stop)
        else:
            self.travel = go_on(self, partial(self._travel, route, step, iteration, stop), "travel")

    def _walk(self, route: Iterator[int], seconds: float) -> bool:
        """Compute iterations for so long; whether that was all."""
        limit = perf_counter() + seconds
        for at in route:
            self.reached = at
            if perf_counter() > limit:
                return False
        return True

    async def _travel(self, route: Iterator[int], step: int, iteration: int, stop: Stop | None) -> None:
        began, first = perf_counter(), self.reached
        while not self._walk(route, SLICE):
            rate = (self.reached - first) / max(perf_counter() - began, 1e-9)
            self.say(f"Esc stops: iteration {self.reached:,} of {iteration:,}, {rate:,.0f} a second")
            self._show_footer()
            await sleep(0)
        self.travel = None
        self.said = ""
        self._arrive(step, stop)

    def _arrive(self, step: int, stop: Stop | None) -> None:
        self.debugger.arrive(step, stop)
        if step == 0:
            for pane in self.panes.values():
                pane.top = 0
        if stop is not None and stop.reason != "end":
            self.hits.add(step)
        if stop is not None and stop.reason == "breakpoint":
            self.say(f"stopped at the breakpoint on {self.notation.symbol(stop.which)}")
        self.show()

    def action_advance(self) -> None:
        self.go(self.debugger.step + self.count())

    def action_rewind(self) -> None:
        self.go(max(0, self.debugger.step - self.count()))

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
        debugger = self.debugger
        if count is None and debugger.step >= debugger.last_step:
            total = debugger.scenario.iterations
            over = "the scenario's iteration is over" if total == 1 else f"the scenario's {total:,} iterations are over"
            self.say(f"{over}; 10c goes on for ten more")
            self.show()
            return
        step, stop = debugger.target(iterations=count)
        self.go(step, stop, jump=True)

    def action_resume_back(self) -> None:
        self.pending = ""
        step, stop = self.debugger.target(back=True)
        self.go(step, stop, jump=True)

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

    def stop(self) -> None:
        """End a move that goes on in the background at the iteration that it has reached."""
        if self.travel is not None:
            self.travel.cancel()
            self.travel = None
            self.debugger.seek(self.debugger.timeline.step_at(self.reached, self.debugger.timeline.length - 1))
            self.say(f"stopped at the end of iteration {self.reached:,}")
            self.show()
