"""The watches on the screen: a value, what the step changed, and how it went over the iterations."""

from collections.abc import Sequence

import numpy as np
from textual.strip import Strip

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.quantity import shown
from backprop_tui.debugger.watches import Reading
from backprop_tui.tui.below import Below
from backprop_tui.tui.text_line import Run, size, strip
from backprop_tui.tui.view import View

LEVELS = {False: "▁▂▃▄▅▆▇█", True: "_.-~=+*#"}
COLUMN = 56  # cells that one watch has at least
COURSE = 24  # iterations of a course, at the most
MOST_ROWS = (2, 3)  # below and from TALL rows of the terminal
TALL = 30
LABEL = 24  # cells of an expression


def spark(values: Sequence[float], *, ascii_only: bool) -> str:
    """Values as a row of bars, from the lowest to the highest of them."""
    if not values:
        return ""
    found = np.array(values)
    low, high = float(found.min()), float(found.max())
    levels = LEVELS[ascii_only]
    if not high > low:
        return levels[len(levels) // 2] * len(found)
    with np.errstate(all="ignore"):
        places = np.nan_to_num((found / 2 - low / 2) / (high / 2 - low / 2)) * (len(levels) - 1)
    return "".join(levels[round(place)] for place in places.tolist())


def course(debugger: Debugger, reading: Reading) -> list[float]:
    """The values of a watch at the end of the last iterations."""
    found = debugger.watches.series(reading.number, debugger.timeline, debugger.step, COURSE)
    return [value for _, value in found]


def watched(reading: Reading, values: Sequence[float], view: View, label: int) -> list[Run]:
    """A watch: its expression, value, change since the last step, and course."""
    notation, styles = view.notation, view.styles
    digits = notation.digits
    text = reading.text if len(reading.text) <= label else f"{reading.text[: label - 1]}{notation.mark('cut')}"
    change = "" if reading.change is None else f"{notation.mark('change')} {shown(reading.change, digits)}"
    runs: list[Run] = [
        (f"{text:<{label}} ", styles.muted),
        (f"{shown(reading.value, digits):>{digits + 5}}", styles.strong),
        (f"  {change:<{digits + 6}}", styles.accent),
    ]
    if len(values) > 1:
        runs.append((f"  {spark(values, ascii_only=notation.ascii)}", styles.text))
    return [(notation.text(text), style) for text, style in runs]


def watch_strips(debugger: Debugger, view: View, width: int, rows: int) -> list[Strip]:
    """The watches in columns, row by row; where there is no room for all, the last place says how many more."""
    columns = max(1, width // COLUMN)
    room = width // columns
    readings = debugger.readings()
    left_out = len(readings) - rows * columns
    seen = readings if left_out <= 0 else readings[: rows * columns - 1]
    label = min(LABEL, max((len(reading.text) for reading in seen), default=0))
    cut = view.notation.mark("cut")
    cells: list[list[Run]] = [
        [(" ", view.styles.muted), *watched(reading, course(debugger, reading), view, label)] for reading in seen
    ]
    if left_out > 0:
        cells.append([(f" {left_out + 1} more: w lists all", view.styles.muted)])
    lines = [cells[row * columns : (row + 1) * columns] for row in range(rows)]
    return [strip([run for cell in line for run in _filled(cell, room, cut)], width, cut) for line in lines]


class Watching(Below):
    """The watches in some rows of their own, which are there only while something is watched."""

    def wants(self, count: int, width: int, height: int) -> int:
        """How many rows so many watches are worth in a terminal of a size."""
        return min(MOST_ROWS[height >= TALL], -(-count // max(1, width // COLUMN)))

    def show(self, debugger: Debugger, view: View) -> None:
        """Show the watches now."""
        self.paint(watch_strips(debugger, view, self.app.size.width, self.rows) if self.rows else [])


def _filled(cell: list[Run], room: int, cut: str) -> list[Run]:
    """A cell of exactly so many cells of width."""
    if size(cell) <= room:
        return [*cell, (" " * (room - size(cell)), cell[0][1])]
    kept = strip(cell, room, cut)
    return [(segment.text, segment.style or cell[0][1]) for segment in kept]
