"""A formula with numbers put in for its variables."""

from collections.abc import Callable
from typing import Any

import numpy as np

from backprop_tui.formula.element import evaluate
from backprop_tui.formula.numbers import DIGITS, MINUS, format_array, format_element
from backprop_tui.formula.primitives import ATOM, SIGN
from backprop_tui.formula.render import Form, Piece, Writer, plain_number
from backprop_tui.formula.tree import Call, Index, Name, Number, Tree, names

CORNER = (4, 5)  # rows and columns that are shown of a larger matrix
BRACKETS = {MINUS: ("⎡⎢⎣", "⎤⎥⎦"), "-": ("[[[", "]]]")}


def numeric_writer(
    value: Callable[[str], Any], digits: int = DIGITS, form: Form = "shown", corner: tuple[int, int] = CORNER
) -> Writer:
    """How a formula is written with the arrays that `value` gives for its variables.

    In ASCII (`form="source"`) a minus is a hyphen.
    """
    minus = MINUS if form == "shown" else "-"

    def leaf(tree: Tree) -> Piece:
        match tree:
            case Number(number):
                return Piece(plain_number(number))
            case Name(name):
                return array_piece(value(name), digits, minus, tree, corner)
            case Index(Name(name), at):
                place = tuple(int(i.value) for i in at if isinstance(i, Number))
                return array_piece(np.float64(value(name)[place]), digits, minus, tree, corner)
            case Call():
                found = evaluate(tree, {name: value(name) for name in names(tree)})
                return array_piece(np.float64(found), digits, minus, tree, corner)
        raise TypeError(tree)

    return Writer(form, leaf, lambda name: value(name).ndim == 0, numeric=True)


def array_piece(
    array: Any,
    digits: int = DIGITS,
    minus: str = MINUS,
    leaf: Tree | None = None,
    corner: tuple[int, int] = CORNER,
) -> Piece:
    """An array as a piece: one line of text, and its rows where it is more than a number. Of matrices for each sample
    that is the first one's.
    """
    shown = array[0] if array.ndim > 2 else array
    rows = matrix_rows(shown, digits, minus, corner) if shown.size > 1 else ()
    text = format_array(array, digits, minus=minus)
    return Piece(text, SIGN if text.startswith(minus) else ATOM, rows, leaf)


def matrix_rows(
    array: Any, digits: int = DIGITS, minus: str = MINUS, corner: tuple[int, int] = CORNER
) -> tuple[str, ...]:
    """A matrix as lines of text, columns lined up on the decimal point; a large one by its corner."""
    height, width = array.shape
    rows, columns = corner
    cells = [
        _line_up([format_element(v, digits, minus=minus) for v in array[:rows, column]])
        for column in range(min(width, columns))
    ]
    dots, more, times = ("…", "⋮", "×") if minus == MINUS else ("...", ":", "x")
    if width > columns:
        cells.append([dots] * len(cells[0]))
    lines = ["  ".join(row) for row in zip(*cells, strict=True)]
    if height > rows:
        lines.append(f"{more} {height}{times}{width}")
    longest = max(map(len, lines))
    lines = [line.ljust(longest) for line in lines]
    if len(lines) == 1:
        return (f"[{lines[0]}]",)
    left, right = (f"{b[0]}{b[1] * (len(lines) - 2)}{b[2]}" for b in BRACKETS[minus])
    return tuple(f"{a}{line}{b}" for a, line, b in zip(left, lines, right, strict=True))


def _line_up(numbers: list[str]) -> list[str]:
    """Numbers padded so that their decimal points stand below each other."""
    parts = [number.partition(".") for number in numbers]
    before = max(len(whole) for whole, _, _ in parts)
    after = max(len(point + rest) for _, point, rest in parts)
    return [f"{whole:>{before}}{point + rest:<{after}}" for whole, point, rest in parts]
