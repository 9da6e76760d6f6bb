"""Arrays taken apart: the shape of a formula's value, and one element of it as a formula of scalars.

Each primitive has an element rule, a formula of indices such as `sum(a[i, k] * b[k, j] for k in all)`. Putting a place
in for i and j, and the operands' own elements in for a and b, from the root down, leaves a formula of scalars. The
extents of the axes that an index stands at also give the shape of the result; where a rule computes its indices, its
row says how far they run. A rule is about the last axes: those in front of them make a stack, whose arrays are taken
one by one, with NumPy's broadcasting. A primitive without a rule works element by element.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from math import prod
from operator import ge
from typing import Any

import numpy as np

from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import PRIMITIVES, Primitive
from backprop_tui.formula.language.tree import Call, ExpressionError, Index, Name, Number, Sum, Tree, call, walk
from backprop_tui.formula.values.compile import compiled
from backprop_tui.formula.writing.printer import source

Shape = tuple[int, ...]
Shapes = Mapping[str, Shape]
ZERO = Number(0.0)
SIZES: dict[str, Callable[[Shape], int]] = {
    "size": prod,
    "samples": lambda own: own[-1],
    "units": lambda own: own[-2],
    "depth": lambda own: own[-3],
}
# what indices are computed with: whole numbers, or arrays of them
ARITHMETIC: dict[str, Callable[..., Any]] = {
    "add": lambda *terms: sum(terms[1:], terms[0]),
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "floor": np.floor,
    "eq": np.equal,
    "lt": np.less,
    "gt": np.greater,
    "ge": np.greater_equal,
    "and": np.logical_and,
}


def shape(tree: Tree, shapes: Shapes) -> Shape:
    """The shape of a formula's value: (), (rows, columns), or with the axes of a stack in front.

    Raises ExpressionError if operands do not fit together, KeyError for an unknown variable.
    """
    match tree:
        case Name(name):
            return shapes[name]
        case Call(function, operands):
            row = PRIMITIVES[function]
            inner = [shape(operand, shapes) for operand in operands]
            if row.whole:
                return (len(inner[0]),) if function == "shape" else ()
            if not row.is_term_by_term:
                return _shape_of_rule(row, tuple(inner), _settings(row, operands, shapes))
            arrays = {own for own in inner if own}
            try:
                found = np.broadcast_shapes(*arrays) if len(arrays) > 1 else next(iter(arrays), ())
            except ValueError:
                raise _misfit(row, inner) from None
            if function == "fill" and found != inner[1]:
                raise _misfit(row, inner)
            return found
        case Index(of, at):
            own = shape(of, shapes)
            places = [place.value for place in at if isinstance(place, Number) and place.value.is_integer()]
            left = own[1:] if (len(own), len(at)) == (3, 1) else ()  # the matrix of one sample
            if len(at) + len(left) != len(own) or len(places) != len(at) or any(map(ge, places, own)):
                raise ExpressionError(f"{source(tree)[:40]}: there is no such element, the shape is {own}")
            return left
    return ()


def static(tree: Tree, shapes: Shapes) -> float | None:
    """The value of a formula that follows from shapes and numbers alone; None for any other."""
    match tree:
        case Number(value):
            return value
        case Call(function, (of,)) if function in SIZES:
            own = shape(of, shapes)
            return float(SIZES[function](own)) if len(own) > 1 or function == "size" else None
        case Call("add" | "sub" | "mul" | "div" | "neg" as function, operands):
            found = [static(operand, shapes) for operand in operands]
            return None if None in found else float(ARITHMETIC[function](*found))
    return None


def _settings(row: Primitive, operands: tuple[Tree, ...], shapes: Shapes) -> tuple[float | None, ...]:
    """The values of the operands that a rule computes its indices with."""
    if row.extent is None:
        return tuple(operand.value if isinstance(operand, Number) else None for operand in operands)
    return tuple(static(operand, shapes) for operand in operands)


def _misfit(row: Primitive, inner: list[Shape] | tuple[Shape, ...]) -> ExpressionError:
    shapes = " and ".join("×".join(map(str, own)) or "a number" for own in inner)
    return ExpressionError(f"{row.name}: {shapes} do not fit together")


def _shape_of_rule(row: Primitive, inner: tuple[Shape, ...], settings: tuple[float | None, ...]) -> Shape:
    if row.flat:
        return _extents_of_row(row, inner, settings)
    extents, stack = _extents(row, inner, settings)
    return (*stack, *(extents.get(axis, 1) for axis in axes_of(row)))


@lru_cache(maxsize=512)
def axes_of(row: Primitive) -> tuple[str, ...]:
    """The names of the axes of a rule's result, apart from those of a stack."""
    if row.axes:
        return tuple(row.axes.split())
    rule = parse(row.element)
    bound = {name for node in walk(rule) if isinstance(node, Sum) for name in node.over}
    used = {node.name for node in walk(rule) if isinstance(node, Name)} - bound
    return ("s", "i", "j") if "s" in used else ("i", "j") if used & {"i", "j"} else ()


