"""The reach of rules that compute their indices: convolutions, slices, windows, look-ups, changes of shape.

All indices of a rule are run at once, as arrays: where it reads an operand for each place of its result, and whether it
does at all, since what stands in a branch of a `where` that is not taken is not read. What a class decides is not known
from shapes: there both branches count.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any, NamedTuple

import numpy as np

from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import PRIMITIVES, Primitive
from backprop_tui.formula.language.tree import Call, Index, Name, Sum, Tree, children
from backprop_tui.formula.values.element import SIZES, Scope, Shape, Shapes, shape

Region = tuple[int | None, ...]
Mask = np.ndarray


@lru_cache(maxsize=512)
def computes_indices(row: Primitive) -> bool:
    """Whether a rule computes its indices, or keeps the numbers in their order."""
    return row.flat or (row.extent is not None and bool(parse(row.element)))


def read_by_index(tree: Call, at: Region, shapes: Shapes) -> Iterator[tuple[int, Region]]:
    """The operands of a formula, by their number, and the regions of them that a region of its value is made from."""
    own = shape(tree, shapes)
    mask = _mask(at, own)
    if PRIMITIVES[tree.function].flat:
        inner = shape(tree.operands[0], shapes)
        yield from ((0, region) for region in regions(mask.reshape(inner)))
        return
    scope = Scope(PRIMITIVES[tree.function], tree.operands, shapes)
    masks = {name: np.zeros(extents, dtype=bool) for name, extents in scope.own.items()}
    for use in _uses(scope, np.argwhere(mask)):
        taken = np.broadcast_to(use.taken, use.grid)
        masks[use.operand][tuple(np.broadcast_to(place, use.grid)[taken] for place in use.places)] = True
    for number, found in enumerate(masks.values()):
        yield from ((number, region) for region in regions(found))


def written_by_index(tree: Call, operand: int, at: Region, shapes: Shapes) -> Iterator[Region]:
    """The regions of a formula's value that are made from a region of one of its operands."""
    own = shape(tree, shapes)
    mask = _mask(at, shape(tree.operands[operand], shapes))
    row = PRIMITIVES[tree.function]
    if row.flat:
        yield from regions(mask.reshape(own)) if operand == 0 else ()
        return
    scope = Scope(row, tree.operands, shapes)
    everything = np.argwhere(np.ones(own, dtype=bool))
    found = np.zeros(len(everything), dtype=bool)
    for use in _uses(scope, everything):
        if use.operand == row.parameters[operand]:
            hit = np.broadcast_to(mask[use.places] & use.taken, use.grid)
            found |= hit.reshape(len(everything), -1).any(axis=1)
    yield from regions(found.reshape(own))


def regions(mask: Mask) -> tuple[Region, ...]:
    """A mask as regions, each one place or the whole of every axis."""
    if not mask.any():
        return ()
    if mask.ndim == 0:
        return ((),)
    others = (tuple(k for k in range(mask.ndim) if k != axis) for axis in range(mask.ndim))
    sets = [np.flatnonzero(mask.any(axis=axes)) for axes in others]
    if mask[np.ix_(*sets)].all():
        places = [[None] if 1 < len(s) == n else s.tolist() for s, n in zip(sets, mask.shape, strict=True)]
        return tuple(product(*places))
    return tuple((k, *region) for k in sets[0].tolist() for region in regions(mask[k]))


def _mask(at: Region, own: Shape) -> Mask:
    mask = np.zeros(own, dtype=bool)
    mask[tuple(slice(None) if place is None else place for place in at)] = True
    return mask


class Use(NamedTuple):
    """Where a rule reads an operand, over a grid of places of its result and of what it sums over, and if it does."""

    operand: str
    places: tuple[Any, ...]
    taken: Any
    grid: Shape


class _Run(NamedTuple):
    """The indices so far as arrays that broadcast to a grid, the place in the stack, and what has been decided."""

    indices: dict[str, Any]
    stack: tuple[Any, ...]
    grid: Shape
    taken: Any

    def deeper(self, count: int) -> "_Run":
        """The same with one more axis of the grid."""
        indices = {name: value[..., np.newaxis] for name, value in self.indices.items()}
        stack = tuple(place[..., np.newaxis] for place in self.stack)
        return _Run(indices, stack, (*self.grid, count), np.asarray(self.taken)[..., np.newaxis])


def _uses(scope: Scope, at: Any) -> Iterator[Use]:
    """Every use of an operand for the places `at`, (count, axes), of the value of a rule."""
    front = at.shape[1] - len(scope.axes)
    indices = {axis: at[:, front + k] for k, axis in enumerate(scope.axes)}
    run = _Run(indices, tuple(at[:, k] for k in range(front)), (len(at),), np.ones(len(at), dtype=bool))
    yield from _inside(scope, scope.rule, run)


def _inside(scope: Scope, rule: Tree, run: _Run) -> Iterator[Use]:
    match rule:
        case Sum(body, over, _):
            extents = [scope.extents[name] for name in over]
            inner = run.deeper(prod(extents))
            numbers = np.unravel_index(np.arange(prod(extents)), extents)
            more = {name: np.asarray(number) for name, number in zip(over, numbers, strict=True)}
            yield from _inside(scope, body, inner._replace(indices=inner.indices | more))
        case Index(Name(operand), places):
            yield _use(scope, operand, places, run)
        case Call("where", (condition, then, otherwise)):
            truth = scope.known(condition, run.indices)
            if truth is None:
                yield from _inside(scope, condition, run)
            for branch, holds in ((then, truth), (otherwise, None if truth is None else np.logical_not(truth))):
                yield from _inside(scope, branch, run if holds is None else run._replace(taken=run.taken & holds))
        case Call(function, (Name(),)) if function in SIZES:
            return
        case _:
            for child in children(rule):
                yield from _inside(scope, child, run)


def _use(scope: Scope, operand: str, places: tuple[Tree, ...], run: _Run) -> Use:
    own = scope.own[operand]
    at = [np.asarray(scope.known(place, run.indices)).astype(int) for place in places]
    if len(at) == 1:
        return Use(operand, tuple(np.unravel_index(at[0], own)) if own else (), run.taken, run.grid)
    front = len(own) - len(at)
    full = [*run.stack[len(run.stack) - front :], *at] if front else at
    taken = run.taken
    inside = []
    for place, extent in zip(full, own, strict=True):
        one = np.zeros_like(place) if extent == 1 else place
        taken = taken & (one >= 0) & (one < extent)
        inside.append(np.clip(one, 0, extent - 1))
    return Use(operand, tuple(inside), taken, run.grid)
