"""The debugger's screen: keys become calls of the debugger, and all panes show the moment that results."""

from textual.binding import Binding

from backprop_tui.tui.main.actions.auditing import Auditing
from backprop_tui.tui.main.actions.breaking import Breaking
from backprop_tui.tui.main.actions.editing import Editing
from backprop_tui.tui.main.actions.explaining import Explaining
from backprop_tui.tui.main.actions.keeping import Keeping
from backprop_tui.tui.main.actions.looking import Looking
from backprop_tui.tui.main.actions.marking import Marking
from backprop_tui.tui.main.actions.playing import Playing
from backprop_tui.tui.main.actions.plotting import Plotting
from backprop_tui.tui.main.actions.predicting import Predicting
from backprop_tui.tui.main.actions.reloading import Reloading
from backprop_tui.tui.main.actions.scrubbing import Scrubbing
from backprop_tui.tui.main.actions.searching import Searching
from backprop_tui.tui.main.actions.selecting import Selecting
from backprop_tui.tui.shared import bars
from backprop_tui.tui.shared.keys import KEYS

TEXTUAL_BINDS = ("next-pane", "previous-pane")  # the same keys, to something else


class DebuggerScreen(
    Predicting,
    Auditing,
    Marking,
    Searching,
    Playing,
    Plotting,
    Reloading,
    Scrubbing,
    Explaining,
    Editing,
    Keeping,
    Breaking,
    Selecting,
    Looking,
):
    """All commands together, and their keys."""

    BINDINGS = [
        Binding(",".join(row.keys), row.action, row.text, id=row.id, show=False, priority=row.id in TEXTUAL_BINDS)
        for row in KEYS
    ]

    def action_palette(self) -> None:
        self.pending = ""
        self.app.action_command_palette()

    def action_help(self) -> None:
        from backprop_tui.tui.dialogs.views.help_view import HelpScreen

        self.pending = ""
        self.app.push_screen(HelpScreen(self.rows, self.notation))

    def action_cancel(self) -> None:
        """The first that applies: a running continue, a count, an operation stepped into, an enlarged pane."""
        if self.travel is not None:
            self.stop()
        elif self.pending:
            self.pending = ""
        elif self.debugger.element is not None:
            self.debugger.leave()
        elif self.enlarged:
            self.enlarged = False
            self.place()
        else:
            self.said = ""
        self.show()

    def interrupt(self) -> None:
        """End what is under way, as ctrl+C does elsewhere, and say how to leave."""
        self.pending = ""
        if self.travel is not None:
            self.stop()
        self.say(f"{bars.key_of('quit', self.rows)} quits")
        self.show()

    def action_quit(self) -> None:
        self.app.exit()
