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

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias

import msgspec
import numpy as np

from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.edit import Version
from backprop_tui.engine.statements.derive import left_out
from backprop_tui.engine.statements.sample_axis import Axes, axis_of
from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import DRAWN, UNKNOWN, Phase, Role, Variable, Variables
from backprop_tui.engine.training.batches import Feed
from backprop_tui.engine.training.training import COUNTERS
from backprop_tui.formula.language.tree import Call, Tree, names, walk
from backprop_tui.formula.values.compile import compiled, function
from backprop_tui.formula.values.element import Shape, Shapes, shape
from backprop_tui.formula.writing.printer import numpy_source
from backprop_tui.formula.writing.symbols import AT, Symbols

Definition: TypeAlias = Network | Any
"""What a program is made from: a network of layers or a model written as formulas (`Model`). It is typed as this for
those who ask for layers, and know that there are some.
"""
AFTER = "′"
PRECISION = "float64"  # of every number, unless the mistake made on purpose is to compute with less
QUIET = np.errstate(all="ignore")  # used as a decorator, which costs half of what a `with` does


class Operation(msgspec.Struct, frozen=True, eq=False, dict=True):
    """One line of a program: it reads some variables and writes one.

    `keys` maps each variable that either formula reads to its key in a frame. `index` counts from 0. `lazy` marks an
    operation that stable formulas jump over and that nothing else reads: it is computed only when it is looked at.
    `variable` is the record of what it writes. `is_stacked` says that a variable in it has more than two axes, apart
    from a matrix for each sample.
    `variable` is the record of what it writes, and `gains` says what the stable formula is for.
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
    variable: Variable = UNKNOWN
    is_stacked: bool = False
    gains: str = ""

    @cached_property
    def run(self) -> Callable[[Mapping[str, Any]], Any]:
        """The operation alone, as a function of a frame; compiled when it is first needed."""
        return QUIET(compiled(self.stable or self.tree, self.keys, stacked=self.is_stacked))

    def compute(self, frame: dict[str, Any]) -> Any:
        """Run, store the result in a frame, read-only, and return it."""
        value = self.run(frame)
        value.setflags(False)
        frame[self.key] = value
        return value

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
        line = numpy_source(self.stable or self.tree, _identifier, stacked=self.is_stacked)
        return f"{_identifier(self.name)} = {line}"


def _identifier(name: str) -> str:
    """A variable's name in a line of code."""
    return name.replace(AT, "_at_")


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
            if (axis := axis_of(operation.tree, found, self.shapes)) is not None:
                found[operation.name] = axis
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
            return _in_steps(self.operations, self.versions)
        return _as_one(self.operations, self.shapes)


def symbols_of(
    network: Definition, shapes: Shapes, variables: Variables, left_out: Mapping[str, Tree] | None = None
) -> Symbols:
    """The symbols of a program's variables; in a model, people have named those of the text."""
    if isinstance(network, Network):
        return Symbols(shapes, left_out)
    slots = {n: (own.kind, own.parameter) for n, own in variables.items() if own.role in (Role.STEP, Role.CLIPPING)}
    return Symbols(shapes, left_out, network.names, {name: own for name, own in slots.items() if own[1]})


def _in_steps(operations: tuple[Operation, ...], versions: tuple[Version, ...]) -> Callable[[Frame], None]:
    """Operations one by one, and the edits between them."""
    after: defaultdict[int, list[Version]] = defaultdict(list)
    for version in versions:
        after[version.index].append(version)

    def iteration(frame: Frame) -> None:
        for operation in operations:
            if not operation.lazy:
                operation.compute(frame)
            for version in after.get(operation.index, ()):
                frame[version.key] = version.edit.of(frame[version.old])

    return iteration


def _as_one(operations: tuple[Operation, ...], shapes: Mapping[str, Shape]) -> Callable[[Frame], None]:
    """Operations as one function: the same lines, without a call and look-ups for each of them."""
    lazy = {operation.key for operation in operations if operation.lazy}
    eager = [operation for operation in operations if not operation.lazy]
    local: dict[str, str] = {}
    lines = []

    def variable(key: str) -> str:
        if key not in local:
            local[key] = f"v{len(local)}"
            lines.append(f"{local[key]} = f[{key!r}]")
        return local[key]

    for operation in eager:
        reach = {name: variable(key) for name, key in operation.keys.items() if key not in lazy}
        local[operation.key] = target = f"v{len(local)}"
        lines += [*_lines(operation, target, reach.__getitem__, shapes), f"{target}.setflags(False)"]
    result = ", ".join(f"{operation.key!r}: {local[operation.key]}" for operation in eager)
    text = "\n    ".join(["def iteration(f):", *lines, f"f.update({{{result}}})"])
    return QUIET(function(text, "iteration"))


def _lines(operation: Operation, target: str, leaf: Callable[[str], str], shapes: Mapping[str, Shape]) -> list[str]:
    """An operation in NumPy. A product that is subtracted lends its array to the difference."""
    tree, stacked = operation.stable or operation.tree, operation.is_stacked
    match tree:
        case Call("sub", (left, Call("mul") as right)) if () != operation.shape == shape(right, shapes):
            difference = f"np.subtract({numpy_source(left, leaf, stacked=stacked)}, {target}, {target})"
            return [f"{target} = {numpy_source(right, leaf, stacked=stacked)}", difference]
    return [f"{target} = {numpy_source(tree, leaf, stacked=stacked)}"]


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


def operations(
    found: Sequence[Statement], start: Mapping[str, Any], shapes: Mapping[str, Shape], symbols: Symbols
) -> Iterable[Operation]:
    """Statements as operations; a variable that is written and also in `start` has a value before and one after."""
    lazy = _unread(found)
    matrices = {s.name for s in found if s.variable.role is Role.LOCAL_DERIVATIVE}
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
            variable=statement.variable,
            is_stacked=any(len(shapes[name]) > 2 and name not in matrices for name in (statement.name, *read)),
            gains=statement.gains,
        )
        written.add(statement.name)


def _unread(found: Sequence[Statement]) -> set[str]:
    """What stable formulas jump over and nothing that is run reads, whether directly or through others of them."""
    jumped = {name for statement in found for name in statement.jumps} - {"L"}
    unread: set[str] = set()
    while True:
        read = {n for s in found if s.name not in unread for n in names(s.stable or s.tree)}
        more = {name for name in jumped if name not in read}
        if more == unread:
            return unread
        unread = more
