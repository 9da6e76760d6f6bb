"""An edit: one number of a run that a person set to a different value; and the version of a value that it makes."""

import msgspec
import numpy as np

from backprop_tui.formula.values.element import Shape

Array = np.ndarray
Place = tuple[int, int]  # an iteration, from 1, and the index of the operation that it follows: -1 is before the first


class Edit(msgspec.Struct, frozen=True):
    """The number at `at` in the variable `name` is `value` from a step on: what runs after that step reads it.

    With `entering`, the edit belongs to the iteration that follows the step and is made before any of it has run.
    """

    step: int
    name: str
    at: Shape
    value: float
    entering: bool = False

    @property
    def address(self) -> str:
        """What was edited, in ASCII: `W1[0,1]`."""
        return self.name + (f"[{','.join(map(str, self.at))}]" if self.at else "")

    def place(self, length: int) -> Place:
        """Where it stands among the operations of an iteration, of which there are `length`."""
        if self.entering or self.step == 0:
            return self.step // length + 1, -1
        iteration, index = divmod(self.step - 1, length)
        return iteration + 1, index

    def of(self, value: Array) -> Array:
        """A value with the edit made, as a read-only copy. If `at` lies outside a smaller batch, nothing is changed."""
        if not self.at:
            return np.float64(self.value)  # type: ignore[return-value]
        if any(place >= extent for place, extent in zip(self.at, value.shape, strict=True)):
            return value
        copy = value.copy()
        copy[self.at] = self.value
        copy.setflags(write=False)
        return copy


class Version(msgspec.Struct, frozen=True):
    """What an edit between two operations makes: after the operation at `index`, the value under `old` is there under
    `key` with the edit in it. `of` is the key that the value had before any edit.

    `stale` has the operations up to that point that were computed from the old value, directly or not: a stable formula
    that jumps over them is no longer equal to its textbook formula.
    """

    edit: Edit
    index: int
    of: str
    old: str
    key: str
    stale: frozenset[str]
