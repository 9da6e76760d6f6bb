"""Making a classic mistake on purpose: the mistaken run goes beside the right one, step by step.

The table of mistakes and what runs one are imported when a mistake is named: most sessions make none.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from backprop_tui.debugger.basics.cursor import Cursor
from backprop_tui.engine.program.program import Program
from backprop_tui.text import clean

if TYPE_CHECKING:
    from backprop_tui.debugger.mistakes.side_by_side import Beside
    from backprop_tui.engine.mistakes.mistaken_program import Mistaken, Slip

MOST_DIGITS = 15  # decimals: as many digits as a float64 can hold


class MistakeError(ValueError):
    """A mistake that is not in the table, or cannot be made here: one line that says so."""


def mistaken(program: Program, name: str) -> "Mistaken":
    """A program with the mistake of that name in it. Raises MistakeError where there is none, or it changes nothing."""
    from backprop_tui.engine.mistakes.mistaken_program import Mistaken

    slip = _slip(name)
    try:
        return Mistaken.of(program, slip)
    except ValueError as error:
        raise MistakeError(str(error)) from None


class OnPurpose:
    """The mistake that is made on purpose, if any, and the run with it."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._wrong: Mistaken | None = None
        self._beside: Beside | None = None

    def make(self, name: str) -> "Beside":
        """Run the program with a mistake of the table in it beside the right one; `cut-off:2` says how many decimals.

        Raises MistakeError (a ValueError) where there is no such mistake, or it changes nothing here.
        """
        self._wrong = mistaken(self._cursor.program, name)
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
    _slip(name)


def _slip(text: str) -> "Slip":
    """A mistake by its name, `updates-first`, with decimals where it has any, `cut-off:2`. Raises MistakeError."""
    from backprop_tui.engine.mistakes.mistaken_program import Slip
    from backprop_tui.engine.mistakes.mistakes import MISTAKES

    name, colon, digits = text.strip().partition(":")
    mistake = MISTAKES.get(name)
    if mistake is None:
        close = get_close_matches(name, MISTAKES, 1)
        hint = f" (did you mean '{close[0]}'?)" if close else ""
        raise MistakeError(f"there is no mistake '{clean(name, 40)}'{hint}; there are {', '.join(MISTAKES)}")
    if not colon:
        return Slip.of(mistake)
    if mistake.digits == (0,) or not (digits.isdecimal() and digits.isascii() and int(digits[:3]) <= MOST_DIGITS):
        with_digits = " and ".join(name for name, mistake in MISTAKES.items() if mistake.digits != (0,))
        raise MistakeError(f"'{clean(text, 40)}': decimals, up to {MOST_DIGITS}, have {with_digits}")
    return Slip(mistake, int(digits))
