"""The plots: loss, gradients, displayed expressions over iterations, and the decision map."""

from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter

import numpy as np
from msgspec import Struct
from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding
from textual.strip import Strip
from textual.timer import Timer

from backprop_tui.debugger.console.console import LineSession
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.expressions import series
from backprop_tui.debugger.expressions.quantity import Quantity
from backprop_tui.debugger.expressions.series import MOST, Series
from backprop_tui.debugger.samples.decision_map import decision, has_map, proportioned
from backprop_tui.debugger.samples.typed_samples import EvaluationError
from backprop_tui.engine.program.evaluation import Evaluator
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.tui.dialogs.basics.dialog import Dialog
from backprop_tui.tui.dialogs.views.chart import Chart, Curve, lettered, spans_widely
from backprop_tui.tui.drawing.plane import plane
from backprop_tui.tui.shared.background import PATIENCE, REPORT, go_on, in_slices, work_for
from backprop_tui.tui.shared.bars import Bar, hints
from backprop_tui.tui.shared.desk import Desk
from backprop_tui.tui.shared.rows_below import Below
from backprop_tui.tui.shared.scroll_area import Area
from backprop_tui.tui.shared.styled_line import Run, size, strip
from backprop_tui.tui.shared.view import View

MOST_KEPT = 16  # what was gathered, by what is plotted and for which run
FRAME = 0.08  # seconds between two iterations that are played
KEYS = (
    ("Tab", "next plot"),
    ("L", "log"),
    ("i", "iteration on"),
    ("I", "back"),
    ("a", "play"),
    ("+ -", "zoom"),
)
CLOSE = ("Esc", "close")


class Plot(Struct, frozen=True):
    """A row of the table: a title, what there is to plot, and what to say where that is nothing."""

    title: str
    quantities: Callable[[LineSession], tuple[Quantity, ...]]
    nothing: str = ""


def _displayed(session: LineSession) -> tuple[Quantity, ...]:
    return session.debugger.watches.quantities


PLOTS = (
    Plot("Loss", lambda session: series.loss(session.debugger.program)),
    Plot("Gradients", lambda session: series.gradient_norms(session.debugger.program), "nothing is trained"),
    Plot("Displayed", _displayed, "nothing is displayed: ':display max(W1)' or ':plot W1[0,1]' does that"),
)
MAP = "Map"


def legend(curves: Sequence[Curve], view: View, width: int) -> list[Strip]:
    """The curves in their colours with their values now, in as few rows as it takes."""
    lines: list[list[Run]] = [[]]
    for curve in curves:
        value = curve.at(view.moment.iteration)
        now = "" if value is None else f" {view.notation.number(value)}"
        said = f"{curve.letter} {curve.label}{now}".strip()
        if lines[-1] and size(lines[-1]) + len(said) + 3 > width:
            lines.append([])
        lines[-1] += [("   " if lines[-1] else " ", curve.style), (said, curve.style)]
    return [strip(line, width, view.notation.mark("cut")) for line in lines]


def _evaluator(debugger: Debugger) -> Evaluator | None:
    """What evaluates samples, for a map; None where nothing can."""
    try:
        return debugger.evaluator
    except EvaluationError:
        return None


