"""Per-sample gradients beside their reduction: what each sample of the batch adds to a gradient."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import msgspec
import numpy as np

from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.debugger.basics.value_now import not_yet
from backprop_tui.engine.program.operation import QUIET, Operation
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.sensitivity.sample_shares import Share, ShareError, share
from backprop_tui.engine.statements.variable import Role
from backprop_tui.formula.language.tree import Tree, names
from backprop_tui.formula.values.compile import compiled
from backprop_tui.text import clean

Array = np.ndarray
TOGETHER = "a batch norm ties the samples together: a share is not the gradient of that sample's loss alone"


class PerSample(msgspec.Struct, frozen=True, eq=False, dict=True):
    """The shares of the samples in one gradient, and `rest`, which belongs to no sample; together they add up to it.

    The n-th share, counted from 0, is an array of the gradient's shape. `together` says whether a batch norm ties the
    samples, so that a share is not the gradient of that sample's loss alone.
    """

    operation: Operation
    parts: Share
    values: dict[str, Any]
    samples: int
    together: bool

    def __len__(self) -> int:
        return self.samples

    def __getitem__(self, sample: int) -> Array:
        if not 0 <= sample < self.samples:
            raise IndexError(f"there is no sample {sample}: the batch has {self.samples}")
        found: Array = self._of_sample(self.values_of(sample))
        return found

    def __iter__(self) -> Iterator[Array]:
        return map(self.__getitem__, range(self.samples))

    def values_of(self, sample: int) -> dict[str, Any]:
        """What the formula of a share reads."""
        return self.values | {self.parts.sample: np.float64(sample)}

    @property
    def tree(self) -> Tree:
        """The formula of a share, in which `s` is the sample."""
        return self.parts.of_sample

    @property
    def rest(self) -> Array | None:
        """What belongs to no sample, such as a penalty's part; None where everything does."""
        return None if self.parts.rest is None else QUIET(compiled(self.parts.rest))(self.values)

    @cached_property
    def _of_sample(self) -> Any:
        return QUIET(compiled(self.parts.of_sample))


def per_sample(moment: Moment, typed: str) -> PerSample:
    """The shares in a gradient, or in that of a parameter, at a moment. Raises ShareError."""
    program = moment.program
    resolved = program.symbols.resolve(typed) or ""
    name = program.gradients.get(resolved, resolved)
    known = summed_gradients(program)
    if name not in known:
        listed = ", ".join(known) or "none"
        raise ShareError(f"'{clean(typed, 40)}' is not summed over samples (these are: {listed})")
    operation = program.by_name[name]
    if operation.index > moment.index:
        raise ShareError(not_yet(name, program, moment.timeline, moment.iteration))
    steps = {o.name: o.tree for o in program.operations if o.variable.role is Role.PART}
    parts = share(operation, program.sample_axes, moment.samples, steps)
    read = dict.fromkeys([*names(parts.of_sample), *(names(parts.rest) if parts.rest else ())])
    keys = {each: operation.keys.get(each) or program.key(each, operation.index) or each for each in read}
    values = {each: moment.frame[keys[each]] for each in read if each != parts.sample}
    return PerSample(operation, parts, values, moment.samples, _is_together(program, operation.variable.block))


def summed_gradients(program: Program) -> list[str]:
    """The gradients of what an iteration starts from: sums over the samples, but for that of the inputs."""
    start = program.start
    return [operation.name for operation in program.operations if operation.variable.wrt in start]


def _is_together(program: Program, block: int) -> bool:
    """Whether the samples meet between a layer's parameters and L, as they do in the mean of a batch norm."""
    axes = program.sample_axes
    means = (o for o in program.operations if o.variable.role is Role.NORMALISATION and o.variable.block >= block)
    return any(o.name not in axes and any(name in axes for name in o.reads) for o in means)
