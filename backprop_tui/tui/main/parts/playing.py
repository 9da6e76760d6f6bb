"""Autoplay: steps by itself, for somebody who is talking."""

from backprop_tui.tui.main.parts.host import Host
from backprop_tui.tui.main.parts.travelling import Travelling


class Autoplay:
    """How fast it steps, and why it paused."""

    def __init__(self, host: Host, travel: Travelling) -> None:
        self.host, self.travel = host, travel
        self.speed = 1.0
        """Operations a second."""
        self.paused = ""
        """Why it paused."""
        self.began = 0
        """The step that it began at."""
        self.next: int | None = None
        """The step that it goes to in the background."""

    def begin(self) -> None:
        """Begin at the current step."""
        self.paused, self.next, self.began = "", None, self.host.debugger.step

    def tick(self) -> bool:
        """Go on by one operation; returns whether to go on after it."""
        if self.travel.under_way:
            return True
        debugger = self.host.debugger
        if self.next == debugger.step:  # in the background
            self.paused = self._pause()
        elif debugger.step == debugger.last_step:
            self.paused = "autoplay is at the end of the scenario's iterations"
        if self.paused:
            return False
        self.next = debugger.step + 1
        self.host.do(debugger.travel.continuing(until=self.next))
        if not self.travel.under_way:
            self.paused, self.next = self._pause(), None
        return not self.paused

    def ended(self, speed: float | None) -> None:
        """Keep the speed, and say why it paused."""
        self.speed = speed or self.speed
        if self.host.debugger.step > self.began + 1:  # all of it is one move, from which there is a way back
            self.travel.origin = self.began
        if self.paused:
            self.host.say(self.paused)
        self.host.show()

    def _pause(self) -> str:
        """Why to pause at this step; empty where there is no reason to."""
        if self.travel.reason[1]:
            return f"autoplay {self.host.said}"
        return "autoplay paused at a note; a goes on" if self.host.debugger.moment().notes else ""
