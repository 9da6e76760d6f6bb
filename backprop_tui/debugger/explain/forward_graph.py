"""The forward half of an iteration as a graph: which operation reads what, and how each moves with what it reads."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from backprop_tui.engine.program.edit import Edit
from backprop_tui.engine.program.operation import QUIET, Operation
from backprop_tui.engine.program.program import Frame
from backprop_tui.engine.statements.derive import local_derivative
from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.tangent import TANGENT, tangent
from backprop_tui.formula.language.tree import Name, Tree, names, rebuild
from backprop_tui.formula.values.compile import compiled
from backprop_tui.formula.values.element import Shape, Shapes
from backprop_tui.formula.values.reach import Region, writes

EDIT = Name("edit")


class Step(NamedTuple):
    """An operation, by the formula that is gone by, or an edit: what it writes, and under which keys it reads what."""

    name: str
    key: str
    tree: Tree
    reads: dict[str, str]  # key -> the name that the formula has for it
    operation: Operation | None = None
    edit: Edit | None = None


class Derivative(NamedTuple):
    """How a step moves with what it reads: a formula of `tangent`, all else that it reads, and it as a function."""

    tree: Tree
    values: dict[str, Any]
    function: Callable[[Mapping[str, Any]], Any]


class Forward:
    """What L is computed from in an iteration, in order."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.program = frame.program
        self.output = self.program.by_name["L"].key
        self._derivatives: dict[tuple[str, str], Derivative] = {}

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All operations up to L, and the edits between them."""
        return tuple(self._steps())

    def _steps(self) -> Iterator[Step]:
        for operation in self.program.operations[: self.program.by_name["L"].index + 1]:
            tree = self._gone_by(operation)
            reads = {operation.keys[name]: name for name in names(tree)}
            yield Step(operation.name, operation.key, tree, reads, operation)
            for version in self.program.versions:
                if version.index == operation.index:
                    yield Step(version.edit.name, version.key, EDIT, {version.old: EDIT.name}, edit=version.edit)

    def _gone_by(self, operation: Operation) -> Tree:
        """The textbook formula where it gives what was computed; else the one that did."""
        if operation.stable is None:
            return operation.tree
        value = QUIET(compiled(operation.tree, operation.keys))(self.frame)
        same = np.allclose(value, self.frame[operation.key], rtol=1e-9, atol=1e-300)
        return operation.tree if same else operation.stable

    def key_of(self, variable: str) -> str:
        """Under which key the forward half reads a variable first."""
        for step in self.steps:
            for key, name in step.reads.items():
                if name == variable:
                    return key
        return self.program.key(variable, self.program.by_name["L"].index) or variable

    def shape(self, key: str) -> Shape:
        """The shape of what lies under a key."""
        own: Shape = np.shape(self.frame[key])
        return own

    def readers(self, key: str) -> list[Step]:
        """The steps that read what lies under a key."""
        return self._readers.get(key, [])

    @cached_property
    def _readers(self) -> dict[str, list[Step]]:
        found: dict[str, list[Step]] = {}
        for step in self.steps:
            for key in step.reads:
                found.setdefault(key, []).append(step)
        return found

    @cached_property
    def order(self) -> dict[str, int]:
        """The place of each step by the key that it writes."""
        return {step.key: place for place, step in enumerate(self.steps)}

    def written(self, step: Step, key: str, at: Region) -> tuple[Region, ...]:
        """The regions of what a step writes that a region of what it reads goes into."""
        if step.edit is not None:
            return () if step.edit.at == at else (at,)
        shapes = {name: self.shape(read) for read, name in step.reads.items()}
        return writes(step.tree, step.reads[key], at, shapes)

    def moved(self, step: Step, key: str, by: Any) -> Any:
        """How what a step writes moves when what lies under a key moves `by`, an array of its shape. It is for the
        caller to be QUIET.
        """
        if step.edit is not None:
            return np.where(_at(step.edit, np.shape(by)), 0.0, by)
        derivative = self.derivative(step, key)
        return derivative.function(derivative.values | {TANGENT: by})

    def derivative(self, step: Step, key: str) -> Derivative:
        """What `moved` goes by."""
        if (step.key, key) not in self._derivatives:
            self._derivatives[step.key, key] = self._derived(step, key)
        return self._derivatives[step.key, key]

    def _derived(self, step: Step, key: str) -> Derivative:
        shapes = {name: self.shape(read) for read, name in step.reads.items()} | {step.name: self.shape(step.key)}
        tree = tangent(step.name, step.tree, step.reads[key], tuple(shapes.items()))
        keys = {name: read for read, name in step.reads.items()} | {step.name: step.key}
        tree = self._known(tree, keys, Statement(step.name, step.tree), shapes)
        values = {name: self.frame[keys[name]] for name in names(tree) if name != TANGENT}
        return Derivative(tree, values, compiled(tree))

    def _known(self, tree: Tree, keys: dict[str, str], statement: Statement, shapes: Shapes) -> Tree:
        """The formula with what the program has computed by its name: a local derivative, a gradient of L."""
        local = local_derivative(statement, shapes)

        def refer(node: Tree) -> Tree:
            if local is not None and node == Name(local.name):
                node = local.tree
            computed = self._computed.get(node, ()) if not isinstance(node, Name) else ()
            operation = next((operation for operation in computed if _same(operation, keys)), None)
            if operation is None:
                return rebuild(node, refer)
            keys[operation.name] = operation.key
            return Name(operation.name)

        return refer(tree)

    @cached_property
    def _computed(self) -> dict[Tree, list[Operation]]:
        """The operations by their formulas, the last first."""
        found: dict[Tree, list[Operation]] = {}
        for operation in reversed(self.program.operations):
            found.setdefault(operation.tree, []).append(operation)
        return found


def _same(operation: Operation, keys: dict[str, str]) -> bool:
    """Whether an operation reads the very values that lie under some keys."""
    return bool(operation.reads) and all(keys.get(name) == operation.keys[name] for name in operation.reads)


def _at(edit: Edit, shape: Shape) -> Any:
    """Where an edit is, as an array that is true there."""
    found = np.zeros(shape, dtype=bool)
    found[edit.at] = True
    return found
