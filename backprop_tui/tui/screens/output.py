"""What a command printed, where it is more than a line."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from backprop_tui.tui.screens.dialog import Dialog

LIMIT = 200_000  # characters
SCROLLS = ("j", "k", "up", "down", "pageup", "pagedown", "home", "end", "left", "right")
CLOSES = ("escape", "q", "enter", "space")


class OutputScreen(Dialog[None]):
    """A panel at the foot of the screen that scrolls. Any other key closes it and does what it does without it."""

    DEFAULT_CSS = """
    OutputScreen { align: left bottom; background: transparent; }
    OutputScreen VerticalScroll {
        width: 100%; height: auto; max-height: 60%;
        background: $surface; border: round $primary; padding: 0 1;
    }
    """
    BINDINGS = [
        Binding(",".join(CLOSES), "dismiss", "close", show=False),
        Binding("j", "scroll(1)", "down", show=False),
        Binding("k", "scroll(-1)", "up", show=False),
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def compose(self) -> ComposeResult:
        with VerticalScroll() as panel:
            panel.border_subtitle = "Esc closes"
            yield Static(Content(self.text[:LIMIT]))

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).focus()

    def makes_way(self, key: str) -> bool:
        """Whether a key is none of its own."""
        return key not in (*SCROLLS, *CLOSES)

    def action_scroll(self, by: int) -> None:
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)
