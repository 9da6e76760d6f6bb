"""Who last changed the selected number: the answer, which leads to that step when it is asked for again."""

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.moving.task import Outcome
from backprop_tui.tui.main.parts.host import Host
from backprop_tui.tui.shared import bars


class LastChange:
    """The last answer: the step and the number that it was asked about, and the step that changed it."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.answer: tuple[int, Address | None, int] | None = None

    def ask(self, address: Address) -> None:
        """Find the step that last changed a number; go there where that was just answered."""
        debugger = self.host.debugger
        if self.answer is not None and self.answer[:2] == (debugger.step, address):
            self.host.go(self.answer[2], jump=True)
        else:
            self.host.do(debugger.travel.tracing(address, self.host.notation.digits))

    def finished(self, outcome: Outcome) -> None:
        """Keep what an answer is about, and say how to get there."""
        debugger = self.host.debugger
        self.answer = None
        if outcome.about is not None and outcome.about != debugger.step:
            self.answer = (debugger.step, debugger.selection, outcome.about)
            if self.host.said:
                self.host.say(f"{self.host.said}; press {bars.key_of('last-change', self.host.rows)} again to go there")
