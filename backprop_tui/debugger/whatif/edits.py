"""What-if: from what a person types to an edit, and where an edit goes when its iteration is done again."""

from math import isfinite, prod

import msgspec

from backprop_tui.debugger.basics.address import Address, first, read_address
from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.debugger.expressions.quantity import read_quantity
from backprop_tui.engine.program.edit import Edit
from backprop_tui.engine.program.program import Program
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.tree import ExpressionError, Index
from backprop_tui.text import clean


class EditError(ValueError):
    """An edit or a branch that is impossible: one line that says why."""


def edit_at(moment: Moment, address: str | Address, value: object) -> Edit:
    """The edit of a number at a moment, to a number or an expression's value then. Raises EditError."""
    program = moment.program
    found = _address(address, program)
    edit = Edit(moment.step, found.name, found.at, _number(_asked(value, moment), str(found)))
    check(edit, program)
    key = program.key(found.name, moment.index) or found.name
    extent = moment.frame[key].shape
    if any(place >= most for place, most in zip(found.at, extent, strict=True)):
        raise EditError(f"{found} is not there: this batch is smaller, {found.name} is {' × '.join(map(str, extent))}")
    return edit


def edit_of(step: int, address: str, value: float, program: Program, *, entering: bool) -> Edit:
    """The edit that was saved in these words. Raises EditError."""
    found = _address(address, program)
    edit = Edit(step, found.name, found.at, _number(value, str(found)), entering)
    check(edit, program)
    return edit


def check(edit: Edit, program: Program) -> None:
    """Raise EditError where a program has nothing to edit at that place."""
    name, length = edit.name, len(program.operations)
    if name not in program.shapes:
        raise EditError(f"there is no variable '{clean(name, 40)}'")
    if name in program.counters:
        raise EditError(f"{program.symbols.symbol(name)} counts iterations and cannot be changed")
    shape = program.shapes[name]
    if len(edit.at) != len(shape) or any(not 0 <= i < n for i, n in zip(edit.at, shape, strict=True)):
        raise EditError(f"{clean(edit.address, 40)} is not there: {name} has the shape {list(shape)}")
    if edit.entering and edit.step % length:
        raise EditError(f"no iteration starts after step {edit.step}")
    _, index = edit.place(length)
    if program.key(name, index) is None and not (index < 0 and name in program.start):
        written = program.by_name[name].index + 1
        raise EditError(f"{name} has no value yet: it is computed by operation {written} of the iteration")


def again(edit: Edit, program: Program) -> Edit:
    """An edit moved to where it takes effect first in its iteration: its start, or the operation that computes it."""
    length = len(program.operations)
    iteration, _ = edit.place(length)
    start = (iteration - 1) * length
    if edit.name in program.start:
        return msgspec.structs.replace(edit, step=start, entering=True)
    return msgspec.structs.replace(edit, step=start + program.by_name[edit.name].index + 1)


def _address(address: str | Address, program: Program) -> Address:
    if isinstance(address, Address):
        return address
    try:
        found = read_address(address, program.symbols)
        tree = parse(program.symbols.ascii(address))
    except ExpressionError as error:
        raise EditError(str(error)) from None
    shape = program.shapes[found.name]
    given = len(tree.at) if isinstance(tree, Index) else 0
    if len(shape) == 3 and shape[0] == 1 and given == 2:  # the index of an only sample may be left out
        given = 3
    if prod(shape[given:]) > 1:
        example = first(found.name, shape)
        raise EditError(f"{found.name} has {prod(shape)} numbers: say which, such as {example}")
    return found


def _asked(value: object, moment: Moment) -> object:
    """What is typed as the number that it is; anything else as it is."""
    if not isinstance(value, str):
        return value
    try:
        return float(value.strip().replace("−", "-"))
    except ValueError:
        pass
    try:
        quantity = read_quantity(value, moment.program)
        found = quantity.now(moment.timeline, moment.step)
    except ExpressionError as error:
        raise EditError(str(error)) from None
    if quantity.expression.kind != "number":
        raise EditError(f"{clean(value, 40)} is true or false, and is not a number")
    if found.size > 1:
        raise EditError(f"{clean(value, 40)} is {'×'.join(map(str, found.shape))}, not one number")
    return found.reshape(())[()]


def _number(value: object, address: str) -> float:
    """A finite number. −0 becomes 0: nobody who types it means the sign."""
    shown = clean(str(value)[:60], 40)
    if isinstance(value, bool | bytes | bytearray):
        raise EditError(f"{address}: '{shown}' is not a number")
    try:
        number = float(value)  # type: ignore[arg-type]
    except OverflowError:
        raise EditError(f"{address}: that number is too large") from None
    except (TypeError, ValueError):
        raise EditError(f"{address}: '{shown}' is not a number") from None
    if not isfinite(number):
        raise EditError(f"{address}: {shown} is not finite, and would make everything after it so")
    return number + 0.0
