"""A mistaken run beside the right one: the same scenario and edits, with a classic mistake in the program."""

from functools import cached_property
from typing import Any

import numpy as np

from backprop_tui.debugger.whatif.comparison import Comparison, Divergence
from backprop_tui.engine.mistakes.mistaken_program import Mistaken, along
from backprop_tui.engine.program.edit import Array
from backprop_tui.engine.program.program import Frame, Operation, Program
from backprop_tui.engine.timeline.timeline import Timeline

NEAR = 1e-12  # relative to a value's largest number: rounding of another way to compute the same is not a difference
MOST = 5000  # steps searched per call for the first difference, so that a key never waits for a long run


class Beside(Comparison):
    """The right run (a) and the mistaken one (b), compared operation by operation, whatever their order."""

    def __init__(self, right: Timeline, wrong: Mistaken, step: int = 0) -> None:
        super().__init__(right, Timeline(wrong.program, edits=along(right.edits, wrong)), step)
        self.wrong = wrong
        self._found: Divergence | None = None
        self._clear = (self.part or 1) - 1  # the last step up to which nothing differs

    @property
    def name(self) -> str:
        """The mistake."""
        slip = self.wrong.slip
        return slip.mistake.name + (f":{slip.digits}" if slip.mistake.digits != (0,) else "")

    @property
    def when(self) -> str:
        """What is done wrong, as a sentence without its end."""
        return self.wrong.slip.when(self.a.program)

    @cached_property
    def part(self) -> int | None:
        """The first step at which the two compute something else."""
        operations = self.a.program.by_name
        return 1 + min(operations[name].index for name in self.wrong.changed)

    def first(self, last_step: int | None = None) -> Divergence | None:
        """The first number that differs, up to a step; None where none does, as far as this was looked at."""
        last = self.step if last_step is None else last_step
        if self._found is None:
            for step in range(self._clear + 1, min(last, self._clear + MOST) + 1):
                self._found = self._written(step, *self.a.locate(step))
                if self._found is not None:
                    break
                self._clear = step
        return self._found if self._found is not None and self._found.step <= last else None

    def side(self, step: int, frame: Frame, missing: Array | None = None) -> "Side":
        """The mistaken run at a step, whose iteration is given with its right values; `missing` as a moment has it."""
        return Side(self, step, frame, missing)

    def keys(self, frames: tuple[Frame, Frame], name: str, index: int) -> tuple[str | None, str | None]:
        right, wrong = frames[0].program, frames[1].program
        return right.key(name, index), wrong.key(name, _index(right, wrong, name, index))

    def differing(self, a: Array, b: Array) -> Array:
        sizes = np.abs([*a.flat, *b.flat])
        largest = sizes[np.isfinite(sizes)].max(initial=0.0)
        with np.errstate(invalid="ignore"):
            near: Array = np.abs(a - b) <= NEAR * largest
        where: Array = super().differing(a, b) & ~near
        return where


def _index(right: Program, wrong: Program, name: str, index: int) -> int:
    """The index in the mistaken program after which a variable is what it is in the right one after an index."""
    if index < 0:
        return index
    here = wrong.by_name[right.operations[index].name].index
    written, own = right.by_name.get(name), wrong.by_name.get(name)
    if written is None or own is None:
        return here
    return max(here, own.index) if written.index <= index else min(here, own.index - 1)


class Side:
    """The mistaken run at a moment of the right one."""

    def __init__(self, beside: Beside, step: int, frame: Frame, missing: Array | None) -> None:
        self.beside = beside
        self.step = step
        self.frame = frame
        self.missing = missing
        self.iteration, self.index = beside.a.locate(step)
        self._differs: dict[tuple[str, int], Array | None] = {}

    @property
    def _current(self) -> str:
        return self.frame.program.operations[self.index].name

    @cached_property
    def wrong(self) -> Frame:
        """The frame of the iteration with the mistake."""
        return self.beside.b.frame(self.iteration)

    def operation(self, name: str) -> Operation:
        """What computes a variable there."""
        return self.wrong.program.by_name[name]

    def value(self, name: str, index: int | None = None) -> Any:
        """A variable's value there, now or after another operation; None before it exists."""
        _, key = self.beside.keys((self.frame, self.wrong), name, self.index if index is None else index)
        return None if key is None else self.wrong[key]

    def differs(self, name: str, index: int | None = None) -> Array | None:
        """Which numbers of a variable differ, now or after another operation; None where none do or it has no value."""
        index = self.index if index is None else index
        if (name, index) not in self._differs:
            keys = self.beside.keys((self.frame, self.wrong), name, index)
            where = None
            if keys[0] is not None and keys[1] is not None:
                where = self.beside.differing(np.asarray(self.frame[keys[0]]), np.asarray(self.wrong[keys[1]]))
            if where is not None and self.missing is not None and name == self._current:
                where = where & ~self.missing
            self._differs[name, index] = where if where is not None and where.any() else None
        return self._differs[name, index]

    @cached_property
    def first(self) -> Divergence | None:
        """The first number of the run that differs, up to here."""
        first = self.beside.first(self.step)
        if (
            first is not None
            and first.step == self.step
            and self.missing is not None
            and self.missing[first.address.at]
        ):
            return None
        return first

    @property
    def first_here(self) -> Divergence | None:
        """The same, if it is in this iteration."""
        first = self.first
        return first if first is not None and self.beside.a.locate(first.step)[0] == self.iteration else None

    @cached_property
    def next_loss(self) -> float:
        """What the loss of the iteration's samples has become there, with the new parameters."""
        return self.wrong.program.loss_after(self.wrong)
