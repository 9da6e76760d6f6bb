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
from backprop_tui.engine.sensitivity.rounding import PART, RUNS, shaken
from backprop_tui.engine.training.update_statements import AS_OTHERS_HAVE_IT
from backprop_tui.formula.values.compile import compiled

Array = np.ndarray
Step = tuple[str, Callable[[Mapping[str, Any]], Any]]  # a key, and what computes it

NEAR = 16  # iterations that are run again from the start; what is further on grows from one iteration to the next
LARGE = 20_000  # numbers of an iteration: beyond that, fewer runs
FEW = 3  # runs, whose largest difference is about half of that of eight


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
        return self._measured[name]

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
    def _measured(self) -> dict[str, Array]:
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
        off = {name: np.zeros(value.shape) for name, value in true.items()}
        for way, seed in product(ways, range(runs)):
            random = np.random.default_rng(seed)
            if near:
                values = _from_the_start(program, way, wanted, frame.iteration, random)
            else:
                values = _iteration(way, _read(wanted, frame), random)
            for name, value in true.items():
                moved = np.abs(np.asarray(values[program.by_name[name].key]) - value)
                off[name] = np.maximum(off[name], np.where(np.isfinite(moved), moved, 0.0))
        terms = max((max(program.shapes[each.name], default=1) for each in wanted), default=1)
        growth: float = np.sqrt(terms) * (1 if near else frame.iteration) * (1 if runs == RUNS else 2)
        return {name: own * growth for name, own in off.items()}


def _from_the_start(
    program: Program,
    way: Sequence[Step],
    wanted: Sequence[Operation],
    iteration: int,
    random: "np.random.Generator | None" = None,
) -> Mapping[str, Any]:
    """The values of an iteration, from those that the first one starts with."""
    values = _iteration(way, _read(wanted, program.first()), random)
    for at in range(2, iteration + 1):
        own = _read(wanted, program.resumed(at, ()))
        carried = {o.name: values[o.key] for o in wanted if o.key != o.name}
        values = _iteration(way, own | carried, random)
    return values


def _read(wanted: Sequence[Operation], frame: Frame) -> dict[str, Any]:
    """What some operations read and none of them writes."""
    written = {operation.key for operation in wanted}
    return {key: frame[key] for o in wanted for key in o.keys.values() if key not in written}


def _iteration(
    way: Sequence[Step], start: Mapping[str, Any], random: "np.random.Generator | None" = None
) -> dict[str, Any]:
    """The values of an iteration; with `random`, everything is rounded at random."""
    if random is None:
        values = dict(start)
        for key, function in way:
            values[key] = function(values)
        return values
    shake = partial(shaken, random=random)
    values = {key: shake(_rounded(value, random)) for key, value in start.items()}
    for key, function in way:
        values[key] = shake(function(values))
    return values


def _rounded(value: Any, random: "np.random.Generator") -> Any:
    """A value as another type may have held it; whole numbers are the same in all of them."""
    plain = np.asarray(value)
    return np.where(plain == np.round(plain), plain, plain * (1 - PART + 2 * PART * random.random(plain.shape)))
