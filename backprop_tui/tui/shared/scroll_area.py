"""Strips that fill a part of a dialog, scrolled where they are too many."""

from textual import events
from textual.strip import Strip
from textual.widget import Widget


class Area(Widget):
    """Rows of strips, from `top` on."""

    DEFAULT_CSS = "Area { height: 1fr; background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self.strips: list[Strip] = []
        self.top = 0

    def show(self, strips: list[Strip]) -> None:
        """Show other strips."""
        self.strips = strips
        self.scroll_rows(0)

    def scroll_rows(self, count: int) -> None:
        """Scroll by a number of rows, as far as there are any."""
        self.top = max(0, min(self.top + count, len(self.strips) - self.size.height))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """A row in sight."""
        row = y + self.top
        found = self.strips[row] if row < len(self.strips) else Strip.blank(self.size.width)
        return found.adjust_cell_length(self.size.width).apply_style(self.rich_style)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_rows(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_rows(-3)
