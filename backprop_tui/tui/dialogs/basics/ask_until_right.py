"""A question that is asked until its answer is accepted: what is wrong with an answer is said above it."""

from collections.abc import Callable

from textual.widgets import Input

from backprop_tui.debugger.console.console import LineSession
from backprop_tui.tui.dialogs.basics.prompt import PromptScreen


class AskScreen(PromptScreen[str | None]):
    """`take` is given what was typed, and raises ValueError or KeyError where that is not acceptable.

    What stands after `word` on the `:` line completes it; `help` is said until something is wrong.
    """

    def __init__(
        self,
        sign: str,
        take: Callable[[str], object],
        session: LineSession,
        *,
        word: str,
        initial: str = "",
        say: str = "",
    ) -> None:
        super().__init__()
        self.sign, self.initial = f"{sign} ", initial
        self.take = take
        self.session = session
        self.word = word
        self.says = say

    def on_mount(self) -> None:
        super().on_mount()
        self.hint(self.says)

    def on_input_changed(self) -> None:
        self.hint(self.says)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        if not typed:
            self.dismiss(None)
            return
        try:
            self.take(typed)
        except (ValueError, KeyError) as error:
            self.hint(self.session.message(error))
            return
        self.dismiss(typed)

    def tell(self, what: str) -> None:
        """Complete what is typed."""
        if what == "complete":
            self.complete(self.session, self.word)
