"""The application: a scenario in the debugger's screen, or the picker first."""

import gc
from collections.abc import Iterable, Sequence
from functools import partial
from importlib import import_module
from os import environ
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from msgspec import Struct
from textual import events
from textual.app import ScreenStackError, SystemCommand
from textual.await_complete import AwaitComplete
from textual.screen import Screen
from textual.theme import ThemeProvider
from textual.widgets import Input

from backprop_tui.debugger.basics.position import PositionError
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.mistakes.making import MistakeError, check_name
from backprop_tui.scenario import Scenario, load
from backprop_tui.text import clean
from backprop_tui.tui.config import Config, read_config
from backprop_tui.tui.main.actions.key_table import KEYS
from backprop_tui.tui.main.actions.look_actions import toggle_ascii
from backprop_tui.tui.main.parts.session_keeper import Policy
from backprop_tui.tui.main_screen import DebuggerScreen
from backprop_tui.tui.shared.bars import key_of
from backprop_tui.tui.shared.keys import cap
from backprop_tui.tui.shared.theme import THEMES, fitting, variables, wear
from backprop_tui.tui.terminal.leaving import WRONG
from backprop_tui.tui.terminal.leaving_app import LeavingApp
from backprop_tui.tui.terminal.textual_private import Beneath
from backprop_tui.tui.terminal.tidying import Tidying
from backprop_tui.tui.terminal.typed_ahead import concerned, dealt_with, drawn

if TYPE_CHECKING:
    from backprop_tui.tui.speaker.speaker_server import SpeakerServer

PRESSED = events.Key | events.MouseDown | events.MouseScrollDown | events.MouseScrollUp
SETTLED = 0.05  # seconds from the start, or more: not before the first frame is there,
GONE = 1.0  # and those from leaving a scenario until the last timer of what lay over its screen has let go of that
NEEDED = (  # what the first step says of an operation and of what was printed there; then what other keys ask for
    "backprop_tui.tui.dialogs.basics.dialog",
    "backprop_tui.tui.panes.equation.printed_lines",
    "backprop_tui.tui.panes.equation.sample_lines",
    "backprop_tui.debugger.meaning.sentence",
    "backprop_tui.debugger.audit.audit",
    "backprop_tui.debugger.mistakes.diagnosis.causes",
    "backprop_tui.debugger.mistakes.diagnosis.diagnose",
    "backprop_tui.debugger.mistakes.diagnosis.recognised",
    "backprop_tui.debugger.moving.step_into",
    "backprop_tui.debugger.breakpoints.stop_search",
    "backprop_tui.debugger.expressions.find_by_text",
    "backprop_tui.debugger.expressions.find_by_value",
    "backprop_tui.debugger.console.commands.word_table",
    "backprop_tui.debugger.sessions.session",
)


class Opening(Struct, frozen=True):
    """How the application opens: where, with which mistake beside, what becomes of the session.

    `first` is a command of the `:` line that each debugger's screen begins with; `begins` is one that is run once the
    first of them is there. To `present` is to begin in the large view.
    """

    at: str | None = None
    mistake: str | None = None
    ascii_only: bool = False
    session: Policy = "none"
    first: str = ""
    begins: str = ""
    present: bool = False


