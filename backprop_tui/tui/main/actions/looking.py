"""How things are shown: panes, digits, mathematics or code."""

from msgspec.structs import replace

from backprop_tui.tui.main.desk import Desk
from backprop_tui.tui.shared.pane_layout import NETWORK, PANES
from backprop_tui.tui.terminal.clipboard import copy


class Looking(Desk):
    """The commands that change no number."""

    def action_next_pane(self) -> None:
        self.pending = ""
        self.focus_pane(self._beside(1) if self.focused else self.current)

    def action_previous_pane(self) -> None:
        self.pending = ""
        self.focus_pane(self._beside(-1))

    def _beside(self, by: int) -> str:
        return PANES[(PANES.index(self.current) + by) % len(PANES)]

    def action_enlarge(self) -> None:
        self.pending, self.said = "", ""
        self.enlarged = not self.enlarged
        self.place()

    def action_code(self) -> None:
        self.pending, self.said = "", ""
        self.code = not self.code
        self.show()

    def action_graph(self) -> None:
        """Show the network as a graph of operations, or as neurons; where it is hidden, show it."""
        self.pending, self.said = "", ""
        self.graph = not self.graph
        if NETWORK in self.arrangement.regions:
            self.place()
        else:
            self.graph = True
            self.focus_pane(NETWORK)

    def toggle_ascii(self) -> None:
        """Draw with ASCII characters alone, or with all."""
        self.notation = replace(self.notation, ascii=not self.notation.ascii)
        for pane in self.panes.values():
            pane.set_class(self.notation.ascii, "-ascii")
        self.app.set_class(self.notation.ascii, "-ascii")
        self.place()

    def action_more_digits(self) -> None:
        self._digits(self.count())

    def action_fewer_digits(self) -> None:
        self._digits(-self.count())

    def _digits(self, by: int) -> None:
        self.notation = self.notation.with_digits(self.notation.digits + by)
        count = self.notation.digits
        self.say(f"{count} digit{'s' if count > 1 else ''} after the point")
        self.show()

    def action_copy(self) -> None:
        self.pending = ""
        view = self.view()
        event = view.moment.event
        if event is None:
            self.say("nothing is computed yet, so there is nothing to copy")
        else:
            numbers = "".join(
                p.text for p in self.notation.numeric_pieces(event.operation.tree, event.inputs.__getitem__)
            )
            symbol, formula = self.notation.symbol(event.name), self.notation.formula(event.operation.tree)
            self.say(copy(self.app, f"{symbol} = {formula} = {numbers} = {self.notation.array(event.value, most=200)}"))
        self.show()
