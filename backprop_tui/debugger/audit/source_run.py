"""The source's own run: what it printed, put in the place of what is computed, and what follows from that.

The source computed on with the printed number itself, or with one that had more digits than it printed. So a value has
several readings, and what comes after it may have been computed from any of them.
"""

from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Any

import msgspec
import numpy as np

from backprop_tui.engine.network.network import Array
from backprop_tui.engine.program.on_demand import textbook
from backprop_tui.engine.program.program import Frame, Program
from backprop_tui.formula.language.tree import Name

MOST = 64  # combinations of readings that are tried: they multiply with every printed value
NEAR = 1e-12  # relative: numbers that differ by less are the same


class Reading(msgspec.Struct, frozen=True, eq=False):
    """What a variable was in the source; it `departs` where that is not what is computed."""

    value: Array
    departs: bool

    @classmethod
    def of(cls, value: Array, computed: Array) -> "Reading":
        """A value beside the computed one."""
        return cls(value, not np.allclose(value, computed, rtol=NEAR, atol=0, equal_nan=True))


class World(msgspec.Struct, frozen=True, eq=False):
    """An iteration with some readings in it, computed on demand by the textbook formulas.

    `departing` are the variables whose readings depart, which is what a value in it follows from. `pins` are the keys
    of the readings.
    """

    frame: Frame
    departing: tuple[str, ...]
    pins: frozenset[str] = frozenset()


class Start(msgspec.Struct, frozen=True, eq=False):
    """What an iteration starts from: the values carried into it, and what was printed that they follow from.

    `place` is that of the readings which the source went on with, None for the right run.
    """

    carry: dict[str, Any]
    departing: tuple[str, ...] = ()
    place: int | None = None


class Source:
    """The readings of what a source printed, iteration by iteration, in the order of the run."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.textbook = textbook(program)
        self.iteration = 0
        self._readings: dict[str, list[Reading]] = {}  # of the iteration that is read, the likeliest first
        self._told: dict[str, str] = {}  # what was printed of a variable under another name
        self._starts: list[Start] = []
        self._before: frozenset[str] = frozenset()  # what was read in the iteration before

    def enter(self, frame: Frame) -> None:
        """Go on to an iteration, given with its right values. The source may have gone on with what it printed."""
        right = Start({name: frame[name] for name in self.program.carried})
        going_on = [self._gone_on(place, frame.iteration) for place in (0, -1)] if self._starts else []
        self._before = frozenset(self._readings if self.iteration == frame.iteration - 1 else ())
        self.iteration, self._readings, self._told = frame.iteration, {}, {}
        self._starts = [right, *(start for start in going_on if start is not None and not _same(start, right))]

    def read(self, name: str, readings: list[Reading]) -> None:
        """What a variable of this iteration was in the source, the likeliest reading first and as printed last."""
        self._readings[name] = readings
        match self.textbook.by_name[name].tree:  # of one sample, ∂L/∂b is δ under another name
            case Name(same) if same in self.textbook.by_name and same not in self._readings:
                self._readings[same], self._told[same] = readings, name

    def departs(self, name: str) -> bool:
        """Whether a variable was read in this iteration as something else than what is computed."""
        return any(reading.departs for reading in self._readings.get(name, ()))

    def worlds(self, name: str) -> Iterator[World]:
        """What the source may have computed a value from, with few departures first; the right run is not among it."""
        near, _ = self.nearest(name)
        pins = frozenset(self.textbook.by_name[other].key for other in near)
        choices = islice(product(self._starts, product(*(self._readings[other] for other in near))), MOST)
        for start, readings in sorted(choices, key=_departures):
            both = zip(near, readings, strict=True)
            departing = tuple(self._told.get(other, other) for other, reading in both if reading.departs)
            if start.departing or departing:
                values = {other: reading.value for other, reading in zip(near, readings, strict=True)}
                yield World(self._frame(start, values), departing or start.departing, pins)

    def nearest(self, name: str) -> tuple[list[str], frozenset[str]]:
        """What was printed and a value comes from, with nothing printed between them; and what is between them."""
        found: dict[str, None] = {}
        waiting, seen = [name], {name}
        while waiting:
            for key in self.textbook.by_name[waiting.pop()].keys.values():
                before = self.textbook.by_key.get(key)
                if before is None and key in self.program.carried and key not in self._before and self.iteration > 1:
                    seen |= self.program.above(self.program.carried)  # the iterations before
                if before is None or before.name in seen:
                    continue
                seen.add(before.name)
                if before.name in self._readings:
                    found[before.name] = None
                else:
                    waiting.append(before.name)
        return list(found), frozenset(seen.difference(found))

    def _frame(self, start: Start, values: Mapping[str, Array]) -> Frame:
        frame = self.textbook.resumed(self.iteration, start.carry)
        frame.update({self.textbook.by_name[name].key: value for name, value in values.items()})
        return frame

    def _gone_on(self, place: int, iteration: int) -> Start | None:
        """What an iteration starts from where the source computed on with such readings; None where that is right."""
        start = next((one for one in self._starts if one.place == place), self._starts[0])
        readings = {name: found[place] for name, found in self._readings.items()}
        departing = [name for name, reading in readings.items() if reading.departs]
        if not (departing or start.departing):
            return None
        frame = self._frame(start, {name: reading.value for name, reading in readings.items()})
        program: Program = self.textbook
        for at in range(self.iteration + 1, iteration):
            frame = self.program.fill(self.program.resumed(at, _left(program, frame)))
            program = self.program
        carried = tuple(name for name in departing if name in self.program.carried)
        return Start(_left(program, frame), carried or tuple(departing) or start.departing, place)


def _left(program: Program, frame: Frame) -> dict[str, Any]:
    """What an iteration leaves for the next."""
    return {name: frame[program.by_name[name].key] for name in program.carried}


def _same(one: Start, other: Start) -> bool:
    return all(np.array_equal(value, other.carry[name], equal_nan=True) for name, value in one.carry.items())


def _departures(choice: tuple[Start, tuple[Reading, ...]]) -> int:
    start, readings = choice
    return bool(start.departing) + sum(reading.departs for reading in readings)
