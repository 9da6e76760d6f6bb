"""What all dialogs share: what is seen through one is the screen below it."""

from typing import TypeVar

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
