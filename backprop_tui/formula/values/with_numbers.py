"""A formula with numbers put in for its variables."""

from collections.abc import Callable
from itertools import accumulate
from typing import Any

import numpy as np

from backprop_tui.formula.language.primitives import ATOM, SIGN
from backprop_tui.formula.language.tree import Call, Index, Name, Number, Tree, names
from backprop_tui.formula.values.element import evaluate
from backprop_tui.formula.writing.numbers import DIGITS, MINUS, format_array, format_element
from backprop_tui.formula.writing.printer import CONSTANTS, Form, Piece, Writer, plain_number

MATRIX = 2  # axes
CORNER = (4, 5)  # rows and columns that are shown of a larger matrix
BRACKETS = {MINUS: ("⎡⎢⎣", "⎤⎥⎦"), "-": ("[[[", "]]]")}


def numeric_writer(
    value: Callable[[str], Any],
    digits: int = DIGITS,
    form: Form = "shown",
    corner: tuple[int, int] = CORNER,
    marked: Callable[[str], int | None] = lambda _: None,
) -> Writer:
    """Writes a formula with the arrays that `value` gives in place of its variables; `marked` says which column of a
    variable stands out. In ASCII (`form="source"`) a minus sign is a hyphen.
    """
    minus = MINUS if form == "shown" else "-"

    def leaf(tree: Tree) -> Piece:
        match tree:
            case Number(number):
                return Piece((form == "shown" and CONSTANTS.get(number)) or plain_number(number))
            case Name(name):
                return array_piece(value(name), digits, minus, tree, corner, marked(name))
            case Index(Name(name), at):
                place = tuple(int(i.value) for i in at if isinstance(i, Number))
                return array_piece(np.float64(value(name)[place]), digits, minus, tree, corner)
            case Call():
                found = evaluate(tree, {name: value(name) for name in names(tree)})
                return array_piece(np.asarray(found, dtype=np.float64), digits, minus, tree, corner)
        raise TypeError(tree)

    return Writer(form, leaf, lambda name: value(name).ndim == 0, numeric=True)


def array_piece(
    array: Any,
    digits: int = DIGITS,
    minus: str = MINUS,
    leaf: Tree | None = None,
    corner: tuple[int, int] = CORNER,
    marked: int | None = None,
) -> Piece:
    """An array as a piece: one line of text, and its rows if it is more than a number. Where there is a matrix for each
    sample, or a stack, the first one is shown.
    """
    shown = array[(0,) * max(0, array.ndim - MATRIX)]
    shown = shown.reshape(1, -1) if shown.ndim == 1 else shown
    rows, mark = matrix_rows(shown, digits, minus, corner, marked) if shown.size > 1 else ((), (0, 0))
    text = format_array(array, digits, minus=minus)
    return Piece(text, SIGN if text.startswith(minus) else ATOM, rows, leaf, mark)


def matrix_rows(
    array: Any,
    digits: int = DIGITS,
    minus: str = MINUS,
    corner: tuple[int, int] = CORNER,
    marked: int | None = None,
) -> tuple[tuple[str, ...], tuple[int, int]]:
    """A matrix as lines of text, columns lined up on the decimal point, and where in them the marked column is.

    A large one is shown by its corner, and a marked column beyond it in its place.
    """
    lines = matrix_cells(array, digits, minus, corner, marked)
    ends = accumulate(len(text) for text, _ in lines[0])
    spans = [(end - len(text), end) for (text, at), end in zip(lines[0], ends, strict=True) if at and at[1] == marked]
    return tuple("".join(text for text, _ in line) for line in lines), spans[0] if spans else (0, 0)


Cell = tuple[str, tuple[int, int] | None]


def matrix_cells(
    array: Any,
    digits: int = DIGITS,
    minus: str = MINUS,
    corner: tuple[int, int] = CORNER,
    marked: int | None = None,
) -> list[list[Cell]]:
    """The same as cells, each with its place in the matrix; brackets and gaps have none."""
    array = array[(0,) * (array.ndim - 2)]  # of a stack, the first one
    height, width = array.shape
    rows, columns = corner
    shown: list[int | None] = [*range(min(width, columns))]
    if width > columns:
        shown = [*shown[:-1], None, marked, None] if marked is not None and marked >= columns else [*shown, None]
        shown = shown[:-1] if marked == width - 1 else shown
    dots, more, times = ("…", "⋮", "×") if minus == MINUS else ("...", ":", "x")
    cells = [
        [dots] * min(height, rows)
        if column is None
        else _line_up([format_element(v, digits, minus=minus) for v in array[:rows, column]])
        for column in shown
    ]
    lines: list[list[Cell]] = []
    for row in range(min(height, rows)):
        line: list[Cell] = []
        for column, texts in zip(shown, cells, strict=True):
            line += [("  ", None)] if line else []
            line.append((texts[row], None if column is None else (row, column)))
        lines.append(line)
    if height > rows:
        lines.append([(f"{more} {height}{times}{width}", None)])
    lengths = [sum(len(text) for text, _ in line) for line in lines]
    padded = [[*line, (" " * (max(lengths) - length), None)] for line, length in zip(lines, lengths, strict=True)]
    left, right = ("[", "]") if len(lines) == 1 else (_tall(one, len(lines)) for one in BRACKETS[minus])
    return [[(a, None), *line, (b, None)] for a, line, b in zip(left, padded, right, strict=True)]


def _tall(brackets: str, height: int) -> str:
    """A bracket of some rows, from its top to its bottom."""
    return f"{brackets[0]}{brackets[1] * (height - 2)}{brackets[2]}"


def _line_up(numbers: list[str]) -> list[str]:
    """Numbers padded so that their decimal points stand below each other."""
    parts = [number.partition(".") for number in numbers]
    before = max(len(whole) for whole, _, _ in parts)
    after = max(len(point + rest) for _, point, rest in parts)
    return [f"{whole:>{before}}{point + rest:<{after}}" for whole, point, rest in parts]
