"""Presenting: the clock of the talk, the large view, and what the speaker's view sees and asks for."""

from backprop_tui.tui.dialogs.views.blank_view import BlankScreen
from backprop_tui.tui.dialogs.views.present_view import PresentScreen
from backprop_tui.tui.main.parts.host import Host
from backprop_tui.tui.speaker.stopwatch import Stopwatch


class Presenting:
    """What goes on in front of a class."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.clock = Stopwatch()

    @property
    def screen(self) -> PresentScreen | None:
        """The large view, where it is there."""
        return next((one for one in self.host.app.screen_stack if isinstance(one, PresentScreen)), None)

    def begin(self) -> None:
        """Show one thing large, until L is pressed."""
        if not self.clock.started:
            self.clock.start()
        before = self.host.look()
        screen = PresentScreen(self.host, self.clock)
        self.host.app.push_screen(screen, lambda _: self._ended(before))

    def _ended(self, before: dict[str, int]) -> None:
        self.host.take_look(before)
        self.host.show()

    def blank(self) -> None:
        """Blank the screen, or bring it back."""
        on_top = self.host.app.screen
        if isinstance(on_top, BlankScreen):
            on_top.dismiss()
        else:
            self.host.app.push_screen(BlankScreen())
