"""An edition: a program with edits between the operations of one iteration.

Single assignment holds: an edited value lies in the frame under a key of its own, beside the old one, and what runs
after the edit reads that key. What is shown of a step before the edit is what it was.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import prod
from typing import Any

import msgspec

from backprop_tui.engine.program.program import Frame, Operation, Program
from backprop_tui.engine.timeline.edit import Edit

EDITED = "*"  # after a key, with a number: the value after so many edits


class Version(msgspec.Struct, frozen=True):
    """An edit made: it stands after the operation at `index`, reads the key `old` and writes `key`.

    `stale` are the operations up to there that were computed from the old value, directly or not: what jumps over them
    is no longer equal to its textbook formula.
    """

    edit: Edit
    index: int
    of: str
    old: str
    key: str
    stale: frozenset[str]


class Edition(Program):
    """A program whose iteration has edits, each with the index of the operation after which it is made, from 0.

    It runs operation by operation. A stable formula that jumps over what was edited, or is stale, gives way to the
    textbook one; so does one that assumes what was `given` otherwise before anything ran.
    """

    def __init__(self, program: Program, edits: Iterable[tuple[int, Edit]], given: Iterable[str] = ()) -> None:
        vars(self).update(vars(program))  # a program like it
        self.base = program
        self.versions: list[Version] = []
        after: defaultdict[int, list[Edit]] = defaultdict(list)
        for index, edit in edits:
            after[index].append(edit)
        current: dict[str, str] = {}  # a key -> that of its last version
        modified: set[str] = {*given}
        done: list[Operation] = []
        for operation in program.operations:
            done.append(_rewritten(operation, current, modified))
            for edit in after[operation.index]:
                key = program.key(edit.name, operation.index)
                if key is None:
                    raise ValueError(f"{edit.name} has no value after {operation.name}")
                version = self._version(edit, operation.index, key, current.get(key, key), done)
                self.versions.append(version)
                current[key] = version.key
                modified |= {edit.name, *version.stale}
        self.operations = tuple(done)
        self.by_key = {operation.key: operation for operation in done}
        self.by_name = {operation.name: operation for operation in done}
        self._last = current
        self._after = {index: [v for v in self.versions if v.index == index] for index in after}

    def key(self, name: str, index: int) -> str | None:
        """Where a variable's value lies after the operation at an index and the edits there."""
        key = self.base.key(name, index)
        return key and self.version(key, index)

    def version(self, key: str, index: int) -> str:
        """The key with what the edits up to an index have made of a key's value."""
        return next((v.key for v in reversed(self.versions) if v.of == key and v.index <= index), key)

    @property
    def edited(self) -> dict[int, set[str]]:
        """The variables that were edited, by the index of the operation after which."""
        return {index: {version.edit.name for version in versions} for index, versions in self._after.items()}

    def stale(self, index: int) -> frozenset[str]:
        """The operations up to an index whose value comes, directly or not, from one that was edited later."""
        made = [version for version in self.versions if version.index <= index]
        outdated, found = {version.old for version in made}, set()
        for operation in self.operations[: index + 1]:
            if outdated.isdisjoint(operation.keys.values()):
                continue
            outdated.add(operation.key)
            later = [version.key for version in made if version.of == operation.key]
            if not later or prod(operation.shape) > 1:  # an edit of one number leaves the others as they were
                found.add(operation.name)
                outdated.update(later)
        return frozenset(found)

    def fill(self, frame: Frame) -> Frame:
        """Compute a whole iteration, with its edits."""
        for operation in self.operations:
            if not operation.lazy:
                frame[operation.key] = value = operation.run(frame)
                value.setflags(False)
            for version in self._after.get(operation.index, ()):
                frame[version.key] = version.edit.of(frame[version.old])
        return frame

    def following(self, frame: Frame) -> Frame:
        """The frame after an edited one, which is one of the program without edits."""
        return self.base.following(self._at_end(frame))

    def loss_after(self, frame: Frame) -> float:
        """What the loss of an iteration's own samples, as edited, has become with the parameters after it."""
        return self.base.loss_after(self._at_end(frame))

    def _at_end(self, frame: Frame) -> Frame:
        """The frame as the iteration leaves it: of each value its last version."""
        plain = Frame(self.base, frame, frame.iteration)
        plain.update((key, frame[last]) for key, last in self._last.items())
        return plain

    def _version(self, edit: Edit, index: int, of: str, old: str, done: list[Operation]) -> Version:
        tainted, stale = {old}, set()
        for operation in done:
            if not tainted.isdisjoint(operation.keys.values()):
                stale.add(operation.name)
                tainted |= {operation.key, *(v.key for v in self.versions if v.of == operation.key)}
        return Version(edit, index, of, old, f"{of}{EDITED}{len(self.versions) + 1}", frozenset(stale))


def _rewritten(operation: Operation, current: Mapping[str, str], modified: set[str]) -> Operation:
    """An operation that reads the last versions; itself where that changes nothing, and with it what it compiled."""
    changes: dict[str, Any] = {}
    if not current.keys().isdisjoint(operation.keys.values()):
        changes["keys"] = {name: current.get(key, key) for name, key in operation.keys.items()}
    if operation.stable is not None and not modified.isdisjoint(operation.jumps):
        changes["stable"] = None
    return msgspec.structs.replace(operation, **changes) if changes else operation
