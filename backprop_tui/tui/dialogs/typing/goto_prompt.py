"""Go to a position: one line to type it in."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from backprop_tui.debugger.basics.position import PositionError, read_position
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.tui.dialogs.basics.dialog import Dialog

HINT = "a step number, 1:delta2, delta2; g first, G last"


class GotoScreen(Dialog[int | None]):
    """Answers with a step, or None when it is cancelled."""

    DEFAULT_CSS = """
    GotoScreen { align: left bottom; background: transparent; }
    GotoScreen Horizontal { height: 1; dock: bottom; background: $panel; }
    GotoScreen .prompt { width: auto; padding: 0 1; text-style: bold; }
    GotoScreen Input { width: 16; height: 1; border: none; padding: 0; background: $surface; }
    GotoScreen Input:focus { border: none; }
    GotoScreen #hint { width: 1fr; padding: 0 1; color: $text-muted; }
    """
    BINDINGS = [Binding("escape", "dismiss(None)", "cancel", show=False)]

    def __init__(self, debugger: Debugger) -> None:
        super().__init__()
        self.debugger = debugger

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Static("go to", classes="prompt", markup=False)
            yield Input(max_length=60)
            yield Static(HINT, id="hint", markup=False)

    def on_mount(self) -> None:
        self.set_focus(self.query_one(Input))

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.value == "g":
            self.dismiss(0)
        elif event.value == "G":
            self.dismiss(self.debugger.last_step)
        else:
            self.query_one("#hint", Static).update(Content(HINT))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if not event.value.strip():
            self.dismiss(None)
            return
        try:
            step = read_position(event.value, self.debugger.timeline, self.debugger.iteration)
        except PositionError as error:
            self.query_one("#hint", Static).update(Content(str(error)))
            return
        self.dismiss(step)
