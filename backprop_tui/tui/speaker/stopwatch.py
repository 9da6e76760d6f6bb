"""The clock of a talk, which can be stopped."""

from collections.abc import Callable
from time import monotonic


class Stopwatch:
    """Seconds since it was first started, without those that it was stopped for."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._now = now
        self._before = 0.0
        self._since: float | None = None
        self.started = False

    @property
    def running(self) -> bool:
        """Whether it runs."""
        return self._since is not None

    @property
    def seconds(self) -> float:
        """How long it has run."""
        return self._before + (0.0 if self._since is None else self._now() - self._since)

    def start(self) -> None:
        """Start it, or go on."""
        self.started = True
        self._since = self._now() if self._since is None else self._since

    def toggle(self) -> None:
        """Stop it, or go on."""
        if self._since is None:
            self.start()
        else:
            self._before, self._since = self.seconds, None

    def reset(self) -> None:
        """Back to zero; it runs on if it ran."""
        self._before = 0.0
        self._since = None if self._since is None else self._now()

    def __str__(self) -> str:
        return clock(self.seconds)


def clock(seconds: float) -> str:
    """`12:05`, and from an hour on `1:02:05`."""
    minutes, left = divmod(int(max(0.0, seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
