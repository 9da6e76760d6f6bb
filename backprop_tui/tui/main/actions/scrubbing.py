"""The line of the whole run, dragged with the mouse."""

from backprop_tui.tui.main.actions.moving import Moving
from backprop_tui.tui.main.scrubber import Scrubber


class Scrubbing(Moving):
    """What follows from dragging: the panes follow where the iteration is there already, else on release."""

    dragged_from: int | None = None

    def on_scrubber_dragged(self, message: Scrubber.Dragged) -> None:
        timeline = self.debugger.timeline
        if self.travel is not None:
            return
        if self.dragged_from is None:
            self.dragged_from = self.debugger.step
        if message.released:
            began, self.dragged_from = self.dragged_from, None
            self.go(message.step, jump=True, since=began)
        elif timeline.has(message.step):
            if message.step != self.debugger.step:
                self.debugger.seek(message.step)
                self.show()
        else:
            self.say(f"to {self.session.position(timeline, message.step)}")
            self._show_footer()
