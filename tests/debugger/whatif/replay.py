"""A run with edits by the plainest means: one dictionary by name, one operation after the other, nothing kept."""

from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np

from backprop_tui.engine.program.edit import Edit
from backprop_tui.engine.program.operation import QUIET
from backprop_tui.engine.program.program import Program
from backprop_tui.formula.values.compile import compiled

Values = dict[str, Any]
Version = tuple[str, int]  # a variable, and how often it was written by then
Made = dict[str, tuple[int, list[Version]]]  # what an operation wrote, as which version, and from what


def replay(program: Program, edits: tuple[Edit, ...], iterations: int) -> Iterator[tuple[Values, set[str]]]:
    """All values after each step from step 0 on, and the operations of the iteration that are stale by then."""
    length = len(program.operations)
    values: Values = dict(program.start)
    for iteration in range(1, iterations + 1):
        values = {name: values[name] for name in program.start} | program.entering(iteration)
        version = dict.fromkeys(values, 0)
        replaced: set[Version] = set()  # by edits
        made: Made = {}
        modified = _given(program, edits, iteration)  # what no stable formula may jump over, or take to be otherwise
        for index in range(-1, length):
            if index >= 0:
                operation = program.operations[index]
                jumped = modified & set(operation.jumps)
                tree = operation.tree if jumped or operation.stable is None else operation.stable
                read = [(name, version[name]) for name in operation.keys]
                values[operation.name] = QUIET(compiled(tree))(values)
                version[operation.name] = version.get(operation.name, 0) + 1
                made[operation.name] = (version[operation.name], read)
            for edit in (edit for edit in edits if edit.place(length) == (iteration, index)):
                if index >= 0:
                    old = (edit.name, version[edit.name])
                    modified |= {edit.name} | _after({old}, made, version, program)
                    replaced.add(old)
                values[edit.name] = _with(values[edit.name], edit)
                version[edit.name] += 1
            if index >= 0 or iteration == 1:
                yield dict(values), _after(replaced, made, version, program)


def _given(program: Program, edits: tuple[Edit, ...], iteration: int) -> set[str]:
    """What is not as the scenario has it when an iteration begins, other than parameters."""
    places = [(edit.name, edit.place(len(program.operations))) for edit in edits]
    here = {name for name, place in places if place == (iteration, -1)}
    own = program.entering(iteration).keys() | program.by_name.keys()
    return here | {name for name, place in places if place < (iteration, -1) and name not in own}


def _after(replaced: set[Version], made: Made, version: dict[str, int], program: Program) -> set[str]:
    """What was computed from versions of values that were replaced, or from such again."""
    outdated, found = set(replaced), set()
    for name, (number, read) in made.items():
        if not outdated.isdisjoint(read):
            outdated.add((name, number))
            if version[name] == number or prod(program.shapes[name]) > 1:
                found.add(name)
                outdated |= {(name, later) for later in range(number, version[name] + 1)}
    return found


def _with(value: Any, edit: Edit) -> Any:
    array = np.array(value, dtype=np.float64)
    if all(place < extent for place, extent in zip(edit.at, array.shape, strict=True)):
        array[edit.at] = edit.value
    return array[()] if not edit.at else array
