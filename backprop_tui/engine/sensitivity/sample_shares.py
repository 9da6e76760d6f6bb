"""What one sample contributes to a sum over the samples of a batch, derived from the formula of the sum itself.

The rules of the primitives say where the axis of the samples goes, and which of them sum over it. A sample's share is
the same formula with that sum restricted to one sample.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from backprop_tui.engine.program.operation import Operation
from backprop_tui.engine.statements.sample_axis import Axes, axis_of, sample_indices
from backprop_tui.formula.language.algebra import build
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import PRIMITIVES
from backprop_tui.formula.language.tree import (
    Call,
    ExpressionError,
    Index,
    Name,
    Number,
    Sum,
    Tree,
    call,
    substitute,
    walk,
)
from backprop_tui.formula.values.element import Shape, is_of_matrices, shape
from backprop_tui.formula.values.with_numbers import MATRIX
from backprop_tui.formula.writing.symbols import SAMPLE_NUMBER

SAMPLE = "s"  # the variable that says which sample a share is of, if no variable of the program is called so
TAKEN = {(1, 2): "column", (0, 2): "row", (0, 3): "sample", (0, 4): "sample_of_stacks"}  # by the axis, and how many
LINEAR = (
    "neg",
    "sum",
    "sum_units",
    "sum_samples",
    "sum_depth",
    "transpose",
    "fill",
    "div",
    "reshaped",
)  # in their first operand
ALONG = ("sum_samples", "sum_units")  # sums along an axis, which keep it: of a single sample they are that sample
MEANS = {"mean": ("sum", "size"), "mean_samples": ("sum_samples", "samples")}

MORE = "this is more than a sum over samples: no sample has a share of its own"

Parts = tuple[Tree | None, Tree | None]  # what a sample contributes to a value, and what belongs to no sample


class ShareError(ValueError):
    """The value is not a sum over samples: one line that says why."""


class Where(NamedTuple):
    """The axes of the samples, the shapes of the variables, and the name of a sample's number."""

    axes: Axes
    shapes: Mapping[str, Shape]
    sample: str


class Share(Struct, frozen=True):
    """The parts of a sum over samples: what the sample `s` adds, and what belongs to none, such as a penalty.

    `sample` is the name of the variable that says which sample that is.
    """

    of_sample: Tree
    rest: Tree | None
    sample: str = SAMPLE


def share(operation: Operation, axes: Axes, samples: int, parts: Mapping[str, Tree] | None = None) -> Share:
    """The parts of an operation's value in a batch of `samples`. `parts` has the formulas of what it is put together
    from where that are operations of their own. Raises ShareError where it is not a sum over the samples.
    """
    shapes = operation.symbols.shapes
    where = Where(axes, shapes, SAMPLE_NUMBER if SAMPLE in shapes else SAMPLE)
    whole = substitute(operation.tree, dict(parts or {}))
    if _axis(whole, where) is not None:
        if samples == 1:  # all of it is that one's
            return Share(operation.tree, None)
        raise ShareError(f"{operation.name} is not a sum over samples: each sample has a part of its own in it")
    of_sample, rest = _split(whole, where)
    if of_sample is None:
        raise ShareError(f"{operation.name} is not a sum over samples")
    if not _fits(of_sample, operation, where):
        raise ShareError(MORE)
    return Share(of_sample, rest, where.sample)


def _fits(of_sample: Tree, operation: Operation, where: Where) -> bool:
    """Whether a share is as large as the sum."""
    try:
        return shape(of_sample, {**where.shapes, where.sample: ()}) == operation.shape
    except ExpressionError:
        return False


def _axis(tree: Tree, where: Where) -> int | None:
    return axis_of(tree, where.axes, where.shapes)


def _refused(name: str) -> str:
    raise ShareError(f"{name} has a matrix for each sample")


def _sums(tree: Tree, where: Where) -> bool:
    """Whether a formula sums over the samples, or takes the only one that there is."""
    if not (isinstance(tree, Call) and PRIMITIVES[tree.function].element):
        return False
    rule = parse(PRIMITIVES[tree.function].element)
    summed = [Name(name) for node in walk(rule) if isinstance(node, Sum) and node.by == "add" for name in node.over]
    return any(isinstance(index, Number) or index in summed for index in sample_indices(tree, where.axes, where.shapes))


