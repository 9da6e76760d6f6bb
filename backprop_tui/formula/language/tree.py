"""Expression trees: the one form in which a formula is printed, run, expanded and differentiated.

A tree is immutable and compares by structure. A negative number is a `neg` of a positive one, and a sum never
starts with a sum, so that there is one tree for one text: `parse(source(tree)) == tree`.
"""

from collections.abc import Callable, Iterator

import msgspec


class ExpressionError(ValueError):
    """An expression that cannot be read or evaluated: one line, with the column (from 1) where it is known."""

    def __init__(self, message: str, column: int | None = None) -> None:
        super().__init__(message if column is None else f"column {column}: {message}")
        self.column = column


class Number(msgspec.Struct, frozen=True):
    """A non-negative constant."""

    value: float


class Name(msgspec.Struct, frozen=True):
    """A variable: a parameter, a setting, or what an operation wrote."""

    name: str


class Call(msgspec.Struct, frozen=True):
    """A primitive applied to its operands; every operator is one."""

    function: str
    operands: tuple["Tree", ...]


class Index(msgspec.Struct, frozen=True):
    """One scalar of an array, `W1[0, 1]`; indices count from 0."""

    of: "Tree"
    at: tuple["Tree", ...]


class Sum(msgspec.Struct, frozen=True):
    """`sum(body for k in all)`: over every value of the bound indices; occurs in the rows of the primitives. `by` says
    what puts the terms together: `add`, or `max` for `max(body for k in all)`.
    """

    body: "Tree"
    over: tuple[str, ...]
    by: str = "add"


Tree = Number | Name | Call | Index | Sum


def call(function: str, *operands: Tree) -> Tree:
    """`Call`, with a sum inside the first term of a sum merged into it."""
    if function == "add" and isinstance(operands[0], Call) and operands[0].function == "add":
        operands = (*operands[0].operands, *operands[1:])
    return Call(function, operands)


def number(value: float) -> Tree:
    """The tree of a constant of either sign."""
    size = Number(abs(float(value)))
    return Call("neg", (size,)) if value < 0 else size


def children(tree: Tree) -> tuple[Tree, ...]:
    """The trees directly below."""
    match tree:
        case Call(_, operands):
            return operands
        case Index(of, at):
            return (of, *at)
        case Sum(body, _):
            return (body,)
    return ()


def walk(tree: Tree) -> Iterator[Tree]:
    """Every node, the root first, from left to right."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, Name | Number):
            waiting += reversed(children(node))


def names(tree: Tree) -> tuple[str, ...]:
    """The variables that a formula reads, in order of first appearance."""
    found: dict[str, None] = {}
    waiting = [tree]
    while waiting:  # asked of every formula a few times, so it is not written with `walk`
        node = waiting.pop()
        if isinstance(node, Name):
            found[node.name] = None
        elif isinstance(node, Call):
            waiting += reversed(node.operands)
        else:
            waiting += reversed(children(node))
    return tuple(found)


def rebuild(tree: Tree, change: Callable[[Tree], Tree]) -> Tree:
    """The same node with `change` applied to each tree directly below."""
    match tree:
        case Call(function, operands):
            return call(function, *map(change, operands))
        case Index(of, at):
            return Index(change(of), tuple(map(change, at)))
        case Sum(body, over, by):
            return Sum(change(body), over, by)
    return tree


def substitute(tree: Tree, values: dict[str, Tree]) -> Tree:
    """The tree with variables replaced."""
    if isinstance(tree, Name):
        return values.get(tree.name, tree)
    return rebuild(tree, lambda child: substitute(child, values))
