"""Watches: expressions whose values are shown at each step, with the change since the last, and over iterations."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from backprop_tui.engine.program.program import Frame, Program
from backprop_tui.engine.timeline.frame_store import Home
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.language.tree import ExpressionError, Tree
from backprop_tui.formula.writing.numbers import DIGITS
from backprop_tui.text import clean

if TYPE_CHECKING:
    from backprop_tui.debugger.expressions.quantity import Quantity


ITERATIONS = 64  # latest iterations of a series, unless told otherwise
MOST_WATCHES = 1000  # all are evaluated at every step
MOST = 200_000  # numbers that are kept, over all watches and iterations


class Reading(msgspec.Struct, frozen=True, eq=False):
    """A watch at a step. `value` is None before it exists; `change` is what the step added, None where it cannot be
    said or nothing changed. `tree` is the expression, None for a quantity that has a name.
    """

    number: int
    text: str
    value: Any | None
    change: Any | None
    tree: Tree | None = None

    @property
    def shown(self) -> str:
        """The value as text, `not computed yet` before it exists."""
        from backprop_tui.debugger.expressions.quantity import shown

        return shown(self.value)

    def line(self, digits: int = DIGITS) -> str:
        """All of it: `L = 1.0792, Δ −0.3841`."""
        from backprop_tui.debugger.expressions.quantity import shown

        change = "" if self.change is None else f", Δ {shown(self.change, digits)}"
        return f"{self.text} = {shown(self.value, digits)}{change}"


class Watches:
    """Watched expressions by number, in the order in which they were added."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._found: dict[int, Quantity] = {}
        self._last = 0
        self._kept: dict[tuple[str, Home], float] = {}

    def add(self, text: str) -> int:
        """Watch an expression, or a named quantity such as `dead units`; its number.

        Raises ExpressionError, also where there are too many.
        """
        from backprop_tui.debugger.expressions.quantity import read_quantity

        quantity = read_quantity(text, self._program)
        quantity.text = clean(" ".join(text.split()))
        for number, old in self._found.items():
            if old.text == quantity.text:
                return number
        if len(self) == MOST_WATCHES:
            raise ExpressionError(f"there are {MOST_WATCHES:,} watches already")
        self._last += 1
        self._found[self._last] = quantity
        return self._last

    def change(self, number: int, text: str) -> None:
        """Replace the expression of a watch. Raises ExpressionError, KeyError."""
        from backprop_tui.debugger.expressions.quantity import read_quantity

        quantity = read_quantity(text, self._program)
        quantity.text = clean(" ".join(text.split()))
        self._found[self._number(number)] = quantity

    def remove(self, which: str | int) -> str:
        """Stop watching, by number or text; returns what was watched. Raises KeyError with one line."""
        return self._found.pop(self._number(which)).text

    def clear(self) -> None:
        """Watch nothing."""
        self._found.clear()

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return iter([(number, quantity.text) for number, quantity in self._found.items()])

    def __len__(self) -> int:
        return len(self._found)

    @property
    def quantities(self) -> "tuple[Quantity, ...]":
        """What is watched."""
        return tuple(self._found.values())

    def readings(self, timeline: Timeline, step: int) -> list[Reading]:
        """Each watch at a step."""
        found = []
        for number, quantity in self._found.items():
            value = quantity.at_step(timeline, step)
            before = quantity.at_step(timeline, step - 1) if step and value is not None else None
            tree = None if quantity.is_named else quantity.expression.tree
            found.append(Reading(number, quantity.text, value, _difference(value, before), tree))
        return found

    def series(
        self, which: str | int, timeline: Timeline, step: int, most: int = ITERATIONS
    ) -> list[tuple[int, float]]:
        """Iterations and values at their end, as many as are over at a step and known: nothing is computed for it."""
        from backprop_tui.debugger.expressions.series import at_end

        quantity = self._found[self._number(which)]
        iteration, index = timeline.locate(step)
        last = iteration if index == timeline.length - 1 else iteration - 1
        found = []
        for at in range(max(1, last - most + 1), last + 1):
            place = quantity.text, timeline.home(at)
            if place not in self._kept and (frame := timeline.kept(at)) is not None:
                self._keep(place, at_end(quantity, frame))
            value = self._kept.get(place)
            if value is not None and np.isfinite(value):
                found.append((at, value))
        return found

    def take(self, home: Home, frame: Frame) -> None:
        """Take note of what is watched in an iteration that was computed, which may be let go of later."""
        if not self._found:
            return
        from backprop_tui.debugger.expressions.series import at_end

        for quantity in self._found.values():
            self._keep((quantity.text, home), at_end(quantity, frame))

    def _keep(self, place: tuple[str, Home], value: float) -> None:
        self._kept[place] = value
        if len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]

    def to_plain(self) -> list[str]:
        """The expressions, for `load_plain`."""
        return [text for _, text in self]

    def become(self, other: "Watches") -> None:
        """Take over all watches of another object, for the same program."""
        self._found, self._last = dict(other._found), other._last  # noqa: SLF001 - of its own kind

    def load_plain(self, plain: Any) -> None:
        """Replace all by what `to_plain` gave. Raises ExpressionError, and then nothing is changed."""
        fresh = Watches(self._program)
        try:
            texts = msgspec.convert(plain, list[str])
        except msgspec.ValidationError as error:
            raise ExpressionError(f"watches: {clean(str(error))}") from None
        for place, text in enumerate(texts, 1):
            try:
                fresh.add(text)
            except ExpressionError as error:
                raise ExpressionError(f"watch {place}: {error}") from None
        self.become(fresh)

    def _number(self, which: str | int) -> int:
        text = str(which).strip()
        for number, quantity in self._found.items():
            if text in (str(number), quantity.text):
                return number
        raise KeyError(f"there is no watch '{clean(text, 40)}'")


def _difference(value: Any | None, before: Any | None) -> Any | None:
    if value is None or before is None or np.shape(value) != np.shape(before) or np.asarray(value).dtype == bool:
        return None
    with np.errstate(all="ignore"):
        difference = np.asarray(value, dtype=float) - np.asarray(before, dtype=float)
    return difference[()] if np.any(difference != 0) else None
