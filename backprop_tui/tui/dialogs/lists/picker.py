"""The picker: the bundled scenarios, when none was named."""

from collections.abc import Callable
from pathlib import Path

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from backprop_tui.debugger.sessions.session import place, position_in
from backprop_tui.scenario import bundled
from backprop_tui.scenario.library import find
from backprop_tui.tui.drawing.glyphs import ASCII, UNICODE
from backprop_tui.tui.terminal.textual_private import Options


class PickerScreen(Screen[None]):
    """The library, a line each; one that is picked is opened."""

    DEFAULT_CSS = """
    PickerScreen { padding: 1 2; }
    PickerScreen OptionList { height: auto; max-height: 1fr; margin: 1 0; border: round $primary; }
    """
    BINDINGS = [
        Binding("q,escape", "app.quit", "quit", show=False),
        Binding("j", "move(1)", "down", show=False),
        Binding("k", "move(-1)", "up", show=False),
    ]

    def __init__(self, pick: Callable[[str], object], *, ascii_only: bool = False) -> None:
        super().__init__()
        self.pick = pick
        self.glyphs = ASCII if ascii_only else UNICODE

    def compose(self) -> ComposeResult:
        yield Static("Which scenario? Enter opens it, q quits.", markup=False)
        yield Options(*self._options(), markup=False)
        yield Static(
            "A file of your own: backprop-tui new my.toml writes a commented one, backprop-tui my.toml opens it.",
            markup=False,
        )

    def _options(self) -> list[Option]:
        found = [(name, self.glyphs.text(title)) for name, title in bundled()]
        width = max((len(name) for name, _ in found), default=0)
        return [Option(Content(f"{name:<{width}}  {title}{_resumes(name)}"), id=name) for name, title in found]

    def on_screen_resume(self) -> None:
        """Look again where each resumes, where one was left."""
        for options in self.query(Options):
            at = options.highlighted
            options.set_options(self._options())
            options.highlighted = at

    def on_mount(self) -> None:
        self.query_one(Options).focus()

    def action_move(self, by: int) -> None:
        options = self.query_one(Options)
        (options.action_cursor_down if by > 0 else options.action_cursor_up)()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.pick(event.option.id or "")


def _resumes(name: str) -> str:
    """That there is a session of a scenario, and where it is."""
    file = find(name)
    session = place(name, file, "") if isinstance(file, Path) else None
    position = position_in(session) if session is not None and session.exists() else None
    return f"  (resumes at {position})" if position else ""
