"""What the mistaken run has for the operation at hand: its formula, its value, and where the two first differ."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.style import Style

from backprop_tui.engine.program.operation import Operation
from backprop_tui.formula.writing.numbers import MOST_DIGITS
from backprop_tui.tui.shared.screen_notation import Notation
from backprop_tui.tui.shared.styled_line import Run, wrap, wrap_runs
from backprop_tui.tui.shared.view import View

if TYPE_CHECKING:
    from backprop_tui.debugger.mistakes.side_by_side import Side

NUMBERS = re.compile(r"([\s\[\]]+)")  # what stands between the numbers of a value


def telling(notation: Notation, a: Any, b: Any) -> Notation:
    """The notation with as many digits as it takes to tell two values apart."""
    found = (notation.with_digits(digits) for digits in range(notation.digits, MOST_DIGITS + 1))
    return next((one for one in found if one.array(a) != one.array(b)), notation)


def against(right: str, wrong: str, style: Style, bad: Style) -> list[Run]:
    """The text of a mistaken value, of which only the numbers that read differently from the right ones stand out."""
    ours, theirs = (NUMBERS.split(text) for text in (right, wrong))
    if len(ours) != len(theirs):
        return [(wrong, bad)]
    return [(b, bad if a != b else style) for a, b in zip(ours, theirs, strict=True) if b]


def beside_lines(view: View, width: int) -> Iterator[Sequence[Run]]:
    """`≠ updates-first: ∂L/∂h = W₂ᵀδ₂ = [−0.3843 0.6858], with the new W₂`, and the first number that differed."""
    moment, notation, styles, side = view.moment, view.notation, view.styles, view.moment.side
    if side is None:
        return
    other, text = notation.mark("other"), styles.text
    if moment.operation is None:
        said = f"{other} beside it runs {side.beside.wrong.told}"
        yield from ([(line, text)] for line in wrap(notation.text(said), width))
        yield []
        return
    name = moment.operation.name
    there = side.operation(name)
    if side.differs(name) is None:
        said = notation.text(f"{side.beside.name}: {_alike(side, there, view)}")
        yield from ([(line, styles.muted)] for line in wrap(said, width))
    elif there is not None:
        tells = telling(notation, moment.value(name), side.value(name))
        values = (tells.array(moment.value(name)), tells.array(side.value(name)))
        head = notation.text(f"{other} {side.beside.name}: {_formula(there, view)} = ")
        yield from wrap_runs(
            [(head, text), *against(*values, text, styles.bad), (_newer(side, there, view), text)], width
        )
    first = side.first
    if first is not None:
        tells = telling(notation, np.float64(first.a), np.float64(first.b))
        when = "here" if first.step == moment.step else f"at step {first.step:,}"
        said = f"{notation.mark('first')} first differs {when}: {notation.address(first.address)} "
        both = [(f"{said}{tells.number(first.a)} {other} ", text), (tells.number(first.b), styles.bad)]
        yield from wrap_runs(both, width)


def _alike(side: "Side", there: Operation | None, view: View) -> str:
    """What is said of an operation whose value does not differ, or has nothing there to be compared with."""
    moment, notation = view.moment, view.notation
    operation = moment.program.operations[moment.index]
    if there is None:
        return f"there is no {notation.symbol(operation.name)}"
    said = "the same formula" if there.tree == operation.tree else _formula(there, view)
    if side.value(operation.name) is None:
        extent = "×".join(map(str, side.wrong.program.shapes[operation.name]))
        return f"{said}, {extent} there" if extent else said
    return f"{said}, the same here"


def _formula(operation: Operation, view: View) -> str:
    return f"{view.notation.symbol(operation.name)} = {view.notation.formula(operation.tree)}"


def _newer(side: "Side", there: Operation, view: View) -> str:
    """Which operands were updated before they were read, where the right run reads them as they were."""
    keys = side.frame.program.by_name[there.name].keys
    newer = [name for name, key in there.keys.items() if name in keys and key != keys[name]]
    return f", with the new {' and '.join(map(view.notation.symbol, newer))}" if newer else ""
