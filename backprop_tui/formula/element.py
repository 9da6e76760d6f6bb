"""Arrays taken apart: the shape of a formula's value, and one element of it as a formula of scalars."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from math import prod
from operator import ge
from typing import Any

import numpy as np

from backprop_tui.formula.compile import compiled
from backprop_tui.formula.errors import ExpressionError
from backprop_tui.formula.parse import parse
from backprop_tui.formula.primitives import PRIMITIVES, Primitive
from backprop_tui.formula.render import source
from backprop_tui.formula.tree import Call, Index, Name, Number, Sum, Tree, call, walk

Shape = tuple[int, ...]
Shapes = Mapping[str, Shape]
AXES = {0: (), 2: ("i", "j"), 3: ("s", "i", "j")}  # by how many a value has


def shape(tree: Tree, shapes: Shapes) -> Shape:
    """The shape of a formula's value: (), (rows, columns), or (samples, rows, columns) with a matrix for each sample.

    Raises ExpressionError where operands do not fit together, KeyError for an unknown variable.
    """
    match tree:
        case Name(name):
            return shapes[name]
        case Call(function, operands):
            row = PRIMITIVES[function]
            inner = [shape(operand, shapes) for operand in operands]
            if row.whole:
                return (len(inner[0]),) if function == "shape" else ()
            if row.element:
                return _shape_of_rule(row, inner)
            try:
                found = np.broadcast_shapes(*inner)
            except ValueError:
                raise _misfit(row, inner) from None
            # A matrix for each sample is repeated along no axis: the samples of one batch are not those of another.
            is_repeated = len(found) == 3 and {*inner} - {(), found}
            if {*map(len, inner)} - {0, len(found)} or is_repeated or (function == "fill" and found != inner[1]):
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


def _misfit(row: Primitive, inner: list[Shape]) -> ExpressionError:
    shapes = " and ".join("×".join(map(str, own)) or "a number" for own in inner)
    return ExpressionError(f"{row.name}: {shapes} do not fit together")


def _shape_of_rule(row: Primitive, inner: list[Shape]) -> Shape:
    extents = _extents(row, tuple(inner))
    axes = AXES[3] if "s" in extents else AXES[2] if extents.keys() & {"i", "j"} else ()
    return tuple(extents.get(axis, 1) for axis in axes)


@lru_cache(maxsize=2048)
def _extents(row: Primitive, inner: tuple[Shape, ...]) -> Mapping[str, int]:
    """How far each index of an element rule runs: as far as the axis that it stands at, or over all of an array."""
    found: dict[str, int] = {}
    operands = dict(zip(row.parameters, inner, strict=True))
    rule = parse(row.element)
    for index, extent in _axes(row, rule, operands):
        if found.setdefault(index, extent) != extent:
            raise _misfit(row, [*inner])
    for node in walk(rule):
        match node:
            case Call("eq", (Name(first), Name(second))):  # of two indices, which run equally far
                found.setdefault(second, found[first])
    return found


def _axes(row: Primitive, rule: Tree, operands: Mapping[str, Shape]) -> Iterator[tuple[str, int]]:
    """Where the indices of an element rule stand, each with the extent of the axis there."""
    for node in walk(rule):
        match node:
            case Index(Name(operand), (Name(place),)):
                yield place, prod(operands[operand])
            case Index(Name(operand), at):
                if len(operands[operand]) != len(at):
                    raise _misfit(row, [*operands.values()])
                for index, extent in zip(at, operands[operand], strict=True):
                    if isinstance(index, Name) and index.name not in operands:  # an operand's value says where
                        yield index.name, extent
                    elif isinstance(index, Number) and extent != 1:
                        raise _misfit(row, [*operands.values()])
            case Call("samples" | "units", (Name(operand),)) if len(operands[operand]) != 2:
                raise _misfit(row, [*operands.values()])


class Terms:
    """What is added up in one element: so many terms, each a formula that is made when it is asked for."""

    def __init__(self, scope: "_Scope", body: Tree, over: tuple[str, ...], indices: dict[str, int]) -> None:
        self.scope, self.body, self.over, self.indices = scope, body, over, indices
        self.extents = tuple(scope.extents[name] for name in over)
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


Adding = Callable[[Terms], Tree]


def add_all(terms: Terms) -> Tree:
    """The sum of all terms, written out."""
    return terms[0] if terms.count == 1 else call("add", *map(terms.__getitem__, range(terms.count)))


def element(tree: Tree, at: Shape, shapes: Shapes, adding: Adding = add_all) -> Tree:
    """The scalar formula of one element: leaves are elements of variables, scalars and numbers.

    `at` is () for a scalar, else (row, column), with the sample before them where there is a matrix for each. `adding`
    says how sums are written.
    """
    match tree:
        case Name(name):
            own = shapes[name]
            return Index(tree, tuple(Number(float(i)) for i in _clip(at, own))) if own else tree
        case Call("fill", operands):
            return element(operands[0], _clip(at, shape(operands[0], shapes)), shapes, adding)
        case Call(function, operands):
            row = PRIMITIVES[function]
            if row.whole:
                raise ExpressionError(f"{function} is not taken apart")
            if not row.element:
                return call(function, *(element(o, _clip(at, shape(o, shapes)), shapes, adding) for o in operands))
            inner = [shape(operand, shapes) for operand in operands]
            scope = _Scope(
                dict(zip(row.parameters, operands, strict=True)), _extents(row, tuple(inner)), shapes, adding
            )
            return scope.scalar(parse(row.element), dict(zip(AXES[len(at)], at, strict=True)))
    return tree


def _clip(at: Shape, own: Shape) -> Shape:
    """The index in an operand that is broadcast: 0 along an axis of length 1."""
    if not own:
        return ()
    at = at or (0,) * len(own)
    return tuple(0 if extent == 1 else index for index, extent in zip(at, own, strict=True))


class _Scope:
    """An element rule with its operands bound."""

    def __init__(self, operands: dict[str, Tree], extents: Mapping[str, int], shapes: Shapes, adding: Adding) -> None:
        self.operands = operands
        self.extents = extents
        self.shapes = shapes
        self.adding = adding

    def scalar(self, rule: Tree, indices: dict[str, int]) -> Tree:
        match rule:
            case Sum(body, over):
                return self.adding(Terms(self, body, over, indices))
            case Index(Name(operand), places):
                tree = self.operands[operand]
                own = shape(tree, self.shapes)
                at = tuple(self._place(place, indices) for place in places)
                at = tuple(int(i) for i in np.unravel_index(at[0], own)) if len(at) == 1 and own else at
                return element(tree, _clip(at, own), self.shapes, self.adding)
            case Call("where", (Call("eq", (Name(first), Name(second))), then, otherwise)) if first in indices:
                return self.scalar(then if indices[first] == indices[second] else otherwise, indices)
            case Call("size" | "samples" | "units" as function, (Name(operand),)):
                own = shape(self.operands[operand], self.shapes)
                return Number(float(prod(own) if function == "size" else own[function == "samples"]))
            case Call(function, operands):
                return call(function, *(self.scalar(o, indices) for o in operands))
        return rule

    def _place(self, place: Tree, indices: Mapping[str, Any]) -> Any:
        found = place if isinstance(place, Number) else self.operands.get(getattr(place, "name", ""))
        return int(found.value) if isinstance(found, Number) else indices[getattr(place, "name", "")]

    def in_vectors(
        self, rule: Tree, indices: dict[str, Any], value: Callable[[Tree], Any], found: dict[str, Any]
    ) -> Tree:
        """A rule's body with names for what it reads; `found` is given the numbers of all terms under them."""
        match rule:
            case Index(Name(operand), places):
                array = np.asarray(value(self.operands[operand]))
                at = tuple(self._place(place, indices) for place in places)
                name = f"t{len(found)}"
                found[name] = array.ravel()[at] if len(at) == 1 else array[at]
                return Name(name)
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
