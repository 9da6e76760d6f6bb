"""The notes of a step across the screen, below the panes, where the equation pane has no room for them."""

from functools import cached_property

from msgspec.structs import replace
from textual.geometry import Region
from textual.strip import Strip

from backprop_tui.tui.panes.equation.equation import equation_rows, inside, note_lines
from backprop_tui.tui.panes.equation.room_for_matrices import EVERY
from backprop_tui.tui.panes.kept import Kept
from backprop_tui.tui.shared.rows_below import Below
from backprop_tui.tui.shared.styled_line import Run, strip
from backprop_tui.tui.shared.view import View

MOST = 5  # rows; a longer note stays in the equation pane, which scrolls
MARGIN = 1


class Noting(Below):
    """The notes in some rows of their own."""

    @cached_property
    def kept(self) -> Kept[int]:
        """How many rows the equation takes with the notes of each step."""
        return Kept()

    def wants(self, view: View, equation: Region | None, width: int) -> int:
        """How many rows the notes of a step are worth, where the equation pane has this region or is not seen."""
        if not view.moment.notes:
            return 0
        if equation is not None:
            across, down = inside(equation)
            beside = replace(view, notes_below=False)
            if self.kept.of(beside, across, lambda: len(equation_rows(beside, across, EVERY))) <= down:
                return 0
        rows = len(note_strips(view, width))
        return rows if rows <= MOST else 0

    def show(self, view: View) -> None:
        """Show the notes of a step."""
        self.paint(note_strips(view, self.app.size.width) if self.rows else [])


def note_strips(view: View, width: int) -> list[Strip]:
    """The notes of a step in lines of this width, with a margin."""
    margin: Run = (" " * MARGIN, view.styles.text)
    lines = list(note_lines(view, width - 2 * MARGIN))
    return [strip([margin, *runs], width) for runs in lines]
