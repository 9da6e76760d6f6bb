"""The desk as its own parts see it."""

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from textual.app import App
from textual.geometry import Size
from textual.screen import Screen
from textual.worker import Worker

from backprop_tui.tui.shared.desk import Desk
from backprop_tui.tui.shared.keys import Key


class Host(Desk, Protocol):
    """What a dialog sees, and what else the parts need: work in the background, and the footer."""

    rows: tuple[Key, ...]

    @property
    def app(self) -> App[Any]:
        """The application."""

    @property
    def screen(self) -> Screen[Any]:
        """The desk as Textual's screen."""

    @property
    def size(self) -> Size:
        """Its width and height."""

    @property
    def is_current(self) -> bool:
        """Whether no dialog lies over it."""

    def run_worker(
        self, work: Callable[[], Coroutine[None, None, None]], *, group: str, exclusive: bool
    ) -> Worker[None]:
        """Run a coroutine beside the event loop's other work."""

    def call_after_refresh(self, callback: Callable[[], None]) -> bool:
        """Call back once what changed is on the screen."""

    def call_later(self, callback: Callable[..., None], *arguments: Any) -> bool:
        """Call back after the messages that wait already."""

    def set_interval(self, interval: float, callback: Callable[[], None]) -> object:
        """Call back again and again."""

    def show_footer(self) -> None:
        """Show the footer alone anew."""

    def tell(self, text: str) -> None:
        """Show a text in the footer, or in a panel where it is too long for that."""

    def kept_view(self) -> dict[str, int]:
        """What a session keeps of how things are shown."""

    def take_view(self) -> None:
        """Show things as a session that was resumed has it."""
