"""Other: the palette, the help, Esc, and quitting."""

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


def leave(desk: DeskScreen) -> None:
    desk.app.exit()


OTHER = "Other"
KEYS = (
    Key("palette", ("P", "ctrl+p"), "all commands and themes", OTHER, palette),
    Key("help", ("question_mark", "f1"), "this help", OTHER, help_sheet, "help"),
    Key("cancel", ("escape",), "leave a continue, a count, an element, a large pane", OTHER, cancel, counted=True),
    Key("quit", ("q", "ctrl+q"), "quit", OTHER, leave, "quit"),
)
