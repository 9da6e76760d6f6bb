"""The watches on the screen: a value, what the step changed, and how it went over the iterations."""

from collections.abc import Sequence

import numpy as np
from textual.strip import Strip

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.expressions.watches import Reading
from backprop_tui.tui.shared.rows_below import Below
from backprop_tui.tui.shared.styled_line import Run, strip, within
from backprop_tui.tui.shared.view import View

# None reaches the row above: two courses below each other would run together, and into a selected row.
LEVELS = {False: "▁▂▃▄▅▆", True: "_.-~=+*#"}
COLUMN = 56  # cells that one watch has, at least
COURSE = 24  # iterations of a course, at most: a cell each
MOST_ROWS = (2, 3)  # rows for watches: below TALL rows of the terminal, and from there on
TALL = 30  # rows, from which on the panes can spare one more
CELLS = (24, 16, 16)  # cells of an expression, a value, a change, at most


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


def watched(readings: Sequence[Reading], debugger: Debugger, view: View, *most: int) -> list[list[Run]]:
    """Watches in columns: expression, value, change since the last step, and course; `most` are the cells that the
    first three may take.
    """
    from backprop_tui.debugger.expressions.quantity import shown

    notation, styles, digits = view.notation, view.styles, view.notation.digits
    cut = notation.mark("cut")
    texts = [
        (
            reading.text if reading.tree is None else notation.formula(reading.tree),
            shown(reading.value, digits),
            "" if reading.change is None else f"{notation.mark('change')} {shown(reading.change, digits)}",
        )
        for reading in readings
    ]
    written = [[_cut(notation.text(text), room, cut) for text, room in zip(row, most, strict=True)] for row in texts]
    label, value, change = (max(map(len, column)) for column in zip(*written, strict=True)) if written else (0, 0, 0)
    value, change = max(value, digits + 5), max(change, digits + 6)
    found: list[list[Run]] = []
    for reading, row in zip(readings, written, strict=True):
        values = course(debugger, reading)
        found.append(
            [
                (f"{row[0]:<{label}} ", styles.muted),
                (f"{row[1]:>{value}}", styles.strong),
                (f"  {row[2]:<{change}}", styles.accent),
                (f"  {spark(values, ascii_only=notation.ascii)}" if len(values) > 1 else "", styles.text),
            ]
        )
    return found


def _cut(text: str, room: int, cut: str) -> str:
    return text if len(text) <= room else f"{text[: room - 1]}{cut}"


def watch_strips(debugger: Debugger, view: View, width: int, rows: int) -> list[Strip]:
    """The watches in columns, row by row; where there is no room for all, the last place says how many more."""
    columns = max(1, width // COLUMN)
    room = width // columns
    readings = debugger.readings()
    left_out = len(readings) - rows * columns
    seen = readings if left_out <= 0 else readings[: rows * columns - 1]
    cut = view.notation.mark("cut")
    cells: list[list[Run]] = [[(" ", view.styles.muted), *runs] for runs in watched(seen, debugger, view, *CELLS)]
    if left_out > 0:
        cells.append([(f" {left_out + 1} more: w lists all", view.styles.muted)])
    lines = [cells[row * columns : (row + 1) * columns] for row in range(rows)]
    return [strip([run for cell in line for run in within(cell, room, cut)], width, cut) for line in lines]


class Watching(Below):
    """The watches in some rows of their own, which are there only while something is watched."""

    def wants(self, count: int, width: int, height: int) -> int:
        """How many rows a number of watches are worth in a terminal of a size."""
        return min(MOST_ROWS[height >= TALL], -(-count // max(1, width // COLUMN)))

    def show(self, debugger: Debugger, view: View) -> None:
        """Show the watches now."""
        self.paint(watch_strips(debugger, view, self.app.size.width, self.rows) if self.rows else [])
