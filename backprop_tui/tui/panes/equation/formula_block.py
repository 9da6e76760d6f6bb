"""Pieces of a formula as lines of a pane: matrices in their height, where there is room for them."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product

from rich.style import Style

from backprop_tui.formula.writing.matrix_layout import Line, Span, set_out
from backprop_tui.formula.writing.matrix_layout import width as line_width
from backprop_tui.formula.writing.printer import Piece
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.styled_line import Run, wrap
from backprop_tui.tui.shared.view import View

CORNERS = ((4, 5), (3, 3), (2, 2), (2, 1))  # of large matrices, the first that there is room for
TALLEST = CORNERS[0][0]  # rows that are written of a matrix
FEW = 24  # numbers, that are written out as prose rather than left out
UNDERLINED = Style(underline=True)


def block(
    write: Callable[[Notation], Sequence[Piece]],
    numbers: int,
    paint: tuple[Style, Style],
    view: View,
    indent: int,
    width: int,
    *,
    rows: int,
) -> Iterator[Sequence[Run]]:
    """Pieces set out in the first way that there is room for: whole, as prose where they are few, by their corners.

    A matrix takes at most that many rows; with none, it stands on the line.
    """
    digits = view.notation.digits
    few = numbers <= FEW
    corners = CORNERS if rows and not few else CORNERS[:1]
    made: dict[tuple[tuple[int, int], int], tuple[list[Line], int]] = {}
    for (high, wide), margin, fewer in product(corners, (indent, 2), (digits, min(3, digits))):
        corner = (min(high, rows) if rows and not few else high, wide)
        if (corner, fewer) not in made:
            made[corner, fewer] = set_out(write(view.notation.with_digits(fewer).with_corner(*corner)), tall=rows > 0)
        lines, middle = made[corner, fewer]
        if few and len(lines) > max(rows, 1):
            break
        if max(map(line_width, lines)) + margin + 2 > width:
            continue
        plain, number = paint
        for place, line in enumerate(lines):
            lead = " " * margin + ("= " if place == middle else "  ")
            yield [(lead, plain), *(run for span in line for run in _runs(span, plain, number))]
        return
    text = "".join(piece.text for piece in write(view.notation))
    yield from ([(line, paint[1])] for line in wrap(f"= {text}", width))


def _runs(span: Span, plain: Style, number: Style) -> Iterator[Run]:
    """A piece's text on one line; the column of the sample that is shown is underlined."""
    text, piece = span
    style = number if piece and piece.leaf is not None else plain
    start, end = piece.mark if piece and text in piece.rows else (0, 0)
    if text[start:end].strip():
        yield from ((text[:start], style), (text[start:end], style + UNDERLINED), (text[end:], style))
    else:
        yield text, style
