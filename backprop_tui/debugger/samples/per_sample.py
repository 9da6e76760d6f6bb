"""Per-sample gradients beside their reduction: what each sample of the batch adds to a gradient."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import msgspec
import numpy as np

from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.program import QUIET, Operation
from backprop_tui.engine.sensitivity.sample_shares import SAMPLE, Share, ShareError, sample_axes, share
from backprop_tui.formula.language.tree import Tree, names
from backprop_tui.formula.values.compile import compiled
from backprop_tui.text import clean

Array = np.ndarray
GRADIENT = "dL_d"
TOGETHER = "a batch norm ties the samples together: a share is no gradient of that sample's loss alone"


class PerSample(msgspec.Struct, frozen=True, eq=False, dict=True):
    """The shares of the samples in one gradient, and `rest`, which is no sample's; together they add up to it.

    The n-th share, counted from 0, is an array of the gradient's shape. `together` says whether a batch norm ties the
    samples, so that a share is no gradient of that sample's loss alone.
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
        return self.values | {SAMPLE: np.float64(sample)}

    @property
    def tree(self) -> Tree:
        """The formula of a share, in which `s` is the sample."""
        return self.parts.of_sample

    @property
    def rest(self) -> Array | None:
        """What is no sample's, such as a penalty's part; None where all is."""
        return None if self.parts.rest is None else QUIET(compiled(self.parts.rest))(self.values)

    @cached_property
    def _of_sample(self) -> Any:
        return QUIET(compiled(self.parts.of_sample))


def per_sample(moment: Moment, typed: str) -> PerSample:
    """The shares in a gradient, or in that of a parameter, at a moment. Raises ShareError."""
    program = moment.program
    name = program.symbols.resolve(typed) or ""
    name = name if name.startswith(GRADIENT) else f"{GRADIENT}{name}"
    operation = program.by_name.get(name)
    if operation is None or not operation.stage.startswith("gradients"):
        known = ", ".join(o.name for o in program.operations if o.stage.startswith("gradients"))
        raise ShareError(f"'{clean(typed, 40)}' is no gradient of a parameter (there are {known or 'none'})")
    if operation.index > moment.index:
        raise ShareError(f"{name} is not computed yet")
    parts = share(operation, sample_axes(program), moment.samples)
    read = dict.fromkeys([*names(parts.of_sample), *(names(parts.rest) if parts.rest else ())])
    values = {each: moment.frame[operation.keys[each]] for each in read if each != SAMPLE}
    return PerSample(operation, parts, values, moment.samples, _is_together(program.network, int(operation.stage[9:])))


def _is_together(network: Network, layer: int) -> bool:
    """Whether the samples meet in a batch norm between a layer's parameters and L."""
    return any(one.norm == "batch" for one in network.layers[layer - 1 :])
