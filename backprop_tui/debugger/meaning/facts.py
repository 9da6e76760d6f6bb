"""What a condition of the tables can read: variables of an operation and their roles, whole or one number of each."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from backprop_tui.debugger.meaning import model_facts
from backprop_tui.debugger.meaning.looked_at import LookedAt
from backprop_tui.engine.statements.variable import Role
from backprop_tui.formula.language.tree import Call, Tree
from backprop_tui.formula.values.element import evaluate


class Facts(LookedAt, Mapping[str, Any]):
    """The names of a condition, at a moment; with `at`, of one number of the operation's value."""

    def __getitem__(self, name: str) -> Any:
        found = ROLES[name](self) if name in ROLES else self._variable(name)
        if found is None:
            raise KeyError(name)
        return self._narrowed(found) if name not in WHOLE else found

    def __iter__(self) -> Iterator[str]:
        return iter(self.reads)

    def __len__(self) -> int:
        return len(self.reads)

    @property
    def layer(self) -> str:
        """The number of the layer that it belongs to; empty where there is none."""
        return str(self.variable.block or "")

    @cached_property
    def gate(self) -> str:
        """The local derivative that it reads, or is; empty where there is none."""
        names = (*self.reads, self.operation.name)
        return next((n for n in names if self.variables[n].role is Role.LOCAL_DERIVATIVE), "")

    @cached_property
    def unit(self) -> str:
        """The activation that a gate, a δ or a weight belongs to; empty where there is none."""
        if self.gate:
            return self.variables[self.gate].of
        block = self.variable.block
        named = self.variables.items()
        return next((n for n, own in named if own.role is Role.ACTIVATION and own.block == block), "")

    @property
    def argument(self) -> str:
        """What the gate's activation is computed from; empty where there is no gate."""
        return self.variables[self.gate].by if self.gate else ""

    @property
    def of(self) -> str:
        """What L is differentiated by; empty where it is not a gradient."""
        return self.variable.wrt

    @cached_property
    def gradient(self) -> str:
        """The gradient of the parameter that it belongs to; empty where there is none."""
        return self.moment.program.gradients.get(self.parameter, "")

    def _variable(self, name: str) -> Any:
        found = self.read(name)
        return self.before(name) if found is None and name in self.moment.program.shapes else found

    def _narrowed(self, array: Any) -> Any:
        """For one number, what stands at its place; None from an array of a different shape."""
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
    if facts.variable.role is Role.LOSS:
        before = moment.step - moment.timeline.length
        if before <= 0 or moment.program.feed.changes or not moment.timeline.has(before):
            return None
        return moment.timeline.frame(moment.iteration - 1).at_end(name)
    return facts.before(name) if name in moment.program.slots else None


def _flow(facts: Facts) -> Any:
    found = next((name for name in facts.reads if facts.variables[name].wrt), None)
    return None if found is None else facts.read(found)


def _switch(facts: Facts) -> Any:
    operation = facts.moment.program.by_name.get(facts.gate)
    return facts.read(facts.gate) if operation and getattr(operation.tree, "function", "") == "indicator" else None


def _new(facts: Facts) -> Any:
    """What an equation of an optimizer reads of its parameter's, besides the parameter and what it writes itself."""
    own = (facts.operation.name, facts.parameter)
    found = (name for name in facts.reads if facts.variables[name].parameter == facts.parameter and name not in own)
    name = next(found, None) if facts.parameter else None
    return None if name is None else facts.read(name)


def _part(place: int) -> Callable[[Facts], Any]:
    return lambda facts: None if facts.product is None else facts.product[place]


ROLES: dict[str, Callable[[Facts], Any]] = {
    **model_facts.ROLES,
    "ans": lambda facts: facts.value,
    "a": lambda facts: facts.read(facts.reads[0]) if facts.reads else None,
    "gate": lambda facts: facts.read(facts.gate) if facts.gate else None,
    "switch": _switch,
    "flow": _flow,
    "w": lambda facts: facts.before(facts.parameter) if facts.parameter else None,
    "g": lambda facts: facts.moment.value(facts.gradient) if facts.gradient else None,
    "old": _old,
    "new": _new,
    "inputs": lambda facts: facts.read(facts.reads[1]) if len(facts.reads) > 1 else None,
    "left": _part(0),
    "right": _part(1),
    "terms": lambda facts: None if facts.product is None else facts.product[0] * facts.product[1],
    "column": lambda facts: facts.value[:, facts.at[-1]] if facts.at and facts.value.ndim == 2 else None,
    "samples": lambda facts: facts.value.shape[-1] if facts.value.ndim == 2 else 1,
    "is_output": lambda facts: float((facts.variable.role, facts.variable.kind) == (Role.ACTIVATION, "y_hat")),
}
WHOLE = (*model_facts.WHOLE, "inputs", "left", "right", "terms", "column", "samples", "is_output")  # also of one number
