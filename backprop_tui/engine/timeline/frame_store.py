"""What is kept of a run: recent iterations whole, and checkpoints from which the rest is replayed.

One store serves all branches of a run, so its budget is a total, and what branches have in common is stored once. A
lineage is a number that stands for the edits that an iteration comes from; 0 stands for none.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from math import prod
from typing import Any

import numpy as np

from backprop_tui.engine.program.edit import Edit
from backprop_tui.engine.program.program import Frame, Program

ENTRY_BYTES = 120  # an ndarray's header and its place in a frame
STRIDE = 32  # iterations between checkpoints: replaying that many of 784-128-10 takes less than 20 ms
# Few iterations that outgrow the processor's cache are kept: for each one kept, the next is written to cold memory,
# which costs a third of the time to compute it.
LARGE = 500_000  # bytes
FEW = 8
MOST_EDITIONS = 64  # programs with edits, kept compiled; one that has gone is made again when it is needed

Home = tuple[int, int]  # a lineage and an iteration


class Store:
    """Frames and checkpoints by lineage and iteration, within a budget in bytes for each.

    `told` is called with each iteration that was computed.
    """

    def __init__(self, program: Program, recent_bytes: int, checkpoint_bytes: int) -> None:
        own = [np.shape(value) for value in program.entering(1).values()]  # a batch's samples, masks, counters
        written = [*own, *(operation.shape for operation in program.operations)]
        kept = [program.shapes[name] for name in program.carried]
        self.program = program
        size = sum(8 * prod(s) + ENTRY_BYTES for s in written)
        most = recent_bytes // size
        self.most_recent = max(2, most if size < LARGE else min(most, FEW))
        self.most_checkpoints = max(4, checkpoint_bytes // max(1, sum(8 * prod(s) + ENTRY_BYTES for s in kept)))
        self.stride = STRIDE
        self.told: Callable[[Home, Frame], None] = _nobody
        self.recent: OrderedDict[Home, Frame] = OrderedDict()
        self.checkpoints: dict[Home, Mapping[str, Any]] = {}
        self.furthest: dict[int, int] = {}  # the last iteration of a lineage that was ever computed
        # by lineage, and whether there are edits between operations; what was used longest ago comes first
        self.editions: OrderedDict[tuple[int, bool], Program] = OrderedDict()
        self._lineages: dict[tuple[int, tuple[Edit, ...]], int] = {}
        self._numbers = count(1)

    def lineage(self, before: int, edits: tuple[Edit, ...]) -> int:
        """The lineage that some edits make after those of another lineage; the same edits give the same number."""
        key = before, edits
        if key not in self._lineages:
            self._lineages[key] = next(self._numbers)
        return self._lineages[key]

    def edition(self, key: tuple[int, bool], make: Callable[[], Program]) -> Program:
        """The program of a lineage, made if it is not there yet."""
        if key not in self.editions:
            self.editions[key] = make()
            if len(self.editions) > MOST_EDITIONS:
                self.editions.popitem(last=False)
        self.editions.move_to_end(key)
        return self.editions[key]

    def remember(self, home: Home, frame: Frame) -> None:
        """Keep an iteration that was computed, and drop what was looked at longest ago."""
        lineage, iteration = home
        self.recent[home] = frame
        self.told(home, frame)
        if len(self.recent) > self.most_recent:
            self.recent.popitem(last=False)
        if iteration > self.furthest.get(lineage, 0):
            self.furthest[lineage] = iteration
        if iteration % self.stride == 1 and iteration > 1 and home not in self.checkpoints:
            self.checkpoints[home] = {name: frame[name] for name in self.program.carried}
            while len(self.checkpoints) > self.most_checkpoints:
                self.stride *= 2
                self.checkpoints = {home: c for home, c in self.checkpoints.items() if home[1] % self.stride == 1}

    def keep(self, lineages: Iterable[int]) -> None:
        """Drop everything that does not belong to one of these lineages."""
        living = set(lineages)
        for kept in (self.recent, self.checkpoints):
            for home in [home for home in kept if home[0] not in living]:
                del kept[home]
        for lineage in self.furthest.keys() - living:
            del self.furthest[lineage]
        for key in [key for key in self.editions if key[0] not in living]:
            del self.editions[key]
        self._lineages = {key: number for key, number in self._lineages.items() if number in living}


def _nobody(_: Home, __: Frame) -> None:
    """Called with each iteration where nobody asked to be notified."""
