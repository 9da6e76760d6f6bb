"""What goes beside the right run on purpose, step by step: a run with a classic mistake in it, or one of a variant.

The table of mistakes and what runs one are imported when a mistake is named: most sessions make none.
"""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from backprop_tui.debugger.basics.cursor import Cursor
from backprop_tui.engine.program.program import Program
from backprop_tui.text import clean

if TYPE_CHECKING:
    from backprop_tui.debugger.mistakes.scenario_variant import Variant
    from backprop_tui.debugger.mistakes.side_by_side import Beside
    from backprop_tui.engine.mistakes.change import Mistake
    from backprop_tui.engine.mistakes.mistaken_program import Mistaken, Slip

MOST_DIGITS = 15  # decimals: as many digits as a float64 can hold


class MistakeError(ValueError):
    """A mistake that is not in the table, or cannot be made here: one line that says so."""


def mistaken(program: Program, name: str) -> "Mistaken":
    """A program with the mistake of that name in it. Raises MistakeError where there is none, or it changes nothing."""
    from backprop_tui.engine.mistakes.mistaken_program import Mistaken

    try:
        return Mistaken.of(program, _slip(program, name))
    except MistakeError:
        raise
    except ValueError as error:
        raise MistakeError(str(error)) from None


class OnPurpose:
    """What is run on purpose beside the right run: a mistake that is made, a variant of the scenario, or nothing."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._other: Mistaken | Variant | None = None
        self._hidden: Mistaken | Variant | None = None  # what was put away last
        self._beside: Beside | None = None

    def make(self, name: str) -> "Beside":
        """Run the program with a mistake of the table in it beside the right one; `cut-off:2` says how many decimals
        and `derivative-left-out:delta1` where.

        Raises MistakeError (a ValueError) where there is no such mistake, or it changes nothing here.
        """
        return self._put(mistaken(self._cursor.program, name))

    def vary(self, changes: Sequence[str]) -> "Beside":
        """Run the scenario with some of its keys changed beside it: `optimizer.name=adam`.

        Raises VariantError (a ValueError), which lists what is wrong with them as for a scenario's file.
        """
        from backprop_tui.debugger.mistakes.scenario_variant import Variant

        return self._put(Variant.of(self._cursor.program, self._cursor.scenario, changes))

    def make_none(self) -> None:
        """Run the right program alone."""
        self._hidden = self._other or self._hidden
        self._other = self._beside = None

    def toggle(self) -> "Beside | None":
        """Put away what runs beside, or bring back what was put away last; what runs there now, if anything does."""
        if self._other is not None:
            self.make_none()
            return None
        return None if self._hidden is None else self._put(self._hidden)

    def _put(self, other: "Mistaken | Variant") -> "Beside":
        self._other, self._beside = other, None
        return self._besides(other)

    @property
    def beside(self) -> "Beside | None":
        """The right run and the one beside it, both with the edits of the branch; None where it runs alone."""
        return None if self._other is None else self._besides(self._other)

    def reach(self, iteration: int) -> Iterator[int]:
        """Compute what is missing of the run beside it up to an iteration, yielding each."""
        beside = self.beside
        return iter(()) if beside is None else beside.b.reach(iteration)

    def _besides(self, other: "Mistaken | Variant") -> "Beside":
        from backprop_tui.debugger.mistakes.side_by_side import Beside

        if self._beside is None or self._beside.a is not self._cursor.timeline:
            self._beside = Beside(self._cursor.timeline, other)
        self._beside.step = self._cursor.step
        return self._beside


def check_name(name: str) -> None:
    """Raises MistakeError where the table has no such mistake."""
    _parts(name)


def _slip(program: Program, text: str) -> "Slip":
    """A mistake as people type it: its name, `updates-first`; with decimals where it has any, `cut-off:2`; with the
    place where it is made, `derivative-left-out:delta1`; with the number of its way, if it has several, `complement:2`.
    Raises MistakeError.
    """
    from backprop_tui.engine.mistakes.mistaken_program import Slip, default, slips

    mistake, numbers, places = _parts(text)
    if numbers and mistake.digits != (0,):
        return Slip(mistake, numbers[0])
    if not (numbers or places):
        return default(program, mistake) or Slip.of(mistake)
    found = [*slips(program, mistake)]
    if not found:
        return Slip.of(mistake)
    ways = [slip.way for slip in found]
    there = [slip for slip in found if not numbers or (slip.way == numbers[0] - 1 and any(ways))]
    if places:
        there = [slip for slip in there if slip.site == places[0]] or _changing(program, there, places[0])
    if not there:
        raise MistakeError(f"'{clean(text, 60)}': {_where(program, found)}")
    return there[0]


def _changing(program: Program, found: "Sequence[Slip]", name: str) -> "list[Slip]":
    """The ways to make a mistake that change an operation, with what changes least besides first: so an audit says
    where a mistake was made that is made in one way.
    """
    changed = {slip: _changed(program, slip) for slip in found}
    return sorted((slip for slip in found if name in changed[slip]), key=lambda slip: len(changed[slip]))


def _changed(program: Program, slip: "Slip") -> frozenset[str]:
    from backprop_tui.engine.mistakes.mistaken_program import Mistaken

    return Mistaken.of(program, slip).changed


def _where(program: Program, found: "Sequence[Slip]") -> str:
    """Where a mistake can be made, and in how many ways."""
    changed = _changed(program, found[0])
    sites = [slip.site for slip in found if slip.site] or [o.name for o in program.operations if o.name in changed]
    ways = max(slip.way for slip in found) + 1
    in_ways = f", in {ways} ways" if ways > 1 else ""
    return f"it can be made in {', '.join(dict.fromkeys(sites))}{in_ways}"


def _parts(text: str) -> "tuple[Mistake, list[int], list[str]]":
    """The row of a mistake, and the numbers and the places that are given with it. Raises MistakeError."""
    from backprop_tui.engine.mistakes.mistakes import MISTAKES

    name, *more = text.strip().split(":")
    mistake = MISTAKES.get(name)
    if mistake is None:
        close = get_close_matches(name, MISTAKES, 1)
        hint = f" (did you mean '{close[0]}'?)" if close else "; 'backprop-tui mistakes' lists all"
        raise MistakeError(f"there is no mistake '{clean(name, 40)}'{hint}")
    numbers = [int(one[:3]) for one in more if one.isdecimal() and one.isascii()]
    has_digits = mistake.digits != (0,)
    if has_digits and any(number > MOST_DIGITS for number in numbers):
        with_digits = " and ".join(name for name, mistake in MISTAKES.items() if mistake.digits != (0,))
        raise MistakeError(f"'{clean(text, 40)}': decimals, up to {MOST_DIGITS}, have {with_digits}")
    return mistake, numbers, [one for one in more if not (one.isdecimal() and one.isascii())]
