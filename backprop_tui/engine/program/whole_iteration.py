"""A whole iteration as one function of a frame: its operations one by one, or as one text of NumPy."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from backprop_tui.engine.program.edit import Version
from backprop_tui.engine.program.operation import QUIET, Operation
from backprop_tui.formula.language.tree import Call
from backprop_tui.formula.values.compile import function
from backprop_tui.formula.values.element import Shape, shape
from backprop_tui.formula.writing.printer import numpy_source

Values: TypeAlias = dict[str, Any]
"""Those of a frame, by key."""


def in_steps(operations: tuple[Operation, ...], versions: tuple[Version, ...]) -> Callable[[Values], None]:
    """Operations one by one, and the edits between them."""
    after: defaultdict[int, list[Version]] = defaultdict(list)
    for version in versions:
        after[version.index].append(version)

    def iteration(frame: Values) -> None:
        for operation in operations:
            if not operation.lazy:
                operation.compute(frame)
            for version in after.get(operation.index, ()):
                frame[version.key] = version.edit.of(frame[version.old])

    return iteration


def as_one(operations: tuple[Operation, ...], shapes: Mapping[str, Shape]) -> Callable[[Values], None]:
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
