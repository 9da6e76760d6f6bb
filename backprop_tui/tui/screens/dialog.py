"""What all dialogs share: what is seen through one is the screen below it."""

from collections.abc import Callable
from typing import Any, TypeVar

from rich.console import RenderableType
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """A dialog. Textual keeps what lies below in a list that each drawing takes from: two over one another may then
    draw each other without end. Here it is always the next one down.
    """

    def render(self) -> RenderableType:
        """The screen below, tinted."""
        stack = self.app.screen_stack
        place = stack.index(self) if self in stack else 0
        return BackgroundScreen(stack[place - 1], self.styles.background) if place else super().render()

    def call_after_refresh(self, callback: Callable[..., object], *args: Any, **kwargs: Any) -> bool:
        """Textual calls back a dialog that was left meanwhile too, whose widgets are gone by then."""

        def call() -> object:
            return callback(*args, **kwargs) if self in self.app.screen_stack else None

        return super().call_after_refresh(call)
