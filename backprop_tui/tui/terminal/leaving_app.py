"""An application that ends as `Leaving` wants it: in order, and in two seconds, whatever ends it."""

import traceback
from asyncio import AbstractEventLoop, get_running_loop
from collections.abc import Callable
from contextlib import suppress

from backprop_tui.text import clean
from backprop_tui.tui.terminal.leaving import Leaving
from backprop_tui.tui.terminal.textual_private import TerminalApp


class LeavingApp(TerminalApp):
    """What `Leaving` asks of an application; `begin_to_leave` is the `begin` of that."""

    begin_to_leave: Callable[[int], None] = staticmethod(lambda _: None)
    loop: AbstractEventLoop | None = None

    def run_to_end(self) -> tuple[int, str]:
        """Run in this terminal until it ends, in order or not; the exit status, and what to say. Raises what `farewell`
        does.
        """
        with Leaving(self) as leaving:
            self.begin_to_leave = leaving.begin
            try:
                self.run()
            finally:
                leaving.begin(self.return_code or 0)
                said = self.farewell()
        return leaving.status or 0, said

    def on_load(self) -> None:
        self.loop = get_running_loop()

    def leaves(self, status: int) -> None:
        super().leaves(status)
        self.begin_to_leave(status)

    def ask(self, status: int) -> None:
        """Leave in order, as soon as this may; from a signal's handler. Raises SystemExit where nothing runs yet."""
        if self.loop is None:
            raise SystemExit(status)
        with suppress(RuntimeError):  # nothing runs any more
            self.loop.call_soon_threadsafe(self.exit, None, status)

    def keep(self) -> str:
        """Keep what is to be kept; a line that says why it cannot be, or nothing."""
        return ""

    def farewell(self) -> str:
        """What is said at the end, when all is kept."""
        return ""

    @property
    def crash_report(self) -> str:
        """What it crashed with, if it did."""
        crash = "".join(traceback.format_exception(self.crash)) if self.crash is not None else ""
        return "".join(f"{clean(line)}\n" for line in crash.splitlines())

    def last_words(self, status: int) -> tuple[int, str]:
        """The exit status and what is said where it does not end in order: that, and what it crashed with."""
        return status, self.crash_report + self.farewell()
