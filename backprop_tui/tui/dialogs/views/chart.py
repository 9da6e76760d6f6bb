"""Curves over iterations, drawn by textual-plot: zoomed with + and -, moved with arrows or the mouse."""

import math
from collections.abc import Iterator, Sequence
from itertools import cycle, pairwise

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.strip import Strip
from textual_hires_canvas import Canvas
from textual_plot import HiResMode, NumericAxisFormatter

from backprop_tui.formula.writing.numbers import MINUS, format_number
from backprop_tui.tui.terminal.textual_plot_private import SturdyPlot

LETTERS = "abcdefghijklmnopqrstuvwxyz"
MARGIN = 0.04  # margin above and below the curves, as a share of their height
BORDERS = 4  # rows of a chart that no curve can reach
HUGE = 1e300  # beyond that, differences and pixels overflow: such a value is drawn at the edge
LETTERS_ON_A_CURVE = 5  # letters along a curve, which tell curves apart where colours do not
WIDE_SPAN = 100.0  # from which ratio of the largest to the least value on a scale is logarithmic by itself
AXIS = "iteration"
BOX = str.maketrans(
    dict.fromkeys("─━╴╶╸╺", "-") | dict.fromkeys("│┃╵╷╹╻", "|") | dict.fromkeys("┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋┠┨┯┷", "+")
)
BRAILLE = range(0x2800, 0x2900)


class Curve(Struct, frozen=True, eq=False):
    """A label, the values from iteration 1 on, and a style; a letter where there are several."""

    label: str
    values: np.ndarray
    style: Style
    letter: str = ""

    def at(self, iteration: int) -> float | None:
        """The value of an iteration; None where it is not gathered yet."""
        return float(self.values[iteration - 1]) if 0 < iteration <= len(self.values) else None


def lettered(curves: Sequence[Curve]) -> list[Curve]:
    """The curves with a letter each, which tells them apart without colours; a curve alone needs none."""
    if len(curves) == 1:
        return [*curves]
    return [replace(curve, letter=letter) for curve, letter in zip(curves, cycle(LETTERS), strict=False)]


def spans_widely(values: np.ndarray) -> bool:
    """Whether values are all above 0 and so far apart that the small ones would lie on the axis."""
    finite = values[np.isfinite(values)]
    return bool(finite.size and finite.min() > 0 and finite.max() > WIDE_SPAN * finite.min())


class Whole(NumericAxisFormatter):
    """Iterations are whole numbers."""

    def get_ticks(self, min_: float, max_: float, max_ticks: int = 8) -> list[float]:
        """Ticks at iterations alone."""
        return [tick for tick in super().get_ticks(min_, max_, max_ticks) if tick.is_integer()]

    def get_labels_for_ticks(self, ticks: Sequence[float]) -> list[str]:
        """`1,000`."""
        return [f"{tick:,.0f}" for tick in ticks]


class Values(NumericAxisFormatter):
    """Values as the rest of the screen writes them; on a logarithmic scale, what is plotted are their logarithms."""

    def __init__(self, minus: str, rows: int, *, log: bool) -> None:
        self.minus = minus
        self.rows = rows
        self.log = log

    def get_ticks(self, min_: float, max_: float, max_ticks: int = 8) -> list[float]:
        """Round values, no two in a row of the screen; of logarithms whole powers of ten, or within two of them 1, 2
        and 5.
        """
        ticks = self._logarithmic(min_, max_, max_ticks) if self.log else super().get_ticks(min_, max_, max_ticks)
        while any((after - before) * self.rows < max_ - min_ for before, after in pairwise(ticks)):
            ticks = ticks[::2]
        return ticks

    def _logarithmic(self, min_: float, max_: float, max_ticks: int) -> list[float]:
        step = max(1, math.ceil((max_ - min_) / max_ticks))
        powers = range(math.floor(min_), math.ceil(max_) + 1)
        if max_ - min_ >= 2:
            return [float(power) for power in powers if power % step == 0]
        return [power + math.log10(n) for power in powers for n in (1, 2, 5)]

    def get_labels_for_ticks(self, ticks: Sequence[float]) -> list[str]:
        """The values, not their logarithms."""
        return [format_number(10.0**tick if self.log else tick, minus=self.minus) for tick in ticks]


