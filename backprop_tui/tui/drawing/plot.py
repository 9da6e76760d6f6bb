"""Lines over iterations, with axes, on the canvas of the diagram: in dots, or in ASCII characters."""

import math
from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct
from rich.style import Style
from textual.strip import Strip

from backprop_tui.formula.numbers import format_number
from backprop_tui.tui.drawing.canvas import Canvas, width_of

LEFT, BELOW = 10, 2  # cells of the axes with their numbers
DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
DASHES = ((1, 1), (6, 9), (2, 4), (1, 4))  # (dots on, of how many): curves differ by more than their colour
LETTERS = "*o+x#%@"
AXES = {False: ("│", "─", "└", "┤", "┆"), True: ("|", "-", "+", "+", ":")}


class Curve(Struct, frozen=True, eq=False):
    """A label, the values from iteration 1 on, and a style."""

    label: str
    values: np.ndarray
    style: Style


class Scale(Struct, frozen=True):
    """From values to shares of the height."""

    low: float
    high: float
    log: bool

    def share(self, values: np.ndarray) -> np.ndarray:
        """0 at the bottom, 1 at the top."""
        return (self.on(values) - self.low) / (self.high - self.low)

    def on(self, values: np.ndarray) -> np.ndarray:
        """The values as they are measured: their logarithms on a logarithmic scale; what has none is nan."""
        with np.errstate(all="ignore"):
            return np.where(values > 0, np.log10(values), np.nan) if self.log else values

    def ticks(self, most: int) -> list[float]:
        """Round values in the range, at most so many."""
        span = self.high - self.low
        rough = max(span / max(most, 1), 1 if self.log else 0)
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(power * n for n in (1, 2, 5, 10) if power * n >= rough * 0.999)
        first, last = math.ceil(self.low / step - 1e-9), math.floor(self.high / step + 1e-9)
        found = [n * step for n in range(first, last + 1)]
        if self.log and len(found) < 2:  # within a power of ten or two
            powers = range(math.floor(self.low), math.ceil(self.high))
            between = (n * 10.0**power for power in powers for n in (1, 2, 5))
            return [value for value in between if self.low <= math.log10(value) <= self.high]
        return [10.0**at if self.log else at for at in found]


def scale(curves: Sequence[Curve], *, log: bool) -> Scale | None:
    """A scale that has room for all finite values; None where there are none."""
    whole = Scale(0.0, 1.0, log)
    values = np.concatenate([whole.on(curve.values) for curve in curves]) if curves else np.zeros(0)
    values = values[np.isfinite(values)]
    if not values.size:
        return None
    low, high = float(values.min()), float(values.max())
    if not log and 0 < low < 0.5 * high:
        low = 0.0
    if high - low <= 1e-12 * max(abs(low), abs(high)):
        room = 0.5 if log else abs(low) * 0.1 or 1.0
        low, high = low - room, high + room
    return Scale(low, high, log)


class Paper(Struct, frozen=True):
    """How large a plot is and how it is drawn."""

    width: int
    height: int
    ascii: bool
    text: Style
    muted: Style
    accent: Style


def plot(curves: Sequence[Curve], at: int, last: int, paper: Paper, *, log: bool) -> list[Strip]:
    """The plot of curves over the iterations 1 to `last`; a line marks the iteration `at`."""
    canvas = Canvas(paper.width, paper.height, braille=not paper.ascii)
    found = scale(curves, log=log)
    width, height = paper.width - LEFT - 1, paper.height - BELOW
    if found is None or width < 8 or height < 3:
        message = "there is nothing above 0 to plot on this scale" if log else "there is nothing finite to plot yet"
        canvas.write(1, 0, message[: max(0, paper.width - 1)], paper.muted)
        return canvas.strips()
    _axes(canvas, found, last, paper)
    if 1 <= at <= last:
        _cursor(canvas, at, last, paper)
    lines = []
    for number, curve in enumerate(curves):
        dots = list(_dots(curve, found, last, (2 * width, 4 * height)))
        on, period = DASHES[number % len(DASHES)]
        inked = (
            (LEFT + (x >> 1), y >> 2, ord(LETTERS[number % len(LETTERS)]) if paper.ascii else DOTS[x & 1][y & 3])
            for place, (x, y) in enumerate(dots)
            if paper.ascii or place % period < on
        )
        lines.append((curve.style, list(inked)))
    canvas.trace(lines)
    _legend(canvas, curves, paper)
    return canvas.strips()


