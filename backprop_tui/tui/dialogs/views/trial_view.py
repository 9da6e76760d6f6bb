"""Try: what the network makes of an input that is typed in, how all data fare, and the operations of an evaluation."""

import numpy as np
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from backprop_tui.debugger.samples.evaluation_report import Report
from backprop_tui.debugger.samples.typed_samples import EvaluationError
from backprop_tui.engine.program.evaluated import as_outputs
from backprop_tui.engine.program.evaluation import Evaluation
from backprop_tui.formula.writing.printer import plain_number
from backprop_tui.text import clean
from backprop_tui.tui.dialogs.basics.dialog import Dialog
from backprop_tui.tui.dialogs.views.trial_lines import Trial, trial_strips
from backprop_tui.tui.shared.bars import Bar, hints
from backprop_tui.tui.shared.desk import Desk
from backprop_tui.tui.shared.scroll_area import Area

LONGEST = 100_000  # characters: some thousand inputs
KEYS = (("type", "inputs = targets"), ("Up Down PgUp PgDn", "scroll"), ("Esc", "close"))


class TryInput(Input):
    """An input whose vertical keys scroll what is above."""

    BINDINGS = [
        Binding("up", "scroll(-1)", "up", show=False),
        Binding("down", "scroll(1)", "down", show=False),
        Binding("pageup", "scroll(-10)", "page up", show=False),
        Binding("pagedown", "scroll(10)", "page down", show=False),
    ]

    def action_scroll(self, by: int) -> None:
        self.screen.query_one(Area).scroll_rows(by)


class TryScreen(Dialog[None]):
    """Evaluates what is typed as it is typed; it begins with the sample that is shown, which the first key replaces."""

    DEFAULT_CSS = """
    TryScreen #prompt { height: 1; background: $panel; }
    TryScreen .prompt { width: auto; padding: 0 1; text-style: bold; }
    TryScreen Input { width: 1fr; height: 1; border: none; padding: 0; background: $panel; }
    TryScreen Input:focus { border: none; background-tint: transparent; }
    TryScreen #wrong { height: auto; max-height: 3; padding: 0 1; display: none; }
    """
    BINDINGS = [Binding("escape", "dismiss", "close", show=False)]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        debugger = desk.debugger
        self.report = Report(debugger.scenario, debugger.evaluator, desk.notation.digits)
        self.training = debugger.evaluate()
        self.held_out = debugger.evaluate_held_out() if debugger.scenario.held_out else None
        self.found: Evaluation | None = None
        self.of = debugger.evaluator.of

    def compose(self) -> ComposeResult:
        yield Bar("titles", "-top")
        yield Area()
        yield Static("", id="wrong", markup=False)
        with Horizontal(id="prompt"):
            yield Static(Content(f"{self.desk.notation.symbol(self.of.input)} ="), classes="prompt", markup=False)
            yield TryInput(self._shown(), max_length=LONGEST)  # selected, so that typing takes its place
        yield Bar("keys", "-bottom")

    def on_mount(self) -> None:
        self.set_focus(self.query_one(TryInput))
        view = self.desk.view()
        for bar in self.query(Bar):
            bar.cut = view.notation.mark("cut")
        paint = view.styles
        self.query_one("#titles", Bar).show([(" Try ", paint.strong)], [(f"{view.moment.position} ", paint.bar)])
        self.call_after_refresh(self.evaluate)

    def on_resize(self) -> None:
        self.call_after_refresh(self.draw)

    def on_input_changed(self) -> None:
        self.evaluate()

    def evaluate(self) -> None:
        """Evaluate what is typed; what is wrong with it is said below what was right before."""
        inputs, equals, targets = self.query_one(TryInput).value.partition("=")
        wrong = self.query_one("#wrong", Static)
        try:
            self.found = self.desk.debugger.evaluate(inputs, targets if equals else None)
        except EvaluationError as error:
            wrong.update(Content(self.desk.notation.text(clean(str(error)))))
            wrong.display = True
        else:
            wrong.display = False
        self.draw()

    def draw(self) -> None:
        """Draw what was found last."""
        area = self.query_one(Area)
        if self.found is None or not area.size.width:
            return
        view = self.desk.view()
        self.query_one("#keys", Bar).show(hints(KEYS, view.styles, self.size.width))
        trial = Trial(self.found, self.training, self.held_out, self._place())
        area.show(trial_strips(trial, view, self.report, area.size.width))

    def _place(self) -> int | None:
        """Which sample of the batch was evaluated: the one that is shown, or none."""
        moment = self.desk.debugger.moment()
        shown = self.of.columns(self.of.input, moment.frame[self.of.input])[:, [moment.sample]]
        return moment.sample if self.found is not None and np.array_equal(self.found.inputs, shown) else None

    def _shown(self) -> str:
        """The sample that is shown, as somebody would type it."""
        moment = self.desk.debugger.moment()
        frame, places, of = moment.frame, [moment.sample], self.of
        x = _written(of.columns(of.input, frame[of.input])[:, places])
        if of.target not in frame:
            return x
        y = of.columns(of.target, frame[of.target])[:, places]
        named = self.report.predicted(as_outputs(of, y))
        named = named if named.isascii() or not self.desk.notation.ascii else ""
        by_name = (len(y) > 1 or of.labelled > 0) and named in self.report.names
        return f"{x} = {named if by_name else _written(y)}"


def _written(column: np.ndarray) -> str:
    return " ".join(f"{'-' if value < 0 else ''}{plain_number(abs(value))}" for value in column.ravel().tolist())
