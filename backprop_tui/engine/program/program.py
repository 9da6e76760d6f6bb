"""A program: the ordered operations of one training iteration, compiled.

An iteration is single assignment. What it computes lies in one `Frame` under the operations' keys: a name, or a name
with a prime for a parameter's value after its update, so that old and new stand side by side and nothing is ever
overwritten. An edit between two operations makes a version of a value, which has a key of its own (`edit.py`).

A program is a record, and a variant of it is another record that differs in some fields:

    computed only when it is asked for    operations                            on_demand.py
    with a mistake in it                  statements, start, dtype, operations  mistakes/mistaken_program.py
    with edits between its operations     operations, versions, base            timeline/edited_program.py

What follows from the fields is worked out when it is first asked for, so that a variant costs little.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, TypeAlias

import msgspec
import numpy as np

from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.edit import Version
from backprop_tui.engine.program.operation import QUIET, Operation, operations
from backprop_tui.engine.program.whole_iteration import as_one, in_steps
from backprop_tui.engine.statements.axis_labels import SAMPLE, Labels, labels_of
from backprop_tui.engine.statements.derive import left_out
from backprop_tui.engine.statements.sample_axis import Axes, axis_of
from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import DRAWN, Phase, Role, Variables
from backprop_tui.engine.training.batches import Feed
from backprop_tui.engine.training.training import COUNTERS
from backprop_tui.formula.language.tree import Call, Tree, names, walk
from backprop_tui.formula.values.element import Shape, Shapes, shape
from backprop_tui.formula.writing.symbols import Symbols

Definition: TypeAlias = Network | Any
"""What a program is made from: a network of layers or a model written as formulas (`Model`). It is typed as this for
those who ask for layers, and know that there are some.
"""
PRECISION = "float64"  # of every number, unless the mistake made on purpose is to compute with less


class Frame(dict[str, Any]):
    """The values of one iteration by key; read-only once written.

    Asking for the first value computes the whole iteration; asking for a lazy one computes only that.
    """

    __slots__ = ("iteration", "program")

    def __init__(self, program: "Program", values: Mapping[str, Any], iteration: int) -> None:
        super().__init__(values)
        self.program = program
        self.iteration = iteration

    def __missing__(self, key: str) -> Any:
        operation = self.program.by_key[key]
        return operation.compute(self) if operation.lazy else self.program.fill(self)[key]

    def at_end(self, name: str) -> Any:
        """A variable's value at the end of the iteration. Raises KeyError where it has none."""
        return self[self.program.key(name, len(self.program.operations) - 1) or name]


