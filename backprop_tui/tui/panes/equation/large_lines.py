"""An operation for a room: its formula, its numbers, its result in large digits, what it means, each by itself."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from backprop_tui.engine.program.event import Event
from backprop_tui.formula.writing.line_breaks import broken
from backprop_tui.tui.drawing.large_digits import ROWS, large_matrix
from backprop_tui.tui.panes.equation.bands import PLAIN, Line, in_parts, laid_out
from backprop_tui.tui.panes.equation.columns import Column, Given, as_matrices, columns
from backprop_tui.tui.panes.equation.equation import note_lines, remark_lines, what_if_lines
from backprop_tui.tui.panes.equation.operation_lines import of_one_sample
from backprop_tui.tui.shared.styled_line import goes_on, wrap
from backprop_tui.tui.shared.view import View

FORMULA, NUMBERS, RESULT, SENTENCE = 1, 2, 3, 4
REVEALS = ("", "formula", "numbers", "result", "sentence")
CORNERS = ((8, 8), (5, 6), (3, 4), (2, 3))  # of matrices, the most that is shown first
GAPS = 3  # blank rows between the four
FEW = 3  # digits that numbers may be cut to before they are shown small


def formula_lines(event: Event, view: View, width: int) -> list[Line]:
    """The formula, broken where it is long."""
    notation = view.notation
    text = f"{notation.symbol(event.name)} = {notation.formula(event.operation.tree)}"
    return [[(line, view.styles.strong)] for line in broken(text, width)]


def number_lines(event: Event, view: View, width: int, height: int) -> list[Line]:
    """The formula with numbers put in, matrices as matrices as long as there is room."""
    moment, notation, styles = view.moment, view.notation, view.styles
    values, _, count = of_one_sample(event, view)
    tree = as_matrices(event.operation.tree) if count else event.operation.tree
    given = Given(moment, notation, styles, values, {}, (lambda _: None) if count else moment.column_of)
    equals = Column("", [[("= ", styles.text)]], 2, styles.text)
    whole = any(np.ndim(value) > 2 for value in values.values())  # stacks, of which no single matrix can be shown
    for corner in () if whole else CORNERS:
        operands = columns(tree, given, corner, notation.digits)
        bands = in_parts([equals], operands, width, styles.muted, coarse=True)
        if all(sum(band.widths) <= width for band in bands) and sum(band.height for band in bands) <= height:
            return laid_out(bands)
    numbers = "".join(piece.text for piece in notation.numeric_pieces(tree, values.__getitem__))
    lines = wrap(f"= {numbers}", width)
    return [[(line, styles.text)] for line in (lines if len(lines) <= height else lines[: max(1, height)])]


def result_lines(event: Event, view: View, width: int, height: int) -> list[Line]:
    """The result in digits of three rows; in ordinary ones where there is no room, at last its shape and a corner."""
    notation, styles = view.notation, view.styles
    _, result, _ = of_one_sample(event, view)
    array = np.atleast_2d(np.asarray(result))
    for digits in range(notation.digits, min(FEW, notation.digits) - 1, -1):
        written = notation.with_digits(digits)
        if array.size > width * height or array.ndim > 2:
            break
        cells = [[written.number(float(number)) for number in row] for row in array]
        found = large_matrix(cells, ascii_only=notation.ascii)
        if max(map(len, found)) <= width and len(found) <= height:
            return [[(line, styles.strong)] for line in found]
    for corner in CORNERS if array.ndim == 2 else ():
        rows = _rows(result, view, corner)
        if max(map(len, rows)) <= width and len(rows) <= max(height, ROWS):
            return [[(row, styles.strong)] for row in rows]
    return [[(line, styles.strong)] for line in wrap(notation.array(result), width)[: max(1, height)]]


def _rows(value: Any, view: View, corner: tuple[int, int]) -> Sequence[str]:
    piece = view.notation.with_corner(*corner).value_piece(value)
    return piece.rows or (piece.text,)


def sentence_lines(view: View, width: int) -> list[list[Line]]:
    """What it means in the case at hand; and, each by itself, what was edited, what stands beside it, and the
    scenario's notes.
    """
    from backprop_tui.debugger.meaning.sentence import meaning

    said = view.notation.text(meaning(view.moment, view.notation))
    sentence: list[Line] = [[(line, view.styles.text)] for line in wrap(said, width)]
    event = view.moment.event
    remarks = [] if event is None else [[*line] for line in remark_lines(event, view, width)]
    edits = [[*line] for line in what_if_lines(view, width)]
    notes = [[*line] for line in note_lines(view, width)]
    return [sentence, *(block for block in (edits, remarks, notes) if block)]


def large_lines(view: View, width: int, height: int, revealed: int) -> list[Line]:
    """All of it, in the middle of so much room; what is not revealed yet is left blank, so that nothing moves later."""
    event = view.moment.event
    if event is None:
        return middle([_opening(view, width)], width, height)
    formula = formula_lines(event, view, width)
    said = sentence_lines(view, width)
    said = _first_of(said, max(1, height // 3), width, view.notation.mark("cut"))
    rest = max(2, height - len(formula) - sum(map(len, said)) - GAPS - len(said) + 1)
    numbers: list[Line] = []
    result: list[Line] = []
    for most in (rest - ROWS, rest // 2, ROWS, 1):
        numbers = number_lines(event, view, width, max(1, most))
        result = result_lines(event, view, width, rest - len(numbers))
        if len(result) >= ROWS:
            break
    blocks = [formula, numbers, result, *said]
    parts = [*range(FORMULA, SENTENCE), *(SENTENCE for _ in said)]
    shown = [block if part <= revealed else [] for part, block in zip(parts, blocks, strict=True)]
    return middle(shown, width, height, blocks)


def _first_of(blocks: Sequence[list[Line]], room: int, width: int, cut: str) -> list[list[Line]]:
    """As much of some blocks as there is room for, the first ones first; the last line tells that it goes on."""
    found: list[list[Line]] = []
    for block in blocks:
        if room > 0 and block:
            found.append(block if len(block) <= room else [*block[: room - 1], goes_on(block[room - 1], width, cut)])
        room -= len(block) + 1
    return found or [[]]


def middle(
    shown: Sequence[Sequence[Line]], width: int, height: int, blocks: Sequence[Sequence[Line]] = ()
) -> list[Line]:
    """Blocks of lines with gaps between them, each in the middle of the width, all in the middle of the height.

    They take the room that the `blocks` take which they are, or are still to be.
    """
    found: list[Line] = []
    blocks = blocks or shown
    gap = int(sum(map(len, blocks)) + len(blocks) - 1 <= height)
    for place, block in enumerate(blocks):
        found += [[]] * (gap if place else 0)
        widest = max((sum(len(text) for text, _ in line) for line in block), default=0)
        indent = max(0, (width - widest) // 2)
        lines = [[(" " * indent, PLAIN), *line] for line in shown[place]]
        found += [*lines, *([[]] * (len(block) - len(lines)))]
    above = max(0, (height - len(found)) // 2)
    return [*([[]] * above), *found][:height]


def _opening(view: View, width: int) -> list[Line]:
    """Before anything ran: what it is about."""
    scenario, styles, notation = view.moment.scenario, view.styles, view.notation
    if (asked := view.moment.operation) is not None:  # its result is to be predicted
        return [[(f"{notation.symbol(asked.name)} = ?", styles.strong)]]
    lines: list[Line] = [[(line, styles.strong)] for line in wrap(notation.text(scenario.title), width)]
    for text in (scenario.source, scenario.url):
        lines += [[], *([(line, styles.muted)] for line in wrap(notation.text(text), width))] if text else []
    return lines
