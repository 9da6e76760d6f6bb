"""A program with edits between the operations of one iteration.

Single assignment still holds: an edited value is in the frame under a key of its own, beside the old one, and what
runs after the edit reads that key. Steps before the edit are shown as they were.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import prod
from typing import Any

from msgspec.structs import replace

from backprop_tui.engine.program.edit import Edit, Version
from backprop_tui.engine.program.operation import Operation
from backprop_tui.engine.program.program import Program

EDITED = "*"  # after a key, with a number: the value after that many edits


def edited_program(program: Program, edits: Iterable[tuple[int, Edit]], given: Iterable[str] = ()) -> Program:
    """A program whose iteration has edits, each with the index of the operation after which it is made, from 0.

    A stable formula that jumps over something edited or stale gives way to the textbook one; so does one that makes
    assumptions about a variable that was `given` a different value before anything ran. Raises ValueError where an
    edited variable has no value yet.
    """
    after: defaultdict[int, list[Edit]] = defaultdict(list)
    for index, edit in edits:
        after[index].append(edit)
    versions: list[Version] = []
    current: dict[str, str] = {}  # a key -> that of its last version
    modified: set[str] = {*given}
    done: list[Operation] = []
    for operation in program.operations:
        done.append(_rewritten(operation, current, modified))
        for edit in after[operation.index]:
            of = program.key(edit.name, operation.index)
            if of is None:
                raise ValueError(f"{edit.name} has no value after {operation.name}")
            old, key = current.get(of, of), f"{of}{EDITED}{len(versions) + 1}"
            stale = _computed_from(old, done, versions)
            versions.append(Version(edit, operation.index, of, old, key, stale))
            current[of] = key
            modified |= {edit.name, *stale}
    return replace(program, operations=tuple(done), versions=tuple(versions), base=program)


def stale(program: Program, index: int) -> frozenset[str]:
    """The operations up to an index whose value comes, directly or not, from a value that was edited later."""
    made = [version for version in program.versions if version.index <= index]
    outdated, found = {version.old for version in made}, set()
    for operation in program.operations[: index + 1] if made else ():
        if outdated.isdisjoint(operation.keys.values()):
            continue
        outdated.add(operation.key)
        later = [version.key for version in made if version.of == operation.key]
        if not later or prod(operation.shape) > 1:  # an edit of one number leaves the others as they were
            found.add(operation.name)
            outdated.update(later)
    return frozenset(found)


def _computed_from(old: str, done: Iterable[Operation], versions: Iterable[Version]) -> frozenset[str]:
    """The operations that read a key, directly or not."""
    tainted, found = {old}, set()
    for operation in done:
        if not tainted.isdisjoint(operation.keys.values()):
            found.add(operation.name)
            tainted |= {operation.key, *(version.key for version in versions if version.of == operation.key)}
    return frozenset(found)


def _rewritten(operation: Operation, current: Mapping[str, str], modified: set[str]) -> Operation:
    """An operation that reads the last versions. If that changes nothing it is the same object, already compiled."""
    changes: dict[str, Any] = {}
    if not current.keys().isdisjoint(operation.keys.values()):
        changes["keys"] = {name: current.get(key, key) for name, key in operation.keys.items()}
    if operation.stable is not None and not modified.isdisjoint(operation.jumps):
        changes["stable"] = None
    return replace(operation, **changes) if changes else operation
