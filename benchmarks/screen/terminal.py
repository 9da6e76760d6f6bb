"""A program in a pseudo-terminal: keys in, and when the last byte of what it draws came out.

Nothing answers Textual's questions about the terminal, as in one that knows none of them. A frame is complete when no
more has come for a while; the time that counts is that of its last byte.
"""

import os
import pty
import select
import signal
import termios
from collections.abc import Sequence
from time import perf_counter
from types import TracebackType
from typing import Self

import pyte

QUIET = 0.06  # how long nothing comes after a complete frame; Textual draws at most every 1/60 s
QUIET_AT_START = 0.3
PATIENCE = 30.0
# what changes the picture, or how Python starts: without bytecode files every start would compile this program anew
UNWANTED = ("NO_COLOR", "COLUMNS", "LINES", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
COLOURS = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


class Terminal:
    """A running program and its screen. Use it in a `with`, which ends the program."""

    def __init__(self, command: Sequence[str], columns: int, rows: int) -> None:
        self.command = tuple(command)
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        environment = {k: v for k, v in os.environ.items() if k not in UNWANTED} | COLOURS
        self._started = perf_counter()
        self._process, self._master = pty.fork()  # as its controlling terminal: should this end, so does the program
        if not self._process:
            try:
                os.execve(self.command[0], self.command, environment)
            finally:
                os._exit(127)  # where there is no such program
        termios.tcsetwinsize(self._master, (rows, columns))  # long before Python has started

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        os.close(self._master)

    @property
    def text(self) -> str:
        """What is on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display).strip()

    def first_frame(self, shows: str) -> float:
        """Seconds from the start of the program to its first complete frame, which shows a text."""
        last = self._started
        while shows not in self.text:
            if perf_counter() - self._started > PATIENCE:
                raise TimeoutError(f"{' '.join(self.command)} never showed {shows!r}:\n{self.text}")
            last = self._settled(QUIET_AT_START) or last
        return last - self._started

    def press(self, key: str) -> float:
        """Seconds from a key press to the complete frame that it leads to."""
        pressed = perf_counter()
        os.write(self._master, key.encode())
        last = self._settled(QUIET)
        if last is None:
            raise TimeoutError(f"{' '.join(self.command)} drew nothing on the key {key!r}:\n{self.text}")
        return last - pressed

    def shows_after(self, key: str, text: str, *, shown: bool) -> float:
        """Seconds from a key press until a text is on the screen, or is not any more, whatever else is drawn."""
        pressed = last = perf_counter()
        os.write(self._master, key.encode())
        while (text in self.text) != shown:
            if not select.select([self._master], (), (), PATIENCE)[0]:
                raise TimeoutError(f"{' '.join(self.command)} did not answer the key {key!r}:\n{self.text}")
            burst = os.read(self._master, 1 << 16)
            last = perf_counter()
            self._stream.feed(burst)
        return last - pressed

    def _settled(self, quiet: float) -> float | None:
        """When the last byte came, after which there were `quiet` seconds of silence; None if none came."""
        burst: list[bytes] = []
        last = None
        while select.select([self._master], (), (), quiet if burst else PATIENCE)[0]:
            try:
                burst.append(os.read(self._master, 1 << 16))
            except OSError as error:  # its end of the terminal is closed
                self._stream.feed(b"".join(burst))
                raise RuntimeError(f"{' '.join(self.command)} ended:\n{self.text}") from error
            last = perf_counter()
        self._stream.feed(b"".join(burst))
        return last
