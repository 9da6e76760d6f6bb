"""What the current operation reads that is out of sight, on lines of its own below the graph."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.diagram.diagram_styles import Emphasis, emphasised
from backprop_tui.tui.drawing.graph.painter import Row, Spot
from backprop_tui.tui.shared.styled_line import Run, strip
from backprop_tui.tui.shared.view import View

BETWEEN = 2  # cells between two pins


class Pin(NamedTuple):
    """A variable: a glyph that says where it is, its symbol and its value."""

    glyph: str
    symbol: str
    value: str
    name: str
    key: str = ""

    @property
    def text(self) -> str:
        """The pin in full."""
        return " ".join(part for part in (self.glyph, self.symbol, self.value) if part)


def pin_lines(pins: Sequence[Pin], width: int, height: int) -> list[list[Pin]]:
    """The pins in lines below a graph that shares its rows with them: without values where they would take a third."""
    lines = _wrapped(pins, width)
    if len(lines) > max(1, height // 3):
        lines = _wrapped([pin._replace(value="") for pin in pins], width)
    return lines[: max(height - 1, 0)]


def _wrapped(pins: Iterable[Pin], width: int) -> list[list[Pin]]:
    lines: list[list[Pin]] = []
    room = 0
    glyph = ""
    for pin in pins:
        if pin.glyph == glyph and lines:  # said once for all that follow
            pin = pin._replace(glyph="")
        needed = width_of(pin.text)
        if not lines or needed > room:
            lines.append([])
            room = width
        glyph = pin.glyph or glyph
        lines[-1].append(pin)
        room -= needed + BETWEEN
    return lines


def pinned(pins: Sequence[Pin], view: View, width: int) -> Row:
    """A line of pins, and what its cells stand for."""
    palette = view.styles.drawing
    runs: list[Run] = []
    spots, x = [], 0
    for pin in pins:
        runs += [(pin.text, emphasised(palette.value, Emphasis.LIT)), (" " * BETWEEN, palette.value)]
        spots.append(Spot(x, width_of(pin.text), pin.name, pin.key))
        x += width_of(pin.text) + BETWEEN
    return strip(runs, width, view.notation.mark("cut")), tuple(spots)
