"""Which elements an element is made of, and which it is a part of: a formula's reach in both directions.

A region is a place in an array with None for a whole axis: in z = W @ x + b, the element (1, 0) reads the regions
(1, None) of W, (None, 0) of x and (1, 0) of b.

Where a rule computes its indices, `reach_by_index.py` runs them all at once.
"""

from collections.abc import Iterable, Iterator

from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import PRIMITIVES, Primitive
from backprop_tui.formula.language.tree import Call, Index, Name, Number, Tree, children
from backprop_tui.formula.values.element import Shape, Shapes, axes_of, shape
from backprop_tui.formula.values.reach_by_index import computes_indices, read_by_index, written_by_index

Region = tuple[int | None, ...]


def reads(tree: Tree, at: Region, shapes: Shapes) -> tuple[tuple[str, Region], ...]:
    """The regions of variables that a region of a formula's value is computed from."""
    found: dict[str, dict[Region, None]] = {}
    for name, region in _reads(tree, at, shapes):
        found.setdefault(name, {})[region] = None
    return tuple((name, region) for name, regions in found.items() for region in merged(regions))


def writes(tree: Tree, name: str, at: Region, shapes: Shapes) -> tuple[Region, ...]:
    """The regions of a formula's value that a region of a variable is read for."""
    return merged(_writes(tree, name, at, shapes))


def size(region: Region, own: Shape) -> int:
    """How many elements a region has."""
    count = 1
    for place, extent in zip(region, own, strict=True):
        count *= extent if place is None else 1
    return count


def merged(regions: Iterable[Region]) -> tuple[Region, ...]:
    """Regions without duplicates and without those that lie within a larger one."""
    found = dict.fromkeys(regions)
    return tuple(one for one in found if not any(one != other and holds(other, one) for other in found))


def without(region: Region, at: Region, own: Shape) -> tuple[Region, ...]:
    """A region without one place of an array."""
    if not holds(region, at):
        return (region,)
    found = []
    for axis, place in enumerate(region):
        if place is None:
            others = [other for other in range(own[axis]) if other != at[axis]]
            found += [(*at[:axis], other, *region[axis + 1 :]) for other in others]
    return tuple(found)


def holds(region: Region, at: Region) -> bool:
    """Whether a place, or the whole of a second region, is in a region."""
    return all(place is None or place == other for place, other in zip(region, at, strict=True))


def _reads(tree: Tree, at: Region, shapes: Shapes) -> Iterator[tuple[str, Region]]:
    at = _within(at, shape(tree, shapes))
    match tree:
        case Name(name):
            yield name, at
        case Call("fill", (value, _)):
            yield from _reads(value, at, shapes)
        case Call(function, operands) if PRIMITIVES[function].is_term_by_term:
            for operand in operands:
                yield from _reads(operand, at, shapes)
        case Call(function, operands) if computes_indices(PRIMITIVES[function]):
            for place, region in read_by_index(tree, at, shapes):
                yield from _reads(operands[place], region, shapes)
        case Call(function, operands):
            row = PRIMITIVES[function]
            given = dict(zip(row.parameters, operands, strict=True))
            stack, own_at = _parted(at, row)
            for parameter, places in _read(parse(row.element), dict(zip(axes_of(row), own_at, strict=True))):
                own = shape(given[parameter], shapes)
                yield from _reads(given[parameter], _region(places, own, given, stack), shapes)


def _read(rule: Tree, bound: dict[str, int | None]) -> Iterator[tuple[str, tuple[int | str | None, ...]]]:
    """The operands that a rule reads, and where: at an index, where another operand says, or (None) along an axis."""
    match rule:
        case Index(Name(operand), places):
            yield operand, tuple(_place(place, bound) for place in places)
        case Call("where", (Call("eq", (Name(one), Name(two))), then, otherwise)):
            known = bound.get(one) is not None and bound.get(two) is not None
            for branch in (then, otherwise):
                if not known or (bound[one] == bound[two]) == (branch is then):
                    yield from _read(branch, bound)
        case _:
            for child in children(rule):
                yield from _read(child, bound)


def _place(place: Tree, bound: dict[str, int | None]) -> int | str | None:
    match place:
        case Number(value):
            return int(value)
        case Name(name) if name in bound:
            return bound[name]
        case Name(name):
            return name
    return None


