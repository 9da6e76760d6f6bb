"""Textual's driver, which outlives its terminal. What is private of Textual and concerns the terminal stands here.

Written for Textual 8.2. It relies on these parts of `LinuxDriver`: `_file`, which its writer writes to; `_size`, which
the app takes for its own; `_must_signal_resume`, which says that SIGTSTP has suspended it; `_mouse_pixels`;
`_sigcont_application`; and `exit_event`, which ends the thread that reads keys.
"""

import os
import sys
from asyncio import AbstractEventLoop
from contextlib import suppress
from typing import Any, TextIO

from textual.app import App
from textual.driver import Driver

# What Textual and we switch on, switched off; then the keyboard, the screen that was there before, and the cursor.
OFF = "".join(f"\x1b[?{mode}l" for mode in (1000, 1003, 1015, 1006, 1016, 1004, 2004, 2048))
GIVEN_BACK = f"{OFF}\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h"


class Outliving:
    """A file that is a terminal. What is written after it has gone is forgotten, so that whoever writes goes on.

    Textual's writer would end with the error, and the main thread wait for room in a queue that nobody empties.
    """

    def __init__(self, file: TextIO) -> None:
        self.file, self.gone = file, False

    def write(self, text: str) -> None:
        self._try(lambda: self.file.write(text))

    def flush(self) -> None:
        self._try(self.file.flush)

    def fileno(self) -> int:
        return self.file.fileno()

    def _try(self, act: Any) -> None:
        if not self.gone:
            try:
                act()
            except OSError:
                self.gone = True


if sys.platform != "win32":
    import termios

    from textual.drivers.linux_driver import LinuxDriver

    class OutlivingDriver(LinuxDriver):
        def __init__(self, app: App[Any], **options: Any) -> None:
            super().__init__(app, **options)
            self._file: Any = Outliving(self._file)
            self.drawing = False
            # Else the app asks rich, which takes 80×25 for a terminal that tells no size, where this takes 80×24: the
            # two would answer each other with a new layout for ever.
            self._size = self._size or self._get_terminal_size()

        def start_application_mode(self) -> None:
            self.drawing = True
            super().start_application_mode()  # type: ignore[no-untyped-call]

        def stop_application_mode(self) -> None:
            if self._mouse_pixels:
                self.write("\x1b[?1016l")  # Textual leaves it on
            super().stop_application_mode()

        def close(self) -> None:
            super().close()
            self.drawing = False  # not before all is written

        def give_back(self) -> None:
            """Give the terminal back, whatever state this is in; from any thread, and more than once."""
            self.exit_event.set()
            if self.drawing:
                if self.attrs_before is not None:
                    with suppress(termios.error):
                        termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
                self._file.gone = True  # for what would still be drawn
                with suppress(OSError):
                    os.write(self._file.fileno(), GIVEN_BACK.encode())

        def _sigcont_application(self, *_: object) -> None:
            """Take the terminal again, where SIGTSTP gave it away. SIGCONT comes after a SIGHUP too, and after SIGSTOP.

            A second start would leave a thread that reads keys for ever, and take for the terminal's settings ours.
            """
            if self._must_signal_resume:
                super()._sigcont_application()
            else:
                loop: AbstractEventLoop = self._loop
                with suppress(RuntimeError):  # the loop has ended
                    loop.call_soon_threadsafe(lambda: self._app.refresh(layout=True))


class TerminalApp(App[int]):
    """An app that says when it leaves, in whatever way, and gives its terminal back."""

    leaving = False
    """Whether it is about to end: no key means anything any more."""
    crash: BaseException | None = None

    def get_driver_class(self) -> type[Driver]:
        """Textual's, outliving the terminal; another, such as that of Windows or of a browser, as it is."""
        driver = super().get_driver_class()
        if sys.platform != "win32" and driver is LinuxDriver:
            return OutlivingDriver
        return driver

    def leaves(self, status: int) -> None:
        """Leave, from now on; the first status that is told is the process's."""
        self.leaving = True

    def exit(self, result: int | None = None, return_code: int = 0, message: Any = None) -> None:
        """Leave in order."""
        if not self.leaving:
            self.leaves(return_code)
            super().exit(result, return_code, message)

    def _handle_exception(self, error: Exception) -> None:
        """All that goes wrong comes here, in a handler, a timer or a worker."""
        self.crash = self.crash or error
        self.leaves(1)
        super()._handle_exception(error)

    def give_back(self) -> None:
        """Give the terminal back, if it has not been."""
        give_back = getattr(self._driver, "give_back", None)
        if give_back is not None:
            give_back()
