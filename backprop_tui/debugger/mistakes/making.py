"""Making a classic mistake on purpose: the mistaken run goes beside the right one, step by step."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from backprop_tui.engine.program.program import Program
from backprop_tui.engine.timeline.timeline import Timeline

if TYPE_CHECKING:
    from backprop_tui.debugger.mistakes.side_by_side import Beside
    from backprop_tui.engine.mistakes.mistaken_program import Mistaken


class MistakeError(ValueError):
    """A mistake that is not in the table, or cannot be made here: one line that says so."""


class Mistaking:
    """The part of a debugger that runs a mistaken program beside the right one."""

    program: Program
    timeline: Timeline
    step: int

    def __init__(self) -> None:
        super().__init__()
        self._wrong: Mistaken | None = None
        self._beside: Beside | None = None

    def make_mistake(self, name: str) -> "Beside":
        """Run the program with a mistake of the table in it beside the right one; `cut-off:2` says how many decimals.

        Raises MistakeError (a ValueError) where there is no such mistake, or it changes nothing here.
        """
        from backprop_tui.debugger.mistakes.side_by_side import mistaken, read_slip

        self._wrong = mistaken(self.program, read_slip(name))
        self._beside = None
        return self._besides(self._wrong)

    def make_none(self) -> None:
        """Run the right program alone."""
        self._wrong = self._beside = None

    @property
    def beside(self) -> "Beside | None":
        """The right run and the mistaken one, both with the edits of the branch; None without a mistake."""
        return None if self._wrong is None else self._besides(self._wrong)

    def reach_beside(self, iteration: int) -> Iterator[int]:
        """Compute what is missing of the mistaken run up to an iteration, yielding each."""
        beside = self.beside
        return iter(()) if beside is None else beside.b.reach(iteration)

    def _besides(self, wrong: "Mistaken") -> "Beside":
        from backprop_tui.debugger.mistakes.side_by_side import Beside

        if self._beside is None or self._beside.a is not self.timeline:
            self._beside = Beside(self.timeline, wrong)
        self._beside.step = self.step
        return self._beside


def check_name(name: str) -> None:
    """Raises MistakeError where the table has no such mistake."""
    from backprop_tui.debugger.mistakes.side_by_side import read_slip

    read_slip(name)
