"""What a debugger has under a name: variables and single numbers, as far as they are computed."""

from collections.abc import Iterator
from typing import Any

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.language.tree import ExpressionError
from backprop_tui.text import a_type

MOST_KNOWN = 8  # names in a message: enough to see what they are like


class NoValueError(KeyError):
    """A name that has no value now: one line that says which was meant, or when it will have one."""

    def __str__(self) -> str:
        return str(self.args[0])


def value_now(moment: Moment, name: str) -> Any:
    """A variable's value now (`W1`, `δ₂`), read-only, or one number of it (`W1[0,1]`). Raises NoValueError."""
    symbols = moment.program.symbols
    if not isinstance(name, str):
        raise NoValueError(f"a name is text, such as 'W1' or 'W1[0,1]', not {a_type(name)}")
    resolved = symbols.resolve(name)
    at = None
    if resolved is None:
        try:
            resolved, at = symbols.place(name)
        except ExpressionError as error:
            known = "" if "(" in str(error) else f" (known: {', '.join([*symbols.shapes][:MOST_KNOWN])}, …)"
            raise NoValueError(f"{error}{known}") from None
    value = moment.value(resolved)
    if value is None:
        raise NoValueError(not_yet(resolved, moment.program, moment.timeline, moment.iteration))
    if not at:
        return value
    found = Address(resolved, at).of(value)
    if found is None:
        raise NoValueError(f"{name} has no such place in this iteration, whose batch is smaller")
    return value[at]


def names_now(moment: Moment) -> Iterator[str]:
    """The variables that have a value now."""
    return (name for name in moment.program.shapes if moment.value(name) is not None)


def not_yet(name: str, program: Program, timeline: Timeline, iteration: int) -> str:
    """When a variable that has no value yet will have one."""
    operation = program.by_name.get(name)
    if operation is None:
        return f"{name} enters with the first operation"
    step = timeline.step_at(iteration, operation.index)
    return f"{name} is not computed yet: step {step:,} ({iteration:,}:{name}) does that"