@lru_cache(maxsize=512)
def is_of_matrices(row: Primitive) -> bool:
    """Whether a primitive makes a matrix, or a number, of matrices alone: then it does for each array of a stack."""
    if row.is_term_by_term or row.whole:
        return row.name != "depth"
    places = [node.at for node in walk(parse(row.element or "0")) if isinstance(node, Index)]
    return not (row.flat or row.alone) and all(len(at) == 2 for at in places) and axes_of(row) == ("i", "j")


def _extents_of_row(row: Primitive, inner: tuple[Shape, ...], settings: tuple[float | None, ...]) -> Shape:
    """What a row says of how far its indices run."""
    assert row.extent is not None  # noqa: S101
    try:
        return row.extent(inner, settings)
    except (ValueError, IndexError):
        raise _misfit(row, inner) from None


@lru_cache(maxsize=4096)
def _extents(
    row: Primitive, inner: tuple[Shape, ...], settings: tuple[float | None, ...]
) -> tuple[Mapping[str, int], Shape]:
    """How far each index of an element rule runs (as far as the axis that it stands at, or over all of an array), and
    the axes of the stack in front.
    """
    operands = dict(zip(row.parameters, inner, strict=True))
    rule = parse(row.element)
    found: dict[str, int] = {}
    if row.extent is not None:
        bound = [name for node in walk(rule) if isinstance(node, Sum) for name in node.over]
        found = dict(zip((*axes_of(row), *bound), _extents_of_row(row, inner, settings), strict=False))
    said = frozenset(found)
    stacks: list[Shape] = []
    for index, extent in _axes(row, rule, operands, stacks):
        if index not in said and found.setdefault(index, extent) != extent:
            raise _misfit(row, inner)
    for node in walk(rule):
        match node:
            case Call("eq", (Name(first), Name(second))) if first in found:  # of two indices, which run equally far
                found.setdefault(second, found[first])
    try:
        return found, np.broadcast_shapes(*stacks) if axes_of(row) else ()
    except ValueError:
        raise _misfit(row, inner) from None


def _axes(row: Primitive, rule: Tree, operands: Mapping[str, Shape], stacks: list[Shape]) -> Iterator[tuple[str, int]]:
    """Where the indices of an element rule stand, each with the extent of the axis there; `stacks` is given the axes in
    front of them.
    """
    for node in walk(rule):
        match node:
            case Index(Name(operand), (Name(place),)):
                yield place, prod(operands[operand])
            case Index(Name(operand), at):
                own = operands[operand]
                if len(own) < len(at) or (row.alone and len(own) > len(at)):
                    raise _misfit(row, [*operands.values()])
                stacks.append(own[: len(own) - len(at)])
                for index, extent in zip(at, own[len(own) - len(at) :], strict=True):
                    if isinstance(index, Name) and index.name not in operands:  # an operand's value says where
                        yield index.name, extent
                    elif isinstance(index, Number) and extent != 1:
                        raise _misfit(row, [*operands.values()])
            case Call("samples" | "units", (Name(operand),)) if len(operands[operand]) < 2:
                raise _misfit(row, [*operands.values()])
            case Call("depth", (Name(operand),)) if len(operands[operand]) < 3:
                raise _misfit(row, [*operands.values()])


