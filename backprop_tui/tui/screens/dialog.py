"""What all dialogs share: what is seen through one is the screen below it, and one that was left does nothing more."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

from rich.console import RenderableType
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.events import Unmount
from textual.message import Message
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """A dialog, which is answered once.

    Textual keeps what lies below in a list that each drawing takes from: two over one another may then draw each other
    without end. Here it is always the next one down.
    """

    BINDINGS = [Binding("ctrl+c", "app.help_quit", "how to leave", show=False)]

    @property
    def is_left(self) -> bool:
        """Whether it was answered, or the program ends: its widgets are gone, or never come."""
        return self._pruning or self._closing or self not in self.app.screen_stack

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Answer it, and close it with all that lies above it; a second answer is none."""
        if self.is_left:
            return AwaitComplete()
        while self.app.screen is not self:
            self.app.pop_screen()
        return super().dismiss(result)

    def render(self) -> RenderableType:
        """The screen below, tinted."""
        stack = self.app.screen_stack
        place = stack.index(self) if self in stack else 0
        return BackgroundScreen(stack[place - 1], self.styles.background) if place else super().render()

    def call_after_refresh(self, callback: Callable[..., object], *args: Any, **kwargs: Any) -> bool:
        """Call back, unless it was left meanwhile."""
        return super().call_after_refresh(self._unless_left, callback, *args, **kwargs)

    def _unless_left(self, callback: Callable[..., object], *args: Any, **kwargs: Any) -> object:
        return None if self.is_left else callback(*args, **kwargs)

    def _get_dispatch_methods(
        self, method_name: str, message: Message
    ) -> Iterable[tuple[type, Callable[[Message], Awaitable[Any]]]]:
        """What still comes once it was left, its own mounting even, is dealt with by Textual's base alone."""
        for own, method in super()._get_dispatch_methods(method_name, message):
            if (
                not self.is_left
                or isinstance(message, Unmount)
                or own is ModalScreen
                or not issubclass(own, ModalScreen)
            ):
                yield own, method


class Sheet(VerticalScroll, inherit_bindings=False):
    """What scrolls in a pager. Textual's own keys glide, and one that is pressed on the way goes on from there."""


class Paged(Dialog[None]):
    """A text that scrolls as in a pager: at once, so that two keys go twice as far as one."""

    BINDINGS = [
        Binding("j,down", "scroll(1)", "down", show=False),
        Binding("k,up", "scroll(-1)", "up", show=False),
        Binding("ctrl+d", "scroll_page(0.5)", "half a page down", show=False),
        Binding("ctrl+u", "scroll_page(-0.5)", "half a page up", show=False),
        Binding("pagedown", "scroll_page(1)", "a page down", show=False),
        Binding("pageup", "scroll_page(-1)", "a page up", show=False),
        Binding("home", "scroll_whole(-1)", "to the start", show=False),
        Binding("end", "scroll_whole(1)", "to the end", show=False),
        Binding("space", "page_on", "a page down", show=False),
    ]

    @property
    def sheet(self) -> Sheet:
        """What scrolls."""
        return self.query_one(Sheet)

    def on_mount(self) -> None:
        self.sheet.focus()

    def action_scroll(self, by: int) -> None:
        self.sheet.scroll_relative(y=by, animate=False, immediate=True)

    def action_scroll_page(self, pages: float) -> None:
        """Go on by pages; of a whole one a row stays in sight."""
        rows = int(abs(pages) * self.sheet.scrollable_content_region.height) - int(abs(pages) == 1)
        self.action_scroll(max(1, rows) * (1 if pages > 0 else -1))

    def action_scroll_whole(self, way: int) -> None:
        self.action_scroll(way * self.sheet.max_scroll_y)

    def action_page_on(self) -> None:
        sheet = self.sheet
        if sheet.scroll_offset.y >= sheet.max_scroll_y:
            self.at_end()
        else:
            self.action_scroll_page(1)

    def at_end(self) -> None:
        """What Space does where there is no page to come."""
