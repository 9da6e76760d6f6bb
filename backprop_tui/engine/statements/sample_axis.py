"""Which axis of a value runs over the samples.

What enters with an iteration declares its axis in its record (`Variable.samples`). For computed values the axis
follows from the formula: the element rules of the primitives say where an axis of an operand goes, and the axes of a
stack stay where they are.
"""

from collections.abc import Iterator, Mapping

from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import PRIMITIVES
from backprop_tui.formula.language.tree import Call, Index, Name, Tree, walk
from backprop_tui.formula.values.element import Shape, axes_of, shape

COLUMNS = 1  # the axis of the samples in an array of two
Axes = Mapping[str, int]  # of the variables that have an axis of samples, which one it is
Shapes = Mapping[str, Shape]
FLAT = {"flatten_each": -3, "flatten_rows": -2}  # where the first axis goes, counted from the end


def axis_of(tree: Tree, axes: Axes, shapes: Shapes | None = None) -> int | None:
    """The axis of the samples in a formula's value; None if it has no such axis. Without shapes, variables have two."""
    found = _from_end(tree, axes, shapes)
    return None if found is None else found + _rank(tree, shapes)


def _rank(tree: Tree, shapes: Shapes | None) -> int:
    """The number of axes of a formula's value."""
    if shapes is not None:
        return len(shape(tree, shapes))
    match tree:
        case Call(function, operands):
            row = PRIMITIVES[function]
            return max((_rank(o, None) for o in operands), default=0) if row.is_term_by_term else len(axes_of(row))
    return 2


def _from_end(tree: Tree, axes: Axes, shapes: Shapes | None) -> int | None:
    """The axis of the samples, counted from the end: −1 is the last one."""
    match tree:
        case Name(name):
            return axes[name] - _rank(tree, shapes) if name in axes else None
        case Call("reshaped", (_, like)):
            return _from_end(like, axes, shapes)
        case Call(function, operands) if function in FLAT:
            return FLAT[function] if _from_end(operands[0], axes, shapes) is not None else None
        case Call(function, operands):
            row = PRIMITIVES[function]
            if row.is_term_by_term:
                found = ((o, _from_end(o, axes, shapes)) for o in operands)
                return next((a for o, a in found if a is not None and _has_all(o, a, tree, shapes)), None)
            own = axes_of(row) if row.element else ()
            places = [*_places(tree, axes, shapes)]
            read = [
                (index, {node.name for node in walk(index) if isinstance(node, Name)}) for index, _ in places if index
            ]
            if any(not isinstance(index, Name) and not names.isdisjoint(own) for index, names in read):
                return None  # a part of the samples, or several values of each side by side
            for index, beyond in places:
                if beyond:
                    return -len(own) - beyond
                if isinstance(index, Name) and index.name in own:
                    axis = own.index(index.name) - len(own)
                    return axis if shapes is None or _is_as_long(tree, axis, axes, shapes) else None
    return None


def _is_as_long(tree: Call, axis: int, axes: Axes, shapes: Shapes) -> bool:
    """Whether nothing else was put beside the samples along their axis."""
    ends = ((operand, _from_end(operand, axes, shapes)) for operand in tree.operands)
    return shape(tree, shapes)[axis] in {shape(operand, shapes)[end] for operand, end in ends if end is not None}


def _has_all(operand: Tree, axis: int, tree: Tree, shapes: Shapes | None) -> bool:
    """Whether an operand has all of an axis of a formula's value, and is not repeated along it."""
    return shapes is None or shape(operand, shapes)[axis] == shape(tree, shapes)[axis]


def _places(tree: Call, axes: Axes, shapes: Shapes | None) -> Iterator[tuple[Tree | None, int]]:
    """What stands in an element rule at the axis of the samples of each operand that has one; or how many axes in front
    of the rule's own that axis is.
    """
    row = PRIMITIVES[tree.function]
    where = {name: _from_end(o, axes, shapes) for name, o in zip(row.parameters, tree.operands, strict=True)}
    for node in walk(parse(row.element or "0")):
        match node:
            case Index(Name(operand), at) if (axis := where.get(operand)) is not None:
                if len(at) == 1:
                    yield at[0], 0
                elif -axis <= len(at):
                    yield at[axis], 0
                else:
                    yield None, -axis - len(at)


def sample_indices(tree: Call, axes: Axes, shapes: Shapes | None = None) -> Iterator[Tree]:
    """What stands in an element rule at the axis of the samples of each operand that has one."""
    return (index for index, _ in _places(tree, axes, shapes) if index is not None)
