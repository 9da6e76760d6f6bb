"""The `:` line: history, completion, and the usage of the command that is being typed."""

from textual.binding import Binding
from textual.widgets import Input

from backprop_tui.debugger.line.complete import beginning, candidates
from backprop_tui.debugger.line.line_session import LineSession
from backprop_tui.tui.screens.prompt import LONGEST, PromptScreen


class LineInput(Input):
    """An input whose Tab completes, and whose arrows up and down go through the history."""

    BINDINGS = [
        Binding("tab", "tell('complete')", "complete", show=False),
        Binding("up,ctrl+p", "tell('older')", "the line before", show=False),
        Binding("down,ctrl+n", "tell('newer')", "the line after", show=False),
    ]

    def action_tell(self, what: str) -> None:
        if isinstance(self.screen, LineScreen):  # at once, before the keys that follow
            self.screen.tell(what)


class LineScreen(PromptScreen[str | None]):
    """Answers with the line that was typed."""

    def __init__(self, session: LineSession, history: list[str]) -> None:
        super().__init__()
        self.session = session
        self.history = history
        self.at = len(history)
        self.typed = ""
        """What was typed before the history was gone through."""

    def input(self) -> Input:
        return LineInput(max_length=LONGEST, select_on_focus=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        word = self.session.words.by_name.get(event.value.strip().partition(" ")[0])
        self.hint(f"{word.synopsis}: {word.text}" if word else "")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip() or None)

    def tell(self, what: str) -> None:
        """Complete the line, or put another line of the history in its place."""
        if what == "complete":
            self._complete()
        else:
            self._recall(-1 if what == "older" else 1)

    def _recall(self, by: int) -> None:
        line = self.query_one(LineInput)
        if self.at == len(self.history):
            self.typed = line.value
        self.at = min(max(self.at + by, 0), len(self.history))
        self._put([*self.history, self.typed][self.at])

    def _complete(self) -> None:
        line = self.query_one(LineInput)
        found = candidates(self.session, line.value)
        if not found:
            return
        common = beginning(found)
        if len(common) > len(line.value.lstrip()):
            self._put(common)
        if len(found) > 1:
            self.call_after_refresh(self.hint, "  ".join(one.rstrip().rpartition(" ")[2] for one in found))

    def _put(self, text: str) -> None:
        line = self.query_one(LineInput)
        line.value = text
        line.cursor_position = len(text)
