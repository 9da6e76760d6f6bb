"""Stepping into an operation: its value an element at a time, row by row, into the operation after it or before it."""

from backprop_tui.debugger.basics.cursor import Cursor
from backprop_tui.debugger.moving.task import Outcome, Slices, Task
from backprop_tui.engine.program.count import count_of

MOST_ELEMENTS = 1_000_000  # elements that one command goes through


def step_into(cursor: Cursor, count: int = 1, *, back: bool = False) -> Task:
    """On by some elements, into the operations that follow; from a whole operation, into its first; or `back`.

    Step 0 comes before the very first element. Raises ValueError for a negative count.
    """
    goal = cursor.step
    count = min(count_of("elements", count), MOST_ELEMENTS)

    def slices() -> Slices:
        step, left = cursor.step, count
        if left == 0:
            return Outcome(step, element=cursor.element)
        size = cursor.size(step)
        if back:
            place = size if cursor.element is None else cursor.element
            while step and place < left:
                left -= place
                step -= 1
                place = cursor.size(step)
                yield cursor.timeline.locate(step)[0]
            return Outcome(step, element=place - left if step else None)
        place = -1 if cursor.element is None else cursor.element
        while place + left >= size:
            left -= size - 1 - place
            step += 1
            place, size = -1, cursor.size(step)
            yield cursor.timeline.locate(step)[0]
        return Outcome(step, element=place + left)

    here = cursor.timeline.locate(goal)[0]
    return Task(slices(), lambda _: Outcome(cursor.step, element=cursor.element), start=here, goal=here + 1)
