"""Search: the first match is shown as you type."""

from collections.abc import Callable

from textual.widgets import Input

from backprop_tui.tui.dialogs.basics.prompt import PromptScreen


class SearchScreen(PromptScreen[str | None]):
    """Answers with the text to search for; `preview` is given it as it grows and says what there is of it."""

    sign = "/"

    def __init__(self, preview: Callable[[str], str]) -> None:
        super().__init__()
        self.preview = preview

    def on_mount(self) -> None:
        super().on_mount()
        self.hint(self.preview(""))

    def on_input_changed(self, event: Input.Changed) -> None:
        self.hint(self.preview(event.value.strip()))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip())