class Paper(Canvas):
    """What is drawn on; in ASCII characters where the terminal has no others. Its last row may have a `title`."""

    ascii = False
    title = ""

    def render_line(self, y: int) -> Strip:
        if self.title and y == self.size.height - 1:
            return Strip([Segment(self.title.center(self.size.width))]).apply_style(self.rich_style)
        found = super().render_line(y)
        if not self.ascii:
            return found
        return Strip([Segment(_plain(text), style) for text, style, _ in found], found.cell_length)


def _plain(text: str) -> str:
    return "".join("*" if ord(c) in BRAILLE and c != "\u2800" else c for c in text.translate(BOX)).replace(
        "\u2800", " "
    )


class Chart(SturdyPlot):
    """The curves of one plot. Its keys are those of its screen, so it takes no focus."""

    can_focus = False
    DEFAULT_CSS = """
    Chart {
        height: 1fr; background: $surface;
        & > .plot--axis, & > .plot--tick { color: $text-muted; text-style: none; }
        Canvas { background: $surface; }
    }
    """

    def compose(self) -> ComposeResult:
        """Replace the canvases by ones that know ASCII."""
        for widget in super().compose():
            yield Paper(1, 1, id=widget.id) if isinstance(widget, Canvas) else widget

    def on_mount(self) -> None:
        self.margin_top, self.margin_bottom = 0, 2
        super().on_mount()
        self.set_x_formatter(Whole())
        self.query_one("#margin-bottom", Paper).title = AXIS

    def show(self, curves: Sequence[Curve], at: int, last: int, accent: Style, *, log: bool, ascii_only: bool) -> None:
        """Show other curves over the iterations 1 to `last`; a line marks the iteration `at`."""
        for paper in self.query(Paper):
            paper.ascii = ascii_only
        self.clear()
        self.set_y_formatter(Values("-" if ascii_only else MINUS, max(1, self.size.height - BORDERS), log=log))
        plotted = [_logarithms(curve.values) if log else np.clip(curve.values, -HUGE, HUGE) for curve in curves]
        self._limit(last, np.concatenate(plotted))
        for curve, values in zip(curves, plotted, strict=True):
            self._draw(values, str(curve.style), curve.letter)
        if 1 <= at <= last > 1:
            self.add_v_line(at, str(accent))

    def _limit(self, last: int, values: np.ndarray) -> None:
        """Make room for all curves and a little more, unless somebody has zoomed in on the same ones."""
        finite = values[np.isfinite(values)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
        room = MARGIN * (high - low) or MARGIN * abs(high) or MARGIN
        limits = (0.5, last + 0.5, low - room, high + room)
        if self.whole != limits:
            self.set_xlimits(*limits[:2])
            self.set_ylimits(*limits[2:])

    def _draw(self, values: np.ndarray, style: str, letter: str) -> None:
        for x, y in _runs(*_thinned(values, max(2, 2 * self.size.width))):
            self.plot(x, y, style, HiResMode.BRAILLE)
        finite = np.flatnonzero(np.isfinite(values))
        if letter and len(finite):
            places = finite[np.linspace(0, len(finite) - 1, LETTERS_ON_A_CURVE).astype(int)]
            self.scatter(places + 1, values[places], letter, style)


def _logarithms(values: np.ndarray) -> np.ndarray:
    """Decimal logarithms; NaN for what has none."""
    with np.errstate(all="ignore"):
        return np.where(values > 0, np.log10(values), np.nan)


def _runs(x: np.ndarray, y: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The parts of a curve between what is not finite; a point alone is a line to itself."""
    finite = np.isfinite(y)
    edges = np.flatnonzero(np.diff(finite.astype(int), prepend=0, append=0))
    for first, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield (x[first:end], y[first:end]) if end > first + 1 else (x[[first, first]], y[[first, first]])


def _thinned(values: np.ndarray, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Iterations and values, thinned to at most four in a column: the first, lowest, highest and last."""
    x = np.arange(1, len(values) + 1)
    if len(values) <= 4 * columns:
        return x, values
    kept: set[int] = set()
    for part in np.array_split(np.arange(len(values)), columns):
        finite = part[np.isfinite(values[part])]
        extremes = [finite[values[finite].argmin()], finite[values[finite].argmax()]] if finite.size else []
        kept.update(map(int, (part[0], *extremes, part[-1])))
    places = np.array(sorted(kept))
    return x[places], values[places]
