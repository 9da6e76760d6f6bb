"""The matrix of a node as a map of shades, where the graph has blank cells for it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from textual.strip import Strip

from backprop_tui.tui.drawing.canvas import width_of
from backprop_tui.tui.drawing.diagram.diagram_styles import Emphasis, emphasised
from backprop_tui.tui.drawing.graph.painter import Row, Spot
from backprop_tui.tui.drawing.heat import Heat
from backprop_tui.tui.shared.styled_line import Run, strip
from backprop_tui.tui.shared.view import View

GAP = 2  # blank cells on either side of a card
LEAST = 2  # rows of cells of a map


class Card(NamedTuple):
    """What is drawn of a node, which stands in a row: a caption, and its matrix."""

    caption: str
    drawn: Heat
    row: int
    name: str
    key: str


def with_card(rows: Sequence[Row], card: Card, view: View, width: int) -> list[Row]:
    """Rows of a graph with a card among them, as large as there is a blank place for, as near to its node as can be."""
    blank = np.array([[character == " " for character in strip.text.ljust(width)[:width]] for strip, _ in rows])
    high = card.drawn.matrix.shape[0]
    for most in dict.fromkeys((high, -(-high // 2), LEAST)):
        size = card.drawn.size(min(most, len(rows) // 2), width // 3)
        if size.rows < LEAST:
            continue
        across = max(size.cells, width_of(card.caption))
        found = _place(blank, size.rows + 1, across, card.row)
        if found is not None:
            return _laid(rows, card, _lines(card, size.rows, width, view), found, across, width)
    return list(rows)


def _lines(card: Card, rows: int, width: int, view: View) -> list[list[Run]]:
    palette = view.styles.drawing
    head: list[Run] = [(card.caption, emphasised(palette.value, Emphasis.LIT))]
    size = card.drawn.size(rows, width // 3)
    return [head, *card.drawn.rows(size, palette, view.notation.glyphs)]


def _place(blank: np.ndarray, rows: int, across: int, near: int) -> tuple[int, int] | None:
    """The row and cell of the blank rectangle nearest to a row, the leftmost of those; None where there is none."""
    high, wide = rows, across + 2 * GAP
    if blank.shape[0] < high or blank.shape[1] < wide:
        return None
    sums = np.zeros((blank.shape[0] + 1, blank.shape[1] + 1), dtype=int)
    sums[1:, 1:] = blank.cumsum(0).cumsum(1)
    inside = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
    places = np.argwhere(inside == high * wide)
    if not len(places):
        return None
    y, x = min(places.tolist(), key=lambda at: (abs(at[0] + high // 2 - near), at[1]))
    return y, x + GAP


def _laid(
    rows: Sequence[Row], card: Card, lines: list[list[Run]], at: tuple[int, int], across: int, width: int
) -> list[Row]:
    top, left = at
    found = list(rows)
    for y, line in enumerate(lines, top):
        old, spots = found[y]
        new = strip(line, across)
        cells = Strip.join([old.crop(0, left), new, old.crop(left + across, width)])
        found[y] = cells, (*spots, Spot(left, across, card.name, card.key))
    return found
