"""Explanations as lines of text: a number, what it is made of, its paths to L, and what it touches."""

from collections.abc import Iterator
from typing import NamedTuple

from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.explain.explanation import Explanation
from backprop_tui.debugger.explain.origin import Spot
from backprop_tui.debugger.explain.paths import Factor, Layer, Path, Paths
from backprop_tui.debugger.explain.touches import Touch, in_order
from backprop_tui.formula.values.element import Shape
from backprop_tui.formula.values.reach import Region

MOST_LINES = 1000  # lines of a tree for which a depth is given
MANY_LINES = 80  # lines of a tree that goes as deep as there is room for: a page that can be read
DEEPEST = 200  # levels; a tree this deep has more than MANY_LINES lines or has ended


class Line(NamedTuple):
    """What is said of a number: itself and how it comes about, and where that was."""

    text: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.text}  ({self.where})" if self.where else self.text


def line(explanation: Explanation, writing: Writing) -> Line:
    """One level of an explanation: `δ₁[1] = ∂L/∂h[1]·f′(z₁)[1] = 0.7685·1 = 0.7685`, and its position."""
    value = writing.number(explanation.value)
    expansion = explanation.expansion
    if explanation.role == "rest":
        return Line(f"{'...' if writing.ascii else '…'} {explanation.count:,} more terms = {value}")
    parts = [] if explanation.role == "term" else [writing.address(explanation.address)]
    if expansion is not None:
        parts += [writing.terms(expansion), writing.numbers(expansion)]
    parts = list(dict.fromkeys([*parts, value]))
    where = explanation.position if explanation.kind == "operation" else explanation.says
    if explanation.stable and explanation.role == "number":
        where += ", as it was computed"
    return Line(" = ".join(parts), "" if explanation.role == "term" else where)


def tree(explanation: Explanation, writing: Writing, depth: int | None = None) -> list[str]:
    """An explanation, a level further in for what it is made of; what was said already is not unfolded again.

    Without a depth it goes as deep into the number's own iteration as a limited number of lines allows.
    """
    if depth is not None:
        return _tree(explanation, writing, depth, MOST_LINES)
    shown = _tree(explanation, writing, 1, MOST_LINES)
    for deep in range(2, DEEPEST):
        deeper = _tree(explanation, writing, deep, MANY_LINES, home=explanation.origin.spot.iteration)
        if len(deeper) > MANY_LINES or deeper == shown:
            return shown
        shown = deeper
    return shown


def _tree(one: Explanation, writing: Writing, depth: int, most: int, *, home: int | None = None) -> list[str]:
    seen: set[Spot] = set()
    found: list[str] = []
    waiting = [(0, one)]
    while waiting and len(found) < most:
        level, one = waiting.pop()
        spot = one.origin.spot
        again = spot in seen and one.role == "number" and one.expansion is not None
        found.append(f"{'  ' * level}{line(one, writing)}{', above' if again else ''}")
        if not again and level < depth and one.role == "number" and home in (None, spot.iteration):
            seen.add(spot)
            waiting += [(level + 1, child) for child in reversed(one.children)]
    return [*found, "there is more than this"] if waiting else found


def paths(found: Paths, writing: Writing) -> Iterator[str]:
    """The paths from a number to L: each, or what goes through each layer; and their sum."""
    start, loss = writing.address(found.start), writing.symbol("L")
    if not found.count:
        yield f"no path leads from {start} to {loss}: it is 0 whatever happens"
        return
    many = "" if found.count == 1 else "s"
    if found.listed:
        yield f"{found.count:,} path{many} from {start} to {loss}, each with the product of its local derivatives"
        for path in found.listed:
            yield f"  {way(path, writing)}"
            yield f"    {product(path, writing)}"
    else:
        why = "too many to list, so they are summed by what they go through"
        yield f"{found.count:,} paths from {start} to {loss}: {why}"
        yield from (f"  {layer(one, writing)}" for one in found.layers)
    yield total(found, writing)


