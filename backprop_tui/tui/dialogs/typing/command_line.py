"""The `:` line: history, completion, and the usage of the command that is being typed."""

from textual.widgets import Input

from backprop_tui.debugger.console.console import LineSession
from backprop_tui.tui.dialogs.basics.prompt import PromptInput, PromptScreen


class LineScreen(PromptScreen[str | None]):
    """Answers with the line that was typed."""

    def __init__(self, session: LineSession, history: list[str]) -> None:
        super().__init__()
        self.session = session
        self.history = history
        self.at = len(history)
        self.typed = ""
        """What was typed before a line of the history replaced it."""

    def on_input_changed(self, event: Input.Changed) -> None:
        word = self.session.words.meant(event.value.strip().partition(" ")[0])
        self.hint(f"{word.synopsis}: {word.text}" if word else "")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip() or None)

    def tell(self, what: str) -> None:
        """Complete the line, or replace it by a line of the history."""
        if what == "complete":
            self.complete(self.session)
        else:
            self._recall(-1 if what == "older" else 1)

    def _recall(self, by: int) -> None:
        if self.at == len(self.history):
            self.typed = self.query_one(PromptInput).value
        self.at = min(max(self.at + by, 0), len(self.history))
        self.put([*self.history, self.typed][self.at])
