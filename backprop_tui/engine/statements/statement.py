"""A statement: one variable and the formula that gives it."""

import msgspec

from backprop_tui.engine.statements.variable import UNKNOWN, Variable
from backprop_tui.formula.language.tree import Tree


class Statement(msgspec.Struct, frozen=True):
    """`name = tree`, in a stage; `variable` says what it is that is written.

    `stable` is a formula equal to `tree` in exact arithmetic that is run in its place as long as every variable in
    `jumps` was computed by its own formula.
    """

    name: str
    tree: Tree
    stage: str = ""
    stable: Tree | None = None
    jumps: tuple[str, ...] = ()
    variable: Variable = UNKNOWN
