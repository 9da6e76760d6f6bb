"""All breakpoints: added, changed, switched on and off, removed, gone to."""

from collections.abc import Sequence

from textual.binding import Binding

from backprop_tui.debugger.breakpoints.breakpoint import Breakpoint
from backprop_tui.tui.dialogs.basics.panel import Panel
from backprop_tui.tui.shared.styled_line import Run

USAGE = "[PLACE] [if EXPRESSION] [hit N] [log EXPRESSION]; PLACE may be 'change EXPRESSION' or an event; Tab completes"


class BreakpointsScreen(Panel):
    """The list of breakpoints."""

    title_text = "Breakpoints"
    nothing = "There are none. a adds one with a condition, a change, an event, a hit count or a log; b one right here."
    KEYS = (
        ("a", "add"),
        ("e", "edit"),
        ("Space", "on/off"),
        ("d", "remove"),
        ("Enter", "go to"),
        ("Esc", "close"),
    )
    BINDINGS = [
        Binding("a,plus", "add", "add", show=False),
        Binding("e", "edit", "edit", show=False),
        Binding("space", "switch", "on or off", show=False),
        Binding("d,x,delete", "remove", "remove", show=False),
        Binding("enter,g", "go", "go to", show=False),
        Binding("b", "here", "here", show=False),
        Binding("B", "dismiss", "close", show=False),
    ]

    @property
    def found(self) -> list[Breakpoint]:
        """The breakpoints in the order of the rows."""
        return list(self.desk.debugger.breakpoints)

    def rows(self) -> Sequence[Sequence[Run]]:
        paint, notation = self.desk.paint, self.desk.notation
        rows = []
        for bp in self.found:
            mark = notation.mark("breakpoint" if bp.enabled else "off")
            ends = f"{', temporary' if bp.temporary else ''}{'' if bp.enabled else ', disabled'}"
            style = paint.text if bp.enabled else paint.muted
            rows.append([(f"{mark} ", paint.bad), (f"{bp.number:>2}  ", paint.muted), (f"{bp.typed}{ends}", style)])
        return rows

    def action_add(self) -> None:
        breakpoints = self.desk.debugger.breakpoints
        operation = self.desk.debugger.moment().operation
        here = operation.name if operation else ""
        self.ask("break", lambda text: breakpoints.add_typed(text, here=here), "break", say=USAGE)

    def action_edit(self) -> None:
        if self.found:
            bp = self.found[self.at]
            change = self.desk.debugger.breakpoints.change
            self.ask(f"break {bp.number}", lambda text: change(bp.number, text), "break", bp.typed, USAGE)

    def action_switch(self) -> None:
        if self.found:
            bp = self.found[self.at]
            self.attempt(lambda: self.desk.debugger.breakpoints.enable(bp.number, on=not bp.enabled))

    def action_remove(self) -> None:
        if self.found:
            bp = self.found[self.at]
            self.attempt(lambda: self.desk.debugger.breakpoints.remove(bp.number), f"breakpoint {bp.number} is removed")

    def action_here(self) -> None:
        operation = self.desk.debugger.moment().operation
        if operation is None:
            self.say("there is no operation at step 0 to stop at")
        else:
            self.attempt(lambda: self.desk.debugger.breakpoints.toggle(operation.name))

    def action_go(self) -> None:
        """Close, and go to where it stops next."""
        if self.found:
            number = self.found[self.at].number
            self.dismiss()
            self.desk.do(self.desk.debugger.travel.going_to_stop(number), jump=True)
