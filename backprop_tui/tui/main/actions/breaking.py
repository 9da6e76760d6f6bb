"""Breakpoints and watches."""

from backprop_tui.tui.main.actions.commanding import Commanding
from backprop_tui.tui.panes.tables.listing import ListingPane


class Breaking(Commanding):
    """The commands that say where to stop, and what to watch."""

    def action_breakpoints(self) -> None:
        from backprop_tui.tui.dialogs.lists.breakpoints_panel import BreakpointsScreen

        self.pending, self.said = "", ""
        self.app.push_screen(BreakpointsScreen(self))

    def action_watches(self) -> None:
        from backprop_tui.tui.dialogs.lists.watches_panel import WatchesScreen

        self.pending, self.said = "", ""
        self.app.push_screen(WatchesScreen(self))

    def action_break(self) -> None:
        self.pending = ""
        operation = self.debugger.moment().operation
        if operation is None:
            self.say("there is no operation at step 0 to stop at")
            self.show()
        else:
            self.toggle(operation.name)

    def toggle(self, name: str) -> None:
        """A breakpoint on an operation, or none any more."""
        symbol = self.notation.symbol(name)
        there = self.debugger.breakpoints.toggle(name)
        self.say(f"breakpoint on {symbol}" if there else f"no breakpoint on {symbol} any more")
        self.show()

    def on_listing_pane_gutter_clicked(self, message: ListingPane.GutterClicked) -> None:
        self.toggle(message.operation)
