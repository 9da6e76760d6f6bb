"""All paths from a number to L, with the product of the local derivatives along each: what the chain rule adds up.

Where there are too many to list they are summed by layer: every path goes through some number of it, so the gradients
there, each times how its number moves, add up to the gradient too.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from itertools import islice
from math import isclose, isfinite, prod
from typing import Any

import msgspec
import numpy as np

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.explain.forward_graph import Forward, Step
from backprop_tui.debugger.explain.local_derivative import TooLongError, local
from backprop_tui.engine.program.operation import QUIET
from backprop_tui.engine.statements.tangent import TANGENT
from backprop_tui.engine.statements.variable import Role, moved_by
from backprop_tui.formula.language.tree import Number
from backprop_tui.formula.values.element import Shape
from backprop_tui.formula.values.expansion import Expansion
from backprop_tui.formula.values.reach import Region, size

LISTED = 32  # paths that are listed; more are summed by layer
FEW = 4  # variables that read the number: of more, such as the steps of a loop, only what goes into each is told,
MOST = 16  # and of so many, those that most goes into
LARGEST = 4  # numbers of a layer that are named, the largest
CLOSE = 1e-6  # relative to the gradient: how far rounding may take the sum from it


class Factor(msgspec.Struct, frozen=True, eq=False, dict=True):
    """How a number moves with the one before it on a path: ∂of/∂by, as a value, and as a formula of one element, which
    is made when somebody looks at it; that is None where it is too long to be read.
    """

    of: Address
    by: Address
    value: float
    made: Callable[[], Expansion]

    @cached_property
    def expansion(self) -> Expansion | None:
        """The formula."""
        try:
            return self.made()
        except TooLongError:
            return None


class Path(msgspec.Struct, frozen=True, eq=False):
    """A way from a number to L."""

    factors: tuple[Factor, ...]

    @property
    def addresses(self) -> tuple[Address, ...]:
        """The numbers on the way, L last."""
        return tuple(factor.by for factor in self.factors[:1]) + tuple(factor.of for factor in self.factors)

    @property
    def product(self) -> float:
        """How L moves with the first along this path."""
        return prod(factor.value for factor in self.factors)


class Layer(msgspec.Struct, frozen=True, eq=False):
    """All paths by the variable they go through: how many of its numbers, what the largest and what all contribute.

    `first` is what reads the number at the start of these paths, where there is more than one such variable. Without a
    name it is what is left of many of these, `count` of them. `edited` where it is what an edit made of the variable.
    """

    name: str
    count: int
    largest: tuple[tuple[Address, float], ...]
    total: float
    first: str = ""
    edited: bool = False


class Paths(msgspec.Struct, frozen=True, eq=False):
    """The paths from a number to L: `count` of them, listed, or summed by `layers` where they are too many."""

    start: Address
    gradient: float
    count: int
    listed: tuple[Path, ...]
    layers: tuple[Layer, ...]
    total: float

    @property
    def agrees(self) -> bool:
        """Whether they add up to the gradient, up to rounding."""
        if not (isfinite(self.total) and isfinite(self.gradient)):
            return False
        parts = [path.product for path in self.listed] + [value for layer in self.layers for _, value in layer.largest]
        scale = max((abs(part) for part in parts if isfinite(part)), default=0.0)
        return isclose(self.total, self.gradient, rel_tol=CLOSE, abs_tol=CLOSE * scale)


@QUIET
def paths(forward: Forward, gradient: str, at: Shape) -> Paths:
    """The paths from the number that L is differentiated by in one entry of a gradient; of what a step of a loop adds
    to one, those that begin in this step.
    """
    frame = forward.frame
    operation = frame.program.by_name[gradient]
    variable = moved_by(operation.variable)
    if not variable:
        raise KeyError(gradient)
    key = forward.key_of(variable)
    readers = forward.readers(key)
    if operation.variable.role is Role.PART:
        readers = [
            r for r in readers if r.operation is not None and r.operation.variable.step == operation.variable.step
        ]
    value = float(frame[operation.key][at])
    count = _counts(forward, key, readers).get(key, 0)
    start = Address(variable, at)
    if count <= LISTED:
        listed = tuple(Path(tuple(factors)) for factors in _Walk(forward).from_(key, start, readers))
        total = sum(path.product for path in listed)
        return Paths(start, value, count, listed, (), total)
    layers, total = _by_layer(forward, key, start, readers)
    return Paths(start, value, count, (), layers, total)


def _counts(forward: Forward, key: str, readers: Sequence[Step]) -> dict[str, int]:
    """How many paths lead to L from one number under each key that this one leads to by way of some readers; in a
    layer from each as many.
    """
    reached = {key}
    links = []
    for step in forward.steps:
        for read in reached.intersection(step.reads):
            if read == key and step not in readers:
                continue
            reached.add(step.key)
            links.append((step, read))
    counts = {forward.output: 1}
    for step, read in reversed(links):
        first: Region = (0,) * len(forward.shape(read))
        regions = forward.written(step, read, first) if step.edit is None else (first,)
        numbers = sum(size(region, forward.shape(step.key)) for region in regions)
        counts[read] = counts.get(read, 0) + numbers * counts.get(step.key, 0)
    return counts


class _Walk:
    """Follows numbers to L, one after the other."""

    def __init__(self, forward: Forward) -> None:
        self.forward = forward
        self.known: dict[tuple[str, str, Shape], tuple[Factor, ...]] = {}

    def from_(self, key: str, start: Address, readers: Sequence[Step] | None = None) -> Iterator[list[Factor]]:
        """The factors of each path from a number that lies under a key, by way of all its readers or of some."""
        if key == self.forward.output:
            yield []
            return
        for step in self.forward.readers(key) if readers is None else readers:
            for factor in self._factors(step, key, start):
                for further in self.from_(step.key, factor.of):
                    yield [factor, *further]

    def _factors(self, step: Step, key: str, by: Address) -> tuple[Factor, ...]:
        """How the numbers that a step writes move with one that it reads."""
        known = (step.key, key, by.at)
        if known not in self.known:
            self.known[known] = tuple(self._made(step, key, by))
        return self.known[known]

    def _made(self, step: Step, key: str, by: Address) -> Iterator[Factor]:
        forward = self.forward
        direction = np.zeros(forward.shape(key))
        direction[by.at] = 1.0
        column = forward.moved(step, key, direction)
        own = forward.shape(step.key)
        for region in forward.written(step, key, by.at):
            for at in np.ndindex(*(extent if place is None else 1 for place, extent in zip(region, own, strict=True))):
                whole = tuple(i if place is None else place for i, place in zip(at, region, strict=True))
                made = partial(self._expansion, step, key, whole, by.at)
                yield Factor(Address(step.name, whole), by, float(column[whole]), made)

    def _expansion(self, step: Step, key: str, of: Shape, by: Shape) -> Expansion:
        if step.edit is not None:
            return Expansion(Number(1.0), {}, {})
        tree, values, _ = self.forward.derivative(step, key)
        shapes = {name: np.shape(value) for name, value in values.items()} | {TANGENT: self.forward.shape(key)}
        return Expansion(local(tree, of, by, shapes), {}, values)


def _by_layer(forward: Forward, key: str, start: Address, readers: Sequence[Step]) -> tuple[tuple[Layer, ...], float]:
    """What goes through each variable that all paths go through, by what reads the number first; and all together."""
    direction = np.zeros(forward.shape(key))
    direction[start.at] = 1.0
    layers: list[Layer] = []
    total = 0.0
    for reader in readers:
        moved = {reader.key: forward.moved(reader, key, direction)}
        for step in forward.steps[forward.order[reader.key] + 1 :]:
            parts = [forward.moved(step, read, moved[read]) for read in step.reads if read in moved]
            if parts:
                moved[step.key] = sum(parts[1:], parts[0])
        total += float(moved.get(forward.output, 0.0))
        first = reader.name if len(readers) > 1 else ""
        own = (layer for name in _narrow(forward, moved) if (layer := _layer(forward, name, moved[name], first)))
        layers += own if len(readers) <= FEW else islice(own, 1)
    return tuple(layers if len(readers) <= FEW else _most(layers)), total


def _most(layers: Sequence[Layer]) -> Iterator[Layer]:
    """Those that most goes through, in order, and the others together."""
    large = sorted(layers, key=lambda layer: -abs(layer.total))[: MOST if len(layers) > MOST else None]
    kept = {layer.name for layer in large}
    yield from (layer for layer in layers if layer.name in kept)
    if left := [layer.total for layer in layers if layer.name not in kept]:
        yield Layer("", len(left), (), sum(left))


def _narrow(forward: Forward, moved: dict[str, Any]) -> Iterator[str]:
    """The keys that all paths go through: nothing after them reads what moved before."""
    order = forward.order
    latest = 0  # the last that reads any of those before
    for key in moved:
        if key != forward.output and latest <= order[key]:
            yield key
        latest = max(latest, *(order[step.key] for step in forward.readers(key) if step.key in moved), order[key])


def _layer(forward: Forward, key: str, moved: Any, first: str) -> Layer | None:
    """What goes through a variable; None where the program has no gradient of it."""
    step = next(step for step in forward.steps if step.key == key)
    gradient = forward.program.by_name.get(forward.program.gradients.get(step.name, ""))
    if gradient is None:
        return None
    parts = np.asarray(forward.frame[gradient.key] * moved)
    if not np.isfinite(parts).all():
        return None
    flat = np.abs(parts).ravel()
    order = np.argsort(-flat, kind="stable")[:LARGEST]
    largest = tuple(
        (Address(step.name, at), float(parts[at]))
        for place in order
        if flat[place] > 0
        for at in [tuple(map(int, np.unravel_index(place, parts.shape)))]
    )
    edited = any(version.key == key for version in forward.program.versions)
    return Layer(step.name, int(np.count_nonzero(moved)), largest, float(parts.sum()), first, edited)
