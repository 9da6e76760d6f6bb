"""Autoplay."""

from backprop_tui.tui.main.actions.moving import Moving

FASTEST = 100


class Playing(Moving):
    """The command that steps by itself, for somebody who talks meanwhile."""

    speed = 1.0
    """Operations a second."""
    paused = ""
    """Why the last autoplay paused."""
    played_from = 0
    """The step that it began at."""
    arrived: int | None = None
    """The step that it goes to in the background."""

    def action_autoplay(self) -> None:
        from backprop_tui.tui.dialogs.views.autoplay import PlayScreen

        if self.pending:
            self.speed = float(min(self.count(), FASTEST))
        self.said, self.paused, self.arrived, self.played_from = "", "", None, self.debugger.step
        self.app.push_screen(PlayScreen(self._tick, self.speed), self._played)

    def _tick(self) -> bool:
        """One operation on; whether to go on after it."""
        if self.travel is not None:
            return True
        debugger = self.debugger
        if self.arrived == debugger.step:  # in the background
            self.paused = self._pause()
        elif debugger.step == debugger.last_step:
            self.paused = "autoplay is at the end of the scenario's iterations"
        if self.paused:
            return False
        self.arrived = debugger.step + 1
        self.do(debugger.travel.continuing(until=self.arrived))
        if self.travel is None:
            self.paused, self.arrived = self._pause(), None
        return not self.paused

    def _pause(self) -> str:
        """Why to pause at the step that one is at, if so."""
        moment = self.debugger.moment()
        if self.reason[1]:
            return f"autoplay {self.said}"
        return "autoplay paused at a note; a goes on" if moment.notes else ""

    def _played(self, speed: float | None) -> None:
        self.speed = speed or self.speed
        if self.debugger.step > self.played_from + 1:  # one move, for who comes back from it
            self.origin = self.played_from
        if self.paused:
            self.say(self.paused)
        self.show()
