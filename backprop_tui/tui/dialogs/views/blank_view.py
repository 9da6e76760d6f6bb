"""A blank screen, for somebody who wants to be listened to. The next key brings all back, and does nothing else."""

from collections.abc import Callable

from rich.console import RenderableType
from textual import events

from backprop_tui.tui.dialogs.basics.dialog import Dialog


class BlankScreen(Dialog[None], inherit_bindings=False):
    """Nothing."""

    DEFAULT_CSS = "BlankScreen { background: black; }"

    def __init__(self, ended: Callable[[], None]) -> None:
        """`ended` is called once everything is back."""
        super().__init__()
        self.ended = ended

    def on_unmount(self) -> None:
        self.ended()

    def render(self) -> RenderableType:
        """Nothing of what lies below."""
        return ""

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.dismiss()

    def on_click(self, event: events.Click) -> None:
        self.dismiss()
