"""A task: a debugger's work in slices, so that a screen stays alive and can end it at any time; and what it found."""

from collections.abc import Callable, Generator
from time import perf_counter

import msgspec


class Stop(msgspec.Struct, frozen=True):
    """`reason` is "breakpoint", "change", "nonfinite", "end" or "interrupted".

    `which` names the operation, stage, event or expression that was stopped at, `number` the breakpoint.
    """

    reason: str
    which: str = ""
    number: int = 0

    @property
    def short(self) -> str:
        """The reason in two or three words."""
        what = {"change": "change", "nonfinite": "not finite"}.get(self.reason, "stop")
        return f"{what} ({self.number})" if self.number else self.reason


class Message(msgspec.Struct, frozen=True):
    """What a log point printed: the breakpoint's number, the step and its position, and the text."""

    number: int
    step: int
    position: str
    text: str

    def __str__(self) -> str:
        return f"{self.position}: {self.text}"


class Outcome(msgspec.Struct, frozen=True):
    """What a task found. After a move: the step to be at, the element of it that was stepped into, and why a continue
    stopped there. Otherwise a text to show, and the step that it is `about`.
    """

    step: int | None = None
    stop: Stop | None = None
    text: str = ""
    element: int | None = None
    about: int | None = None


Slices = Generator[int, None, Outcome]  # each slice gives how far it is, such as the iteration that was reached


class Task:
    """Slices of work up to an outcome. `goal` is the iteration that it may reach, or whatever else `unit` counts: a
    screen shows progress with it.

    Nothing is done before `go_on`. Left early, its outcome is what `leave` makes of the iteration that was reached.
    """

    def __init__(
        self, slices: Slices, leave: Callable[[int], Outcome], *, start: int, goal: int, unit: str = "iteration"
    ) -> None:
        self.unit = unit
        self._slices = slices
        self._leave = leave
        self.start, self.goal = start, goal
        self.reached = start
        self.outcome: Outcome | None = None

    def go_on(self, seconds: float | None = None) -> bool:
        """Work for that many seconds, or to the end if no time is given; whether it is done.

        Raises what the work does: PositionError where there is no such step.
        """
        limit = None if seconds is None else perf_counter() + seconds
        while self.outcome is None:
            try:
                self.reached = next(self._slices)
            except StopIteration as done:
                self.outcome = done.value
                break
            if limit is not None and perf_counter() > limit:
                return False
        return True

    def finish(self) -> Outcome:
        """Work to the end; ctrl+c ends it early."""
        try:
            self.go_on()
        except KeyboardInterrupt:
            return self.leave()
        return self.outcome or Outcome()

    def leave(self) -> Outcome:
        """End it where it is now."""
        if self.outcome is None:
            self._slices.close()
            self.outcome = self._leave(self.reached)
        return self.outcome