class BackpropApp(LeavingApp):
    """Steps through a scenario."""

    ENABLE_COMMAND_PALETTE = True
    TITLE = "backprop-tui"
    BINDINGS = []
    # An OptionList with no room at all for its text crashes; the rest is for terminals that have ASCII alone.
    CSS = """
    OptionList { min-width: 16; }
    .-ascii PickerScreen OptionList, .-ascii HelpScreen Sheet, .-ascii OutputScreen Sheet,
    .-ascii AuditScreen Vertical {
        border: ascii $primary; scrollbar-size: 0 0;
    }
    .-ascii CommandPalette SearchIcon { display: none; }
    .-ascii CommandPalette #--input { border: none; }
    .-ascii CommandPalette CommandList { border: none; scrollbar-size: 0 0; }
    .-ascii CommandPalette LoadingIndicator { visibility: hidden; }
    """

    def __init__(self, scenario: Scenario | None, config: Config | None = None, **how: Any) -> None:
        """The app; `how` it opens is as `Opening` has it."""
        super().__init__()
        self.opening = Opening(**how)
        self.begins = self.opening.begins
        self.keyed = False  # since work in the background last rested
        self.tidying = Tidying(self._get_ready)
        self.rows = (config or Config()).rows
        self.scenario = scenario
        self.at, self.mistake = self.opening.at, self.opening.mistake
        self.ascii_only = self.opening.ascii_only
        self.opened: DebuggerScreen | None = None
        self.desks: WeakSet[DebuggerScreen] = WeakSet()  # that there are: the one that is open, and what is still kept
        self.drawn: WeakSet[Screen[Any]] = WeakSet()  # the screens that have been drawn once
        self.speaker: SpeakerServer | None = None
        self.set_class(self.ascii_only, "-ascii")
        self.picked = False  # whether the picker lies below the debugger's screen
        for theme in THEMES:
            self.register_theme(theme)
        changed = [row for row in self.rows if row not in KEYS]  # Textual asks for every row of a keymap at every key
        self.set_keymap({row.id: ",".join(row.keys) for row in changed})

    def get_css_variables(self) -> dict[str, str]:
        """The variables of the style sheets, in colours that can be read."""
        return variables(self.current_theme, super().get_css_variables())

    def get_default_screen(self) -> Screen[Any]:
        """What lies under all that is opened."""
        return Beneath(id="_default")

    def on_mount(self) -> None:
        """Open the debugger, or the picker, above Textual's own empty screen: that one it keeps to the end."""
        if self.scenario is not None:
            self.anew(self.push_screen, self.debugger_of(self.scenario))
        else:
            from backprop_tui.tui.dialogs.lists.picker import PickerScreen

            self.push_screen(PickerScreen(self.open, ascii_only=self.ascii_only))
        self.set_timer(SETTLED, self._begin_to_settle)

    # leaving: see `Leaving`

    def leaves(self, status: int) -> None:
        super().leaves(status)
        self._hush()

    def keep(self) -> str:
        """Save the session; a line that says why it cannot be, or nothing."""
        return self.opened.keeper.keep() if self.opened is not None else ""

    def farewell(self) -> str:
        """What is said at the end; saves the session. Raises SessionError."""
        from backprop_tui.debugger.sessions.session_file import SessionError

        if problem := self.keep():
            raise SessionError(problem)
        quiz = self.opened.debugger.quiz if self.opened else None
        return quiz.farewell() if quiz and quiz.asked else ""

    def speaker_server(self) -> "SpeakerServer":
        """The session's end of the socket for a speaker's view, made when it is first wanted."""
        from backprop_tui.tui.speaker.speaker_server import SpeakerServer

        self.speaker = self.speaker or SpeakerServer()
        return self.speaker

    def on_unmount(self) -> None:
        self.tidying.end()
        self._hush()

    def _hush(self) -> None:
        """Take the socket away."""
        if self.speaker is not None:
            self.speaker.close()

    def last_words(self, status: int) -> tuple[int, str]:
        """The exit status and what is said where it does not end in order."""
        from backprop_tui.debugger.sessions.session_file import SessionError

        self._hush()
        try:
            return super().last_words(status)
        except SessionError as error:
            return WRONG, f"{self.crash_report}backprop-tui: {clean(str(error))}"

    async def _begin_to_settle(self) -> None:
        """Settle, once the first frame is there: on a busy machine that takes longer."""
        if self.opened is not None:
            await self.opened.is_drawn.wait()
        self._settle()

    def _settle(self, left: Sequence[str] = NEEDED) -> None:
        """Import what the first keys need, one module after the other, so that no key waits for all of them. Then
        exempt all existing objects from garbage collection, whose rounds otherwise show as late frames; but nothing
        that was left.
        """
        if self.opened is not None and left:
            import_module(left[0])
            self.call_later(self._settle, left[1:])
            return
        if self.opened is not None:
            _ = self.opened.session
            self.opened.rehearse()
        self.tidying.begin()
        if all(desk is self.opened for desk in self.desks):
            gc.freeze()

    def _get_ready(self) -> None:
        """Get ready for the next key, in the debugger's own turn."""
        if self.opened is not None:
            self.opened.call_later(self.opened.rehearse)

    def _let_go(self) -> None:
        """Let go of what was left, and settle again, once Textual has taken it away."""

        def gone() -> None:
            gc.unfreeze()
            self.anew(self.set_timer, GONE, self._settle)

        self.call_later(gone)

    def debugger_of(self, scenario: Scenario) -> DebuggerScreen:
        """The debugger's screen of a scenario."""
        self.opened = screen = DebuggerScreen(Debugger(scenario), self.rows, ascii_only=self.ascii_only)
        self.desks.add(screen)
        try:  # what is wrong is known only now, where the scenario was picked
            screen.keeper.resume(self.opening.session, at=self.at)
            if self.mistake is not None:
                screen.debugger.make_mistake(self.mistake)
        except (PositionError, MistakeError) as error:
            screen.say(str(error))
        if self.opening.first:
            screen.say(screen.session.run(self.opening.first))
        if self.opening.present:
            screen.call_after_refresh(screen.perform, "present")
        if self.begins:
            screen.call_after_refresh(screen.command, self.begins)
            self.begins = ""
        return screen

    async def on_event(self, event: events.Event) -> None:
        """A key's binding runs at once, and whatever else it is for is done before the next key: see `in_turn`."""
        if isinstance(event, events.InputEvent | events.Paste):  # what no widget wanted comes back, even after the exit
            while not (event.is_forwarded or self.leaving) and self.screen_stack and self.screen not in self.drawn:
                await drawn(screen := self.screen, lambda: self.leaving)
                self.drawn.add(screen)
        if isinstance(event, events.InputEvent | events.Paste) and (self.leaving or not self.screen_stack):
            return  # it came too late, or came back from a screen that is gone
        self.keyed = self.keyed or isinstance(event, PRESSED)
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
            return
        try:
            await self._pressed(event)
        except ScreenStackError:
            if self.screen_stack:
                raise  # otherwise the program ended while the key was dealt with

    async def _pressed(self, event: events.Key) -> None:
        from backprop_tui.tui.dialogs.basics.dialog import Dialog

        if event.key == "ctrl+j" and not any("ctrl+j" in row.keys for row in self.rows):
            event = events.Key("enter", "\r")  # typed while the terminal still took whole lines
        if isinstance(self.screen, Dialog) and self.screen.makes_way(event.key):
            self.screen.dismiss()
        pumps, elsewhere = concerned(self), not isinstance(self.screen, DebuggerScreen)
        written = isinstance(self.focused, Input) and event.is_printable
        bound = not written and await self.is_bound(event.key)
        self.tidying.keyed()
        if not bound:
            await super().on_event(event)
        if elsewhere or not bound:
            await dealt_with(pumps)

    def pop_screen(self) -> AwaitComplete:
        """Close the dialog on top. A second answer to a closed one, as from Enter twice, closes nothing."""
        return super().pop_screen() if self.screen.is_modal else AwaitComplete.nothing()  # type: ignore[no-untyped-call]

    def action_help_quit(self) -> None:
        """Ctrl+C ends what is under way, and says how to leave. Textual's own words are markup, and of one key."""
        from backprop_tui.tui.dialogs.basics.dialog import Dialog

        if isinstance(self.screen, DebuggerScreen):
            self.screen.interrupt()
        else:
            leave = f"{key_of('quit', self.rows)} quits"
            key = self.screen.closed_by if isinstance(self.screen, Dialog) else "Esc"
            self.notify(f"{key} closes this, then {leave}" if self.screen.is_modal else leave, markup=False)

    def action_command_palette(self) -> None:
        """Open Textual's palette; its own prompt is not ASCII."""
        from backprop_tui.tui.dialogs.basics.palette import Palette

        self.push_screen(Palette(placeholder="Search for commands"))

    def search_themes(self) -> None:
        """Open the palette of themes, including ours: Textual's may be closed before it begins to gather them."""
        from backprop_tui.tui.dialogs.basics.palette import Palette

        self.push_screen(Palette(providers=[ThemeProvider], placeholder="Search for themes"))

    def open(self, name: str) -> None:
        """Go on from the picker to the debugger."""
        self.picked = True
        self.anew(self.push_screen, self.debugger_of(load(name)))

    def go_to(self, scenario: Scenario) -> None:
        """Go on to another scenario; the session of this one is saved. Raises SessionError."""
        from backprop_tui.debugger.sessions.session_file import SessionError

        if self.opened is None:  # somebody has gone back to the picker meanwhile
            return
        if problem := self.keep():
            raise SessionError(problem)
        self._put_away()
        self.at = self.mistake = None  # they were of the first
        self.anew(self.switch_screen, self.debugger_of(scenario))
        self._let_go()

    def leave_scenario(self) -> None:
        """Back to the picker, where a scenario was opened from it, or out of the program."""
        if not self.picked or self.keep():  # what cannot be saved is told on leaving
            self.exit()
        else:
            self._put_away()
            super().pop_screen()
            self.opened = None
            self._let_go()

    def _put_away(self) -> None:
        """Take what lies over the debugger's screen off the stack, and end what goes on there."""
        if self.opened is not None and self.opened.busy:
            self.opened.stop()
        while self.screen.is_modal:
            super().pop_screen()  # which nobody awaits: it may be the screen itself that asks for this

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: every row of the key table, and themes."""
        yield SystemCommand("Theme", "Change the colours", self.action_change_theme)
        if isinstance(screen, DebuggerScreen):
            yield SystemCommand(
                "ASCII characters", "On or off, for fonts that lack the others", partial(toggle_ascii, screen)
            )
            for row in self.rows:
                if row.id not in ("palette", "cancel"):
                    key = cap(row.keys[0], ascii_only=screen.notation.ascii)
                    yield SystemCommand(row.text, f"key {key}", partial(screen.action_perform, row.id))


def _try_out(scenario: Scenario, at: str | None, mistake: str | None) -> None:
    if at is None and mistake is None:
        return
    debugger = Debugger(scenario)
    if mistake is not None:
        debugger.make_mistake(mistake)
    if at is not None:
        debugger.seek(at)


def run(scenario: Scenario | None, theme: str | None, **how: Any) -> tuple[int, str]:
    """Run the debugger in this terminal, opened as `Opening` has it; the exit status, and what to say at the end.

    Raises ConfigError, ThemeError, PositionError and MistakeError before anything is drawn, and SessionError after all
    is done.
    """
    config = read_config()
    app = BackpropApp(scenario, config, **how)
    theme = theme or config.theme or fitting(app.console.color_system, environ.get("COLORFGBG", ""))
    if theme is not None:
        wear(app, theme)
    if scenario is not None:
        _try_out(scenario, app.at, app.mistake)
    elif app.mistake is not None:
        check_name(app.mistake)
    return app.run_to_end()
