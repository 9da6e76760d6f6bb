"""The program in a terminal: a pty with an emulator behind it, or tmux."""

import os
import pty
import re
import select
import shlex
import shutil
import struct
import subprocess
import sys
import termios
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import ioctl
from pathlib import Path
from time import monotonic, sleep

import pyte

CHUNKS = 200  # that are read at a time at most, from a program that might write for ever
PATIENCE = 60.0  # seconds that anything may take on a busy machine
HAS_TMUX = shutil.which("tmux") is not None
PROGRAM = [sys.executable, "-m", "backprop_tui"]
# What Textual asks the terminal or tells it, of which pyte has never heard and would print some: the modes of the
# kitty keyboard, requests of a mode, and strings to the terminal such as a title.
UNKNOWN = re.compile(
    rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*u|\x1b\[\??[0-9;]*\$[a-z]|\x1b[P\]_^].*?(?:\x07|\x1b\\)", re.DOTALL
)
# A sequence that is not whole yet, at the end of what was read.
UNFINISHED = re.compile(rb"\x1b(?:\[[<>=?]?[0-9;]*\$?|[P\]_^][^\x07\x1b]*\x1b?)?\Z")


class Terminal:
    """A program in a terminal. Reading the screen waits until it shows what is wanted."""

    def press(self, keys: str) -> None:
        """Send the characters of keys."""
        raise NotImplementedError

    def text(self) -> str:
        """What is on the screen now."""
        raise NotImplementedError

    def close(self) -> None:
        """End the program, whatever it does."""
        raise NotImplementedError

    def shows(self, *wanted: str) -> str:
        """The screen as soon as all of these are on it."""
        return self.until(lambda text: all(part in text for part in wanted), str(wanted))

    def until(self, holds: Callable[[str], bool], what: str) -> str:
        """The screen as soon as this holds of it."""
        limit = monotonic() + PATIENCE
        while not holds(text := self.text()):
            assert monotonic() < limit, f"in vain for {what}:\n{text}"
            sleep(0.01)
        return text


class Emulated(Terminal):
    """A program on a pty, with pyte as its terminal; all that it writes is kept in `written`."""

    def __init__(self, command: list[str], width: int, height: int, env: dict[str, str]) -> None:
        self.screen = pyte.Screen(width, height)
        self.stream = pyte.ByteStream(self.screen)
        self.written = b""
        self.unread = b""
        self.master, slave = pty.openpty()
        ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self.before = termios.tcgetattr(slave)
        self.process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, env=env, start_new_session=True, close_fds=True
        )
        self.slave = slave  # kept open, so that its settings can be looked at after the program has left

    def press(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def text(self) -> str:
        self._read()
        return "\n".join(self.screen.display)

    def rests(self) -> None:
        """Wait until nothing has been written for half a second."""
        limit = monotonic() + PATIENCE
        while select.select([self.master], [], [], 0.5)[0]:
            assert monotonic() < limit, "it writes for ever"
            self._read()

    def leave(self) -> int:
        """Wait for the end of the program; its exit status."""
        limit = monotonic() + PATIENCE
        while self.process.poll() is None:
            assert monotonic() < limit, f"it does not end:\n{self.text()}"
            self._read()
            sleep(0.01)
        self._read()
        return self.process.returncode

    def vanish(self) -> None:
        """Be gone, as a window that is closed."""
        os.close(self.master)
        self.master = -1

    def is_restored(self) -> bool:
        """Whether the terminal's settings are what they were before the program came."""
        return termios.tcgetattr(self.slave) == self.before

    def _read(self) -> None:
        for _ in range(CHUNKS):
            if self.master < 0 or not select.select([self.master], [], [], 0.01)[0]:
                return
            data = os.read(self.master, 65536)
            self.written += data
            whole = UNKNOWN.sub(b"", self.unread + data)
            cut = UNFINISHED.search(whole)
            self.unread = whole[cut.start() :] if cut else b""
            self.stream.feed(whole[: len(whole) - len(self.unread)])

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.slave)
        if self.master >= 0:
            os.close(self.master)


class Tmux(Terminal):
    """A program in a tmux with a server of its own."""

    def __init__(self, command: list[str], width: int, height: int, env: dict[str, str]) -> None:
        self.socket, self.env = f"backprop-tui-{uuid.uuid4().hex[:8]}", env
        size = ("-x", str(width), "-y", str(height))
        line = f"{shlex.join(command)}; echo left $?; exec cat"
        self._run("-f", "/dev/null", "new-session", "-d", *size, line)
        self._run("set", "-g", "status", "off")
        self._run("resize-window", *size)

    def press(self, keys: str) -> None:
        self._run("send-keys", "-l", keys)

    def text(self) -> str:
        return self._run("capture-pane", "-p")

    def _run(self, *words: str) -> str:
        command = ["tmux", "-u", "-L", self.socket, *words]
        return subprocess.run(command, check=True, capture_output=True, encoding="utf-8", env=self.env).stdout

    def close(self) -> None:
        subprocess.run(["tmux", "-L", self.socket, "kill-server"], check=False, capture_output=True, env=self.env)


def environment(home: Path, **more: str) -> dict[str, str]:
    """That of a terminal with all colours, of a user without settings, whatever the tests run in."""
    theirs = re.compile(r"NO_COLOR|FORCE_COLOR|COLUMNS|LINES|TMUX.*|TEXTUAL.*|TERM.*|COLORTERM|XDG_.*|LC_.*|PYTEST.*")
    kept = {name: value for name, value in os.environ.items() if not theirs.fullmatch(name)}
    ours = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "HOME": str(home)}
    return kept | ours | more


@contextmanager
def running(
    kind: type[Emulated] | type[Tmux], *words: str, home: Path, size: tuple[int, int] = (120, 36), **env: str
) -> Iterator[Terminal]:
    """The program with these arguments, in a terminal of some kind."""
    terminal = kind([*PROGRAM, *words], *size, environment(home, **env))
    try:
        yield terminal
    finally:
        terminal.close()


def check_restored(terminal: Emulated) -> None:
    """What the program switched on in the terminal is off again, and keys are lines again."""
    assert terminal.is_restored()
    modes: dict[bytes, bytes] = dict(re.findall(rb"\x1b\[\?(\d+)([hl])", terminal.written))  # the last of each
    assert modes.pop(b"25") == b"h"  # the cursor is shown again
    assert b"1049" in modes
    assert {mode for mode, switch in modes.items() if switch == b"h"} <= {b"7"}  # lines wrap, as ever
