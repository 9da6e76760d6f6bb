"""Presenting: the clock of the talk, the large view, and what the speaker's view sees and asks for."""

from asyncio import create_task
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol, cast

from backprop_tui.tui.main.parts.host import Host
from backprop_tui.tui.main.parts.line_runner import LineRunner
from backprop_tui.tui.shared.background import anew, go_on
from backprop_tui.tui.speaker.stopwatch import Stopwatch

if TYPE_CHECKING:
    from backprop_tui.tui.dialogs.views.present_view import PresentScreen
    from backprop_tui.tui.speaker.messages import State
    from backprop_tui.tui.speaker.speaker_server import SpeakerServer

SAYS = "the speaker's view: 'backprop-tui notes' in a second terminal"


class Speaks(Protocol):
    """The application, which has one socket for all scenarios that are opened."""

    speaker: "SpeakerServer | None"

    def speaker_server(self) -> "SpeakerServer":
        """What has that socket, made when it is first wanted."""


class Presenting:
    """What goes on in front of a class."""

    def __init__(self, host: Host, line: LineRunner) -> None:
        self.host, self.line = host, line
        self.clock = Stopwatch()
        self.screen: PresentScreen | None = None
        """The large view, where it is there."""

    def begin(self) -> None:
        """Show one thing large, until L is pressed."""
        if self.screen is not None:
            return
        from backprop_tui.tui.dialogs.views.present_view import PresentScreen

        before = self.host.look()
        self.screen = PresentScreen(self.host, self.clock)
        self.host.app.push_screen(self.screen, lambda _: self._ended(before))
        self.open()

    def _ended(self, before: dict[str, int]) -> None:
        self.screen = None
        self.host.take_look(before)
        self.host.show()

    def blank(self) -> None:
        """Blank the screen, or bring it back."""
        from backprop_tui.tui.dialogs.views.blank_view import BlankScreen

        on_top = self.host.app.screen
        if isinstance(on_top, BlankScreen):
            on_top.dismiss()
        else:
            self.host.app.push_screen(BlankScreen(self.tell))
        self.tell()

    # the speaker's view

    @property
    def server(self) -> "SpeakerServer | None":
        """The session's end of the socket, where there is one."""
        return cast("Speaks", self.host.app).speaker

    def open(self, *, aloud: bool = False) -> None:
        """Start the clock, and let a speaker's view find this session; say how, or else only why that cannot be."""
        if not self.clock.started:
            self.clock.start()
        self.take_over()
        go_on(self.host, partial(self._open, aloud=aloud), "speaker")

    def take_over(self) -> None:
        """From now on this is what the speaker's view sees: of all scenarios that are opened, the last one."""
        server = cast("Speaks", self.host.app).speaker_server()
        server.state, server.asked = self.state, self._asked
        if self.tell not in self.host.shown:
            self.host.shown.append(self.tell)

    def let_go(self) -> None:
        """The speaker's view sees and asks for nothing here any more."""
        if self.server is not None and self.server.state == self.state:
            self.server.state = self.server.asked = None

    async def _open(self, *, aloud: bool) -> None:
        try:
            server = cast("Speaks", self.host.app).speaker_server()
            await anew(self.host.app, create_task, server.open())
        except OSError as error:
            self.host.say(f"no speaker's view: {error}")
            self.host.show()
        else:
            if aloud:
                self.host.tell(SAYS)

    def tell(self) -> None:
        """Tell the speaker's view what is shown."""
        if self.server is not None:
            self.server.tell()

    def state(self) -> "State":
        """What the speaker's view is told."""
        from backprop_tui.tui.dialogs.views.blank_view import BlankScreen
        from backprop_tui.tui.speaker.messages import State
        from backprop_tui.tui.speaker.speaker_state import following, shown, talk, texts

        host, screen = self.host, self.screen
        moment, notation = host.debugger.moment(), host.notation
        coming = following(moment)
        scenario = moment.scenario
        return State(
            session=scenario.label,
            step=moment.step,
            last_step=moment.last_step,
            now=shown(moment, notation),
            next=shown(coming, notation),
            notes=[note.text for note in moment.notes],
            remarks=texts(scenario.remarks, moment),
            remarks_next=texts(scenario.remarks, coming),
            talk=talk(self.line.lecture),
            clock=round(self.clock.seconds, 1),
            running=self.clock.running,
            revealed=screen.revealed if screen is not None and moment.step else 0,
            parts=screen.parts if screen is not None and moment.step else 0,
            blank=isinstance(host.app.screen, BlankScreen),
            said=host.said,
        )

    def _asked(self, what: str) -> None:
        """Do what the speaker's view asks for, after the keys that wait already."""
        self.host.call_later(self._do, what)

    def _do(self, what: str) -> None:
        from backprop_tui.tui.dialogs.views.blank_view import BlankScreen

        screen = self.screen
        on_top = self.host.app.screen
        does: dict[str, Callable[[], None]] = {
            "on": screen.action_on if screen is not None else partial(self.host.perform, "page-on"),
            "back": screen.action_back if screen is not None else partial(self.host.perform, "page-back"),
            "blank": self.blank,
            "clock": self.clock.toggle,
            "anew": self.clock.reset,
        }
        if what in ("on", "back") and isinstance(on_top, BlankScreen):
            self.blank()  # as a key there does
        elif what in ("blank", "clock", "anew") or on_top in (self.host.screen, screen):
            does[what]()  # a dialog that somebody is in is left alone
        if screen is not None:
            screen.tick()
        self.tell()
