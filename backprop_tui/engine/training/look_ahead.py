"""Nesterov's momentum as its paper has it: the gradient is taken at the look-ahead point, and the weights stay apart.

PyTorch keeps the look-ahead point alone and calls that the weights. Here `ahead_W1` is W₁ − ημm, what the forward and
the backward half read in place of W₁, and the update is that of plain momentum (Sutskever et al. 2013). With one
learning rate both are the same run: the weights that PyTorch has after an iteration are what the next one looks ahead
to.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import Role, Variable
from backprop_tui.engine.tables.meanings import Meaning, Row
from backprop_tui.engine.tables.settings import Value
from backprop_tui.engine.training.update_statements import STAGE
from backprop_tui.formula.language.algebra import put_in
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.tree import Name, Tree, substitute

KIND, PREFIX = "ahead", "ahead_"
MEANING = Meaning(
    Row("{w} and one more step along its momentum: the gradient is to be taken there"),
    "where {w} would be after another step of its momentum: Nesterov's look-ahead point",
)
FORMULA = parse("w - eta * momentum * m")


class Looking(Protocol):
    """What may be trained so: `ahead` says that the look-ahead points are to be variables of their own."""

    @property
    def ahead(self) -> bool: ...
    @property
    def chosen(self) -> dict[str, Value]: ...
    @property
    def schedule(self) -> tuple[str, dict[str, float]] | None: ...


def looks_ahead(of: Looking) -> bool:
    """Whether the look-ahead points are variables; where η changes, the two forms are two different runs."""
    return bool(of.ahead and of.chosen.get("nesterov") and of.chosen.get("momentum") and not of.schedule)


def with_look_ahead(found: Sequence[Statement], parameters: Mapping[str, Variable], stage: str) -> list[Statement]:
    """Statements with a look ahead first, of every parameter that a momentum moves; all but its own update reads that
    in its place.
    """
    buffers = {
        own.parameter: statement.name
        for statement in found
        if (own := statement.variable).role is Role.STEP and own.kind == "m" and own.parameter in parameters
    }
    points: dict[str, Tree] = {name: Name(PREFIX + name) for name in buffers}

    def moved(statement: Statement) -> Statement:
        if statement.stage == STAGE and statement.variable.role is Role.PARAMETER:
            return statement
        tree, stable = substitute(statement.tree, points), statement.stable
        return msgspec.structs.replace(
            statement, tree=tree, stable=None if stable is None else substitute(stable, points)
        )

    looks = (
        Statement(
            PREFIX + name,
            put_in(FORMULA, {"w": Name(name), "m": Name(buffer)}),
            stage,
            variable=msgspec.structs.replace(parameters[name], role=Role.VALUE, kind=KIND, means=MEANING),
        )
        for name, buffer in sorted(buffers.items(), key=lambda one: parameters[one[0]].block)
    )
    return [*looks, *map(moved, found)]
