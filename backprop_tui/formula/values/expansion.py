"""One element as scalar terms. Where there are too many to write, some are written and the rest is one number."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from msgspec import Struct

from backprop_tui.formula.language.tree import Call, Name, Tree, call
from backprop_tui.formula.values.compile import compiled
from backprop_tui.formula.values.element import Shape, Shapes, Terms, add_all, element, evaluate

MOST = 8  # terms of a sum that are written out
LAST = 2  # of those, the number taken from the end of the sum
MOST_LOOKED_THROUGH = 2000  # terms of which most are left out
REST = "…"  # the first character of names that stand for terms left out; no variable's name begins with it


class Rest(Struct, frozen=True, eq=False):
    """Terms of a sum that are not written out: which ones, and what they add up to."""

    terms: Terms | tuple[Tree, ...]
    which: tuple[int, ...]
    values: Any

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.which)

    @property
    def total(self) -> float:
        """What they add up to."""
        return float(self.values.sum())


class Expansion(Struct, frozen=True, eq=False, dict=True):
    """The scalar formula of one element. A name of `rests` in it stands for terms that are not written out."""

    tree: Tree
    rests: Mapping[str, Rest]
    inputs: Mapping[str, Any]

    @cached_property
    def values(self) -> dict[str, Any]:
        """Everything that the formula reads, by name."""
        return dict(self.inputs) | {name: np.float64(rest.total) for name, rest in self.rests.items()}

    @property
    def value(self) -> float:
        """The value of the element: what its terms come to."""
        return float(evaluate(self.tree, self.values))

    @property
    def size(self) -> float:
        """The size of the numbers that are combined in it, apart from the result: what rounding is relative to."""
        tree = self.tree
        terms = tree.operands if isinstance(tree, Call) and tree.function in ("add", "sub") else (tree,)
        with np.errstate(all="ignore"):
            found = [abs(float(evaluate(term, self.values))) for term in terms]
        return max((size for size in found if np.isfinite(size)), default=0.0)


def expand(
    tree: Tree, at: Shape, shapes: Shapes, inputs: Mapping[str, Any], *, most: int = MOST, largest: bool = False
) -> Expansion:
    """The element at a place with at most `most` terms of each sum: the first and last, or the `largest` ones."""
    rests: dict[str, Rest] = {}
    arrays: dict[Tree, Any] = {}

    def value(formula: Tree) -> Any:
        if formula not in arrays:
            arrays[formula] = inputs[formula.name] if isinstance(formula, Name) else _run(formula, inputs)
        return arrays[formula]

    def adding(terms: Terms) -> Tree:
        if terms.count <= most + 1 or terms.by == "max" or _is_sparse(terms):
            return add_all(terms)
        return some(terms, terms.values(value))

    def some(terms: Terms | tuple[Tree, ...], values: Any) -> Tree:
        count = len(values)
        chosen = _largest(values, most) if largest else [*range(most - LAST), *range(count - LAST, count)]
        left = np.setdiff1d(np.arange(count), chosen)
        name = Name(f"{REST}{len(rests)}")
        rests[name.name] = Rest(terms, tuple(left.tolist()), values[left])
        written = [terms[number] for number in chosen]
        place = most if largest else most - LAST
        return call("add", *written[:place], name, *written[place:])

    found = element(tree, at, shapes, adding, value)
    match tree, found:
        case Call("add", terms), Call("add", own) if most + 1 < len(terms) == len(own):  # one that is written out
            known = {**inputs, **{name: np.float64(rest.total) for name, rest in rests.items()}}
            found = some(own, np.array([float(evaluate(term, known)) for term in own]))
    return Expansion(found, rests, inputs)


def _is_sparse(terms: Terms) -> bool:
    """Whether a rule leaves out most of the terms: those of a look-up, of which one is taken."""
    is_choice = isinstance(terms.body, Call) and terms.body.function == "where"
    return is_choice and terms.count <= MOST_LOOKED_THROUGH


def _largest(values: Any, most: int) -> list[int]:
    """The numbers of the largest terms, in order; what is not finite counts as largest."""
    sizes = np.where(np.isfinite(values), np.abs(values), np.inf)
    return sorted(int(number) for number in np.argpartition(sizes, -most)[-most:])


def _run(formula: Tree, inputs: Mapping[str, Any]) -> Any:
    with np.errstate(all="ignore"):
        return compiled(formula)(inputs)