class Terms:
    """The terms that are put together to one element (`by` adding them, or taking the largest), each a formula that is
    made when it is asked for.
    """

    def __init__(self, scope: "Scope", rule: Sum, indices: dict[str, int]) -> None:
        self.scope, self.body, self.over, self.by, self.indices = scope, rule.body, rule.over, rule.by, indices
        self.extents = tuple(scope.extents[name] for name in rule.over)
        self.count = prod(self.extents)

    def __getitem__(self, number: int) -> Tree:
        """A term; they count from 0."""
        at = (int(place) for place in np.unravel_index(number, self.extents))
        return self.scope.scalar(self.body, self.indices | dict(zip(self.over, at, strict=True)))

    def values(self, value: Callable[[Tree], Any]) -> Any:
        """All terms as numbers, (count,); `value` gives the array of a formula."""
        places = dict(zip(self.over, np.unravel_index(np.arange(self.count), self.extents), strict=True))
        found: dict[str, Any] = {}
        tree = self.scope.in_vectors(self.body, self.indices | places, value, found)
        return np.broadcast_to(evaluate(tree, found), (self.count,))

    def written(self) -> list[Tree]:
        """All terms, without those that a rule leaves out."""
        found = [*map(self.__getitem__, range(self.count))]
        if self.by == "add" and isinstance(self.body, Call) and self.body.function == "where":
            found = [term for term in found if term != ZERO]
        return found or [ZERO]


Adding = Callable[[Terms], Tree]


def add_all(terms: Terms) -> Tree:
    """All terms put together, written out."""
    found = terms.written()
    if terms.by == "max":
        together = found[0]
        for term in found[1:]:
            together = Call("max", (together, term))
        return together
    return found[0] if len(found) == 1 else call("add", *found)


Value = Callable[[Tree], Any]


def element(tree: Tree, at: Shape, shapes: Shapes, adding: Adding = add_all, value: Value | None = None) -> Tree:
    """The scalar formula of one element: leaves are elements of variables, scalars and numbers.

    `at` is () for a scalar, (row, column) for a matrix, with the places in a stack in front. `adding` says how sums are
    written. With `value`, which gives the array of a formula, what a class decides is decided. Raises ExpressionError
    for a primitive that is not taken apart.
    """
    match tree:
        case Name(name):
            own = shapes[name]
            return Index(tree, tuple(Number(float(i)) for i in clip(at, own))) if own else tree
        case Call("fill", operands):
            return element(operands[0], clip(at, shape(operands[0], shapes)), shapes, adding, value)
        case Call(function, operands):
            row = PRIMITIVES[function]
            if row.whole:
                raise ExpressionError(f"{function} is not taken apart")
            if row.flat:
                place = np.ravel_multi_index(at, shape(tree, shapes))
                inner = tuple(int(i) for i in np.unravel_index(place, shape(operands[0], shapes)))
                return element(operands[0], inner, shapes, adding, value)
            if row.is_term_by_term:
                return call(
                    function, *(element(o, clip(at, shape(o, shapes)), shapes, adding, value) for o in operands)
                )
            return Scope(row, operands, shapes, adding, value).at(at)
    return tree


def clip(at: Shape, own: Shape) -> Shape:
    """The place in an operand that is broadcast: 0 along an axis of length 1, and none in the axes that it lacks."""
    if not own:
        return ()
    at = at or (0,) * len(own)
    return tuple(0 if extent == 1 else index for index, extent in zip(at[len(at) - len(own) :], own, strict=True))


