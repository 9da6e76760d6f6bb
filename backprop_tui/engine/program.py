"""A program: the ordered operations of one training iteration, compiled.

An iteration is single assignment. What it computes lies in one `Frame` under the operations' keys: a name, or a name
with a prime for a parameter's value after its update, so that old and new stand side by side and nothing is ever
overwritten.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

import msgspec
import numpy as np

from backprop_tui.engine.derive import left_out
from backprop_tui.engine.network import COUNTERS, Network, statements
from backprop_tui.engine.statement import Statement
from backprop_tui.formula.compile import compiled, function
from backprop_tui.formula.element import Shape, shape
from backprop_tui.formula.render import numpy_source
from backprop_tui.formula.symbols import Symbols
from backprop_tui.formula.tree import Call, Tree, names

AFTER = "′"
QUIET = np.errstate(all="ignore")  # as a decorator it costs half of what a `with` does


class Operation(msgspec.Struct, frozen=True, eq=False, dict=True):
    """One line of a program: it reads some variables and writes one.

    `keys` maps each variable that either formula reads to its key in a frame. `index` counts from 0. `lazy` marks what
    is jumped over by stable formulas and read by nothing else: it is computed when it is looked at. A gradient is
    `of` a variable.
    """

    index: int
    name: str
    symbol: str
    stage: str
    tree: Tree
    stable: Tree | None
    jumps: tuple[str, ...]
    key: str
    keys: Mapping[str, str]
    shape: Shape
    symbols: Symbols
    lazy: bool = False
    of: str = ""

    @cached_property
    def run(self) -> Callable[[Mapping[str, Any]], Any]:
        """The operation alone, as a function of a frame; compiled when it is first asked for."""
        return QUIET(compiled(self.stable or self.tree, self.keys))

    @cached_property
    def formula(self) -> str:
        """The textbook formula in symbols."""
        return self.symbols.text(self.tree)

    @cached_property
    def computed_as(self) -> str | None:
        """The stable formula in symbols, where one is run."""
        return None if self.stable is None else self.symbols.text(self.stable)

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """The variables of the textbook formula in order of first appearance."""
        return names(self.tree)

    @cached_property
    def code(self) -> str:
        """The line of NumPy that is run."""
        return f"{self.name} = {numpy_source(self.stable or self.tree)}"


class Frame(dict[str, Any]):
    """The values of one iteration by key; read-only once written.

    The first one that is asked for has the iteration computed, a lazy one only itself.
    """

    __slots__ = ("iteration", "program")

    def __init__(self, program: "Program", values: Mapping[str, Any], iteration: int) -> None:
        super().__init__(values)
        self.program = program
        self.iteration = iteration

    def __missing__(self, key: str) -> Any:
        operation = self.program.by_key[key]
        if not operation.lazy:
            return self.program.fill(self)[key]
        value = operation.run(self)
        value.setflags(False)
        self[key] = value
        return value

    def at_end(self, name: str) -> Any:
        """A variable's value at the end of the iteration. Raises KeyError where it has none."""
        return self[self.program.key(name, len(self.program.operations) - 1) or name]


