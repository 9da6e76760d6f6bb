"""What a command printed, where it is more than a line."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

from backprop_tui.tui.screens.dialog import Paged, Sheet

LIMIT = 200_000  # characters
SCROLLS = (
    *("j", "k", "up", "down", "ctrl+d", "ctrl+u", "space", "pageup", "pagedown", "home", "end", "left", "right"),
)
CLOSES = ("escape", "q", "enter")


class OutputScreen(Paged):
    """A panel at the foot of the screen that scrolls. Any other key closes it and does what it does without it."""

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

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def compose(self) -> ComposeResult:
        with Sheet() as panel:
            panel.border_subtitle = "Esc closes"
            yield Static(Content(self.text[:LIMIT]))

    def makes_way(self, key: str) -> bool:
        """Whether a key is none of its own."""
        return key not in (*SCROLLS, *CLOSES)

    def at_end(self) -> None:
        self.dismiss()
