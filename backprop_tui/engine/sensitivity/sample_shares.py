"""What one sample contributes to a sum over the samples of a batch, derived from the formula of the sum itself.

The rules of the primitives say where the axis of the samples goes, and which of them sum over it. A sample's share is
the same formula with that sum restricted to one sample.
"""

from collections.abc import Callable, Sequence

from msgspec import Struct

from backprop_tui.engine.program.program import Operation
from backprop_tui.engine.statements.sample_axis import COLUMNS, Axes, axis_of, sample_indices
from backprop_tui.formula.language.algebra import build
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import PRIMITIVES
from backprop_tui.formula.language.tree import Call, Name, Number, Sum, Tree, rebuild, walk

SAMPLE = "s"  # the variable that says which sample a share is of
LINEAR = ("neg", "sum", "sum_units", "transpose", "fill", "div")  # in their first operand
MEANS = {"mean": ("sum", "size"), "mean_samples": ("sum_samples", "samples")}

Parts = tuple[Tree | None, Tree | None]  # what a sample contributes to a value, and what belongs to no sample


class ShareError(ValueError):
    """The value is not a sum over samples: one line that says why."""


class Share(Struct, frozen=True):
    """The parts of a sum over samples: what the sample `s` adds, and what belongs to none, such as a penalty."""

    of_sample: Tree
    rest: Tree | None


def share(operation: Operation, axes: Axes, samples: int) -> Share:
    """The parts of an operation's value in a batch of `samples`. Raises ShareError where it is not a sum over them."""
    if samples > 1 and axis_of(operation.tree, axes, operation.symbols.shapes) is not None:
        raise ShareError(f"{operation.name} is not a sum over samples: each sample has a part of its own in it")
    of_sample, rest = _split(operation.tree, axes)
    if of_sample is None:
        raise ShareError(f"{operation.name} is not a sum over samples")
    return Share(of_sample, rest)


def _sums(tree: Tree, axes: Axes) -> bool:
    """Whether a formula sums over the samples, or takes the only one that there is."""
    if not (isinstance(tree, Call) and PRIMITIVES[tree.function].element):
        return False
    rule = parse(PRIMITIVES[tree.function].element)
    summed = [Name(name) for node in walk(rule) if isinstance(node, Sum) for name in node.over]
    return any(isinstance(index, Number) or index in summed for index in sample_indices(tree, axes))


def _has_sum(tree: Tree, axes: Axes) -> bool:
    return any(_sums(node, axes) for node in walk(tree))


def _split(tree: Tree, axes: Axes) -> Parts:
    """What a sample contributes to a formula's value, and what belongs to no sample."""
    if axis_of(tree, axes) is not None:
        return _restricted(tree, axes), None
    if not _has_sum(tree, axes):
        return None, tree
    match tree:
        case Call(function, (value,)) if function in MEANS and _sums(tree, axes):
            total, extent = MEANS[function]
            return build("div", Call(total, (_restricted(value, axes),)), Call(extent, (value,))), None
        case Call(function, operands) if _sums(tree, axes):
            return build(function, *(_restricted(operand, axes) for operand in operands)), None
        case Call("add", operands):
            return _added([_split(operand, axes) for operand in operands])
        case Call("sub", (left, right)):
            return _added([_split(left, axes), _each(_split(right, axes), lambda part: build("neg", part))])
        case Call(function, (first, *others)) if function in LINEAR and not any(_has_sum(o, axes) for o in others):
            return _each(_split(first, axes), lambda part: build(function, part, *others))
        case Call("mul" | "matmul" as function, (left, right)) if not _has_sum(right, axes):
            return _each(_split(left, axes), lambda part: build(function, part, right))
        case Call("mul" | "matmul" as function, (left, right)) if not _has_sum(left, axes):
            return _each(_split(right, axes), lambda part: build(function, left, part))
    raise ShareError("this is more than a sum over samples: no sample has a share of its own")


def _restricted(tree: Tree, axes: Axes) -> Tree:
    """A formula with an axis of samples, restricted to one of them; sums over samples inside it stay as they are."""
    match tree:
        case Name(name) if axes.get(name) == COLUMNS:
            return Call("column", (tree, Name(SAMPLE)))
        case Name(name) if name in axes:
            raise ShareError(f"{name} has a matrix for each sample")
        case Call() if axis_of(tree, axes) is not None:
            return rebuild(tree, lambda operand: _restricted(operand, axes))
    return tree


def _added(parts: Sequence[Parts]) -> Parts:
    def total(terms: Sequence[Tree | None]) -> Tree | None:
        found = [term for term in terms if term is not None]
        return build("add", *found) if found else None

    return total([of_sample for of_sample, _ in parts]), total([rest for _, rest in parts])


def _each(parts: Parts, change: Callable[[Tree], Tree]) -> Parts:
    of_sample, rest = parts
    return None if of_sample is None else change(of_sample), None if rest is None else change(rest)
