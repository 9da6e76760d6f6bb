"""What all dialogs share: the screen below shows through, and a dialog that was left does nothing any more."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from rich.console import RenderableType
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.events import Unmount
from textual.message import Message
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen
from textual.timer import Timer

from backprop_tui.tui.terminal.textual_private import Sifted, is_going

Answer = TypeVar("Answer")


class Dialog(Sifted, ModalScreen[Answer]):
    """A dialog, which is answered once.

    Textual keeps what lies below in a list that each drawing takes from: two over one another may then draw each other
    without end. Here it is always the next one down.
    """

    BINDINGS = [Binding("ctrl+c", "app.help_quit", "how to leave", show=False)]

    closed_by = "Esc"
    """The key that closes it."""

    @property
    def is_left(self) -> bool:
        """Whether it was answered, or the program ends: its widgets are gone, or never come."""
        return is_going(self) or self not in self.app.screen_stack

    def makes_way(self, key: str) -> bool:
        """Whether a key closes it, and then does what it does without the dialog."""
        return False

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Answer it, and close it with all that lies above it; a second answer is ignored."""
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
        """Call back, unless it was left in the meantime."""
        return super().call_after_refresh(self.unless_left, callback, *args, **kwargs)

    def set_interval(self, interval: float, callback: Callable[..., object] | None = None, **settings: Any) -> Timer:
        """Call back again and again, unless it was left in the meantime."""
        return super().set_interval(interval, callback and partial(self.unless_left, callback), **settings)

    def unless_left(self, callback: Callable[..., object], *args: Any, **kwargs: Any) -> object:
        """What a callback returns; nothing, without calling it, once this was left."""
        return None if self.is_left else callback(*args, **kwargs)

    def hears(self, own: type, message: Message) -> bool:
        """Messages that arrive after it was left, even its own mounting, go to Textual's base classes alone."""
        ours = own is not ModalScreen and issubclass(own, ModalScreen)
        return not ours or not self.is_left or isinstance(message, Unmount)


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
        """Scroll by pages; a whole page keeps one row in sight."""
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
        """What Space does after the last page."""
