"""Leaving: the session is kept, the terminal given back and the process gone in two seconds, whatever hangs.

A thread of its own waits for the end to begin: for a signal, which it learns of while the main thread computes or waits
too; for the terminal to be gone, of which the system tells nobody where there is no shell; for q and for a crash. What
has not ended in order by then, it ends.
"""

import faulthandler
import os
import select
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread, get_ident, main_thread
from time import monotonic
from types import FrameType, TracebackType
from typing import Any, Protocol, Self

# Seconds from when the end begins: a thread that waits for its turn beside others must not be late four times over.
ORDER = 0.8  # by then it has ended in order,
KEPT = 1.3  # or what is kept and given back in its place is: the disk or the terminal may be what hangs;
SAID = 1.5  # what is still to be said is said,
GONE = 1.7  # and it is gone, even where no thread of Python's gets its turn
NAMES = ("SIGHUP", "SIGTERM", "SIGINT", "SIGBREAK")  # of which each system has its own
SIGNALS: tuple[int, ...] = tuple(getattr(signal, name) for name in NAMES if hasattr(signal, name))
WRONG = 2  # the exit status where the session could not be saved
BEGUN = 0  # not a signal's number


class Ends(Protocol):
    """A program that can be ended."""

    def ask(self, status: int) -> None:
        """Ask it to end in order; from a handler of signals, at any time."""

    def keep(self) -> object:
        """Keep what is to be kept."""

    def give_back(self) -> None:
        """Give the terminal back."""

    def last_words(self, status: int) -> tuple[int, str]:
        """Keep what is to be kept; the exit status, and what is still to be said."""


class Leaving:
    """The end of a program, around the run of it; `begin` may be called by anything, at any time."""

    def __init__(self, ends: Ends) -> None:
        self.ends = ends
        self.status: int | None = None
        self.told = False  # by a signal
        self.over = Event()
        self.bell, self.ring = socket.socketpair()
        self.ring.setblocking(False)
        self.before: dict[int, Any] = {}
        self.waking = -1

    def __enter__(self) -> Self:
        Thread(target=self._look_out, name="leaving", daemon=True).start()
        if sys.platform != "win32":  # there asyncio has the one that there is
            self.waking = signal.set_wakeup_fd(self.ring.fileno(), warn_on_full_buffer=False)
        self.before = {number: signal.signal(number, self._signalled) for number in SIGNALS}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ends.give_back()
        self.over.set()
        for number, before in self.before.items():  # two signals may report the same hangup: the second must not kill
            signal.signal(number, signal.SIG_IGN if self.told else before)
        if sys.platform != "win32":
            signal.set_wakeup_fd(self.waking)
        self.begin(0)  # which ends the thread
        self.ring.close()

    def begin(self, status: int) -> None:
        """Be gone in two seconds, with this status unless a different one came first."""
        if self.status is None:
            self.status = status
        with suppress(OSError):  # it has rung already
            self.ring.send(bytes([BEGUN]))

    def _signalled(self, number: int, _: FrameType | None) -> None:
        if self.told:
            return
        self.told = True
        self.begin(128 + number)
        # At once, for who sends this may not wait. It interrupts whatever is done: should that be in a state that
        # cannot be kept, it is kept once more in order.
        with suppress(Exception):
            self.ends.keep()
        self.ends.ask(self.status or 0)

    def _look_out(self) -> None:
        with Path(os.devnull).open("w", encoding="ascii") as nowhere:  # is told what each thread was doing
            with self.bell:
                self._wait()
            begun = monotonic()
            faulthandler.dump_traceback_later(GONE, exit=True, file=nowhere)
            if not self.over.wait(ORDER):
                self._end(begun)
            faulthandler.cancel_dump_traceback_later()

    def _wait(self) -> None:
        """Wait for the end to begin."""
        if not hasattr(select, "poll"):
            self.bell.recv(1)
            return
        poll = select.poll()
        poll.register(self.bell, select.POLLIN)
        if sys.__stdin__ is not None:
            poll.register(sys.__stdin__, 0)  # of a hangup it tells in any case
        while True:
            for file, event in poll.poll():
                if file == self.bell.fileno():
                    for number in self.bell.recv(64):
                        if number in SIGNALS:  # its handler may not come to run
                            self.status = 128 + number if self.status is None else self.status
                        if number in (BEGUN, *SIGNALS):
                            return
                    continue
                poll.unregister(file)
                if event & select.POLLHUP:
                    signal.pthread_kill(main_thread().ident or get_ident(), signal.SIGHUP)

    def _end(self, begun: float) -> None:
        """Do what is left to do, and be gone."""
        status = self.status or 0
        told = [(WRONG, "backprop-tui: the session was not saved: that took too long")]
        work: tuple[Callable[[], object], ...] = (
            lambda: told.append(self.ends.last_words(status)),
            self.ends.give_back,
        )
        _try(begun + KEPT, *work)
        status, words = told[-1]
        _try(begun + SAID, lambda: os.write(2, f"{words}\n".encode() if words else b""))
        os._exit(status)


def _try(limit: float, *work: Callable[[], object]) -> None:
    """Do these side by side, while there is time."""
    threads = [Thread(target=one, daemon=True) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, limit - monotonic()))