def _parted(at: Region, row: Primitive) -> tuple[Region, Region]:
    """A region of a rule's result: the part in the stack, and the part that the rule is about."""
    front = len(at) - len(axes_of(row))
    return at[:front], at[front:]


def _region(places: tuple[int | str | None, ...], own: Shape, given: dict[str, Tree], stack: Region) -> Region:
    """Places of a rule as a region of an operand; an index that stands alone runs over all of it."""
    if len(places) == 1 or len(places) > len(own):
        return (None,) * len(own)
    front = own[: len(own) - len(places)]
    before = _within(stack[len(stack) - len(front) :], front) if front else ()
    return (*before, *(_number(place, given) for place in places))


def _number(place: int | str | None, given: dict[str, Tree]) -> int | None:
    if isinstance(place, str):  # summed over, or an operand's value says where
        found = given.get(place)
        return int(found.value) if isinstance(found, Number) else None
    return place


def _within(at: Region, own: Shape) -> Region:
    """A region of an array that is broadcast: along an axis of length 1 there is one place."""
    if not own:
        return ()
    at = at or (0,) * len(own)
    return tuple(0 if extent == 1 else place for place, extent in zip(at[len(at) - len(own) :], own, strict=True))


def _writes(tree: Tree, name: str, at: Region, shapes: Shapes) -> Iterator[Region]:
    match tree:
        case Name(found) if found == name:
            yield _within(at, shapes[name])
        case Call(function, operands):
            row = PRIMITIVES[function]
            for place, operand in enumerate(operands[:1] if function == "fill" else operands):
                for region in _writes(operand, name, at, shapes):
                    own = shape(tree, shapes)
                    if row.is_term_by_term:
                        yield _broadcast(region, shape(operand, shapes), own)
                    elif computes_indices(row):
                        yield from written_by_index(tree, place, region, shapes)
                    else:
                        yield from _by_rule(row, row.parameters[place], region, own, shape(operand, shapes))


def _broadcast(region: Region, inner: Shape, own: Shape) -> Region:
    """Where a region of an operand is used in a result of a different shape."""
    if not inner:
        return tuple(0 if extent == 1 else None for extent in own)
    more = len(own) - len(inner)
    front = tuple(0 if extent == 1 else None for extent in own[:more])
    return front + tuple(
        (0 if extent == 1 else None) if extent != before else place
        for place, before, extent in zip(region, inner, own[more:], strict=True)
    )


def _by_rule(row: Primitive, operand: str, region: Region, own: Shape, inner: Shape) -> Iterator[Region]:
    """Where a rule uses a region of an operand."""
    rule = parse(row.element)
    front = own[: len(own) - len(axes_of(row))]
    for found, places in _read(rule, {}):
        if found != operand:
            continue
        whole = len(places) == 1 or len(places) > len(region)
        bound = {} if whole else _bound(places, region[len(region) - len(places) :])
        if bound is not None:
            for one, two in _equal(rule):
                bound.setdefault(two, bound.get(one))
            more = len(inner) - len(places)
            stack = _broadcast(region[:more], inner[:more], front) if front and not whole else (None,) * len(front)
            axes = zip(axes_of(row), own[len(front) :], strict=True)
            stack = tuple(0 if extent == 1 else place for place, extent in zip(stack, front, strict=True))
            yield (*stack, *(0 if extent == 1 else bound.get(axis) for axis, extent in axes))


def _bound(places: tuple[int | str | None, ...], region: Region) -> dict[str, int | None] | None:
    """The values that the indices of a rule have in a region; None if the rule does not read it."""
    bound: dict[str, int | None] = {}
    for place, at in zip(places, region, strict=True):
        known = bound.get(place) if isinstance(place, str) else place
        if None not in (known, at) and known != at:
            return None
        if isinstance(place, str):
            bound[place] = at if known is None else known
    return bound


def _equal(rule: Tree) -> Iterator[tuple[str, str]]:
    """Pairs of indices that a rule requires to be equal; the first of each is an index of an operand."""
    match rule:
        case Call("eq", (Name(one), Name(two))):
            yield one, two
    for child in children(rule):
        yield from _equal(child)
