"""What the mistaken run has for the operation at hand: its formula, its value, and where the two first differ."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from backprop_tui.engine.program import Operation
from backprop_tui.formula.numbers import MOST_DIGITS
from backprop_tui.tui.notation import Notation
from backprop_tui.tui.text_line import Run, wrap
from backprop_tui.tui.view import View

if TYPE_CHECKING:
    from backprop_tui.debugger.beside import Side


def telling(notation: Notation, a: Any, b: Any) -> Notation:
    """The notation with as many digits as it takes to tell two values apart."""
    found = (notation.with_digits(digits) for digits in range(notation.digits, MOST_DIGITS + 1))
    return next((one for one in found if one.array(a) != one.array(b)), notation)


def beside_lines(view: View, width: int) -> Iterator[Sequence[Run]]:
    """`≠ updates-first: ∂L/∂h = W₂ᵀδ₂ = [−0.3843 0.6858], with the new W₂`, and the first number that differed."""
    moment, notation, styles, side = view.moment, view.notation, view.styles, view.moment.side
    if side is None:
        return
    if moment.operation is None:
        text = f"{notation.mark('other')} beside it runs the same with a mistake: {side.beside.when}"
        yield from ([(line, styles.bad)] for line in wrap(notation.text(text), width))
        yield []
        return
    name = moment.operation.name
    there = side.operation(name)
    if side.differs(name) is None:
        said = "the same formula" if there.tree == moment.operation.tree else _formula(there, view)
        yield from ([(line, styles.muted)] for line in wrap(f"{side.beside.name}: {said}, the same here", width))
    else:
        value = telling(notation, moment.value(name), side.value(name)).array(side.value(name))
        text = (
            f"{notation.mark('other')} {side.beside.name}: {_formula(there, view)} = {value}{_newer(side, there, view)}"
        )
        yield from ([(line, styles.bad)] for line in wrap(notation.text(text), width))
    first = side.first
    if first is not None:
        tells = telling(notation, np.float64(first.a), np.float64(first.b))
        both = f"{tells.number(first.a)} {notation.mark('other')} {tells.number(first.b)}"
        when = "here" if first.step == moment.step else f"at step {first.step:,}"
        text = f"{notation.mark('first')} first differs {when}: {notation.address(first.address)} {both}"
        yield from ([(line, styles.bad)] for line in wrap(notation.text(text), width))


def _formula(operation: Operation, view: View) -> str:
    return f"{view.notation.symbol(operation.name)} = {view.notation.formula(operation.tree)}"


def _newer(side: "Side", there: Operation, view: View) -> str:
    """Which operands were updated before they were read, where the right run reads them as they were."""
    keys = side.frame.program.by_name[there.name].keys
    newer = [name for name, key in there.keys.items() if name in keys and key != keys[name]]
    return f", with the new {' and '.join(map(view.notation.symbol, newer))}" if newer else ""
