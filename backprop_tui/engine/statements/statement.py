"""A statement: one variable and the formula that gives it."""

import msgspec

from backprop_tui.formula.language.tree import Tree


class Statement(msgspec.Struct, frozen=True):
    """`name = tree`, in a stage.

    `stable` is a formula equal to `tree` in exact arithmetic that is run in its place as long as every variable in
    `jumps` was computed by its own formula. A gradient is `of` a variable.
    """

    name: str
    tree: Tree
    stage: str = ""
    stable: Tree | None = None
    jumps: tuple[str, ...] = ()
    of: str = ""
