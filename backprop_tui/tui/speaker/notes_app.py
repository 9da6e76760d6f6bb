"""The speaker's view: an application of its own, in a second terminal, that follows a session and drives it."""

import asyncio
from asyncio import StreamWriter
from contextlib import suppress
from pathlib import Path
from socket import socket
from time import monotonic

from textual.app import ComposeResult
from textual.binding import Binding

from backprop_tui.tui.shared.bars import Bar, hints
from backprop_tui.tui.shared.scroll_area import Area
from backprop_tui.tui.shared.styled_line import Run, strip
from backprop_tui.tui.shared.theme import THEMES, styles, wear
from backprop_tui.tui.speaker.messages import LONGEST_STATE, Do, MessageError, State, Wish, read_state, written
from backprop_tui.tui.speaker.notes_lines import notes_lines
from backprop_tui.tui.speaker.rendezvous import connected
from backprop_tui.tui.speaker.stopwatch import clock
from backprop_tui.tui.terminal.leaving_app import LeavingApp

TICK = 1.0  # seconds between two looks at the clock
MARGIN = 1
ENDED = "the session has ended"
KEYS = (("n", "on"), ("N", "back"), (".", "blank"), ("t", "clock"), ("T", "zero"), ("j k", "scroll"), ("q", "quit"))


class Notes(Area):
    """What is told, drawn anew for each size: the first state may come before there is one."""

    app: "NotesApp"

    def on_resize(self) -> None:
        self.app.draw()


class NotesApp(LeavingApp):
    """What a session tells, and keys that are passed on to it."""

    TITLE = "backprop-tui notes"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [
        Binding("n,space,right,pagedown,f10", "wish('on')", "on", show=False),
        Binding("N,backspace,left,pageup", "wish('back')", "back", show=False),
        Binding("full_stop,b", "wish('blank')", "blank", show=False),
        Binding("t", "wish('clock')", "the clock", show=False),
        Binding("T", "wish('anew')", "the clock from zero", show=False),
        Binding("j,down", "scroll(1)", "down", show=False),
        Binding("k,up", "scroll(-1)", "up", show=False),
        Binding("ctrl+d", "scroll(10)", "a page down", show=False),
        Binding("ctrl+u", "scroll(-10)", "a page up", show=False),
        Binding("q,ctrl+q,ctrl+c", "leave", "quit", show=False, priority=True),
    ]

    def __init__(self, connection: socket) -> None:
        super().__init__()
        self.connection = connection
        self.writer: StreamWriter | None = None
        self.state: State | None = None
        self.heard = monotonic()
        """When the state came, by which the clock goes on."""
        self.ended = ""
        for theme in THEMES:
            self.register_theme(theme)

    def compose(self) -> ComposeResult:
        yield Bar("top", "-top")
        yield Notes()
        yield Bar("bottom", "-bottom")

    def on_mount(self) -> None:
        self.run_worker(self._follow(), group="follow", exclusive=True)
        self.set_interval(TICK, self._draw_top)
        self.theme_changed_signal.subscribe(self.screen, lambda _: self.draw())

    def farewell(self) -> str:
        return self.ended

    # what is told

    async def _follow(self) -> None:
        """Show what the session tells, until it ends."""
        try:
            self.connection.setblocking(False)
            reader, self.writer = await asyncio.open_unix_connection(sock=self.connection, limit=LONGEST_STATE)
            while line := await reader.readline():
                self.state, self.heard = read_state(line), monotonic()
                self.draw()
            self.ended = ENDED
        except MessageError as error:
            self.ended = f"the session is of another version: {error}"
        except (OSError, ValueError):  # ValueError: a line that is too long
            self.ended = ENDED
        finally:
            if self.writer is not None:
                self.writer.close()
        self.exit()

    def draw(self) -> None:
        """Draw all of it."""
        if self.state is None or self.leaving:
            return
        paint, area = styles(self.current_theme), self.query_one(Area)
        width = max(10, area.size.width - 2 * MARGIN)
        lines = notes_lines(self.state, width, paint)
        area.show([strip([(" " * MARGIN, paint.text), *line], area.size.width) for line in lines])
        self.query_one("#bottom", Bar).show(hints(KEYS, paint, self.size.width, "quit"))
        self._draw_top()

    def _draw_top(self) -> None:
        state = self.state
        if state is None or self.leaving:
            return
        paint = styles(self.current_theme)
        seconds = state.clock + (monotonic() - self.heard if state.running else 0.0)
        pause = f" · pause {state.talk.done}/{state.talk.pauses}" if state.talk is not None else ""
        where = f" · {state.now.symbol} · step {state.step:,}/{state.last_step:,}{pause}"
        right: list[Run] = [(f"{clock(seconds)} ", paint.accent)]
        if not state.running:
            right = [("stopped ", paint.bad), *right]
        self.query_one("#top", Bar).show([(f" {state.session}", paint.strong), (where, paint.bar)], right)

    # what is asked for

    def action_wish(self, do: Do) -> None:
        """Ask the session to do something."""
        if self.writer is not None and not self.writer.is_closing():
            self.writer.write(written(Wish(do)))

    def action_scroll(self, by: int) -> None:
        self.query_one(Area).scroll_rows(by)

    def action_leave(self) -> None:
        self.exit()


def run(place: Path, theme: str | None = None) -> tuple[int, str]:
    """Follow the session at a socket, in this terminal; the exit status, and what to say at the end.

    Raises OSError where nobody is there, or somebody else, and ThemeError.
    """
    connection = connected(place)
    try:
        app = NotesApp(connection)
        if theme is not None:
            wear(app, theme)
        return app.run_to_end()
    finally:
        with suppress(OSError):
            connection.close()
