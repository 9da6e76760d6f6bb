"""Stepping into an operation: its value an element at a time, row by row, into the operation after it or before it."""

from math import prod

import numpy as np

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.moving.task import Outcome, Slices, Task
from backprop_tui.engine.timeline.timeline import Timeline

MOST_ELEMENTS = 1_000_000  # that one command goes through


class Stepping:
    """The part of a debugger with a cursor inside of the current operation.

    `element` counts from 0; it is None where all of the operation is there, as after any other move. What comes after
    it is not computed yet.
    """

    timeline: Timeline
    step: int
    element: int | None
    selection: Address | None

    def seek(self, position: str | int) -> None:
        """Go to a step or a readable position."""
        raise NotImplementedError

    def into(self, count: int = 1, *, back: bool = False) -> None:
        """So many elements on, from the first one where all is there, into the operations that follow; or `back`.

        The element is the selection then. Before the first element of all is step 0.
        """
        outcome = self.going_into(count, back=back).finish()
        self.enter(outcome.step or 0, outcome.element)

    def enter(self, step: int, element: int | None) -> None:
        """Be at an element of the operation of a step, which is the selection then; at all of it where that is None."""
        self.seek(step)
        event = self.timeline.event(step)
        if element is not None and event is not None:
            own = np.shape(event.value)
            self.element = min(element, prod(own) - 1)
            self.selection = Address(event.name, tuple(map(int, np.unravel_index(self.element, own))))

    def leave(self) -> None:
        """Have all of the operation."""
        self.element = None

    def going_into(self, count: int = 1, *, back: bool = False) -> Task:
        """`into` as a task."""
        goal = self.step
        count = min(count, MOST_ELEMENTS)

        def slices() -> Slices:
            step, left = self.step, count
            if left <= 0:
                return Outcome(step, element=self.element)
            size = self._size(step)
            if back:
                place = size if self.element is None else self.element
                while step and place < left:
                    left -= place
                    step -= 1
                    place = self._size(step)
                    yield self.timeline.locate(step)[0]
                return Outcome(step, element=place - left if step else None)
            place = -1 if self.element is None else self.element
            while place + left >= size:
                left -= size - 1 - place
                step += 1
                place, size = -1, self._size(step)
                yield self.timeline.locate(step)[0]
            return Outcome(step, element=place + left)

        here = self.timeline.locate(goal)[0]
        return Task(slices(), lambda _: Outcome(self.step, element=self.element), start=here, goal=here + 1)

    def _size(self, step: int) -> int:
        """How many elements an operation has; 0 before any."""
        event = self.timeline.event(step)
        return 0 if event is None else int(np.size(event.value))
