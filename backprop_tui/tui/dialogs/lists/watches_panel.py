"""The watches: added, changed, removed, each with its value, what the step changed, and its course."""

from collections.abc import Sequence

from textual.binding import Binding

from backprop_tui.tui.dialogs.basics.panel import Panel
from backprop_tui.tui.shared.styled_line import Run
from backprop_tui.tui.shared.watches_below import watched

USAGE = "an expression over what is on the screen, such as loss, norm(dW1), W1[0,1], dead units; Tab completes"


class WatchesScreen(Panel):
    """The list of watched expressions."""

    title_text = "Watches"
    marked = 4  # number, expression, value and change; not the course
    nothing = "Nothing is watched. a watches an expression: its value is then shown at every step."
    KEYS = (
        ("a", "add"),
        ("e", "edit"),
        ("d", "remove"),
        ("b", "stop when it changes"),
        ("p", "plot"),
        ("Esc", "close"),
    )
    BINDINGS = [
        Binding("a,plus", "add", "add", show=False),
        Binding("e,enter", "edit", "edit", show=False),
        Binding("d,x,delete", "remove", "remove", show=False),
        Binding("b", "stop_at_changes", "stop when it changes", show=False),
        Binding("p", "plot", "plot", show=False),
        Binding("w", "dismiss", "close", show=False),
    ]

    def on_mount(self) -> None:
        super().on_mount()
        if not len(self.desk.debugger.watches):
            self.action_add()

    def rows(self) -> Sequence[Sequence[Run]]:
        view = self.desk.view()
        readings = self.desk.debugger.readings()
        room = max(24, self.size.width // 4)
        rows = watched(readings, self.desk.debugger, view, room, room, room)
        return [
            [(f"{reading.number:>2}  ", view.styles.muted), *runs] for reading, runs in zip(readings, rows, strict=True)
        ]

    def answered(self, answer: str | None) -> None:
        """Close where there is nothing to list: the question was all there was."""
        if answer is None and not len(self.desk.debugger.watches):
            self.dismiss()

    def _chosen(self) -> tuple[int, str] | None:
        found = list(self.desk.debugger.watches)
        return found[self.at] if found else None

    def action_add(self) -> None:
        selection = self.desk.debugger.selection
        initial = selection.plain(self.desk.debugger.program.symbols) if selection else ""
        self.ask("watch", self.desk.debugger.watches.add, "display", initial, USAGE)

    def action_edit(self) -> None:
        if chosen := self._chosen():
            number, text = chosen
            change = self.desk.debugger.watches.change
            self.ask("watch", lambda typed: change(number, typed), "display", text, USAGE)
        else:
            self.action_add()

    def action_remove(self) -> None:
        if chosen := self._chosen():
            self.attempt(lambda: self.desk.debugger.watches.remove(chosen[0]), f"{chosen[1]} is no longer watched")

    def action_stop_at_changes(self) -> None:
        if chosen := self._chosen():
            text = chosen[1]
            done = f"a continue stops where {text} changes"
            self.attempt(lambda: self.desk.debugger.breakpoints.add_change(text), done)

    def action_plot(self) -> None:
        self.dismiss()
        self.desk.perform("plot")
