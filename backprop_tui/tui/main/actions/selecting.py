"""The selection: one scalar, shown in every pane."""

from textual import events

from backprop_tui.debugger.basics.address import Address
from backprop_tui.tui.main.desk import Desk
from backprop_tui.tui.panes.pane import Pane


class Selecting(Desk):
    """The commands that choose a scalar."""

    def select(self, address: Address | None) -> None:
        """Select a scalar, in every pane."""
        self.debugger.selection = address
        self.said = ""
        if address is not None:
            value = self.debugger.moment().scalar(address)
            worth = "is not computed yet" if value is None else f"= {self.notation.number(value)}"
            self.say(f"{self.notation.address(address)} {worth}")
        self.show()

    def _move(self, across: int, down: int) -> None:
        if self.current in self.arrangement.regions:
            self.select(self.panes[self.current].move(self.view(), across, down))

    def action_up(self) -> None:
        self._move(0, -self.count())

    def action_down(self) -> None:
        self._move(0, self.count())

    def action_left(self) -> None:
        self._move(-self.count(), 0)

    def action_right(self) -> None:
        self._move(self.count(), 0)

    def action_next_sample(self) -> None:
        self._to_sample(self.count())

    def action_previous_sample(self) -> None:
        self._to_sample(-self.count())

    def _to_sample(self, by: int) -> None:
        moment = self.debugger.moment()
        self.debugger.show_sample(moment.sample + by)
        moved = self.debugger.moment()
        edge = "last" if by > 0 else "first"
        if moved.sample != moment.sample:
            self.say(moved.sample_shown)
        elif moment.samples > 1:
            self.say(f"{moved.sample_shown} is the {edge} of the batch")
        else:
            self.say("the batch has one sample")
        self.show()

    def _page(self, halves: int) -> None:
        if self.current in self.arrangement.regions:
            self.select(self.panes[self.current].page(self.view(), halves))

    def action_page_up(self) -> None:
        self._page(-self.count())

    def action_page_down(self) -> None:
        self._page(self.count())

    def on_pane_chosen(self, message: Pane.Chosen) -> None:
        self.select(message.address)

    def on_pane_title_clicked(self, message: Pane.TitleClicked) -> None:
        deck = self.arrangement.deck(self.current)
        if len(deck) > 1:
            self.focus_pane(deck[(deck.index(self.current) + 1) % len(deck)])

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        if event.widget.id in self.panes and event.widget.id != self.current:
            self.focus_pane(event.widget.id)
