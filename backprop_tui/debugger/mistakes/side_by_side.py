"""Another run beside the right one, with the same edits: with a classic mistake in the program, or of a variant."""

from functools import cached_property
from typing import Any

import numpy as np

from backprop_tui.debugger.mistakes.scenario_variant import Variant
from backprop_tui.debugger.whatif.comparison import Comparison, Divergence
from backprop_tui.engine.mistakes.mistaken_program import Mistaken
from backprop_tui.engine.program.edit import Array
from backprop_tui.engine.program.operation import Operation
from backprop_tui.engine.program.program import Frame, Program
from backprop_tui.engine.timeline.timeline import Timeline

NEAR = 1e-12  # relative to a value's largest number: rounding of another way to compute the same is not a difference
MOST = 5000  # steps searched per call for the first difference, so that a key never waits for a long run


class Beside(Comparison):
    """The right run (a) and the one beside it (b), compared operation by operation, whatever their order.

    A variable that has no counterpart there, or one of another shape, is not compared.
    """

    def __init__(self, right: Timeline, wrong: Mistaken | Variant, step: int = 0) -> None:
        super().__init__(right, Timeline(wrong.program, edits=wrong.along(right.edits)), step)
        self.wrong = wrong
        self._found: Divergence | None = None
        self._clear = (self.part or 1) - 1  # the last step up to which nothing differs

    @property
    def name(self) -> str:
        """The mistake, or the changes of the variant."""
        return self.wrong.name

    @property
    def changes(self) -> tuple[str, ...]:
        """The changes of the variant; none where it is a mistake."""
        return self.wrong.changes if isinstance(self.wrong, Variant) else ()

    @property
    def is_mistake(self) -> bool:
        """Whether it is a mistake, and no variant."""
        return isinstance(self.wrong, Mistaken)

    @cached_property
    def part(self) -> int | None:
        """The first step at which the two compute something else."""
        return self.wrong.part

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
        """The other run at a step, whose iteration is given with its right values; `missing` as a moment has it."""
        return Side(self, step, frame, missing)

    def keys(self, frames: tuple[Frame, Frame], name: str, index: int) -> tuple[str | None, str | None]:
        right, wrong = frames[0].program, frames[1].program
        key = right.key(name, index)
        if key is None or name not in wrong.shapes:
            return key, None
        there = wrong.key(name, _index(right, wrong, name, index))
        alike = there is not None and np.shape(frames[0][key]) == np.shape(frames[1][there])
        return key, there if alike else None

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
    done = (operation.name for operation in reversed(right.operations[: index + 1]))
    here = next((wrong.by_name[one].index for one in done if one in wrong.by_name), -1)
    written, own = right.by_name.get(name), wrong.by_name.get(name)
    if written is None or own is None:
        return here
    return max(here, own.index) if written.index <= index else min(here, own.index - 1)


class Side:
    """The other run at a moment of the right one."""

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
        """The frame of the iteration there."""
        return self.beside.b.frame(self.iteration)

    def operation(self, name: str) -> Operation | None:
        """What computes a variable there; None where nothing does."""
        return self.wrong.program.by_name.get(name)

    def value(self, name: str, index: int | None = None) -> Any:
        """A variable's value there, now or after another operation; None before it exists or if its shape differs."""
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
