"""The prompt of a question: an answer and Enter, Tab for a hint, Esc to see the result."""

from collections.abc import Callable

from textual import events
from textual.binding import Binding
from textual.widgets import Input

from backprop_tui.tui.dialogs.basics.prompt import LONGEST, PromptScreen

HINT = ("question_mark", "?")  # a question mark is never part of an answer
# keys -> what is wished for
WISHES = {
    "tab": "hint",
    "shift+tab": "pane",
    "up": "up",
    "down": "down",
    "pageup": "page-up",
    "pagedown": "page-down",
}


class AnswerInput(Input):
    """An input that leaves to its screen the keys that are not part of an answer."""

    BINDINGS = [Binding(key, f"tell('{wish}')", wish, show=False) for key, wish in WISHES.items()]

    def action_tell(self, what: str) -> None:
        if isinstance(self.screen, AnswerScreen):
            self.screen.wish(what)

    def on_key(self, event: events.Key) -> None:
        if event.key in HINT:
            event.stop()
            event.prevent_default()
            self.action_tell("hint")


class AnswerScreen(PromptScreen[None]):
    """Asks until the question is closed. `do` carries out a wish, and returns what to say about it.

    An answer about which there is something to say stays in the line, to be corrected.
    """

    BINDINGS = [Binding("escape", "wish('show')", "show the result", show=False)]

    def __init__(
        self, subject: str, placeholder: str, do: Callable[[str, str], str], is_open: Callable[[], bool]
    ) -> None:
        super().__init__()
        self.sign = subject
        self.placeholder = placeholder
        self.do = do
        self.is_open = is_open

    def input(self) -> Input:
        return AnswerInput(placeholder=self.placeholder, max_length=LONGEST, select_on_focus=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.wish("answer" if event.value.strip() else "show", event.value)

    def on_input_changed(self, _: Input.Changed) -> None:
        self.hint("")

    def action_wish(self, what: str) -> None:
        self.wish(what)

    def wish(self, what: str, text: str = "") -> None:
        """Do it, say what is said of it, and leave once the question is closed."""
        said = self.do(what, text)
        if not self.is_open():
            self.dismiss(None)
            return
        if what == "answer" and not said:
            with self.prevent(Input.Changed):
                self.query_one(Input).clear()
        self.hint(said)
