"""Pieces of a formula set side by side: matrices at their full height, the rest on the line through their middle."""

from collections.abc import Sequence

from backprop_tui.formula.writing.printer import Piece

Span = tuple[str, Piece | None]
Line = list[Span]


def set_out(pieces: Sequence[Piece], *, tall: bool = True) -> tuple[list[Line], int]:
    """The formula as lines of (text, the piece that it belongs to), and the index of the middle line.

    With `tall=False` everything stands on one line.
    """
    height = max((len(piece.rows) for piece in pieces), default=1) if tall else 1
    height = max(height, 1)
    middle = (height - 1) // 2
    lines: list[Line] = [[] for _ in range(height)]
    for piece in pieces:
        rows = piece.rows if tall and piece.rows else (piece.text,)
        top = middle - (len(rows) - 1) // 2
        width = max(map(len, rows))
        for place, line in enumerate(lines):
            inside = 0 <= place - top < len(rows)
            line.append((rows[place - top], piece) if inside else (" " * width, None))
    return lines, middle


def width(line: Line) -> int:
    """The number of cells that a line takes; every character of a formula is one cell wide."""
    return sum(len(text) for text, _ in line)
