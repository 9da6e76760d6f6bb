"""What is done while nobody waits for a frame: garbage is collected, a round of which within a key shows as a late
one, and the next frame is got ready.
"""

import gc
from asyncio import TimerHandle, get_running_loop
from collections.abc import Callable
from contextvars import Context

REST = 0.04  # seconds after a key, when its frame is drawn: what is young is looked through,
PAUSE = 1.0  # and those after which all is, once that has been done
OFTEN = 50  # times
AT_ONCE = (50_000, 50, 50)  # of what is made between two keys, so much more that it does not wait


class Tidying:
    """Python's garbage collector, kept to the moments after frames; then what gets `ready` for the next one."""

    def __init__(self, ready: Callable[[], object]) -> None:
        self.ready = ready
        self.before = gc.get_threshold()
        self.due: TimerHandle | None = None
        self.begun = False

    def begin(self) -> None:
        """Look through all that there is."""
        gc.enable()
        gc.collect()
        gc.set_threshold(*AT_ONCE)
        self.begun = True

    def end(self) -> None:
        """Leave it as it was."""
        self._wait(None)
        gc.set_threshold(*self.before)

    def keyed(self) -> None:
        """Wait until the answer to a key is drawn."""
        if self.begun:
            self._wait(get_running_loop().call_later(REST, self._young, context=Context()))

    def _young(self) -> None:
        gc.collect(1)
        self.ready()
        if gc.get_count()[2] > OFTEN:
            self._wait(get_running_loop().call_later(PAUSE, gc.collect, context=Context()))

    def _wait(self, due: TimerHandle | None) -> None:
        if self.due is not None:
            self.due.cancel()
        self.due = due