def _axes(canvas: Canvas, found: Scale, last: int, paper: Paper) -> None:
    bar, floor, corner, tick, _ = AXES[paper.ascii]
    height, minus = paper.height - BELOW, "-" if paper.ascii else "−"
    for y in range(height):
        canvas.write(LEFT - 1, y, bar, paper.muted)
    canvas.write(LEFT - 1, height, corner + floor * (paper.width - LEFT), paper.muted)
    for value in found.ticks(max(2, height // 4)):
        y = round((1 - float(found.share(np.array(value)))) * (height - 1))
        text = format_number(value, 4, minus=minus)
        canvas.write(LEFT - 2 - width_of(text), y, text, paper.muted)
        canvas.write(LEFT - 1, y, tick, paper.muted)
    end = f"{last:,}"
    canvas.write(LEFT, height + 1, "1", paper.muted)
    middle = "iteration"
    canvas.write((LEFT + paper.width - len(middle)) // 2, height + 1, middle, paper.muted)
    canvas.write(paper.width - len(end) - 1, height + 1, end, paper.muted)


def _cursor(canvas: Canvas, at: int, last: int, paper: Paper) -> None:
    """A line down at an iteration, and its number below."""
    width, height = paper.width - LEFT - 1, paper.height - BELOW
    x = LEFT + round((at - 1) * (width - 1) / max(1, last - 1))
    for y in range(height):
        canvas.write(x, y, AXES[paper.ascii][4], paper.accent)
    text = f"{at:,}"
    place = min(max(LEFT, x - len(text) // 2), paper.width - len(text) - 1)
    canvas.write(max(0, place - 1), height + 1, f" {text} ", paper.accent)


def _legend(canvas: Canvas, curves: Sequence[Curve], paper: Paper) -> None:
    for number, curve in enumerate(curves[: paper.height - BELOW]):
        sign = LETTERS[number % len(LETTERS)] if paper.ascii else ("━━", "╍╍", "┅┅", "┉┉")[number % 4]
        text = f" {sign} {curve.label} "
        canvas.write(paper.width - width_of(text) - 1, number, text, curve.style)


def _dots(curve: Curve, found: Scale, last: int, size: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """The dots of a curve, joined; gaps where it is not finite."""
    width, height = size
    share = found.share(curve.values)
    across = np.arange(len(share)) * ((width - 1) / max(1, last - 1))
    before: tuple[int, int] | None = None
    for x, y in _thinned(across, share, width):
        if not math.isfinite(y):
            before = None
            continue
        here = (round(x), round((1 - min(max(y, 0.0), 1.0)) * (height - 1)))
        x0, y0 = before or here
        steps = max(abs(here[0] - x0), abs(here[1] - y0))
        for step in range(1 if before else 0, steps + 1):
            yield (x0 + round((here[0] - x0) * step / max(1, steps)), y0 + round((here[1] - y0) * step / max(1, steps)))
        before = here


def _thinned(across: np.ndarray, share: np.ndarray, width: int) -> Iterator[tuple[float, float]]:
    """At most four points in a column of dots: the first, the lowest, the highest, the last."""
    if len(share) <= 4 * width:
        yield from zip(across.tolist(), share.tolist(), strict=True)
        return
    edges = np.searchsorted(across, np.arange(width + 1) - 0.5)
    edges[-1] = len(share)
    for first, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        part = share[first:end]
        if not len(part):
            continue
        finite = part[np.isfinite(part)]
        extremes = [float(finite.min()), float(finite.max())] if finite.size else []
        for value in (float(part[0]), *extremes, float(part[-1])):
            yield float(across[first]), value
