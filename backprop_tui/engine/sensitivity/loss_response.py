"""How L responds to a number of an iteration: what depends on that number is computed again, the rest stays as it is.

Masks, a batch's samples and edits are those of the iteration's frame. Formulas are the textbook ones; the stable ones
are used only for variables that they do not jump over.

How exact L and a gradient are is measured: what depends on the number is run a few more times, with every operation
rounded differently.
"""

from collections import ChainMap
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cached_property, partial
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from msgspec.structs import replace

from backprop_tui.engine.program.edit import Version
from backprop_tui.engine.program.operation import QUIET, Operation
from backprop_tui.engine.program.program import Frame
from backprop_tui.engine.sensitivity.rounding import RUNS, shaken
from backprop_tui.engine.sensitivity.slope import Point
from backprop_tui.formula.language.tree import Call, Name, Tree, names, rebuild
from backprop_tui.formula.values.compile import compiled
from backprop_tui.formula.values.element import Shape
from backprop_tui.formula.values.kinks import sides

Function = Callable[[Any], Any]


class Turn(NamedTuple):
    """An operation that is computed again, the keys that it reads, and the sides of its kinks that it is on."""

    key: str
    reads: tuple[str, ...]
    function: Function
    sides: tuple[Function, ...] = ()
    operation: Operation | None = None
    held: tuple[tuple[str, Function], ...] = ()
    """What `stop` keeps from moving, by the name under which the function reads it, each as a function of a frame."""


class Response:
    """L as a function of one number of a variable; with a `step` of a loop, of that number in this step alone."""

    def __init__(self, frame: Frame, variable: str, *, step: str = "", stable: bool = False) -> None:
        program = frame.program
        last = program.by_name["L"]
        before = program.operations[: last.index + 1]
        readers = [o for o in before if variable in o.keys and (not step or o.variable.step == step)]
        key = readers[0].keys[variable] if readers else program.key(variable, last.index) or variable
        self.key = f"{key} in step {step}" if step else key
        self.base = np.array(frame[key])
        self.output = last.key
        if step:
            alone = {o.name: {**o.keys, variable: self.key} for o in readers}
            before = tuple(replace(o, keys=alone[o.name]) if o.name in alone else o for o in before)
        self.turns = tuple(_turns(before, program.versions, self.key, stable=stable))
        start = ChainMap({self.key: self.base}, frame)  # of a step alone, the number has a key that no frame has
        self.fixed = _fixed(start, self.turns, self.key, self.output)

    @cached_property
    def noise(self) -> Any:
        """How far rounding moves each of the values of a point."""
        return _rounding(self.turns, self.fixed | {self.key: self.base}, lambda values: self._point(values).values)

    @QUIET
    def at(self, place: Shape, number: float) -> Point:
        """L if the variable had this number at a place, and the sides of the kinks on the way there."""
        moved = self.base.copy()
        moved[place] = number
        values = self.fixed | {self.key: moved}
        found: list[Any] = []
        for turn in self.turns:
            found += [side(values) for side in turn.sides]
            values[turn.key] = turn.function(values)
        return self._point(values, tuple(found))

    def _point(self, values: Mapping[str, Any], sides: tuple[Any, ...] = ()) -> Point:
        return Point(float(values[self.output]), sides, [values[turn.key] for turn in self.turns])

    def crossed(self, one: Point, other: Point) -> Iterator[tuple[Operation, Any]]:
        """The operations that have a kink between two points, each with an array that is true where the kink is."""
        pairs = zip(one.sides, other.sides, strict=True)
        for turn in self.turns:
            for _ in turn.sides:
                a, b = next(pairs)
                if turn.operation is not None and np.any(a != b):
                    yield turn.operation, np.asarray(a != b)


def gradient_noise(frame: Frame, gradient: str, key: str) -> Any:
    """How far rounding moves each number of the gradient of the value under a key, in what is computed from it."""
    program = frame.program
    needed = program.above([gradient], carried=False)
    wanted = tuple(o for o in program.operations if o.name in needed)
    backward = {o.key for o in wanted if o.index > program.by_name["L"].index}
    turns = tuple(_turns(wanted, program.versions, key, backward, stable=True))
    output = program.by_name[gradient].key
    return _rounding(turns, _fixed(frame, turns, key, output) | {key: frame[key]}, itemgetter(output))


@QUIET
def _rounding(turns: Sequence[Turn], values: Mapping[str, Any], result: Function) -> Any:
    """How far off a result is by rounding alone: the largest difference that a different rounding makes."""

    def run(start: Mapping[str, Any], rounded: Callable[[Any], Any]) -> Any:
        found = dict(start)
        for turn in turns:
            found[turn.key] = rounded(turn.function(found))
        return result({key: np.asarray(value) for key, value in found.items()})

    true = run(values, lambda value: value)
    off = np.zeros(true.shape)
    for seed in range(RUNS):
        shake = partial(shaken, random=np.random.default_rng(seed))
        off = np.maximum(off, np.abs(run({key: shake(value) for key, value in values.items()}, shake) - true))
    return np.where(np.isfinite(off), off, np.inf)


def _fixed(frame: Mapping[str, Any], turns: Sequence[Turn], key: str, output: str) -> dict[str, Any]:
    """The values that some operations read but do not write."""
    again = {key, *(turn.key for turn in turns)}
    read = {output, *(key for turn in turns for key in turn.reads)}
    held = {name: function(frame) for turn in turns for name, function in turn.held}
    return {key: frame[key] for key in read - again} | held


def _turns(
    operations: tuple[Operation, ...],
    versions: tuple[Version, ...],
    key: str,
    too: Collection[str] = (),
    *,
    stable: bool,
) -> Iterator[Turn]:
    """The operations that come, directly or not, from a key or are wanted `too`, in order, and the edits made to what
    they write.
    """
    moved = {key}
    for operation in operations:
        tree: Tree = operation.stable if stable and operation.stable else operation.tree
        reads = tuple(operation.keys[name] for name in names(tree))
        if operation.key != key and (operation.key in too or not moved.isdisjoint(reads)):
            moved.add(operation.key)
            stopped: dict[str, Tree] = {}
            tree = _held(tree, operation.key, stopped)
            functions = tuple(compiled(side, operation.keys) for side in sides(tree))
            held = tuple((name, compiled(inner, operation.keys)) for name, inner in stopped.items())
            yield Turn(operation.key, reads, compiled(tree, operation.keys), functions, operation, held)
        for version in versions:
            if version.index == operation.index and version.old in moved and version.key != key:
                moved.add(version.key)
                yield Turn(version.key, (version.old,), _edit(version))


def _held(tree: Tree, key: str, stopped: dict[str, Tree]) -> Tree:
    """The formula with a name for each part that nothing flows back to; `stopped` is given these parts."""
    match tree:
        case Call("stop", (inner,)):
            name = f"stop {len(stopped)} of {key}"
            stopped[name] = inner
            return Name(name)
    return rebuild(tree, lambda child: _held(child, key, stopped))


def _edit(version: Version) -> Function:
    return lambda values: version.edit.of(values[version.old])
