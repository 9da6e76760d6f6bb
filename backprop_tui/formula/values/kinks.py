"""The side of its kinks that a formula is on: relu's at 0, those of max, abs and where, and of what contains them."""

from collections.abc import Iterator

from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import PRIMITIVES
from backprop_tui.formula.language.tree import Call, Tree, children, substitute
from backprop_tui.formula.writing.printer import defined


def sides(tree: Tree) -> tuple[Tree, ...]:
    """Formulas that are each constant where this one is smooth.

    Between two points at which all of these formulas have the same values there is no kink and no jump.
    """
    return tuple(dict.fromkeys(_sides(tree)))


def _sides(tree: Tree) -> Iterator[Tree]:
    if isinstance(tree, Call):
        row = PRIMITIVES[tree.function]
        if row.definition:
            yield from _sides(defined(tree))
            return
        if row.side:
            yield substitute(parse(row.side), dict(zip(row.parameters, tree.operands, strict=False)))
    for child in children(tree):
        yield from _sides(child)
