"""Patterns: formulas in which some names stand for any formula, and rewriting by them."""

from collections.abc import Container, Mapping

from backprop_tui.formula.language.algebra import put_in
from backprop_tui.formula.language.tree import Call, Name, Tree, children, rebuild

ANYTHING = frozenset("abcd")

Bound = dict[str, Tree]


def match(pattern: Tree, tree: Tree, local: Container[str] = (), bound: Bound | None = None) -> Bound | None:
    """What the names of a pattern stand for in a tree; None if it does not fit.

    Each of `a` to `d` stands for any formula, the same one everywhere; `local` stands for one of the names that are
    given as local derivatives; any other name stands for itself. A sum of two terms fits a longer sum too: its first
    term then stands for all terms but the last.
    """
    bound = bound or {}
    match pattern, tree:
        case Name(name), _ if name in ANYTHING:
            return bound | {name: tree} if bound.get(name, tree) == tree else None
        case Name("local"), Name(name):
            return bound if name in local else None
        case Call("add", (_, _)), Call("add", (*most, last)) if len(most) > 1:
            tree = Call("add", (Call("add", tuple(most)), last))
    if not isinstance(pattern, Call):
        return bound if pattern == tree else None
    if not (isinstance(tree, Call) and tree.function == pattern.function):
        return None
    if len(tree.operands) != len(pattern.operands):
        return None
    found: Bound | None = bound
    for one, other in zip(pattern.operands, tree.operands, strict=True):
        found = None if found is None else match(one, other, local, found)
    return found


def contains(tree: Tree, pattern: Tree) -> bool:
    """Whether a pattern fits a formula or a part of it."""
    return match(pattern, tree) is not None or any(contains(child, pattern) for child in children(tree))


def rewrite(
    tree: Tree,
    pattern: Tree,
    put: Tree,
    more: Mapping[str, Tree],
    local: Container[str] = (),
    *,
    whole: bool = False,
) -> Tree:
    """The tree with `put` wherever the pattern fits, from the root down, or with `whole` only at the root.

    `put` may use the names of the pattern and those of `more`. What a name stands for is not rewritten itself.
    """
    bound = match(pattern, tree, local)
    if bound is not None:
        return put_in(put, {**more, **bound})
    return tree if whole else rebuild(tree, lambda child: rewrite(child, pattern, put, more, local))
