"""How far rounding alone may move a value: what another order of the same additions, or another BLAS, gives.

The formulas that lead to it run again with every operation rounded in another way, the stable ones and those of the
textbook: a source may have computed either. What a run starts from is rounded too, as another type may hold it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from itertools import product
from typing import Any

import numpy as np

from backprop_tui.engine.program.operation import QUIET, Operation
from backprop_tui.engine.program.program import Frame, Program
from backprop_tui.engine.sensitivity.rounding import RUNS, Shaken, shaken
from backprop_tui.engine.training.update_statements import AS_OTHERS_HAVE_IT
from backprop_tui.formula.values.compile import compiled

Array = np.ndarray
Shake = Callable[[Any], Shaken]
Step = tuple[str, Callable[[Mapping[str, Any]], Any]]  # a key, and what computes it

NEAR = 16  # iterations that are run again from the start; what is further on grows from one iteration to the next
LARGE = 20_000  # numbers of an iteration: beyond that, fewer runs
FEW = 3  # runs, whose largest difference is about half of that of eight
FAR = 1e-7  # of a variable's largest number: rounding that moves one by more has perhaps made it jump
ALIKE = 0.01  # of a move: two runs that differ by less have both jumped to the same number
MORE = 3  # times as many runs, where there may be jumps


class ValueNoise:
    """How far rounding moves the values of some variables of an iteration; measured when it is first asked for."""

    def __init__(self, frame: Frame, names: Iterable[str]) -> None:
        self.frame = frame
        self.names = [name for name in dict.fromkeys(names) if name in frame.program.by_name]

    def of(self, name: str) -> Array:
        """How far rounding moves each number of a variable; the shape is that of its value.

        It counts √n times for sums of n terms, which grow no worse when they are added one by one (N. J. Higham,
        Accuracy and Stability of Numerical Algorithms, 2002, section 2.8). 0 where the other roundings give nothing
        finite. Raises KeyError for what is none of the variables.
        """
        return self._measured[0][name]

    def jumps(self, name: str) -> list[Array]:
        """What a variable is where rounding has some number fall on the other side of a kink or a step, in each run
        that showed one; nan for the numbers that did not jump. All between that and the value is out of reach.
        """
        return self._measured[1][name]

    def latitude(self, name: str) -> Array:
        """How far each number of a variable is from what it is with the formulas that others use in place of these."""
        return self._otherwise[name] if self._otherwise else np.zeros(self.frame.program.shapes[name])

    @cached_property
    @QUIET
    def _otherwise(self) -> dict[str, Array]:
        frame, program = self.frame, self.frame.program
        if not any(operation.tree in AS_OTHERS_HAVE_IT for operation in program.operations):
            return {}
        near = frame.iteration <= NEAR
        needed = program.above(self.names, carried=near and frame.iteration > 1)
        wanted = [operation for operation in program.operations if operation.name in needed]
        way: list[Step] = [(o.key, compiled(AS_OTHERS_HAVE_IT.get(o.tree, o.stable or o.tree), o.keys)) for o in wanted]
        values = (
            _from_the_start(program, way, wanted, frame.iteration) if near else _iteration(way, _read(wanted, frame))
        )
        growth = 1 if near else frame.iteration
        keys = {name: program.by_name[name].key for name in self.names}
        return {name: np.abs(np.asarray(values[key]) - np.asarray(frame[key])) * growth for name, key in keys.items()}

    @cached_property
    @QUIET
    def _measured(self) -> tuple[dict[str, Array], dict[str, list[Array]]]:
        frame, program = self.frame, self.frame.program
        near = frame.iteration <= NEAR
        needed = program.above(self.names, carried=near and frame.iteration > 1)
        wanted = [operation for operation in program.operations if operation.name in needed]
        textbook: list[Step] = [(o.key, compiled(o.tree, o.keys)) for o in wanted]
        ways = [textbook]
        if any(operation.stable is not None for operation in wanted):
            ways.append([(o.key, compiled(o.stable or o.tree, o.keys)) for o in wanted])
        runs = RUNS if sum(int(np.prod(o.shape)) for o in wanted) < LARGE else FEW
        true = {name: np.asarray(frame[program.by_name[name].key]) for name in self.names}
        off: dict[str, Array] = {}

        def run(way: Sequence[Step], seed: int) -> dict[str, Array]:
            shake = partial(shaken, random=np.random.default_rng(seed))
            if near:
                values = _from_the_start(program, way, wanted, frame.iteration, shake)
            else:
                values = _iteration(way, _read(wanted, frame), shake)
            return {name: np.asarray(values[program.by_name[name].key]) for name in true}

        found = [run(way, seed) for way, seed in product(ways, range(runs))]
        if any(
            np.any(np.abs(one[name] - true[name]) > FAR * np.abs(true[name]).max()) for one in found for name in true
        ):
            found += [run(way, seed) for way, seed in product(ways, range(runs, MORE * runs))]
        jumps: dict[str, list[Array]] = {}
        for name, value in true.items():
            off[name], jumps[name] = _spread(np.array([one[name] for one in found]), value)
        terms = max((max(program.shapes[each.name], default=1) for each in wanted), default=1)
        growth: float = np.sqrt(terms) * (1 if near else frame.iteration) * (1 if runs == RUNS else 2)
        return {name: own * growth for name, own in off.items()}, jumps


def _spread(runs: Array, value: Array) -> tuple[Array, list[Array]]:
    """How far the runs move each number of a value, and the numbers to which it jumps in them, nan where it does not.

    A number that rounding moves far, and to just the same place more than once, has jumped there: what it is made of
    has fallen on the other side of a kink. Where it only spreads, no two runs are the same.
    """
    moved = np.abs(runs - value)
    moved[~np.isfinite(moved)] = 0.0
    far = moved > FAR * np.abs(value).max()
    jumps: list[Array] = []
    for place in np.flatnonzero(far.any(axis=tuple(range(1, far.ndim)))) if far.any() else ():
        beside = np.abs(np.delete(runs, place, axis=0) - runs[place]).min(axis=0)
        jumped = far[place] & (beside < ALIKE * moved[place])
        if jumped.any():
            jumps.append(np.where(jumped, runs[place], np.nan))
            moved[place] = np.where(jumped, beside, moved[place])
    return moved.max(axis=0), jumps


def _from_the_start(
    program: Program,
    way: Sequence[Step],
    wanted: Sequence[Operation],
    iteration: int,
    shake: Shake | None = None,
) -> Mapping[str, Any]:
    """The values of an iteration, from those that the first one starts with."""
    values = _iteration(way, _read(wanted, program.first()), shake)
    for at in range(2, iteration + 1):
        own = _read(wanted, program.resumed(at, ()))
        carried = {o.name: values[o.key] for o in wanted if o.key != o.name}
        values = _iteration(way, own | carried, shake)
    return values


def _read(wanted: Sequence[Operation], frame: Frame) -> dict[str, Any]:
    """What some operations read and none of them writes."""
    written = {operation.key for operation in wanted}
    return {key: frame[key] for o in wanted for key in o.keys.values() if key not in written}


def _iteration(way: Sequence[Step], start: Mapping[str, Any], shake: Shake | None = None) -> dict[str, Any]:
    """The values of an iteration; with `shake`, everything is rounded at random."""
    values: dict[str, Any] = dict(start) if shake is None else {key: shake(start[key]).as_held() for key in start}
    for key, function in way:
        values[key] = function(values) if shake is None else shake(function(values))
    return values
