"""Updates in two lines, first what a parameter changes by and then the parameter: for a source that prints Δw.

w − a is written as Δ = −a and w + Δ, which is the same to the last bit.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import msgspec

from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import Role
from backprop_tui.engine.tables.meanings import Case, Meaning, Row
from backprop_tui.formula.language.algebra import build
from backprop_tui.formula.language.tree import Call, Name, Tree

KIND, PREFIX = "step", "step_"
CHANGE = Meaning(
    Row(
        "what {w} changes by in this iteration, which is added to it next",
        one=(
            Case("ans > 0", "{w} will be raised by this"),
            Case("ans < 0", "{w} will be lowered by this"),
            Case("ans == 0", "{w} will stay as it is"),
        ),
    ),
    "what {w} changes by in this iteration",
)
Statements: TypeAlias = Sequence[Statement]


def in_two(update: Statement) -> tuple[Statement, Statement]:
    """The change of a parameter, and its update by that."""
    own = Name(update.name)
    match update.tree:
        case Call("sub", (before, less)) if before == own:
            change = build("neg", less)
        case Call("add", (before, more)) if before == own:
            change = more
        case after:
            change = build("sub", after, own)
    name = PREFIX + update.name
    record = msgspec.structs.replace(update.variable, role=Role.STEP, kind=KIND, means=CHANGE)
    return (
        Statement(name, change, update.stage, variable=record),
        msgspec.structs.replace(update, tree=Call("add", (own, Name(name)))),
    )


def with_steps(found: Statements, taken: Callable[[str], object]) -> Iterator[Statement]:
    """Statements with every update in two lines, except where the name of the change is `taken`."""
    for statement in found:
        if statement.variable.role is Role.PARAMETER and not taken(PREFIX + statement.name):
            yield from in_two(statement)
        else:
            yield statement


def is_change(statement: Statement) -> bool:
    """Whether a statement is the first of the two lines."""
    return statement.variable.role is Role.STEP and statement.variable.kind == KIND


def in_one_line(
    found: Statements, change: Callable[[list[Statement]], list[Statement] | None]
) -> list[Statement] | None:
    """A change of statements, made in the updates as they are in one line; what it leaves alone is the same object."""
    changes = {one.variable.parameter: one for one in found if is_change(one)}
    if not changes:
        return change([*found])
    updates = {one.name: one for one in found if one.name in changes}
    whole = {name: msgspec.structs.replace(one, tree=_whole(one, changes[name])) for name, one in updates.items()}
    made = change([whole.get(one.name, one) for one in found if not is_change(one)])
    if made is None:
        return None
    result = []
    for one in made:
        if one.name in updates:
            result += [changes[one.name] if one is whole[one.name] else in_two(one)[0], updates[one.name]]
        else:
            result.append(one)
    return result


def _whole(update: Statement, change: Statement) -> Tree:
    own = Name(update.name)
    match change.tree:
        case Call("sub", (after, before)) if before == own:
            return after
        case tree:
            return build("add", own, tree)
