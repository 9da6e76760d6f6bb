"""The debugger's screen: the desk with its keys, and what the mouse does to it."""

from textual import events
from textual.binding import Binding

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.tui.main.actions.key_table import KEYS, WITHOUT_KEY
from backprop_tui.tui.main.actions.look_actions import fold_block
from backprop_tui.tui.main.actions.run_actions import toggle_breakpoint
from backprop_tui.tui.main.actions.step_actions import drag
from backprop_tui.tui.main.desk_screen import DeskScreen
from backprop_tui.tui.main.scrubber import Scrubber
from backprop_tui.tui.panes.pane import Pane
from backprop_tui.tui.panes.tables.listing import ListingPane
from backprop_tui.tui.shared import bars
from backprop_tui.tui.shared.keys import Key

TEXTUAL_BINDS = ("next-pane", "previous-pane")  # Textual's own bindings of the same keys do something else


def binding(row: Key) -> Binding:
    """A row of the key table as Textual's binding."""
    keys, bound_there = ",".join(row.keys), row.id in TEXTUAL_BINDS
    return Binding(keys, row.action, row.text, id=row.id, show=False, priority=bound_there)


class DebuggerScreen(DeskScreen):
    """The main screen."""

    BINDINGS = [binding(row) for row in KEYS]

    def __init__(self, debugger: Debugger, rows: tuple[Key, ...] = KEYS, *, ascii_only: bool = False) -> None:
        super().__init__(debugger, rows, WITHOUT_KEY, ascii_only=ascii_only)

    def interrupt(self) -> None:
        """End what is under way, as ctrl+C does elsewhere, and say how to leave."""
        self.pending = ""
        if self.busy:
            self.stop()
        self.say(f"{bars.key_of('quit', self.rows)} quits")
        self.show()

    def on_scrubber_dragged(self, message: Scrubber.Dragged) -> None:
        drag(self, message.step, message.began, released=message.released)

    def on_listing_pane_block_clicked(self, message: ListingPane.BlockClicked) -> None:
        fold_block(self, message.block)

    def on_listing_pane_gutter_clicked(self, message: ListingPane.GutterClicked) -> None:
        toggle_breakpoint(self, message.operation)

    def on_pane_chosen(self, message: Pane.Chosen) -> None:
        self.select(message.address)

    def on_pane_title_clicked(self, message: Pane.TitleClicked) -> None:
        deck = self.arrangement.deck(self.current)
        if len(deck) > 1:
            self.focus_pane(deck[(deck.index(self.current) + 1) % len(deck)])

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        # Where keys follow each other closely, it may have gone on to another pane before this is told.
        if event.widget is self.focused and event.widget.id in self.panes and event.widget.id != self.current:
            self.focus_pane(event.widget.id)
