"""One key as an answer: the letter of a mark."""

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from backprop_tui.tui.dialogs.basics.dialog import Dialog


class LetterScreen(Dialog[str]):
    """Answers with the character of the next key; with nothing for Esc and keys without one."""

    DEFAULT_CSS = """
    LetterScreen { align: left bottom; background: transparent; }
    LetterScreen Static { height: 1; dock: bottom; background: $panel; padding: 0 1; }
    """

    def __init__(self, question: str) -> None:
        super().__init__()
        self.question = question

    def compose(self) -> ComposeResult:
        yield Static(Content(self.question))

    def on_key(self, event: events.Key) -> None:
        event.stop()
        character = "'" if event.key == "apostrophe" else event.character or ""
        self.dismiss(character if character.isprintable() else "")
