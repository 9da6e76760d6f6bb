"""Which axis of a value runs over the samples.

What enters with an iteration declares its axis in its record (`Variable.samples`). For computed values the axis
follows from the formula: the element rules of the primitives say where an axis of an operand goes.
"""

from collections.abc import Iterator, Mapping

from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import PRIMITIVES, Primitive
from backprop_tui.formula.language.tree import Call, Index, Name, Tree, walk

COLUMNS = 1  # the axis of the samples in an array of two
Axes = Mapping[str, int]  # of the variables that have an axis of samples, which one it is


def axis_of(tree: Tree, axes: Axes) -> int | None:
    """The axis of the samples in a formula's value; None if it has no such axis."""
    match tree:
        case Name(name):
            return axes.get(name)
        case Call(function, operands):
            if not PRIMITIVES[function].element:
                return next((a for a in (axis_of(operand, axes) for operand in operands) if a is not None), None)
            ours = [index.name for index in sample_indices(tree, axes) if isinstance(index, Name)]
            return next((place for place, name in enumerate(_result_axes(PRIMITIVES[function])) if name in ours), None)
    return None


def _result_axes(row: Primitive) -> tuple[str, ...]:
    """The names of the axes of an element rule's result."""
    names = {node.name for node in walk(parse(row.element)) if isinstance(node, Name)}
    return ("s", "i", "j") if "s" in names else ("i", "j")


def sample_indices(tree: Call, axes: Axes) -> Iterator[Tree]:
    """What stands in an element rule at the axis of the samples of each operand that has one."""
    row = PRIMITIVES[tree.function]
    where = {name: axis_of(operand, axes) for name, operand in zip(row.parameters, tree.operands, strict=True)}
    for node in walk(parse(row.element)):
        match node:
            case Index(Name(operand), at) if (axis := where.get(operand)) is not None:
                yield at[axis] if len(at) > 1 else at[0]
