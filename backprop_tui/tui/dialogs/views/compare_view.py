"""Two branches side by side: where they part, which numbers differ at this step, both losses as curves."""

from itertools import islice
from time import perf_counter

import numpy as np
from textual.app import ComposeResult
from textual.binding import Binding
from textual.strip import Strip

from backprop_tui.engine.program.chain import name_of
from backprop_tui.engine.statements.variable import Role
from backprop_tui.tui.dialogs.basics.dialog import Dialog
from backprop_tui.tui.dialogs.views.chart import Chart, Curve
from backprop_tui.tui.shared.background import PATIENCE, REPORT, go_on, in_slices, work_for
from backprop_tui.tui.shared.bars import Bar, hints, progress_line
from backprop_tui.tui.shared.desk import Desk
from backprop_tui.tui.shared.scroll_area import Area
from backprop_tui.tui.shared.styled_line import Run, strip, wrap

TALL = 20  # rows of a terminal, from which on there is room for the curves
MOST = 2000  # numbers that are listed
KEYS = (("j k", "scroll"), ("L", "log"), ("i I", "iteration on, back"), ("s", "switch"), ("Esc", "close"))


class CompareScreen(Dialog[None]):
    """Gathers in slices; Esc first ends the gathering, then closes."""

    DEFAULT_CSS = """
    CompareScreen #found { height: 1fr; }
    CompareScreen Chart { height: 45%; }
    """
    BINDINGS = [
        Binding("escape,q", "end", "close", show=False),
        Binding("down,j", "scroll(1)", "down", show=False),
        Binding("up,k", "scroll(-1)", "up", show=False),
        Binding("pagedown,ctrl+d,space", "scroll(10)", "page down", show=False),
        Binding("pageup,ctrl+u", "scroll(-10)", "page up", show=False),
        Binding("L,l", "log", "logarithmic", show=False),
        Binding("i", "move('later')", "iteration on", show=False),
        Binding("I", "move('earlier')", "iteration back", show=False),
        Binding("s", "switch", "to the other branch", show=False),
    ]

    def __init__(self, desk: Desk, a: str, b: str) -> None:
        super().__init__()
        self.desk = desk
        self.a, self.b = a, b
        self.logarithmic = False
        self.gathering = False
        self.stopped = False
        self._begin()

    def _begin(self) -> None:
        """Compare at the current step."""
        self.comparison = self.desk.debugger.compare(self.a, self.b)
        self.work = self.comparison.gather()
        self.gathering, self.stopped = True, False

    def compose(self) -> ComposeResult:
        yield Bar("titles", "-top")
        found = Area()
        found.id = "found"
        yield found
        yield Chart()
        yield Bar("keys", "-bottom")

    def on_mount(self) -> None:
        self.call_after_refresh(self._gather_first)

    def on_resize(self) -> None:
        self.call_after_refresh(self.draw)

    # gathering

    def _gather_first(self) -> None:
        if work_for(self.work, PATIENCE):
            self._gathered()
        else:
            go_on(self, self._gather, "gather")

    def _gathered(self) -> None:
        self.gathering = False
        self.draw()

    async def _gather(self) -> None:
        began = perf_counter()
        drawn = reported = began
        async for _ in in_slices(self, self.work):
            now = perf_counter()
            if now - reported > REPORT:
                reported = now
                self._report(now - began)
            if now - drawn > 0.5:
                self._draw_losses()
                drawn = perf_counter()
        self._gathered()

    def _report(self, seconds: float) -> None:
        done, goal = len(self.comparison.gathered), self.desk.debugger.iteration
        view = self.desk.view()
        text = f" Esc stops: iteration {done:,} of {goal:,}, {done / seconds:,.0f} iterations/s "
        self.query_one("#keys", Bar).show([(text, view.styles.bar), *progress_line(done / max(1, goal), view)])

    # drawing

    def draw(self) -> None:
        """Draw what was gathered."""
        view = self.desk.view()
        paint, cut = view.styles, view.notation.mark("cut")
        for bar in self.query(Bar):
            bar.cut = cut
        title: list[Run] = [
            (" Compare ", paint.strong),
            (view.notation.text(self.a), paint.drawing.positive),
            (" and ", paint.bar),
            (view.notation.text(self.b), paint.drawing.negative),
        ]
        self.query_one("#titles", Bar).show(title, [(f"{view.moment.position}, step {view.moment.step:,} ", paint.bar)])
        if not self.gathering:
            self.query_one("#keys", Bar).show(hints(KEYS, paint, self.size.width))
            self.query_one("#found", Area).show(self._found())
        self._draw_losses()

    def _found(self) -> list[Strip]:
        """Where they part, and the numbers that differ here."""
        view, found = self.desk.view(), self.comparison
        notation, paint, width = view.notation, view.styles, self.size.width
        session, timeline = self.desk.session, self.desk.debugger.timeline
        lines: list[list[Run]] = []
        if self.stopped:
            lines.append([(f" stopped after iteration {len(found.gathered):,}", paint.bad)])
        if found.parting is not None:
            first = found.parting
            text = (
                f"they part at {session.position(timeline, first.step)}: {notation.address(first.address)} is"
                f" {notation.number(first.a)} in {self.a} and {notation.number(first.b)} in {self.b}"
            )
            lines += [[(f" {line}", paint.strong)] for line in wrap(notation.text(text), max(10, width - 2))]
        elif not self.stopped:
            lines.append([(" no number differs up to here", paint.strong)])
        if found.gathered:
            iteration, ours, theirs = found.gathered[-1]
            loss = name_of(self.desk.debugger.program, Role.LOSS)
            losses = f"{notation.number(ours)} in {self.a}, {notation.number(theirs)} in {self.b}"
            text = f"{notation.symbol(loss)} of iteration {iteration:,}: {losses}"
            lines += [[(f" {line}", paint.text)] for line in wrap(notation.text(text), max(10, width - 2))]
        differing = found.differs()
        total = sum(one.count for one in differing)
        wide = max(10, max(len(self.a), len(self.b)) + 2, notation.digits + 8)
        if total:
            lines.append([(f" {total:,} number{'s differ' if total > 1 else ' differs'} at this step", paint.text)])
            header = f"   {'':<16}{self.a:>{wide}}{self.b:>{wide}}{'difference':>{wide + 2}}"
            lines.append([(notation.text(header), paint.heading)])
        numbers = ((one, address) for one in differing for address in one.addresses)
        for one, address in islice(numbers, MOST):
            a, b = float(one.a[address.at]), float(one.b[address.at])
            values = [notation.number(value, fixed=True) for value in (a, b, b - a)]
            text = f"{values[0]:>{wide}}{values[1]:>{wide}}{values[2]:>{wide + 2}}"
            lines.append([(f"   {notation.address(address):<16}", paint.muted), (text, paint.text)])
        if total > MOST:
            lines.append([(f"   {total - MOST:,} more", paint.muted)])
        return [strip(line, width, notation.mark("cut")) for line in lines]

    def _draw_losses(self) -> None:
        view, gathered = self.desk.view(), self.comparison.gathered
        chart = self.query_one(Chart)
        chart.display = len(gathered) > 1 and self.size.height >= TALL
        if not chart.display:
            return
        drawing, last = view.styles.drawing, self.desk.debugger.iteration
        losses = np.array([(a, b) for _, a, b in gathered])
        symbol = view.notation.symbol(name_of(view.moment.program, Role.LOSS))
        curves = [
            Curve(view.notation.text(f"{symbol} {name}"), losses[:, column], style)
            for column, (name, style) in enumerate(((self.a, drawing.positive), (self.b, drawing.negative)))
        ]
        ascii_only = view.notation.ascii
        chart.show(curves, last, last, view.styles.accent, log=self.logarithmic, ascii_only=ascii_only)

    # keys

    def action_end(self) -> None:
        """End the gathering where it is; when it is at rest, close."""
        if self.gathering:
            self.gathering, self.stopped = False, True
            self.work.close()
            self.draw()
        else:
            self.dismiss()

    def action_scroll(self, by: int) -> None:
        self.query_one("#found", Area).scroll_rows(by)

    def action_log(self) -> None:
        self.logarithmic = not self.logarithmic
        self._draw_losses()

    async def action_move(self, way: str) -> None:
        """Go to the next or the previous iteration on the current branch, and compare there."""
        if self.gathering:
            return
        self.desk.perform(way)
        await self.desk.finished()
        if not self.is_left:
            self._begin()
            self._gather_first()

    def action_switch(self) -> None:
        """Close, and go on in the other branch."""
        if not self.gathering:
            current = self.desk.debugger.branches.current.name
            self.dismiss()
            self.desk.command(f"switch {self.a if current == self.b else self.b}")
