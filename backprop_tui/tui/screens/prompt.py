"""A prompt in the footer's place: one line to type in, and what is said of it above."""

from typing import TypeVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from backprop_tui.text import clean

Answer = TypeVar("Answer")
LONGEST = 600  # a little more than an expression may have


class PromptScreen(ModalScreen[Answer]):
    """Answers with what its subclass makes of the text, or None when it is cancelled."""

    DEFAULT_CSS = """
    PromptScreen { align: left bottom; background: transparent; }
    PromptScreen #prompt { height: 1; dock: bottom; background: $panel; }
    PromptScreen .prompt { width: auto; padding: 0 0 0 1; text-style: bold; }
    PromptScreen Input { width: 1fr; height: 1; border: none; padding: 0; background: $panel; }
    PromptScreen Input:focus { border: none; background-tint: transparent; }
    PromptScreen #hint {
        dock: bottom; offset-y: -1; width: 100%; height: auto; max-height: 8; padding: 0 1;
        background: $surface; color: $text-muted; display: none;
    }
    """
    BINDINGS = [Binding("escape", "dismiss(None)", "cancel", show=False)]
    sign = ":"

    def compose(self) -> ComposeResult:
        yield Static("", id="hint", markup=False)
        with Horizontal(id="prompt"):
            yield Static(self.sign, classes="prompt", markup=False)
            yield self.input()

    def input(self) -> Input:
        """The line to type in."""
        return Input(max_length=LONGEST, select_on_focus=False)

    def on_mount(self) -> None:
        self.set_focus(self.query_one(Input))

    def hint(self, text: str) -> None:
        """Say something above the line; nothing where the text is empty."""
        hint = self.query_one("#hint", Static)
        hint.display = bool(text)
        hint.update(Content(clean(text, 2000, lines=True)))
