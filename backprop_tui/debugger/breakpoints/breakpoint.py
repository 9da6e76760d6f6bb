"""One breakpoint: what it stops at, and on what terms. A record that can be saved; `points.py` makes it run."""

from typing import Literal

import msgspec

Kind = Literal["operation", "change", "event"]
CHANGE = "change"  # begins what is typed for a change: `change W1[0,1]`


class BreakpointError(KeyError):
    """A breakpoint that cannot be, or is not there: one line that says why."""

    def __str__(self) -> str:
        return str(self.args[0])


class Breakpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A stop at an operation that has just been computed, at a change of a value, or at a named event.

    `name` is the operation or stage, the expression whose value changes, or the event. With `when` it counts only where
    that is true; with `hit` only the n-th of these in the run stops; with `log` it prints that expression and goes on;
    a `temporary` one is gone once it was stopped at. `threshold` is an event's.
    """

    name: str
    number: int = 0
    kind: Kind = "operation"
    when: str = ""
    hit: int = 0
    log: str = ""
    temporary: bool = False
    threshold: float | None = None
    enabled: bool = True

    @property
    def plain(self) -> bool:
        """Whether it is nothing but a stop at an operation every time."""
        return self == Breakpoint(self.name, self.number, enabled=self.enabled)

    @property
    def typed(self) -> str:
        """As one types it: `delta1 if abs(delta1).max() < 1e-6 hit 3`."""
        words = [CHANGE] * (self.kind == "change") + [self.name]
        words += [] if self.threshold is None else [repr(self.threshold)]
        terms = (("if", self.when), ("hit", str(self.hit or "")), ("log", self.log))
        return " ".join([*words, *(f"{word} {term}" for word, term in terms if term)])

    def __str__(self) -> str:
        """As it is listed: `2 delta1 if abs(delta1).max() < 1e-6 hit 3, disabled`."""
        terms = (("temporary", self.temporary), ("disabled", not self.enabled))
        return ", ".join([f"{self.number} {self.typed}", *(term for term, holds in terms if holds)])
