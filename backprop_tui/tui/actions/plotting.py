"""Plots."""

from backprop_tui.debugger.series import Series
from backprop_tui.tui.actions.moving import Moving


class Plotting(Moving):
    """The command that opens them, and what was gathered for them."""

    gathered: dict[tuple[str, ...], Series] | None = None

    def action_plot(self) -> None:
        from backprop_tui.tui.screens.plot import PlotScreen

        self.pending, self.said = "", ""
        if self.gathered is None:
            self.gathered = {}
        self.app.push_screen(PlotScreen(self, self.gathered))