class Scope:
    """An element rule with its operands bound."""

    def __init__(
        self,
        row: Primitive,
        operands: tuple[Tree, ...],
        shapes: Shapes,
        adding: Adding = add_all,
        value: Value | None = None,
    ) -> None:
        self.rule = parse(row.element)
        self.operands = dict(zip(row.parameters, operands, strict=True))
        self.shapes = shapes
        self.adding = adding
        self.value = value
        self.own = {name: shape(operand, shapes) for name, operand in self.operands.items()}
        settings = _settings(row, operands, shapes)
        self.settings = {name: known for name, known in zip(row.parameters, settings, strict=True) if known is not None}
        self.extents, self.stack_shape = _extents(row, tuple(self.own.values()), settings)
        self.axes = axes_of(row)
        self.stack: Shape = ()

    def at(self, at: Shape) -> Tree:
        """The formula of the element at a place."""
        front = len(at) - len(self.axes)
        self.stack = at[:front]
        return self.scalar(self.rule, dict(zip(self.axes, at[front:], strict=True)))

    def known(self, tree: Tree, indices: Mapping[str, Any]) -> Any:
        """The value of a formula of indices, which may be arrays of them; None where it reads an operand's numbers."""
        match tree:
            case Number(value):
                return value
            case Name(name):
                return indices[name] if name in indices else self.settings.get(name)
            case Call(function, (Name(operand),)) if function in SIZES:
                return SIZES[function](self.own[operand])
            case Call(function, operands) if function in ARITHMETIC:
                found = [self.known(operand, indices) for operand in operands]
                return None if any(one is None for one in found) else ARITHMETIC[function](*found)
        return None

    def scalar(self, rule: Tree, indices: dict[str, int]) -> Tree:
        match rule:
            case Sum():
                return self.adding(Terms(self, rule, indices))
            case Index(Name(operand), places):
                tree, own = self.operands[operand], self.own[operand]
                at = tuple(int(self.known(place, indices)) for place in places)
                if len(at) == 1 and own:
                    at = tuple(int(i) for i in np.unravel_index(at[0], own))
                return element(tree, self._whole(at, own), self.shapes, self.adding, self.value)
            case Call("where", (condition, then, otherwise)) if (
                truth := self._decided(condition, indices)
            ) is not None:
                return self.scalar(then if truth else otherwise, indices)
            case Call(function, (Name(),)) if function in SIZES:
                return Number(float(self.known(rule, indices)))
            case Name(name) if name in indices:
                return Number(float(indices[name]))
            case Call(function, operands):
                return call(function, *(self.scalar(o, indices) for o in operands))
        return rule

    def _decided(self, condition: Tree, indices: dict[str, int]) -> bool | None:
        """Whether a condition holds; None if it reads numbers that are not known."""
        found = self.known(condition, indices)
        if found is None and self.value is not None:
            values: dict[str, Any] = {}
            found = evaluate(self.in_vectors(condition, indices, self.value, values), values)
        return None if found is None else bool(found)

    def _whole(self, at: Shape, own: Shape) -> Shape:
        """A place of a rule with the place in the stack in front of it."""
        front = len(own) - len(at)
        return (*clip(self.stack, own[:front]), *at) if front > 0 else at

    def in_vectors(
        self, rule: Tree, indices: dict[str, Any], value: Callable[[Tree], Any], found: dict[str, Any]
    ) -> Tree:
        """A rule's body with names for what it reads; `found` is given the numbers of all terms under them."""

        def named(values: Any) -> Tree:
            name = f"t{len(found)}"
            found[name] = values
            return Name(name)

        match rule:
            case Index(Name(operand), places):
                array = np.asarray(value(self.operands[operand]))
                at = tuple(np.asarray(self.known(place, indices)).astype(int) for place in places)
                if len(at) == 1:
                    return named(array.ravel()[at])
                front = array.ndim - len(at)
                inside = (np.clip(place, 0, extent - 1) for place, extent in zip(at, array.shape[front:], strict=True))
                return named(array[(*clip(self.stack, array.shape[:front]), *inside)])
            case Call("where", (condition, then, otherwise)):
                truth = self.known(condition, indices)
                kept = self.in_vectors(condition, indices, value, found) if truth is None else named(np.asarray(truth))
                branches = (self.in_vectors(branch, indices, value, found) for branch in (then, otherwise))
                return call("where", kept, *branches)
            case Name(name) if name in indices:
                return named(np.asarray(indices[name], dtype=float))
            case Call(function, (Name(),)) if function in SIZES:
                return Number(float(self.known(rule, indices)))
            case Call(function, operands):
                return call(function, *(self.in_vectors(o, indices, value, found) for o in operands))
        return rule


def evaluate(tree: Tree, values: Mapping[str, Any]) -> Any:
    """The value of a formula, computed node by node; for what is evaluated once, such as an expansion of many terms.

    `values` maps variables to arrays or scalars. A comparison gives a truth value.
    """
    match tree:
        case Number(value):
            return np.float64(value)
        case Name(name):
            return values[name]
        case Index(of, at):
            return evaluate(of, values)[tuple(int(evaluate(i, values)) for i in at)]
        case Call(function, operands):
            row = PRIMITIVES[function]
            arguments = [evaluate(operand, values) for operand in operands]
            if row.variadic:
                total = arguments[0]
                for argument in arguments[1:]:
                    total = _apply(row, [total, argument])
                return total
            return _apply(row, arguments)
    raise ExpressionError("a sum over indices stands only in a row")


def _apply(row: Primitive, arguments: list[Any]) -> Any:
    with np.errstate(all="ignore"):
        return _function(row)(dict(zip(row.parameters, arguments, strict=True)))


@lru_cache(maxsize=256)
def _function(row: Primitive) -> Callable[[Mapping[str, Any]], Any]:
    """A primitive as a function of its operands by name."""
    return compiled(Call(row.name, tuple(map(Name, row.parameters))))
