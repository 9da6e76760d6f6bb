"""The tree of where a number comes from: at each level a formula with numbers, down to what was given."""

from collections.abc import Iterator
from functools import cached_property
from typing import Literal

import msgspec
import numpy as np

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.basics.position import write_position
from backprop_tui.debugger.basics.scalar_terms import terms
from backprop_tui.debugger.explain.origin import History, Origin, Spot
from backprop_tui.debugger.explain.paths import Paths, paths
from backprop_tui.engine.statements.variable import moved_by
from backprop_tui.formula.language.tree import Index, Name, Number, Tree, children
from backprop_tui.formula.values.expansion import MOST, Expansion, Rest
from backprop_tui.text import clean

LONGEST = 120  # characters of a repr's formulas: it takes two lines at most
Role = Literal["number", "term", "rest"]


class Explanation(msgspec.Struct, frozen=True, eq=False, dict=True):
    """A number and where it comes from. What is below it is made when it is asked for.

    In a sum of many terms the largest come first; a `rest` stands for the others and has them below it, each a `term`.
    `formula` and `numbers` are empty for what is given, and `says` then says by whom.
    """

    history: History
    origin: Origin
    expansion: Expansion | None = None
    role: Role = "number"
    count: int = 1
    stable: bool = False

    def __repr__(self) -> str:
        number = self.writing.number(self.value)
        said = [self.address.shown(self.writing.symbols), self.formula, self.numbers, number]
        where = self.position or self.says
        return f"<Explanation {clean(' = '.join(dict.fromkeys(filter(None, said))), LONGEST)} ({where})>"

    @property
    def address(self) -> Address:
        """The number; for a term or a rest, the one whose formula it stands in."""
        return Address(self.origin.name, self.origin.spot.at)

    @property
    def value(self) -> float:
        """The number itself, or what the terms come to."""
        return self.origin.value if self.expansion is None or self.role == "number" else self.expansion.value

    @property
    def kind(self) -> str:
        """What it is: operation, input, setting and so on."""
        return self.origin.kind if self.role == "number" else self.role

    @property
    def step(self) -> int | None:
        """The step that computed it, or after which it was edited; None for what was there from the start."""
        return self.origin.step

    @property
    def position(self) -> str:
        """That step as people write it, `1:delta2`; empty where there is none."""
        return "" if self.step is None else write_position(self.step, self.history.timeline)

    @property
    def says(self) -> str:
        """Where it comes from, for what was not computed."""
        return self.origin.says

    @property
    def writing(self) -> Writing:
        """How its formula is written where nothing else is said."""
        return Writing(self.history.timeline.program.symbols)

    @property
    def formula(self) -> str:
        """Its formula in symbols, one element of it."""
        return "" if self.expansion is None else self.writing.terms(self.expansion)

    @property
    def numbers(self) -> str:
        """The same with numbers put in."""
        return "" if self.expansion is None else self.writing.numbers(self.expansion)

    @cached_property
    def children(self) -> "tuple[Explanation, ...]":
        """What its formula reads, in order of first appearance."""
        if self.expansion is None:
            return ()
        if self.role == "rest":
            (rest,) = self.expansion.rests.values()
            return tuple(self._unfolded(rest))
        return tuple(self._read(self.expansion))

    @cached_property
    def paths(self) -> Paths | None:
        """The paths from its variable to L, for a gradient of L or a step's part of one; None for anything else."""
        operation = self.origin.operation
        if self.role != "number" or operation is None or not moved_by(operation.variable):
            return None
        return paths(self.history.forward(self.origin.spot.iteration), self.origin.name, self.origin.spot.at)

    def _read(self, expansion: Expansion) -> "Iterator[Explanation]":
        operation = self.origin.operation
        spot = self.origin.spot
        for leaf in leaves(expansion.tree):
            match leaf:
                case Name(name) if name in expansion.rests:
                    yield self._rest(expansion, Name(name))
                case Name(name) if operation is not None:
                    yield explain(self.history, Spot(spot.iteration, operation.keys[name], ()))
                case Index(Name(name), at) if operation is not None:
                    place = tuple(int(i.value) for i in at if isinstance(i, Number))
                    yield explain(self.history, Spot(spot.iteration, operation.keys[name], place))

    def _rest(self, expansion: Expansion, name: Name) -> "Explanation":
        rest = expansion.rests[name.name]
        return self._part(Expansion(name, {name.name: rest}, expansion.inputs), "rest", rest.count)

    def _unfolded(self, rest: Rest) -> "Iterator[Explanation]":
        """The largest of the terms that are left out, and a rest for those that still are."""
        order = np.argsort(-np.where(np.isfinite(rest.values), np.abs(rest.values), np.inf), kind="stable")
        chosen, others = order[:MOST], np.sort(order[MOST:])
        if len(others) == 1:
            chosen, others = order, others[:0]
        inputs = self.expansion.inputs if self.expansion else {}
        for place in chosen:
            yield self._part(Expansion(rest.terms[rest.which[place]], {}, inputs), "term")
        if len(others):
            left = Rest(rest.terms, tuple(rest.which[place] for place in others), rest.values[others])
            yield self._rest(Expansion(Name("…0"), {"…0": left}, inputs), Name("…0"))

    def _part(self, expansion: Expansion, role: Role, count: int = 1) -> "Explanation":
        return msgspec.structs.replace(self, expansion=expansion, role=role, count=count)


def explain(history: History, spot: Spot) -> Explanation:
    """Where a number comes from."""
    origin = history.origin(spot)
    if origin.operation is None:
        return Explanation(history, origin)
    found = terms(origin.operation, history.frame(origin.spot), origin.spot.at, largest=True)
    return Explanation(history, origin, found.expansion, stable=found.stable)


def leaves(tree: Tree) -> tuple[Tree, ...]:
    """The numbers that a scalar formula reads, in order of first appearance."""
    return tuple(dict.fromkeys(_leaves(tree)))


def _leaves(tree: Tree) -> Iterator[Tree]:
    if isinstance(tree, Index | Name):
        yield tree
        return
    for child in children(tree):
        yield from _leaves(child)
