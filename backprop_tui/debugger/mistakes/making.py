"""Making a classic mistake on purpose: the mistaken run goes beside the right one, step by step."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from backprop_tui.debugger.basics.cursor import Cursor

if TYPE_CHECKING:
    from backprop_tui.debugger.mistakes.side_by_side import Beside
    from backprop_tui.engine.mistakes.mistaken_program import Mistaken


class MistakeError(ValueError):
    """A mistake that is not in the table, or cannot be made here: one line that says so."""


class OnPurpose:
    """The mistake that is made on purpose, if any, and the run with it. What runs it is imported when one is made."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._wrong: Mistaken | None = None
        self._beside: Beside | None = None

    def make(self, name: str) -> "Beside":
        """Run the program with a mistake of the table in it beside the right one; `cut-off:2` says how many decimals.

        Raises MistakeError (a ValueError) where there is no such mistake, or it changes nothing here.
        """
        from backprop_tui.debugger.mistakes.side_by_side import mistaken, read_slip

        self._wrong = mistaken(self._cursor.program, read_slip(name))
        self._beside = None
        return self._besides(self._wrong)

    def make_none(self) -> None:
        """Run the right program alone."""
        self._wrong = self._beside = None

    @property
    def beside(self) -> "Beside | None":
        """The right run and the mistaken one, both with the edits of the branch; None without a mistake."""
        return None if self._wrong is None else self._besides(self._wrong)

    def reach(self, iteration: int) -> Iterator[int]:
        """Compute what is missing of the mistaken run up to an iteration, yielding each."""
        beside = self.beside
        return iter(()) if beside is None else beside.b.reach(iteration)

    def _besides(self, wrong: "Mistaken") -> "Beside":
        from backprop_tui.debugger.mistakes.side_by_side import Beside

        if self._beside is None or self._beside.a is not self._cursor.timeline:
            self._beside = Beside(self._cursor.timeline, wrong)
        self._beside.step = self._cursor.step
        return self._beside


def check_name(name: str) -> None:
    """Raises MistakeError where the table has no such mistake."""
    from backprop_tui.debugger.mistakes.side_by_side import read_slip

    read_slip(name)
