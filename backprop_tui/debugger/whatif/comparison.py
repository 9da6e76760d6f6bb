"""Two branches side by side: where they part, what differs at a step or over an iteration, and their losses."""

from collections.abc import Generator, Iterator
from functools import cached_property

import msgspec
import numpy as np

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.slices import run_out
from backprop_tui.engine.program.edit import Array
from backprop_tui.engine.program.program import Frame
from backprop_tui.engine.timeline.timeline import Timeline


class Difference(msgspec.Struct, frozen=True, eq=False):
    """A variable whose values differ: `a` and `b` have its shape, `where` says in which numbers they do."""

    name: str
    a: Array
    b: Array
    where: Array

    @property
    def addresses(self) -> Iterator[Address]:
        """The numbers that differ, row by row."""
        return (Address(self.name, tuple(map(int, at))) for at in np.argwhere(self.where))

    @property
    def count(self) -> int:
        """How many numbers differ."""
        return int(self.where.sum())


class Divergence(msgspec.Struct, frozen=True):
    """The first number that differs: from a step on, at an address, `a` on one branch and `b` on the other."""

    step: int
    address: Address
    a: float
    b: float


class Comparison:
    """Two timelines of one program, compared. What it needs from them is computed on request."""

    def __init__(self, a: Timeline, b: Timeline, step: int) -> None:
        self.a, self.b, self.step = a, b, step
        self.parting: Divergence | None = None  # what `gather` found
        self.gathered: list[tuple[int, float, float]] = []

    @cached_property
    def part(self) -> int | None:
        """The first step at which the edits of the two differ, None where they are the same."""
        length = self.a.length
        both = set(self.a.edits) & set(self.b.edits)
        own = [edit for edit in (*self.a.edits, *self.b.edits) if edit not in both]
        if not own:
            return None
        iteration, index = min(edit.place(length) for edit in own)
        return self.a.step_at(iteration, index)

    def gather(self) -> Generator[int, None, None]:
        """Find where they part and both losses up to here, in slices: yields the iteration reached."""
        for found in self.losses():
            self.gathered.append(found)
            yield found[0]
        self.parting = yield from self.finding(self.step)

    def differs(self, step: int | None = None) -> tuple[Difference, ...]:
        """The variables that differ at a step, by default the current one, in the order of the program."""
        iteration, index = self.a.locate(self.step if step is None else step)
        return self._differing(iteration, index)

    def over(self, iteration: int | None = None) -> tuple[Difference, ...]:
        """The variables that differ at the end of an iteration: all that it computed, parameters after their update."""
        return self._differing(iteration or self.a.locate(self.step)[0], self.a.length - 1)

    def first(self, last_step: int | None = None) -> Divergence | None:
        """The first number that differs, up to a step, by default the current one; None where none does."""
        return run_out(self.finding(self.step if last_step is None else last_step))

    def finding(self, last: int) -> Generator[int, None, Divergence | None]:
        """The search of `first` in slices: yields the iteration reached."""
        if self.part is None:
            return None
        for step in range(self.part, last + 1):
            iteration, index = self.a.locate(step)
            found = self._written(step, iteration, index)
            if found:
                return found
            if index == self.a.length - 1:
                yield iteration
        return None

    def losses(self, first: int = 1, last: int | None = None) -> Iterator[tuple[int, float, float]]:
        """The iteration and both losses, from one iteration to another, by default the current one."""
        for iteration in range(first, (last or self.a.locate(self.step)[0]) + 1):
            a, b = (float(timeline.frame(iteration).at_end("L")) for timeline in (self.a, self.b))
            yield iteration, a, b

    def keys(self, frames: tuple[Frame, Frame], name: str, index: int) -> tuple[str | None, str | None]:
        """Where a variable's value lies in both frames after an operation of `a`; None before it exists."""
        return frames[0].program.key(name, index), frames[1].program.key(name, index)

    def differing(self, a: Array, b: Array) -> Array:
        """Which numbers of two values differ."""
        where: Array = (a != b) & ~(np.isnan(a) & np.isnan(b))
        return where

    def _written(self, step: int, iteration: int, index: int) -> Divergence | None:
        """What differs in what a step wrote, or in what an edit after it changed."""
        names = {edit.name for timeline in (self.a, self.b) for edit in timeline.edits_at(iteration, index)}
        if index >= 0:
            names.add(self.a.program.operations[index].name)
        for difference in self._differing(iteration, index, names):
            address = next(difference.addresses)
            return Divergence(step, address, float(difference.a[address.at]), float(difference.b[address.at]))
        return None

    def _differing(self, iteration: int, index: int, names: set[str] | None = None) -> tuple[Difference, ...]:
        frames = self.a.frame(iteration), self.b.frame(iteration)
        if frames[0] is frames[1]:
            return ()
        found = []
        for name in self.a.program.shapes:
            if names is not None and name not in names:
                continue
            keys = self.keys(frames, name, index)
            if keys[0] is None or keys[1] is None:
                continue
            a, b = (np.asarray(frame[key]) for frame, key in zip(frames, keys, strict=True) if key is not None)
            where = self.differing(a, b)
            if where.any():
                found.append(Difference(name, a, b, np.asarray(where)))
        return tuple(found)
