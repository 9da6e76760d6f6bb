"""Rows of text of the screen's width between the panes and the footer, there only while there is something in them."""

from collections.abc import Sequence

from textual.strip import Strip
from textual.widget import Widget


class Below(Widget):
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
        if strips != self.strips:
            self.strips = strips
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """A row of them."""
        found = self.strips[y] if y < len(self.strips) else Strip.blank(self.size.width)
        return found.adjust_cell_length(self.size.width).apply_style(self.rich_style)