class PlotScreen(Dialog[None]):
    """One plot at a time; steps through iterations with the debugger's own keys."""

    BINDINGS = [
        Binding("escape,q,p", "dismiss", "close", show=False),
        Binding("tab", "turn(1)", "next plot", show=False),
        Binding("shift+tab", "turn(-1)", "plot before", show=False),
        Binding("plus,equals_sign", "chart('zoom_in')", "zoom in", show=False),
        Binding("minus", "chart('zoom_out')", "zoom out", show=False),
        Binding("left", "chart('pan_left')", "move left", show=False),
        Binding("right", "chart('pan_right')", "move right", show=False),
        Binding("up", "chart('pan_up')", "move up", show=False),
        Binding("down", "chart('pan_down')", "move down", show=False),
        Binding("0", "chart('reset_scales')", "all of it", show=False),
        Binding("L,l", "log", "logarithmic", show=False),
        Binding("i,n,space,pagedown", "move('later')", "iteration on", show=False),
        Binding("I,N,backspace,pageup", "move('earlier')", "iteration back", show=False),
        Binding("a", "play", "play", show=False),
    ]

    def __init__(self, desk: Desk, kept: dict[tuple[str, ...], Series]) -> None:
        super().__init__()
        self.desk = desk
        self.kept = kept
        self.titles = [plot.title for plot in PLOTS] + ([MAP] if has_map(_evaluator(desk.debugger)) else [])
        self.at = 0
        self.scales: dict[str, bool] = {}  # which plots somebody made logarithmic, or plain
        self.logarithmic = False
        self.playing: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Bar("titles", "-top")
        yield Below("legend")
        yield Chart()
        yield Area()
        yield Bar("keys", "-bottom")

    def on_mount(self) -> None:
        self.call_after_refresh(self.draw)

    def on_resize(self) -> None:
        self.call_after_refresh(self.draw)

    # drawing

    @property
    def last(self) -> int:
        """The last iteration of the plots."""
        return min(max(self.desk.debugger.scenario.iterations, self.desk.debugger.iteration), MOST)

    def draw(self) -> None:
        """Draw the plot from what is gathered; go on gathering where something is missing, and for no other plot."""
        self.workers.cancel_group(self, "gather")
        view = self.desk.view()
        paint = view.styles
        title = self.titles[self.at]
        runs: list[Run] = [
            (
                f" {'[' if n == self.at else ' '}{one}{']' if n == self.at else ' '}",
                paint.strong if n == self.at else paint.muted,
            )
            for n, one in enumerate(self.titles)
        ]
        for bar in self.query(Bar):
            bar.cut = view.notation.mark("cut")
        close = hints((CLOSE,), paint, self.size.width)
        keys = hints(KEYS, paint, self.size.width - size(close) - 1)
        if title == MAP:
            self._draw_map()
        else:
            found = self._series(PLOTS[self.at])
            self._draw_series(found)
            behind = min(found, key=len)
            if len(behind) < self.last and behind.quantities:
                keys = [(f" iteration {len(behind):,} of {self.last:,}", paint.accent)]
                go_on(self, partial(self._gather, found), "gather")
        self.query_one("#keys", Bar).show(keys, close)
        scale = "log scale, " if self.logarithmic and title != MAP else ""
        self.query_one("#titles", Bar).show(
            runs, [(f"{scale}iteration {view.moment.iteration:,}/{self.last:,} ", paint.bar)]
        )

    def _series(self, row: Plot) -> list[Series]:
        """What there is to plot for the run, and for the mistaken one beside it."""
        debugger = self.desk.debugger
        quantities = row.quantities(self.desk.session)
        runs = {"": debugger.timeline}
        if debugger.beside is not None:
            runs[debugger.beside.name] = debugger.beside.b
        for key, found in [*self.kept.items()]:  # otherwise a run that is gone would be kept with all its iterations
            if found.timeline not in runs.values() or len(self.kept) > MOST_KEPT:
                del self.kept[key]
        return [self._series_of(row.title, name, timeline, quantities) for name, timeline in runs.items()]

    def _series_of(self, title: str, name: str, timeline: Timeline, quantities: tuple[Quantity, ...]) -> Series:
        key = (title, name, *(quantity.text for quantity in quantities))
        found = self.kept.get(key)
        if found is None or found.timeline is not timeline:
            found = self.kept[key] = Series(timeline, quantities, name)
            work_for(found.gather(self.last), PATIENCE)
        return found

    async def _gather(self, runs: list[Series]) -> None:
        reported = 0.0
        async for _ in in_slices(self, (at for found in runs for at in found.gather(self.last))):
            if perf_counter() - reported > REPORT:
                reported = perf_counter()
                paint = self.desk.paint
                text = f" iteration {min(map(len, runs)):,} of {self.last:,}"
                self.query_one("#keys", Bar).show([(text, paint.accent)], hints((CLOSE,), paint, self.size.width))
                self._draw_series(runs)
        self.call_after_refresh(self.draw)

    def _draw_series(self, runs: list[Series]) -> None:
        chart, area, view = self.query_one(Chart), self.query_one(Area), self.desk.view()
        paint = view.styles
        self.logarithmic = self._scale(runs)
        if says := self._nothing(runs[0]):
            self.query_one("#legend", Below).take(0)
            area.show([Strip([]), Strip([Segment(f"  {says}", paint.muted)])])
        chart.display, area.display = not says, bool(says)
        if says:
            return
        drawn = [(found, number) for found in runs for number in range(len(found.quantities))]
        curves = lettered(
            [
                Curve(view.notation.text(self._label(found, number)), found.of(number), style)
                for (found, number), style in zip(drawn, paint.curves(len(drawn)), strict=True)
            ]
        )
        ascii_only = view.notation.ascii
        strips = legend(curves, view, self.size.width)
        self.query_one("#legend", Below).take(len(strips))
        self.query_one("#legend", Below).paint(strips)
        chart.show(curves, view.moment.iteration, self.last, paint.accent, log=self.logarithmic, ascii_only=ascii_only)

    def _label(self, found: Series, number: int) -> str:
        """What a curve is called; an expression as the rest of the screen writes it."""
        quantity = found.quantities[number]
        if PLOTS[self.at].quantities is not _displayed or quantity.is_named:
            return found.label(number)
        written = self.desk.notation.formula(quantity.expression.tree)
        return f"{written}, {found.name}" if found.name else written

    def _scale(self, runs: list[Series]) -> bool:
        """Whether the scale is logarithmic: as somebody wants it, or because the values span that much."""
        values = [found.of(number) for found in runs for number in range(len(found.quantities))]
        return self.scales.get(self.titles[self.at], bool(values) and spans_widely(np.concatenate(values)))

    def _nothing(self, found: Series) -> str:
        """Why there is nothing to draw; empty where there is something."""
        if not found.quantities:
            return PLOTS[self.at].nothing
        values = [found.of(number) for number in range(len(found.quantities))]
        if not any(np.isfinite(value).any() for value in values):
            return "there is nothing finite to plot yet"
        if self.logarithmic and not any((value > 0).any() for value in values):
            return "there is nothing above 0 to plot on this scale"
        return ""

    def _draw_map(self) -> None:
        area, view = self.query_one(Area), self.desk.view()
        self.query_one(Chart).display, area.display = False, True
        width, height = self.size.width, self.size.height - 3
        if width < 4 or height < 2:
            area.show([])
            return
        ascii_only = view.notation.ascii
        evaluator = self.desk.debugger.evaluator
        points = proportioned(evaluator.of.x, width, height, tall=ascii_only)
        found = decision(evaluator, view.moment, *points)
        left, right, low, high = (view.notation.with_digits(2).number(edge) for edge in found.extent)
        self.query_one("#legend", Below).take(0)
        of_two = "@ and + are 1, blank and o 0" if ascii_only else "blue and • are 1, orange and ∘ 0"
        says = of_two if found.classes == 1 else "digits are samples"
        x = view.notation.symbol(evaluator.of.input)
        text = f" {x}[0] {left} to {right}, {x}[1] {low} to {high}; {says}"
        rows = [row.adjust_cell_length(width) for row in plane(found, ascii_only=ascii_only)]
        area.show([*rows, Strip([Segment(text[:width], view.styles.muted)])])

    # keys

    def action_turn(self, by: int) -> None:
        self.at = (self.at + by) % len(self.titles)
        self.draw()

    async def action_chart(self, what: str) -> None:
        """Zoom or move the curves, as textual-plot does it."""
        chart = self.query_one(Chart)
        if chart.has_room:
            await chart.run_action(what)

    def action_log(self) -> None:
        self.scales[self.titles[self.at]] = not self.logarithmic
        self.draw()

    async def action_move(self, way: str) -> None:
        self._stop_playing()
        await self._move(way)

    async def _move(self, way: str) -> None:
        self.desk.perform(way)
        await self.desk.finished()
        if self.is_current and not self.is_left:
            self.draw()

    def action_play(self) -> None:
        if self.playing is not None:
            self._stop_playing()
        else:
            self.playing = self.set_interval(FRAME, self._play)

    async def _play(self) -> None:
        if self.desk.debugger.iteration >= self.desk.debugger.scenario.iterations:
            self._stop_playing()
        elif not self.desk.busy:
            await self._move("later")

    def _stop_playing(self) -> None:
        if self.playing is not None:
            self.playing.stop()
            self.playing = None
