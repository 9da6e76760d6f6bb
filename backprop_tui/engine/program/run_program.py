"""A program run from its start."""

from collections.abc import Iterator

from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.program import Frame, Program


def run(program: Program, iterations: int) -> Iterator[Event]:
    """One event per operation, for the given number of iterations.

    Events are views of a frame. A frame is computed when the first of its values is looked at, or after its last event:
    by then a caller that looks at one event at a time has let go of the frame before, whose memory is reused.
    """
    frame: Frame | None = None
    operations = program.operations
    step = 0
    for iteration in range(1, iterations + 1):
        frame = program.following(frame) if frame else program.first()
        for operation in operations:
            step += 1
            yield Event(step, iteration, operation, frame)
