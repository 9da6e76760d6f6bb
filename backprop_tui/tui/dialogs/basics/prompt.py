"""A prompt in the footer's place: one line to type in, and what is said of it above."""

from typing import TypeVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from backprop_tui.debugger.console.complete import beginning, candidates
from backprop_tui.debugger.console.console import LineSession
from backprop_tui.text import clean
from backprop_tui.tui.dialogs.basics.dialog import Dialog

Answer = TypeVar("Answer")
LONGEST = 2000  # characters: a little more than a breakpoint may have, so that its own limit is what is reported


class PromptInput(Input):
    """An input that tells its screen of Tab and of arrows up and down."""

    BINDINGS = [
        Binding("tab", "tell('complete')", "complete", show=False),
        Binding("up,ctrl+p", "tell('older')", "the previous line", show=False),
        Binding("down,ctrl+n", "tell('newer')", "the next line", show=False),
    ]

    def action_tell(self, what: str) -> None:
        if isinstance(self.screen, PromptScreen):  # at once, before the keys that follow
            self.screen.tell(what)


class PromptScreen(Dialog[Answer]):
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
    initial = ""

    def compose(self) -> ComposeResult:
        yield Static("", id="hint", markup=False)
        with Horizontal(id="prompt"):
            yield Static(Content(self.sign), classes="prompt", markup=False)
            yield self.input()

    def input(self) -> Input:
        """What is typed into."""
        return PromptInput(self.initial, max_length=LONGEST, select_on_focus=False)

    def on_mount(self) -> None:
        self.set_focus(self.query_one(Input))

    def hint(self, text: str) -> None:
        """Say something above the line; nothing where the text is empty."""
        hint = self.query_one("#hint", Static)
        hint.display = bool(text)
        hint.update(Content(clean(text, 2000, lines=True)))

    def tell(self, what: str) -> None:
        """Tab was pressed, or an arrow up or down."""

    def complete(self, session: LineSession, word: str = "") -> None:
        """Complete the text as if it stood after a word of the `:` line; say what there is to choose from."""
        line = self.query_one(PromptInput)
        typed = f"{word} {line.value.lstrip()}" if word else line.value.lstrip()
        found = candidates(session, typed)
        if not found:
            return
        common = beginning(found)
        if len(common) > len(typed):
            self.put(common.removeprefix(f"{word} ") if word else common)
        if len(found) > 1:
            self.call_after_refresh(self.hint, "  ".join(one.rstrip().rpartition(" ")[2] for one in found))

    def put(self, text: str) -> None:
        """Put a text in the line."""
        line = self.query_one(PromptInput)
        line.value = text
        line.cursor_position = len(text)