class Program(msgspec.Struct, frozen=True, eq=False, dict=True):
    """Operations in order, and what an iteration starts from.

    `start` has the first values of everything that an iteration starts from: settings and data (`constants`),
    parameters and slots. `dtype` is the precision of every number. `versions` has the edits made between operations, in
    order, and `base` is the program that an edited one was made from.
    """

    network: Definition
    statements: tuple[Statement, ...]
    shapes: Shapes
    variables: Variables
    symbols: Symbols
    constants: dict[str, Any]
    parameters: dict[str, Any]
    slots: dict[str, Any]
    start: dict[str, Any]
    feed: Feed
    operations: tuple[Operation, ...]
    dtype: str = PRECISION
    versions: tuple[Version, ...] = ()
    base: "Program | None" = None

    @classmethod
    def of(cls, network: Definition) -> "Program":
        """The program of a network, or of a model written as formulas."""
        found, shapes, variables, slots = network.statements()
        symbols = symbols_of(network, shapes, variables, left_out(found, shapes))
        constants = {name: frozen(value) for name, value in network.constants().items() if name in shapes}
        parameters = {name: frozen(value) for name, value in network.parameters().items()}
        slots = {name: frozen(value) for name, value in slots.items()}
        start = constants | parameters | slots
        return cls(
            network=network,
            statements=tuple(found),
            shapes=shapes,
            variables=variables,
            symbols=symbols,
            constants=constants,
            parameters=parameters,
            slots=slots,
            start=start,
            feed=network.feed,
            operations=tuple(operations(found, start, shapes, symbols)),
        )

    def __repr__(self) -> str:
        return f"<a program of {len(self.operations)} operations>"  # its arrays would fill screens

    @property
    def plain(self) -> "Program":
        """The program without its edits."""
        return self.base or self

    @cached_property
    def by_key(self) -> dict[str, Operation]:
        """The operations by the key that each writes."""
        return {operation.key: operation for operation in self.operations}

    @cached_property
    def by_name(self) -> dict[str, Operation]:
        """The operations by the variable that each writes."""
        return {operation.name: operation for operation in self.operations}

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """The stages in order."""
        return tuple(dict.fromkeys(operation.stage for operation in self.operations))

    @cached_property
    def sections(self) -> Mapping[str, str]:
        """The blocks of a model's text, each with its first operation; a block within another also by its own name."""
        found: dict[str, str] = {}
        for operation in self.operations:
            if section := operation.variable.section:
                found.setdefault(section, operation.name)
                found.setdefault(section.rpartition(" ")[2], operation.name)
        return found

    @cached_property
    def blocks(self) -> Mapping[str, str]:
        """The block or step of a model's text that each operation belongs to, by its name: that of an update is the one
        of the gradient that it goes by. What belongs to none is left out.
        """
        found: dict[str, str] = {}
        for operation in self.operations:
            own = operation.variable
            by = self.gradients.get(own.parameter, "") if own.phase is Phase.UPDATE else ""
            if section := own.section or found.get(by, ""):
                found[operation.name] = section
        return found

    @cached_property
    def images(self) -> frozenset[str]:
        """The inputs that a convolution slides over."""
        calls = (node for o in self.operations for node in walk(o.tree) if isinstance(node, Call))
        slid = {name for call in calls if call.function == "conv" for name in names(call.operands[0])}
        return frozenset(name for name in slid if name in self.variables and self.variables[name].role is Role.INPUT)

    @cached_property
    def gradients(self) -> Mapping[str, str]:
        """The names of the gradients of L, by the variable that each is taken with respect to."""
        gradients = (o for o in self.operations if o.variable.role is Role.GRADIENT)
        return {operation.variable.of: operation.name for operation in gradients}

    @cached_property
    def counters(self) -> tuple[str, ...]:
        """The variables that are numbers of the iteration."""
        return tuple(name for name in COUNTERS if name in self.shapes)

    @cached_property
    def carried(self) -> tuple[str, ...]:
        """What the next iteration starts from: parameters and slots."""
        return tuple(name for name, _ in self._carried)

    @cached_property
    def _carried(self) -> tuple[tuple[str, str], ...]:
        """What is carried over, and the key that it has at the end."""
        return tuple((o.name, self._last.get(o.key, o.key)) for o in self.operations if o.key != o.name)

    @cached_property
    def _last(self) -> Mapping[str, str]:
        """The key of the last version of what was edited."""
        return {version.of: version.key for version in self.versions}

    @cached_property
    def assumed(self) -> frozenset[str]:
        """The variables that stable formulas assume to be as the scenario gives them."""
        return frozenset(name for o in self.operations for name in o.jumps if name in self.start)

    @cached_property
    def sample_axes(self) -> Axes:
        """Which axis runs over the samples, of the variables that have such an axis."""
        found = {name: own.samples for name, own in self.variables.items() if own.samples is not None}
        for operation in self.operations:
            subject = self._subject(operation)
            axis = found.get(subject) if subject else axis_of(operation.tree, found, self.shapes)
            if axis is not None:
                found[operation.name] = axis
        return found

    def _subject(self, operation: Operation) -> str:
        """The variable that what an operation writes belongs to, as a gradient does, and lies like; empty for none."""
        own, shapes = operation.variable, self.shapes
        found = {Phase.FORWARD: "", Phase.BACKWARD: own.of, Phase.UPDATE: own.parameter}[own.phase]
        return found if found in shapes and shapes[found] == operation.shape else ""

    @cached_property
    def labels(self) -> Mapping[str, Labels]:
        """What the axes of each variable are called, empty where nothing says it; what belongs to a variable, such as
        its gradient, has the labels of that.
        """
        found: dict[str, Labels] = {}
        for name, own in self.variables.items():
            rank = len(self.shapes.get(name, ()))
            if own.axes and len(own.axes) == rank:
                found[name] = own.axes
            elif own.samples is not None:
                found[name] = tuple(SAMPLE if axis == own.samples else "" for axis in range(rank))
        for operation in self.operations:
            if subject := self._subject(operation):
                found[operation.name] = found.get(subject, ("",) * len(operation.shape))
            elif operation.name not in found:
                found[operation.name] = labels_of(operation.tree, found, self.shapes)
        return found

    def first(self) -> Frame:
        """The frame of iteration 1, with nothing computed yet."""
        return self.resumed(1, ())

    def following(self, frame: Frame) -> Frame:
        """The frame that follows: only what is carried over, and the data of its own iteration. Edits stay behind."""
        return self.plain.resumed(frame.iteration + 1, [(name, frame[key]) for name, key in self._carried])

    def resumed(self, iteration: int, carry: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> Frame:
        """The frame of an iteration that starts from what an earlier one carried over."""
        frame = Frame(self, self.start, iteration)
        frame.update(carry)
        frame.update(self.entering(iteration))
        return frame

    def entering(self, iteration: int) -> dict[str, Any]:
        """What changes from iteration to iteration: counters, a batch's samples, masks, noise. A pure function."""
        found: dict[str, Any] = {}
        for name in self.counters:
            of_run = iteration + self.network.before if name == "t" else self.feed.epoch(iteration)
            found[name] = np.float64(of_run)
        if self.feed.changes:
            found |= self.feed.samples(iteration)
        if self._draws:
            found |= self.network.masks(iteration, len(self.feed.places(iteration)))
        return cast(found, self.dtype)

    @cached_property
    def _draws(self) -> bool:
        return any(variable.role in DRAWN for variable in self.variables.values())

    def shapes_at(self, iteration: int) -> Mapping[str, Shape]:
        """The shapes of an iteration: the last batch of an epoch may be a short one."""
        is_short = self.feed.batch(iteration) == self.feed.per_epoch and self.feed.total % self.feed.size
        return self._shapes_of_last if is_short else self.shapes

    @cached_property
    def _shapes_of_last(self) -> Mapping[str, Shape]:
        entering = self.entering(self.feed.per_epoch)
        found = {**self.shapes, **{name: np.shape(value) for name, value in entering.items()}}
        for operation in self.operations:
            found[operation.name] = shape(operation.tree, found)
        return found

    @property
    def trains(self) -> bool:
        """Whether an iteration changes a parameter."""
        return not self.parameters.keys().isdisjoint(self.carried)

    def loss_after(self, frame: Frame) -> float:
        """The loss of an iteration's own samples, as edited, with the parameters that the iteration ends with."""
        plain, last = self.plain, self._last
        own = [*plain.start, *plain.entering(frame.iteration)]
        after = Frame(plain, {name: frame[last.get(name, name)] for name in own}, frame.iteration)
        after.update((name, frame[key]) for name, key in self._carried)
        loss = plain.by_name["L"]
        for operation in plain.operations[: loss.index]:
            if not operation.lazy:
                operation.compute(after)
        return float(loss.run(after))

    def above(self, names: Iterable[str], *, carried: bool = True) -> set[str]:
        """The operations that some values come from, including those that write them; with `carried`, also the
        operations that a value comes from by way of an earlier iteration.
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
        """The key of a variable's value after the operation at an index and the edits there (-1: before the first);
        None if it does not exist yet.
        """
        operation = self.by_name.get(name)
        if operation is not None and operation.index <= index:
            name = operation.key
        elif index < 0 and name in self.constants and self.shapes[name] != ():
            return None  # data enters with the first operation
        elif name not in self.start and name not in self.counters:
            return None
        return self.version(name, index) if self.versions else name

    def version(self, key: str, index: int) -> str:
        """The key of the version that the edits up to an index have made of a value; without edits, the same key."""
        for version in reversed(self.versions):
            if version.of == key and version.index <= index:
                return version.key
        return key

    def fill(self, frame: Frame) -> Frame:
        """Compute a whole iteration. NumPy's warnings are silenced: nan and inf are shown as values."""
        self._whole(frame)
        return frame

    @cached_property
    def _whole(self) -> Callable[[Frame], None]:
        """Everything that is not lazy, as one function; a program with edits runs only once, so step by step."""
        if self.base is not None:  # a textbook formula in place of a stable one may read what was lazy
            return in_steps(self.operations, self.versions)
        return as_one(self.operations, self.shapes)


def symbols_of(
    network: Definition, shapes: Shapes, variables: Variables, left_out: Mapping[str, Tree] | None = None
) -> Symbols:
    """The symbols of a program's variables; in a model, people have named those of the text."""
    if isinstance(network, Network):
        return Symbols(shapes, left_out)
    slots = {n: (own.kind, own.parameter) for n, own in variables.items() if own.role in (Role.STEP, Role.CLIPPING)}
    return Symbols(shapes, left_out, network.names, {name: own for name, own in slots.items() if own[1]})


def frozen(value: Any) -> Any:
    """A read-only float64 copy of shape () or (rows, columns)."""
    copy = np.array(value, dtype=np.float64)
    copy.setflags(write=False)
    return copy


def cast(values: dict[str, Any], dtype: str) -> dict[str, Any]:
    """Values in a precision: themselves where they have it, else read-only copies."""
    return values if dtype == PRECISION else _rounded(values, dtype)


@QUIET
def _rounded(values: dict[str, Any], dtype: str) -> dict[str, Any]:
    found = {name: np.array(value, dtype=dtype) for name, value in values.items()}
    for array in found.values():
        array.setflags(write=False)
    return found
