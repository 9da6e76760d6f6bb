"""Presenting: one thing, large, and nothing else; a key reveals a part of it after the other."""

from typing import Literal

from textual.app import ComposeResult
from textual.binding import Binding
from textual.strip import Strip
from textual.widget import Widget

from backprop_tui.tui.dialogs.basics.dialog import Dialog
from backprop_tui.tui.panes.equation.bands import Line
from backprop_tui.tui.panes.equation.large_lines import REVEALS, SENTENCE, large_lines
from backprop_tui.tui.shared.bars import Bar, hints
from backprop_tui.tui.shared.desk import Desk
from backprop_tui.tui.shared.pane_layout import EQUATION, PANES
from backprop_tui.tui.shared.styled_line import Run, strip
from backprop_tui.tui.speaker.stopwatch import Stopwatch

MARGIN = 2  # cells at either side
NAMED, BACKWARD = ("forward", "loss", "update"), "backward"  # the stages: what is between the loss and the update
TICK = 1.0  # seconds between two looks at the clock
WAYS = ("finish", "unfinish", "later", "earlier", "home", "end", "more-digits", "fewer-digits")  # what else has its key


class Stage(Widget):
    """The middle of the screen."""

    DEFAULT_CSS = "Stage { height: 1fr; background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Line] = []
        self.cut = "…"

    def show(self, lines: list[Line]) -> None:
        """Show these lines."""
        if lines != self.lines:
            self.lines = lines
            self.refresh()

    def render_line(self, y: int) -> Strip:
        line = self.lines[y] if y < len(self.lines) else []
        return strip([(" " * MARGIN, self.rich_style), *line], self.size.width, self.cut).apply_style(self.rich_style)


