"""What a command printed, where it is more than a line."""

from collections.abc import Container

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from backprop_tui.tui.dialogs.basics.dialog import Paged, Sheet

LIMIT = 200_000  # characters
SCROLLS = (
    *("j", "k", "up", "down", "ctrl+d", "ctrl+u", "space", "pageup", "pagedown", "home", "end", "left", "right"),
)
CLOSES = ("escape", "q", "enter")


class OutputScreen(Paged):
    """A panel at the foot of the screen that scrolls. Any other key closes it and does its usual work."""

    DEFAULT_CSS = """
    OutputScreen { align: left bottom; background: transparent; }
    OutputScreen Sheet {
        width: 100%; height: auto; max-height: 60%;
        background: $surface; border: round $primary; padding: 0 1;
    }
    """
    BINDINGS = [
        Binding(",".join(CLOSES), "dismiss", "close", show=False),
    ]

    def __init__(self, text: str, gives_way: Container[str] = ()) -> None:
        """`gives_way` are keys that scroll elsewhere, and here close it: those of a clicker, in a lecture."""
        super().__init__()
        self.text, self.gives_way = text, gives_way

    def compose(self) -> ComposeResult:
        with Sheet() as panel:
            panel.border_subtitle = "Esc closes"
            yield Static(Content(self.text[:LIMIT]))

    def makes_way(self, key: str) -> bool:
        """All keys but its own do."""
        return key in self.gives_way or key not in (*SCROLLS, *CLOSES)

    def at_end(self) -> None:
        self.dismiss()
