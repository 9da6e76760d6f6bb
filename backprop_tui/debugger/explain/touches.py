"""What a number touches: everything computed from it, directly or not, down to L, the gradients and the updates."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

import msgspec

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.position import write_position
from backprop_tui.debugger.explain.origin import History, Spot, shape_of
from backprop_tui.engine.program.edit import Version
from backprop_tui.engine.program.operation import Operation
from backprop_tui.engine.program.program import Frame
from backprop_tui.formula.values.element import Shape
from backprop_tui.formula.values.reach import Region, merged, size, without, writes


class Touch(msgspec.Struct, frozen=True, eq=False, dict=True):
    """What was computed from a number, or the number itself: regions of a variable, which is written by `operation`.

    What is computed from it in turn is made when it is asked for. Parameters and slots go on into the next iteration.
    """

    history: History
    iteration: int
    key: str
    name: str
    regions: tuple[Region, ...]
    operation: Operation | None = None
    edited: bool = False

    @property
    def step(self) -> int | None:
        """The step that computed it; None for what is given."""
        if self.operation is None:
            return None
        return self.history.timeline.step_at(self.iteration, self.operation.index)

    @property
    def position(self) -> str:
        """That step as people write it, `1:delta2`; empty where there is none."""
        return "" if self.step is None else write_position(self.step, self.history.timeline)

    @property
    def own(self) -> Shape:
        """The shape of the whole variable."""
        return shape_of(self.history.timeline.frame(self.iteration), self.key)

    @property
    def count(self) -> int:
        """How many numbers of the variable there are."""
        return sum(size(region, self.own) for region in self.regions)

    @property
    def address(self) -> Address | None:
        """The number, where it is a single one."""
        if self.count != 1 or len(self.regions) != 1:
            return None
        return Address(self.name, tuple(0 if at is None else at for at in self.regions[0]))

    @property
    def value(self) -> float | None:
        """Its value, where it is a single number."""
        address = self.address
        return None if address is None else float(self.history.timeline.frame(self.iteration)[self.key][address.at])

    @cached_property
    def children(self) -> "tuple[Touch, ...]":
        """What reads it, in order."""
        return tuple(self._read())

    def _read(self) -> "Iterator[Touch]":
        frame = self.history.timeline.frame(self.iteration)
        versions = [v for v in frame.program.versions if v.old == self.key]
        for operation in frame.program.operations:
            found = _goes_into(frame, operation, {self.key: self.regions})
            if found:
                yield Touch(self.history, self.iteration, operation.key, operation.name, found, operation)
        for version in versions:
            if left := _unedited(self.regions, version, self.own):
                yield Touch(self.history, self.iteration, version.key, self.name, left, self.operation, edited=True)
        if self.following is not None:
            yield from self.following.children

    @property
    def following(self) -> "Touch | None":
        """The same number as the next iteration starts from it; None where it does not."""
        return Touch(self.history, self.iteration + 1, self.name, self.name, self.regions) if self.carried else None

    @property
    def carried(self) -> bool:
        """Whether the next iteration starts from it."""
        timeline = self.history.timeline
        program = timeline.frame(self.iteration).program
        return self.name in program.carried and program.key(self.name, timeline.length - 1) == self.key


def touches(history: History, spot: Spot) -> Touch:
    """A number, and below it what it touches."""
    frame = history.frame(spot)
    name = history.origin(spot).name
    return Touch(history, spot.iteration, spot.key, name, (spot.at,), frame.program.by_key.get(spot.key))


def in_order(root: Touch) -> list[Touch]:
    """All that a number touches in its iteration, in order; each operation once, with all that it writes of it."""
    history, iteration = root.history, root.iteration
    frame = history.timeline.frame(iteration)
    found = {root.key: root}
    for operation in frame.program.operations:
        regions = _goes_into(frame, operation, {key: touch.regions for key, touch in found.items()})
        if regions and operation.key != root.key:
            found[operation.key] = Touch(history, iteration, operation.key, operation.name, regions, operation)
        for version in frame.program.versions:
            before = found.get(version.old) if version.index == operation.index else None
            if before and (left := _unedited(before.regions, version, before.own)):
                found[version.key] = msgspec.structs.replace(before, key=version.key, regions=left, edited=True)
    return list(found.values())[1:]


def _goes_into(frame: Frame, operation: Operation, touched: Mapping[str, Iterable[Region]]) -> tuple[Region, ...]:
    """The regions of what an operation writes that are computed from regions of what it reads, by key."""
    shapes = {name: shape_of(frame, operation.keys[name]) for name in operation.reads}
    return merged(
        region
        for name in operation.reads
        for part in touched.get(operation.keys[name], ())
        for region in writes(operation.tree, name, part, shapes)
    )


def _unedited(regions: Iterable[Region], version: Version, own: Shape) -> tuple[Region, ...]:
    """The regions without the number that an edit sets."""
    return tuple(left for region in regions for left in without(region, version.edit.at, own))