class Program:
    """Operations in order, and what an iteration starts from."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.statements, self.shapes, slots = statements(network)
        self.symbols = Symbols(self.shapes, left_out(self.statements, self.shapes))
        self.constants = {name: frozen(v) for name, v in network.constants().items() if name in self.shapes}
        self.parameters = {name: frozen(value) for name, value in network.parameters().items()}
        self.slots = {name: frozen(value) for name, value in slots.items()}
        self.start = self.constants | self.parameters | self.slots
        self.counters = tuple(name for name in COUNTERS if name in self.shapes)
        self.feed = network.feed
        self._drops = any(layer.dropout for layer in network.layers)
        self.arrange(operations(self.statements, self.start, self.shapes, self.symbols))

    def arrange(self, found: Iterable[Operation]) -> None:
        """Take these operations, in this order, as those of an iteration."""
        self.operations = tuple(found)
        self.by_key = {operation.key: operation for operation in self.operations}
        self.by_name = {operation.name: operation for operation in self.operations}
        self.stages = tuple(dict.fromkeys(operation.stage for operation in self.operations))
        carried = {o.name: o.key for o in self.operations if o.key != o.name}
        self.carried = tuple(carried)
        # what a stable formula takes to be as the scenario gives it
        self.assumed = frozenset(name for o in self.operations for name in o.jumps if name in self.start)
        self._carried = tuple(carried.items())

    def first(self) -> Frame:
        """The frame of iteration 1, with nothing computed yet."""
        return self.resumed(1, ())

    def following(self, frame: Frame) -> Frame:
        """The frame after another: only what was carried over, and the data of its own iteration."""
        return self.resumed(frame.iteration + 1, [(name, frame[key]) for name, key in self._carried])

    def resumed(self, iteration: int, carry: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> Frame:
        """The frame of an iteration that starts from what another carried over."""
        frame = Frame(self, self.start, iteration)
        frame.update(carry)
        frame.update(self.entering(iteration))
        return frame

    def entering(self, iteration: int) -> dict[str, Any]:
        """What is another in every iteration: counters, a batch's samples, masks. A function of the iteration."""
        found: dict[str, Any] = {}
        for name in self.counters:
            found[name] = np.float64(iteration if name == "t" else self.feed.epoch(iteration))
        if self.feed.changes:
            found |= self.feed.samples(iteration)
        if self._drops:
            found |= self.network.masks(iteration, len(self.feed.places(iteration)))
        return found

    def shapes_at(self, iteration: int) -> Mapping[str, Shape]:
        """The shapes of an iteration: the last batch of an epoch may be a short one."""
        is_short = self.feed.batch(iteration) == self.feed.per_epoch and self.feed.total % self.feed.size
        return self._shapes_of_last if is_short else self.shapes

    @cached_property
    def _shapes_of_last(self) -> Mapping[str, Shape]:
        entering = self.entering(self.feed.per_epoch)
        found = self.shapes | {name: np.shape(value) for name, value in entering.items()}
        for operation in self.operations:
            found[operation.name] = shape(operation.tree, found)
        return found

    @property
    def trains(self) -> bool:
        """Whether an iteration changes a parameter."""
        return not self.parameters.keys().isdisjoint(self.carried)

    def loss_after(self, frame: Frame) -> float:
        """What the loss of an iteration's own samples has become with the parameters after it."""
        own = self.start | self.entering(frame.iteration)  # by name: their values are those of the frame, edits and all
        after = Frame(self, {name: frame[name] for name in own}, frame.iteration)
        after.update((name, frame[key]) for name, key in self._carried)
        for operation in self.operations[: self.by_name["L"].index]:
            if not operation.lazy:
                after[operation.key] = operation.run(after)
        return float(self.by_name["L"].run(after))

    def above(self, names: Iterable[str], *, carried: bool = True) -> set[str]:
        """The operations that some values come from, their own among them; those of earlier iterations too, where what
        is `carried` from them counts.
        """
        found: set[str] = set()
        waiting = [self.by_name[name] for name in names]
        while waiting:
            operation = waiting.pop()
            if operation.name not in found:
                found.add(operation.name)
                for key in operation.keys.values():
                    before = self.by_key.get(key) or (self.by_name.get(key) if carried else None)
                    waiting += [before] if before is not None else []
        return found

    def key(self, name: str, index: int) -> str | None:
        """Where a variable's value lies after the operation at an index (-1: before any); None before it exists."""
        operation = self.by_name.get(name)
        if operation is not None and operation.index <= index:
            return operation.key
        if name in self.counters:
            return name
        if name in self.constants:
            return name if index >= 0 or self.shapes[name] == () else None
        return name if name in self.start else None

    def version(self, key: str, index: int) -> str:  # noqa: ARG002 - what an edition looks up
        """The key with what the edits up to an index have made of a key's value; without edits the same."""
        return key

    def fill(self, frame: Frame) -> Frame:
        """Compute a whole iteration; NumPy's warnings stay silent, values show themselves."""
        self._whole(frame)
        return frame

    @cached_property
    def _whole(self) -> Callable[[Frame], None]:
        """All that is not lazy as one function: the same lines, without a call and look-ups for each."""
        local: dict[str, str] = {}
        lines = []

        def variable(key: str) -> str:
            if key not in local:
                local[key] = f"v{len(local)}"
                lines.append(f"{local[key]} = f[{key!r}]")
            return local[key]

        lazy = {operation.key for operation in self.operations if operation.lazy}
        eager = [operation for operation in self.operations if not operation.lazy]
        for operation in eager:
            reach = {name: variable(key) for name, key in operation.keys.items() if key not in lazy}
            local[operation.key] = target = f"v{len(local)}"
            lines += [*self._lines(operation, target, reach.__getitem__), f"{target}.setflags(False)"]
        result = ", ".join(f"{operation.key!r}: {local[operation.key]}" for operation in eager)
        text = "\n    ".join(["def iteration(f):", *lines, f"f.update({{{result}}})"])
        return QUIET(function(text, "iteration"))

    def _lines(self, operation: Operation, target: str, leaf: Callable[[str], str]) -> list[str]:
        """An operation in NumPy. A product that is subtracted lends its array to the difference."""
        tree = operation.stable or operation.tree
        match tree:
            case Call("sub", (left, Call("mul") as right)) if () != operation.shape == shape(right, self.shapes):
                difference = f"np.subtract({numpy_source(left, leaf)}, {target}, {target})"
                return [f"{target} = {numpy_source(right, leaf)}", difference]
        return [f"{target} = {numpy_source(tree, leaf)}"]


def frozen(value: Any) -> Any:
    """A read-only float64 copy of shape () or (rows, columns)."""
    copy = np.array(value, dtype=np.float64)
    copy.setflags(write=False)
    return copy


def operations(
    found: list[Statement], start: Mapping[str, Any], shapes: Mapping[str, Shape], symbols: Symbols
) -> Iterable[Operation]:
    """Statements as operations; what is written and stands in `start` too has a value before and one after."""
    lazy = _unread(found)
    written: set[str] = set()
    for index, statement in enumerate(found):
        read = (*names(statement.tree), *names(statement.stable or statement.tree))
        keys = {name: name + AFTER if name in written and name in start else name for name in read}
        yield Operation(
            index=index,
            name=statement.name,
            symbol=symbols.symbol(statement.name),
            stage=statement.stage,
            tree=statement.tree,
            stable=statement.stable,
            jumps=statement.jumps,
            key=statement.name + AFTER if statement.name in start else statement.name,
            keys=keys,
            shape=shapes[statement.name],
            symbols=symbols,
            lazy=statement.name in lazy,
            of=statement.of,
        )
        written.add(statement.name)


def _unread(found: list[Statement]) -> set[str]:
    """What stable formulas jump over and nothing that is run reads, directly or through another such."""
    jumped = {name for statement in found for name in statement.jumps} - {"L"}
    unread: set[str] = set()
    while True:
        read = {n for s in found if s.name not in unread for n in names(s.stable or s.tree)}
        more = {name for name in jumped if name not in read}
        if more == unread:
            return unread
        unread = more
