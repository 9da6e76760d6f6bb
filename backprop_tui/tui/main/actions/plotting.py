"""Dialogs that compute: plots, and trying inputs of one's own."""

from backprop_tui.debugger.expressions.series import Series
from backprop_tui.tui.main.actions.moving import Moving


class Plotting(Moving):
    """The commands that open them, and what was gathered for the plots."""

    gathered: dict[tuple[str, ...], Series] | None = None

    def action_plot(self) -> None:
        from backprop_tui.tui.dialogs.views.plot_view import PlotScreen

        self.pending, self.said = "", ""
        if self.gathered is None:
            self.gathered = {}
        self.app.push_screen(PlotScreen(self, self.gathered))

    def action_try(self) -> None:
        from backprop_tui.tui.dialogs.views.trial_view import TryScreen

        if self.going_home():
            return
        if self.travel is not None:  # what is tried belongs to one step
            self.stop()
        self.pending, self.said = "", ""
        self.app.push_screen(TryScreen(self))
