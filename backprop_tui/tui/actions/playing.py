"""Autoplay."""

from backprop_tui.tui.actions.moving import Moving

FASTEST = 100


class Playing(Moving):
    """The command that steps by itself, for somebody who talks meanwhile."""

    speed = 1.0
    """Operations a second."""
    paused = ""
    """Why the last autoplay paused."""

    def action_autoplay(self) -> None:
        from backprop_tui.tui.screens.play import PlayScreen

        if self.pending:
            self.speed = float(min(self.count(), FASTEST))
        self.said = self.paused = ""
        self.app.push_screen(PlayScreen(self._tick, self.speed), self._played)

    def _tick(self) -> bool:
        """One operation on; whether to go on after it."""
        if self.travel is not None:
            return True
        debugger = self.debugger
        if debugger.step == debugger.last_step:
            self.paused = "autoplay is at the end of the scenario's iterations"
            return False
        self.go(debugger.step + 1)
        moment = debugger.moment()
        if moment.operation is not None and moment.operation.name in moment.breakpoints:
            self.paused = f"autoplay stopped at the breakpoint on {self.notation.symbol(moment.operation.name)}"
        elif moment.notes:
            self.paused = "autoplay paused at a note; a goes on"
        return not self.paused

    def _played(self, speed: float | None) -> None:
        self.speed = speed or self.speed
        if self.paused:
            self.say(self.paused)
        self.show()
