"""A changed program, evaluated over the right run: only what the change moves is computed again.

To ask hundreds of changed programs for a few numbers each, none of them is compiled as a whole. An overlay knows which
operations differ; a `Patched` iteration takes everything else from an iteration that is there already.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any

import msgspec
import numpy as np

from backprop_tui.engine.mistakes.change import Around
from backprop_tui.engine.mistakes.long_run import FarRun
from backprop_tui.engine.mistakes.mistaken_program import Mistaken, Slip, along
from backprop_tui.engine.program.operation import QUIET, Operation
from backprop_tui.engine.program.program import PRECISION, Frame, Program
from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.language.tree import Tree, names
from backprop_tui.formula.values.compile import compiled

FAR = 50  # iterations: to run more, the whole program is compiled
Formula = Callable[[Mapping[str, Any]], Any]


class Step(msgspec.Struct, frozen=True, eq=False, dict=True):
    """An operation as an overlay has it: what it writes, the keys it reads, its formulas, whether it differs."""

    name: str
    key: str
    keys: Mapping[str, str]
    tree: Tree
    textbook: Tree
    differs: bool

    @cached_property
    def run(self) -> Formula:
        """The formula as a function of a frame."""
        return QUIET(compiled(self.tree, self.keys))

    @cached_property
    def by_the_textbook(self) -> Formula:
        """The textbook formula as a function of a frame."""
        return QUIET(compiled(self.textbook, self.keys))


class Patched(dict[str, Any]):
    """An iteration of an overlay over one that is there: what the change moves, computed when it is asked for.

    `carried` replaces what the iteration starts from; what has a key in `pins` stays as it is in the frame below.
    """

    def __init__(
        self,
        overlay: "Overlay",
        below: Mapping[str, Any],
        carried: Mapping[str, Any],
        pins: Collection[str] = (),
        *,
        textbook: bool = False,
    ) -> None:
        super().__init__(carried)
        self._below, self._textbook = below, textbook
        self._steps = overlay.moved(frozenset(carried), frozenset(pins))
        self._keys = overlay.keys_below

    def __missing__(self, key: str) -> Any:
        step = self._steps.get(key)
        if step is None:
            return self._below[self._keys.get(key, key)]
        value = (step.by_the_textbook if self._textbook else step.run)(self)
        self[key] = value
        return value

    def moves(self, key: str) -> bool:
        """Whether a value may differ from that of the iteration below."""
        return key in self._steps or key in self


class Overlay:
    """A change of the right program. `start` has the values of what it starts from that are changed.

    `slips` are made one after the other.
    """

    def __init__(self, right: Program, slips: tuple[Slip, ...] = (), start: Mapping[str, Any] | None = None) -> None:
        self.right, self.slips = right, slips
        self.start = dict(start or {})
        for slip in slips:
            self.start |= slip.starts(right)
        self._moved: dict[tuple[frozenset[str], frozenset[str]], dict[str, Step]] = {}
        self._frames: dict[int, Mapping[str, Any]] = {}
        self._far: FarRun | Timeline | None = None

    @cached_property
    def program(self) -> Program:
        """The whole program with the change in it."""
        program = self.right
        for slip in self.slips:
            program = Mistaken.of(program, slip).program
        return msgspec.structs.replace(program, start=program.start | self.start) if self.start else program

    @cached_property
    def is_local(self) -> bool:
        """Whether it changes nothing but formulas, their order, and what the first iteration starts from."""
        return all(slip.mistake.persist is None and slip.mistake.dtype == PRECISION for slip in self.slips)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """All operations in order."""
        return tuple(self._of_statements() if self.is_in_order else self._of_operations())

    def _of_operations(self) -> Iterator[Step]:
        for own in self.program.operations:
            right = self.right.by_name[own.name]
            differs = (own.tree, own.keys) != (right.tree, right.keys) or not self.is_local
            yield Step(own.name, own.key, own.keys, own.stable or own.tree, own.tree, differs)

    def _of_statements(self) -> Iterator[Step]:
        return (self.changes.get(own.name) or step_of(own) for own in self.right.operations)

    @cached_property
    def changes(self) -> Mapping[str, Step]:
        """The operations that are not as they were, of a change that leaves their order."""
        found: list[Statement] | None = list(self.right.statements)
        for slip in self.slips:
            found = slip.mistake.made(
                found or [], self.right.shapes, digits=slip.digits, at=slip.at(self.right), way=slip.way
            )
            if found is None:
                raise ValueError(f"{slip.mistake.name} changes nothing here")
        both = zip(found or [], self.right.operations, self.right.statements, strict=True)
        return {own.name: self._changed(new, own) for new, own, old in both if new is not old}

    def _changed(self, statement: Statement, right: Operation) -> Step:
        tree = statement.stable or statement.tree
        read = (*names(tree), *names(statement.tree))
        keys = {name: right.keys.get(name) or self._key(name, right) for name in read}
        return Step(right.name, right.key, keys, tree, statement.tree, statement.tree != right.tree)

    @property
    def is_in_order(self) -> bool:
        """Whether it leaves the operations in their order, so that its changes can be laid over others."""
        return all(slip.mistake.keeps_order for slip in self.slips)

    def with_also(self, other: "Overlay") -> "Overlay | None":
        """Both changes at once, this one made first; None where the other one then changes nothing."""
        both = Overlay(self.right, (*self.slips, *other.slips), self.start | other.start)
        if not (self.is_in_order and other.is_in_order):
            try:
                return both if both.steps else None
            except ValueError:
                return None
        changes = {**other.changes, **self.changes}
        for name in other.changed:
            changes[name] = other.changes[name]
        for name in self.changed & other.changed:
            step = self._again(self.changes[name], other.slips[-1])
            if step is None:
                return None
            changes[name] = step
        both.changes = changes
        return both

    def _again(self, step: Step, slip: Slip) -> Step | None:
        """An operation that a second mistake changes once more; None where it finds nothing to change any more."""
        own = self.right.by_name[step.name]
        statement = msgspec.structs.replace(self.right.statements[own.index], tree=step.textbook, stable=None, jumps=())
        tree = slip.mistake.tree(statement, around_of(self.right, slip.digits), slip.way)
        return None if tree is None else self._changed(msgspec.structs.replace(statement, tree=tree), own)

    def _key(self, name: str, at: Operation) -> str:
        return self.right.key(name, at.index - 1) or name

    @cached_property
    def by_name(self) -> dict[str, Step]:
        """The operations by what they write."""
        return {step.name: step for step in self.steps}

    @cached_property
    def changed(self) -> frozenset[str]:
        """The operations whose formulas differ."""
        return frozenset(step.name for step in self.steps if step.differs)

    @cached_property
    def keys_below(self) -> Mapping[str, str]:
        """The keys that the right program has for what lies under another key here."""
        pairs = ((step.key, self.right.by_name[step.name].key) for step in self.steps)
        return {own: below for own, below in pairs if own != below}

    @cached_property
    def size(self) -> int:
        """How many numbers the changed operations compute, or the changed start has: no more are independent."""
        return sum(int(np.prod(self.right.shapes[name])) for name in self.changed) + sum(
            int(np.count_nonzero(np.asarray(value) != self.right.start[name])) for name, value in self.start.items()
        )

    def moved(self, carried: frozenset[str], pins: frozenset[str]) -> dict[str, Step]:
        """The operations whose values may differ in an iteration that starts with other values of `carried`, by key."""
        if (carried, pins) not in self._moved:
            found: dict[str, Step] = {}
            for step in self.steps:
                reads = step.keys.values()
                if step.key not in pins and (step.differs or any(key in found or key in carried for key in reads)):
                    found[step.key] = step
            self._moved[carried, pins] = found
        return self._moved[carried, pins]

    @cached_property
    def moves_on(self) -> bool:
        """Whether later iterations start from something else than those of the right run."""
        moved = self.moved(frozenset(self.start), frozenset())
        stays = any(name not in self.right.carried for name in self.start)
        return stays or any(step.name in self.right.carried for step in moved.values()) or not self.is_local

    def has(self, iteration: int) -> bool:
        """Whether what an iteration needs has been computed."""
        return iteration in self._frames

    def reach(self, iteration: int, right: Timeline) -> Iterator[int]:
        """Compute what an iteration needs, yielding each iteration on the way to it."""
        if iteration in self._frames:
            return
        if not self.is_local or ((iteration > FAR or right.edits) and self.moves_on):
            if self._far is None:
                self._far = self._edited(right) if right.edits else FarRun(self.program)
            for at in self._far.reach(iteration):
                if not at % 64:
                    yield at
            self._frames[iteration] = self._far.frame(iteration)
        elif iteration > 1 and not self.moves_on:
            self._frames[iteration] = Patched(self, right.frame(iteration), {})
        else:
            carried = self._carried(iteration - 1, right) if iteration > 1 else {}
            self._frames[iteration] = Patched(self, right.frame(iteration), carried | self._kept(iteration))

    def _edited(self, right: Timeline) -> Timeline:
        program = self.program
        whole = Mistaken(self.right, self.slips[0], program) if self.slips else None
        return Timeline(program, 0, 0, edits=along(right.edits, whole) if whole else right.edits)

    def _kept(self, iteration: int) -> dict[str, Any]:
        """The changed values of the start that an iteration has."""
        entering = self.right.entering(iteration) if self.right.feed.changes else {}
        return {
            name: value
            for name, value in self.start.items()
            if name not in entering and (iteration == 1 or name not in self.right.carried)
        }

    def _carried(self, iteration: int, right: Timeline) -> dict[str, Any]:
        for _ in self.reach(iteration, right):
            pass
        frame = self._frames[iteration]
        before = right.frame(iteration)
        found = {}
        for name in self.right.carried:
            value = frame[self.by_name[name].key]
            if value is not before[self.right.by_name[name].key]:
                found[name] = value
        return found

    def frame(self, iteration: int, right: Timeline) -> Mapping[str, Any]:
        """The values of an iteration, in which `reach` has computed what is needed; `right` is the right run."""
        for _ in self.reach(iteration, right):
            pass
        return self._frames[iteration]

    def over(self, frame: Frame, pins: Collection[str]) -> Patched:
        """An iteration with the change made in it alone, over one whose values under `pins` stay as they are."""
        kept = self._kept(max(2, frame.iteration)) if frame.iteration > 1 else self._kept(1)
        return Patched(self, frame, kept, pins, textbook=True)

    def at_end(self, name: str, frame: Mapping[str, Any]) -> Any:
        """The value of a variable at the end of one of these iterations."""
        step = self.by_name.get(name)
        return frame[step.key if step else name]


@lru_cache(maxsize=64)
def around_of(right: Program, digits: int) -> Around:
    """What a change can see of the right program."""
    return Around(right.statements, right.shapes, digits)


@lru_cache(maxsize=4096)
def step_of(operation: Operation) -> Step:
    """An operation that is as it was."""
    return Step(
        operation.name, operation.key, operation.keys, operation.stable or operation.tree, operation.tree, False
    )
