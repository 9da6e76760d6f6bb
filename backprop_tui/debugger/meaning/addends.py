"""What one number of a sum is made of: every product of its weighted sums, and what is added besides."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.meaning.looked_at import LookedAt
from backprop_tui.formula.language.tree import Call, Name, Tree
from backprop_tui.formula.values.element import Shape, evaluate


class Addend(NamedTuple):
    """A number that is added, and how it is written."""

    value: float
    written: Callable[[], str]


def strongest(facts: LookedAt, writing: Writing) -> str:
    """The addend that takes a number furthest the way that it goes: `W₁[1,2]·x[2] = 0.75`."""
    if facts.at is None:
        return ""
    found = [*addends(facts.operation.tree, facts, writing)]
    sign = 1.0 if float(facts.value[facts.at]) > 0 else -1.0
    most = found[int(np.argmax([sign * one.value for one in found]))]
    return f"{most.written()} = {writing.number(most.value)}"


def addends(tree: Tree, facts: LookedAt, writing: Writing) -> Iterator[Addend]:
    """What is added up to one number of a sum."""
    values = {name: facts.read(name) for name in facts.reads}
    at = facts.at or ()
    match tree:
        case Call("add", terms):
            for term in terms:
                yield from addends(term, facts, writing)
        case Call("matmul", (left, right)) if len(at) >= 2:
            one, other = (np.asarray(evaluate(side, values)) for side in (left, right))
            in_stack = (_place(one.shape[:-2], at[:-2]), _place(other.shape[:-2], at[:-2]))
            for k in range(one.shape[-1]):
                places = ((*in_stack[0], at[-2], k), (*in_stack[1], k, at[-1]))
                yield Addend(
                    float(one[places[0]] * other[places[1]]),
                    lambda places=places: _times(  # type: ignore[misc]
                        writing, *(_written(side, at, writing) for side, at in zip((left, right), places, strict=True))
                    ),
                )
        case _:
            value = np.asarray(evaluate(tree, values))
            place = _place(value.shape, at)
            yield Addend(float(value[place]), lambda: _written(tree, place, writing))


def _place(own: Shape, at: Shape) -> Shape:
    """A place of what is broadcast, in its own axes."""
    last = at[len(at) - len(own) :]
    return tuple(0 if extent == 1 else place for extent, place in zip(own, last, strict=True))


def _times(writing: Writing, one: str, other: str) -> str:
    return f"{one}{'*' if writing.ascii else '·'}{other}"


def _written(tree: Tree, at: Shape, writing: Writing) -> str:
    if isinstance(tree, Name):
        return writing.address(Address(tree.name, at)) if at else writing.symbol(tree.name)
    formula = writing.formula(tree)
    return f"({formula})[{','.join(map(str, at))}]" if at else formula


def value_of(terms: list[Tree], facts: LookedAt) -> Any:
    """The sum of some terms, None where there are none."""
    values = {name: facts.read(name) for name in facts.reads}
    return sum(np.asarray(evaluate(term, values)) for term in terms) if terms else None
