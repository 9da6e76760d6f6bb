"""Autoplay: an operation at a time, at any speed, until a key is pressed."""

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static

from backprop_tui.tui.dialogs.basics.dialog import Dialog

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)  # operations a second
FASTER, SLOWER = ("plus", "equals_sign", "up"), ("minus", "down")


class PlayScreen(Dialog[float], inherit_bindings=False):
    """Calls `tick` at a number of times per second until it says why to stop; answers with the speed."""

    DEFAULT_CSS = """
    PlayScreen { align: left bottom; background: transparent; }
    PlayScreen Static { height: 1; dock: bottom; background: $panel; padding: 0 1; }
    """

    def __init__(self, tick: Callable[[], bool], speed: float) -> None:
        super().__init__()
        self.tick = tick
        self.speed = speed
        self.timer: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Static("")

    def on_mount(self) -> None:
        self._set(self.speed)

    def on_unmount(self) -> None:
        self._end()

    def _set(self, speed: float) -> None:
        self.speed = speed
        self._end()
        self.timer = self.set_interval(1 / speed, self._tick)
        text = f"autoplay, {speed:g} a second: + faster, - slower, any other key stops"
        self.query_one(Static).update(Content(text))

    def _end(self) -> None:
        if self.timer is not None:
            self.timer.stop()

    def _tick(self) -> None:
        if self.is_current and not self.tick():
            self._end()
            self.dismiss(self.speed)

    def on_key(self, event: events.Key) -> None:
        event.stop()
        if event.key in FASTER:
            self._set(next((speed for speed in SPEEDS if speed > self.speed), self.speed))
        elif event.key in SLOWER:
            self._set(next((speed for speed in reversed(SPEEDS) if speed < self.speed), self.speed))
        else:
            self._end()
            self.dismiss(self.speed)

    def on_click(self, event: events.Click) -> None:
        self._end()
        self.dismiss(self.speed)
