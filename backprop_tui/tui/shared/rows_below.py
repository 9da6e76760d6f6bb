"""Rows of text of the screen's width between the panes and the footer, there only while there is something in them."""

from collections.abc import Sequence

from textual.strip import Strip

from backprop_tui.tui.shared.painted import Painted


class Below(Painted):
    """A block of rows."""

    DEFAULT_CSS = "Below { height: 0; display: none; background: $panel; }"

    def __init__(self, id: str) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self.rows = 0
        self.strips: Sequence[Strip] = ()

    def take(self, rows: int) -> None:
        """Take up that many rows."""
        if rows != self.rows:
            self.rows = rows
            self.styles.height, self.display = rows, bool(rows)

    def paint(self, strips: Sequence[Strip]) -> None:
        """Show these rows."""
        old, self.strips = self.strips, strips
        self.changed([y for y in range(max(len(old), len(strips))) if old[y : y + 1] != strips[y : y + 1]])

    def row(self, y: int) -> Strip:
        """A row of them."""
        width = self.inside.width
        found = self.strips[y] if y < len(self.strips) else Strip.blank(width)
        return found.adjust_cell_length(width)
