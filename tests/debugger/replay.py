"""A run with edits by the plainest means: one dictionary by name, one operation after the other, nothing kept."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from backprop_tui.engine.edit import Edit
from backprop_tui.engine.program import QUIET, Program
from backprop_tui.formula.compile import compiled

Values = dict[str, Any]


def replay(program: Program, edits: tuple[Edit, ...], iterations: int) -> Iterator[tuple[Values, set[str]]]:
    """All values after each step from step 0 on, and the operations of the iteration that are stale by then."""
    length = len(program.operations)
    values: Values = dict(program.start)
    for iteration in range(1, iterations + 1):
        values = {name: values[name] for name in program.start} | program.entering(iteration)
        version = dict.fromkeys(values, 0)
        outdated: set[tuple[str, int]] = set()
        read: dict[str, list[tuple[str, int]]] = {}
        stale: set[str] = set()
        edited: set[str] = set()
        for index in range(-1, length):
            if index >= 0:
                operation = program.operations[index]
                jumped = (edited | stale) & set(operation.jumps)
                tree = operation.tree if jumped or operation.stable is None else operation.stable
                read[operation.name] = [(name, version[name]) for name in operation.keys]
                values[operation.name] = QUIET(compiled(tree))(values)
                version[operation.name] = version.get(operation.name, 0) + 1
                outdated -= {(operation.name, version[operation.name])}
            for edit in (edit for edit in edits if edit.place(length) == (iteration, index)):
                if index >= 0:
                    outdated.add((edit.name, version[edit.name]))
                    edited.add(edit.name)
                values[edit.name] = _with(values[edit.name], edit)
                version[edit.name] += 1
                for name, inputs in read.items():  # in order: what is stale makes what reads it stale
                    if outdated & set(inputs):
                        stale.add(name)
                        outdated |= {(name, number) for number in range(1, version[name] + 1)}
            if index >= 0 or iteration == 1:
                yield dict(values), set(stale)


def _with(value: Any, edit: Edit) -> Any:
    array = np.array(value, dtype=np.float64)
    if all(place < extent for place, extent in zip(edit.at, array.shape, strict=True)):
        array[edit.at] = edit.value
    return array[()] if not edit.at else array
