"""Breakpoints."""

from backprop_tui.tui.panes.listing import ListingPane
from backprop_tui.tui.screens.desk import Desk


class Breaking(Desk):
    """The commands that say where to stop."""

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