def _is_alike(tree: Call, where: Where) -> bool:
    """Whether the samples lie along one axis in all operands that reach so far: then a formula is one for each."""
    row = PRIMITIVES[tree.function]
    at = (_axis(tree, where) or 0) - len(shape(tree, where.shapes))
    if row.is_term_by_term or (is_of_matrices(row) and at < -MATRIX):
        return all(_is_along(operand, at, where) for operand in tree.operands)
    along = [index for node in walk(parse(row.element or "0")) if isinstance(node, Index) for index in node.at]
    samples = [index for index in sample_indices(tree, where.axes, where.shapes) if isinstance(index, Name)]
    return len({*samples}) <= 1 and all(along.count(index) == samples.count(index) for index in samples)


def _is_along(tree: Tree, at: int, where: Where) -> bool:
    """Whether samples lie along an axis, counted from the end; or nothing does, which is then spread over them."""
    own, axis = shape(tree, where.shapes), _axis(tree, where)
    if axis is None:
        return len(own) < -at or own[at] == 1
    return axis - len(own) == at


def _has_sum(tree: Tree, where: Where) -> bool:
    return any(_sums(node, where) for node in walk(tree))


def _split(tree: Tree, where: Where) -> Parts:
    """What a sample contributes to a formula's value, and what belongs to no sample."""
    if _axis(tree, where) is not None:
        return _restricted(tree, where), None
    if not _has_sum(tree, where):
        return None, tree
    match tree:
        case Call(function, (value,)) if function in MEANS and _sums(tree, where):
            total, extent = MEANS[function]
            return build("div", _summed(total, _restricted(value, where)), Call(extent, (value,))), None
        case Call(function, _) if _sums(tree, where):
            return _summed(function, *_each_restricted(tree, where)), None
        case Call("add", operands):
            return _added([_split(operand, where) for operand in operands])
        case Call("sub", (left, right)):
            return _added([_split(left, where), _each(_split(right, where), lambda part: build("neg", part))])
        case Call(function, (first, *others)) if function in LINEAR and not any(_has_sum(o, where) for o in others):
            return _each(_split(first, where), lambda part: build(function, part, *others))
        case Call("mul" | "matmul" as function, (left, right)) if not _has_sum(right, where):
            return _each(_split(left, where), lambda part: build(function, part, right))
        case Call("mul" | "matmul" as function, (left, right)) if not _has_sum(left, where):
            return _each(_split(right, where), lambda part: build(function, left, part))
    raise ShareError(MORE)


def _each_restricted(tree: Call, where: Where) -> Sequence[Tree]:
    """The operands of a formula, restricted to one sample. Raises ShareError where samples meet something else."""
    if not _is_alike(tree, where):
        raise ShareError(MORE)
    return [_restricted(operand, where) for operand in tree.operands]


def _summed(function: str, *of_sample: Tree) -> Tree:
    """The sum over the samples of what is only one sample's."""
    return of_sample[0] if function in ALONG else build(function, *of_sample)


def _restricted(tree: Tree, where: Where) -> Tree:
    """A formula with an axis of samples, restricted to one of them; sums over samples inside it stay as they are."""
    match tree:
        case Name(name) if name in where.axes:
            axis, count = where.axes[name], len(where.shapes[name])
            return Call(TAKEN.get((axis, count)) or _refused(name), (tree, Name(where.sample)))
        case Call() if _axis(tree, where) is not None:
            return call(tree.function, *_each_restricted(tree, where))
    return tree


def _added(parts: Sequence[Parts]) -> Parts:
    def total(terms: Sequence[Tree | None]) -> Tree | None:
        found = [term for term in terms if term is not None]
        return build("add", *found) if found else None

    return total([of_sample for of_sample, _ in parts]), total([rest for _, rest in parts])


def _each(parts: Parts, change: Callable[[Tree], Tree]) -> Parts:
    of_sample, rest = parts
    return None if of_sample is None else change(of_sample), None if rest is None else change(rest)
