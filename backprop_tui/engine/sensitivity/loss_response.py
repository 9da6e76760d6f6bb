"""How L responds to a number of an iteration: what comes after that number is computed again, all else stays.

It goes by the frame: masks, a batch's samples and edits are those of the iteration. Formulas are the textbook's; the
stable ones, which jump over some variables, are asked only of what they do not jump over.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from backprop_tui.engine.program.edit import Version
from backprop_tui.engine.program.program import QUIET, Frame, Operation
from backprop_tui.engine.sensitivity.slope import Point
from backprop_tui.formula.language.tree import Tree, names
from backprop_tui.formula.values.compile import compiled
from backprop_tui.formula.values.element import Shape
from backprop_tui.formula.values.kinks import sides

Function = Callable[[Any], Any]


class Turn(NamedTuple):
    """What is computed again, the keys that it reads, and which sides of kinks it is on."""

    key: str
    reads: tuple[str, ...]
    function: Function
    sides: tuple[Function, ...] = ()
    operation: Operation | None = None


class Response:
    """L as a function of one number of a variable."""

    def __init__(self, frame: Frame, variable: str, *, stable: bool = False) -> None:
        program = frame.program
        last = program.by_name["L"]
        before = program.operations[: last.index + 1]
        readers = (o.keys[variable] for o in before if variable in o.keys)
        self.key = next(readers, program.key(variable, last.index) or variable)
        self.base = np.array(frame[self.key])
        self.output = last.key
        self.turns = tuple(_turns(before, program.versions, self.key, stable=stable))
        again = {self.key, *(turn.key for turn in self.turns)}
        read = {self.output, *(key for turn in self.turns for key in turn.reads)}
        self.fixed = {key: frame[key] for key in read - again}

    @QUIET
    def at(self, place: Shape, number: float) -> Point:
        """L where the number at a place of the variable is another, and the sides of the kinks on the way."""
        moved = self.base.copy()
        moved[place] = number
        values = self.fixed | {self.key: moved}
        found: list[Any] = []
        for turn in self.turns:
            found += [side(values) for side in turn.sides]
            values[turn.key] = turn.function(values)
        return Point(float(values[self.output]), tuple(found))

    def crossed(self, one: Point, other: Point) -> Iterator[tuple[Operation, Any]]:
        """The operations that have a kink between two points; each with an array that is true where it has."""
        pairs = zip(one.sides, other.sides, strict=True)
        for turn in self.turns:
            for _ in turn.sides:
                a, b = next(pairs)
                if turn.operation is not None and np.any(a != b):
                    yield turn.operation, np.asarray(a != b)


def _turns(
    operations: tuple[Operation, ...], versions: tuple[Version, ...], key: str, *, stable: bool
) -> Iterator[Turn]:
    """The operations that come, directly or not, from a key, in order, and the edits made to what they write."""
    moved = {key}
    for operation in operations:
        tree: Tree = operation.stable if stable and operation.stable else operation.tree
        reads = tuple(operation.keys[name] for name in names(tree))
        if operation.key != key and not moved.isdisjoint(reads):
            moved.add(operation.key)
            functions = tuple(compiled(side, operation.keys) for side in sides(tree))
            yield Turn(operation.key, reads, compiled(tree, operation.keys), functions, operation)
        for version in versions:
            if version.index == operation.index and version.old in moved and version.key != key:
                moved.add(version.key)
                yield Turn(version.key, (version.old,), _edit(version))


def _edit(version: Version) -> Function:
    return lambda values: version.edit.of(values[version.old])
