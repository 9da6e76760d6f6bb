"""A statement: one variable and the formula that gives it."""

import msgspec

from backprop_tui.engine.statements.variable import UNKNOWN, Variable
from backprop_tui.formula.language.tree import Tree


class Statement(msgspec.Struct, frozen=True):
    """`name = tree`, in a stage; `variable` is the record of what it writes.

    `stable` is a formula equal to `tree` in exact arithmetic. It is run in place of `tree` as long as every variable in
    `jumps`, which it bypasses, was computed by its own formula; `gains` says what for, `which stays exact …`, with
    variables in braces.
    """

    name: str
    tree: Tree
    stage: str = ""
    stable: Tree | None = None
    jumps: tuple[str, ...] = ()
    variable: Variable = UNKNOWN
    gains: str = ""
