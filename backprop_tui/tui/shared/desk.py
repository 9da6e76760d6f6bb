"""The desk as dialogs see it: what is debugged, how it is shown, and what can be done with it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.moving.task import Task
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.theme import Styles
from backprop_tui.tui.shared.view import View

if TYPE_CHECKING:
    from backprop_tui.debugger.console.console import LineSession


class Desk(Protocol):
    """What a dialog may read and do of the main screen, which lies below it."""

    debugger: Debugger
    notation: Notation
    paint: Styles
    said: str
    """What the footer says until the next key."""
    shown: list[Callable[[], None]]
    """Called when something else is shown."""

    def look(self) -> dict[str, int]:
        """How the panes lie."""

    def take_look(self, look: Mapping[str, int]) -> None:
        """Lay the panes as they were."""

    @property
    def session(self) -> "LineSession":
        """What runs the commands of the `:` line."""

    @property
    def busy(self) -> bool:
        """Whether something goes on in the background."""

    def view(self) -> View:
        """The moment that the panes show, and how."""

    def show(self) -> None:
        """Show the current moment in every pane."""

    def say(self, text: str) -> None:
        """Say something in the footer until the next key."""

    def go(self, step: int, *, jump: bool = False) -> None:
        """Go to a step; after a jump there is a way back."""

    def do(self, task: Task, *, jump: bool = False) -> None:
        """Do what may take long: in the background after a moment, with progress."""

    def stop(self) -> None:
        """End what goes on in the background where it has got to."""

    async def finished(self) -> None:
        """Wait until nothing goes on in the background."""

    def command(self, text: str) -> None:
        """Run a line as if it had been typed after `:`."""

    def perform(self, name: str, count: int | None = None, arguments: tuple[str, ...] = ()) -> None:
        """Do what a row of the key table does, or one of the commands that have no key."""