def total(found: Paths, writing: Writing) -> str:
    """What the paths add up to."""
    added, gradient = writing.number(found.total), writing.number(found.gradient)
    if found.agrees:
        return f"together {added}: that is the gradient"
    return f"together {added}, and the gradient is {gradient}: the iteration was edited, or not all is finite"


def way(path: Path, writing: Writing) -> str:
    """The numbers on a path."""
    return (" -> " if writing.ascii else " → ").join(map(writing.address, path.addresses))


def product(path: Path, writing: Writing) -> str:
    """The local derivatives along a path, from its start, in symbols and in numbers."""
    times = " * " if writing.ascii else " · "
    symbols = [
        _factor(writing.terms(factor.expansion)) if factor.expansion else slope(factor, writing)
        for factor in path.factors
    ]
    numbers = [_factor(writing.number(factor.value)) for factor in path.factors]
    result = writing.number(path.product)
    return " = ".join(dict.fromkeys([times.join(symbols), times.join(numbers), result]))


def slope(factor: Factor, writing: Writing) -> str:
    """How a factor is written without its formula: `∂z₂[0]/∂h[1]`."""
    of, by = writing.address(factor.of), writing.address(factor.by)
    return f"d{of}/d{by}" if writing.ascii else f"∂{of}/∂{by}"


def _factor(text: str) -> str:
    """A factor of a product, in brackets where it is a sum or has a sign."""
    return f"({text})" if text[:1] in "−-" or " + " in text or " − " in text or " - " in text else text


def layer(one: Layer, writing: Writing) -> str:
    """What goes through a layer, and its largest shares."""
    if not one.name:
        return f"by way of {one.count:,} other{'' if one.count == 1 else 's'}: {writing.number(one.total)}"
    first = f"by way of {writing.symbol(one.first)}, " if one.first and one.first != one.name else ""
    shares = ", ".join(f"{writing.address(address)} {writing.number(value)}" for address, value in one.largest)
    left = one.count - len(one.largest)
    more = f", and {left:,} more" if left > 0 else ""
    of = f" ({shares}{more})" if one.count > 1 and shares else ""
    edited = ", as edited" if one.edited else ""
    return f"{first}through {writing.symbol(one.name)}{edited}: {writing.number(one.total)}{of}"


def touched(root: Touch, writing: Writing) -> Iterator[str]:
    """All that a number touches in its iteration, or else in the next one, an operation a line, in order."""
    name = region(root, writing)
    found = in_order(root) or (in_order(root.following) if root.following else [])
    if not found:
        yield f"nothing reads {name}"
        return
    yield f"what is computed from {name}"
    for one in found:
        yield f"  {touch_line(one, writing)}"
    carried = [writing.symbol(one.name) for one in found if one.carried]
    if carried:
        yield f"and all that follows in later iterations, by way of {', '.join(carried)}"


def touch_line(one: Touch, writing: Writing) -> Line:
    """An operation that a number goes into: which numbers, its formula, the value where it is one."""
    if one.operation is None:
        return Line(region(one, writing))
    value = one.value
    worth = "" if value is None else f" = {writing.number(value)}"
    edited = ", with an edit" if one.edited else ""
    return Line(f"{region(one, writing)} = {writing.formula(one.operation.tree)}{worth}", f"{one.position}{edited}")


def region(one: Touch, writing: Writing) -> str:
    """The numbers that are meant: `z₂[0]`, `z₁[1,:], 64 numbers`, `ŷ`."""
    address = one.address
    if address is not None:
        return writing.address(address)
    symbol = writing.symbol(one.name)
    if len(one.regions) == 1:
        return f"{symbol}{_places(one.regions[0], one.own)}, {one.count:,} numbers"
    return f"{symbol}, {one.count:,} numbers"


def _places(places: Region, own: Shape) -> str:
    if all(place is None or extent == 1 for place, extent in zip(places, own, strict=True)):
        return ""
    return f"[{','.join(':' if place is None else str(place) for place in places)}]"
