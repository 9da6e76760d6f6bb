"""The least that Textual can do: one line, which changes on every key. `numpy` as an argument imports that first."""

import sys
from importlib import import_module

from textual.app import App, ComposeResult
from textual.events import Key
from textual.widgets import Static

if "numpy" in sys.argv:
    import_module("numpy")


class Bare(App[None]):
    """A line that counts keys."""

    pressed = 0

    def compose(self) -> ComposeResult:
        """The line."""
        yield Static("keys pressed: 0")

    def on_key(self, _: Key) -> None:
        """One more."""
        self.pressed += 1
        self.query_one(Static).update(f"keys pressed: {self.pressed}")


if __name__ == "__main__":
    Bare().run()
