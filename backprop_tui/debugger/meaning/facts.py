"""What a condition of the tables can read: variables of an operation and their roles, whole or one number of each."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.debugger.meaning.variable_kind import kind_of
from backprop_tui.engine.program.program import Operation
from backprop_tui.engine.statements.gradient_names import gradient_of, variable_of
from backprop_tui.formula.language.tree import Call, Tree
from backprop_tui.formula.values.element import Shape, evaluate


class Facts(Mapping[str, Any]):
    """The names of a condition, at a moment; with `at`, of one number of the operation's value."""

    def __init__(self, moment: Moment, operation: Operation, at: Shape | None) -> None:
        self.moment, self.operation, self.at = moment, operation, at
        self.kind, self.layer, self.parameter = kind_of(operation.name)
        self.reads = operation.reads

    def __getitem__(self, name: str) -> Any:
        found = ROLES[name](self) if name in ROLES else self._variable(name)
        if found is None:
            raise KeyError(name)
        return self._narrowed(found) if name not in WHOLE else found

    def __iter__(self) -> Iterator[str]:
        return iter(self.reads)

    def __len__(self) -> int:
        return len(self.reads)

    @cached_property
    def value(self) -> Any:
        """What the operation wrote."""
        return self.moment.frame[self.operation.key]

    @cached_property
    def gate(self) -> str:
        """The local derivative that it reads, or is; empty where there is none."""
        names = (*self.reads, self.operation.name)
        return next((n for n in names if n[:2] in ("dh", "dy") and "_d" in n), "")

    @cached_property
    def unit(self) -> str:
        """The activation that a gate, a δ or a weight belongs to."""
        if self.gate:
            return self.gate[1:].partition("_d")[0]
        network = self.moment.program.network
        return network.output_name(int(self.layer)) if self.layer else ""

    @cached_property
    def of(self) -> str:
        """What L is differentiated by."""
        return variable_of(self.operation.name) or ""

    def read(self, name: str) -> Any:
        """What the operation read under a name, None where it did not."""
        return self.moment.frame[self.operation.keys[name]] if name in self.operation.keys else None

    def before(self, name: str) -> Any:
        """A variable's value before the operation."""
        key = self.moment.program.key(name, self.operation.index - 1)
        return None if key is None else self.moment.frame[key]

    def _variable(self, name: str) -> Any:
        found = self.read(name)
        return self.before(name) if found is None and name in self.moment.program.shapes else found

    def _narrowed(self, array: Any) -> Any:
        """Of one number, what stands at its place; an array of another shape is nothing of its own."""
        own = np.shape(array)
        if self.at is None or own == ():
            return array
        shape = np.shape(self.value)
        if len(own) != len(shape) or any(n not in (1, m) for n, m in zip(own, shape, strict=True)):
            raise KeyError(own)
        return array[tuple(0 if n == 1 else i for n, i in zip(own, self.at, strict=True))]

    @cached_property
    def product(self) -> tuple[Any, Any] | None:
        """The row and the column of a matrix product that one number is made of."""
        found = _product(self.operation.tree)
        if found is None or self.at is None or len(self.at) != 2:
            return None
        values = {name: self.read(name) for name in self.operation.reads}
        left, right = (np.asarray(evaluate(tree, values)) for tree in found.operands)
        return left[self.at[0]], right[:, self.at[1]]


def _product(tree: Tree) -> Call | None:
    """The matrix product that a formula is, or begins with."""
    match tree:
        case Call("matmul"):
            return tree
        case Call("add" | "div", (first, *_)):
            return _product(first)
    return None


def _old(facts: Facts) -> Any:
    name, moment = facts.operation.name, facts.moment
    if name == "L":
        before = moment.step - moment.timeline.length
        if before <= 0 or moment.program.feed.changes or not moment.timeline.has(before):
            return None
        return moment.timeline.frame(moment.iteration - 1).at_end("L")
    return facts.before(name) if name in moment.program.slots else None


def _flow(facts: Facts) -> Any:
    found = next((name for name in facts.reads if variable_of(name)), None)
    return None if found is None else facts.read(found)


def _switch(facts: Facts) -> Any:
    operation = facts.moment.program.by_name.get(facts.gate)
    return facts.read(facts.gate) if operation and getattr(operation.tree, "function", "") == "indicator" else None


def _new(facts: Facts) -> Any:
    names = [f"{kind}_{facts.parameter}" for kind in ("n", "d", "c")]
    found = [name for name in (*names, gradient_of(facts.parameter)) if name in facts.reads]
    return facts.read(found[0]) if found else None


def _part(place: int) -> Callable[[Facts], Any]:
    return lambda facts: None if facts.product is None else facts.product[place]


ROLES: dict[str, Callable[[Facts], Any]] = {
    "ans": lambda facts: facts.value,
    "a": lambda facts: facts.read(facts.reads[0]) if facts.reads else None,
    "gate": lambda facts: facts.read(facts.gate) if facts.gate else None,
    "switch": _switch,
    "flow": _flow,
    "w": lambda facts: facts.before(facts.parameter) if facts.parameter else None,
    "g": lambda facts: facts.moment.value(gradient_of(facts.parameter)) if facts.parameter else None,
    "old": _old,
    "new": _new,
    "inputs": lambda facts: facts.read(facts.reads[1]) if len(facts.reads) > 1 else None,
    "left": _part(0),
    "right": _part(1),
    "terms": lambda facts: None if facts.product is None else facts.product[0] * facts.product[1],
    "column": lambda facts: facts.value[:, facts.at[-1]] if facts.at and facts.value.ndim == 2 else None,
    "samples": lambda facts: facts.value.shape[-1] if facts.value.ndim == 2 else 1,
    "units": lambda facts: facts.value.shape[0] if facts.value.ndim == 2 else 1,
}
WHOLE = ("inputs", "left", "right", "terms", "column", "samples", "units")  # also of one number
