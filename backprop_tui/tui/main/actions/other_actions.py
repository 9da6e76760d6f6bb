"""Other: the palette, the help, Esc, another scenario, and quitting."""

from typing import Protocol, cast

from backprop_tui.scenario import Scenario, ScenarioError, load
from backprop_tui.tui.main.desk_screen import DeskScreen
from backprop_tui.tui.shared.keys import Count, Key


async def palette(desk: DeskScreen) -> None:
    await desk.app.run_action("command_palette")


def help_sheet(desk: DeskScreen) -> None:
    from backprop_tui.tui.dialogs.views.help_view import HelpScreen

    desk.app.push_screen(HelpScreen(desk.rows, desk.notation))


def cancel(desk: DeskScreen, count: Count) -> None:
    """Leave the first of these that there is: a task, a count, an operation stepped into, an enlarged pane."""
    if desk.busy:
        desk.stop()
    elif count.typed:
        pass  # it is gone
    elif desk.debugger.element is not None:
        desk.debugger.leave()
    elif desk.enlarged:
        desk.enlarged = False
        desk.place()
    desk.show()


class Scenarios(Protocol):
    """The application, which goes from scenario to scenario."""

    def leave_scenario(self) -> None:
        """Leave the one that is open."""

    def go_to(self, scenario: Scenario) -> None:
        """Open another in its place. Raises SessionError."""


def leave(desk: DeskScreen) -> None:
    """Leave the scenario, to the picker if it was opened from there; else the program."""
    cast("Scenarios", desk.app).leave_scenario()


def leave_program(desk: DeskScreen) -> None:
    desk.app.exit()


def scenario(desk: DeskScreen, name: str) -> None:
    """Go on to another scenario; the session of this one is saved."""
    from backprop_tui.debugger.sessions.session_file import SessionError

    try:
        cast("Scenarios", desk.app).go_to(load(name))
    except (ScenarioError, SessionError) as error:
        desk.tell(str(error))


OTHER = "Other"
KEYS = (
    Key("palette", ("P", "ctrl+p"), "all commands and themes", OTHER, palette),
    Key("help", ("question_mark", "f1"), "this help", OTHER, help_sheet, "help"),
    Key("cancel", ("escape",), "cancel: a continue, a count, an element, a large pane", OTHER, cancel, counted=True),
    Key("quit", ("q",), "quit; in a lesson from the picker, back to the picker", OTHER, leave, "quit"),
    Key("quit-program", ("ctrl+q",), "quit the program", OTHER, leave_program),
)
WITHOUT_KEY = {"scenario": scenario}