class PresentScreen(Dialog[None]):
    """The operation, large, revealed part by part; or, with Tab, one pane of the debugger alone.

    It goes on and back as the keys of the debugger do, so also from pause to pause of a lecture. What it does not bind
    does nothing: a stray key edits nothing, and stops nothing.
    """

    DEFAULT_CSS = """
    PresentScreen { background: $surface; }
    PresentScreen.-pane { background: transparent; }
    PresentScreen.-pane Stage { display: none; }
    """
    BINDINGS = [
        Binding("n,space,right,pagedown,f10", "on", "reveal, and go on", show=False),
        Binding("N,backspace,left,pageup", "back", "back", show=False),
        Binding("full_stop,b", "blank", "blank the screen", show=False),
        Binding("t", "clock", "stop the clock, and go on", show=False),
        Binding("T", "clock_anew", "the clock from zero", show=False),
        Binding("tab", "turn(1)", "the next pane", show=False),
        Binding("shift+tab", "turn(-1)", "the previous pane", show=False),
        Binding("f", "way('finish')", "to the end of the stage", show=False),
        Binding("F", "way('unfinish')", "back to the end of the previous stage", show=False),
        Binding("i", "way('later')", "an iteration on", show=False),
        Binding("I", "way('earlier')", "an iteration back", show=False),
        Binding("home", "way('home')", "the first operation", show=False),
        Binding("end", "way('end')", "the last operation", show=False),
        Binding("d", "way('more-digits')", "more digits", show=False),
        Binding("D", "way('fewer-digits')", "fewer digits", show=False),
        Binding("colon", "way('line')", "the command line", show=False),
        Binding("L", "dismiss", "leave", show=False),
    ]
    closed_by = "L"
    parts = SENTENCE
    """How many parts there are to be revealed."""

    def __init__(self, desk: Desk, clock: Stopwatch) -> None:
        super().__init__()
        self.desk, self.clock = desk, clock
        self.revealed = 1
        """How many parts of the operation are shown: its formula, its numbers, its result, what it means."""
        self.pane = EQUATION
        self.step = desk.debugger.step
        self.next: Literal["some", "all"] = "all"
        """What is shown of the step that is gone to."""
        self.before = desk.look()

    def compose(self) -> ComposeResult:
        yield Bar("top", "-top")
        yield Stage()
        yield Bar("bottom", "-bottom")

    def on_mount(self) -> None:
        self.desk.shown.append(self.follow)
        self.set_interval(TICK, self.tick)
        self.call_after_refresh(self.draw)

    def on_unmount(self) -> None:
        if self.follow in self.desk.shown:
            self.desk.shown.remove(self.follow)

    def on_resize(self) -> None:
        self.call_after_refresh(self.draw)

    # showing

    def follow(self) -> None:
        """The debugger shows something else."""
        step = self.desk.debugger.step
        if step != self.step:
            self.step, self.revealed = step, 1 if self.next == "some" else SENTENCE
            self.next = "all"
        if self.is_mounted and not self.is_left:
            self.draw()

    def tick(self) -> None:
        """A second has passed."""
        if self.is_mounted:
            self._draw_top()

    def draw(self) -> None:
        """Draw all of it."""
        view = self.desk.view()
        stage = self.query_one(Stage)
        stage.cut = view.notation.mark("cut")
        if self.pane == EQUATION and stage.size.width > 2 * MARGIN:
            stage.show(large_lines(view, stage.size.width - 2 * MARGIN, stage.size.height, self.revealed))
        self._draw_top()
        self.query_one("#bottom", Bar).show(*self._keys())

    def _draw_top(self) -> None:
        view = self.desk.view()
        moment, notation, paint = view.moment, view.notation, view.styles
        between = f" {notation.mark('between')} "
        name = [(f" {notation.text(moment.scenario.label)}", paint.strong)]
        if moment.operation is not None:
            stage = moment.operation.stage
            name += [(f"{between}{stage if stage in NAMED else BACKWARD}", paint.bar)]
        place = notation.symbol(moment.operation.name) if moment.operation else "start"
        number = f"{between}step {moment.step:,}/{moment.last_step:,}" if moment.step <= moment.last_step else ""
        clock = f"{between}{self.clock}" + ("" if self.clock.running else " stopped")
        right = [(place, paint.accent), (f"{number}{clock} ", paint.bar)]
        self.query_one("#top", Bar).show(name, right)

    def _keys(self) -> tuple[list[Run], list[Run]]:
        """What is said, or else what the keys do."""
        notation, paint = self.desk.notation, self.desk.paint
        if self.desk.said:
            return [(f" {notation.text(self.desk.said)}", paint.accent)], []
        some = self.pane == EQUATION and self.desk.debugger.step > 0 and self.revealed < SENTENCE
        on = REVEALS[self.revealed + 1] if some else "next"
        words = (("n", on), ("N", "back"), (".", "blank"), ("t", "clock"), ("Tab", "pane"), ("L", "leave"))
        return hints(words, paint, self.size.width, "leave"), []

    # doing

    def _reveal(self, by: int) -> bool:
        """Show some parts more of the operation, or less; whether there were so many."""
        self.desk.said = ""
        revealed = self.revealed + by
        if self.pane != EQUATION or self.desk.debugger.event is None or not 1 <= revealed <= SENTENCE:
            return False
        self.revealed = revealed
        self.desk.show()
        return True

    def action_on(self) -> None:
        """Reveal one part more; where all of it is there, go on."""
        if not self._reveal(1):
            self.next = "some"
            self.desk.perform("page-on")

    def action_back(self) -> None:
        """Take back what was revealed last; where nothing was but the formula, go back."""
        if not self._reveal(-1):
            self.next = "all"
            self.desk.perform("page-back")

    def action_way(self, what: str) -> None:
        self.desk.perform(what)

    def action_blank(self) -> None:
        self.desk.perform("blank")

    def action_clock(self) -> None:
        self.clock.toggle()
        self.desk.show()

    def action_clock_anew(self) -> None:
        self.clock.reset()
        self.desk.show()

    def action_turn(self, by: int) -> None:
        """Show one pane of the debugger alone, or the operation again."""
        order = (EQUATION, *(pane for pane in PANES if pane != EQUATION))
        self.pane = order[(order.index(self.pane) + by) % len(order)]
        self.set_class(self.pane != EQUATION, "-pane")
        if self.pane == EQUATION:
            self.desk.take_look(self.before)
        else:
            self.desk.take_look({**self.before, "current": PANES.index(self.pane), "enlarged": 1})
        self.draw()
