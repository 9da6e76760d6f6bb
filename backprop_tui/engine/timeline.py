"""The timeline: any step of a run at random.

What was computed is kept as long as it fits: whole iterations in a ring of recent ones, and every `stride`-th
iteration's starting values as a checkpoint from which the rest is replayed. Replay is bit-identical at a fixed number
of BLAS threads.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

from backprop_tui.engine.event import Event
from backprop_tui.engine.program import Frame, Program

RECENT_BYTES = 100_000_000
CHECKPOINT_BYTES = 300_000_000
STRIDE = 32  # iterations between checkpoints: replaying so many of 784-128-10 stays below 20 ms
ENTRY_BYTES = 120  # an ndarray's header and its place in a frame


class Timeline:
    """Events by step, computed when they are asked for. Steps count from 1 and step 0 is before anything ran."""

    def __init__(
        self, program: Program, recent_bytes: int = RECENT_BYTES, checkpoint_bytes: int = CHECKPOINT_BYTES
    ) -> None:
        self.program = program
        self.length = len(program.operations)
        written = [operation.shape for operation in program.operations]
        kept = [program.shapes[name] for name in program.carried]
        self.most_recent = max(2, recent_bytes // sum(8 * prod(s) + ENTRY_BYTES for s in written))
        self.most_checkpoints = max(4, checkpoint_bytes // max(1, sum(8 * prod(s) + ENTRY_BYTES for s in kept)))
        self.stride = STRIDE
        self.recent: OrderedDict[int, Frame] = OrderedDict()
        self.checkpoints: dict[int, Mapping[str, Any]] = {}

    def locate(self, step: int) -> tuple[int, int]:
        """The iteration of a step, from 1, and its operation's index, from 0; (1, -1) for step 0."""
        if step == 0:
            return 1, -1
        iteration, index = divmod(step - 1, self.length)
        return iteration + 1, index

    def step_at(self, iteration: int, index: int) -> int:
        """The step of an operation in an iteration."""
        return (iteration - 1) * self.length + index + 1

    def event(self, step: int) -> Event | None:
        """What happened at a step; None for step 0."""
        iteration, index = self.locate(step)
        if index < 0:
            return None
        return Event(step, iteration, self.program.operations[index], self.frame(iteration))

    def frame(self, iteration: int) -> Frame:
        """The values of an iteration, all of them."""
        for _ in self.reach(iteration):
            pass
        return self.recent[iteration]

    def reach(self, iteration: int) -> Iterator[int]:
        """Compute what is missing up to an iteration, yielding each iteration that was computed."""
        if iteration in self.recent:
            self.recent.move_to_end(iteration)
            return
        at, frame = self._nearest(iteration)
        while True:
            self._remember(at, self.program.fill(frame))
            yield at
            if at == iteration:
                return
            at, frame = at + 1, self.program.following(frame)

    def _nearest(self, iteration: int) -> tuple[int, Frame]:
        """The latest iteration up to this one that can be started at once, and its frame."""
        if iteration - 1 in self.recent:
            return iteration, self.program.following(self.recent[iteration - 1])
        recent = max((i for i in self.recent if i < iteration), default=0)
        checkpoint = max((i for i in self.checkpoints if i <= iteration), default=1)
        if recent >= checkpoint:
            return recent + 1, self.program.following(self.recent[recent])
        if checkpoint in self.checkpoints:
            return checkpoint, self.program.resumed(checkpoint, self.checkpoints[checkpoint])
        return 1, self.program.first()

    def _remember(self, iteration: int, frame: Frame) -> None:
        self.recent[iteration] = frame
        if len(self.recent) > self.most_recent:
            self.recent.popitem(last=False)
        if iteration % self.stride == 1 and iteration > 1 and iteration not in self.checkpoints:
            self.checkpoints[iteration] = {name: frame[name] for name in self.program.carried}
            if len(self.checkpoints) > self.most_checkpoints:
                self.stride *= 2
                self.checkpoints = {i: c for i, c in self.checkpoints.items() if i % self.stride == 1}
