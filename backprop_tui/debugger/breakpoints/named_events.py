"""Named events, a row each: an expression that can be read, at an operation of each layer, and a threshold."""

import math
from collections.abc import Callable, Iterator

import msgspec

from backprop_tui.debugger.expressions.named_quantities import activations, outputs
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.tables.activations import Activation

BEFORE = "_before"  # after a name: its value in the iteration before


class Happening(msgspec.Struct, frozen=True):
    """A row. In `expression`, `{value}` is the operation that is looked at, `{low}` and `{high}` the range of its
    layer's activation and `{range}` its extent. `at` says which operations are looked at.

    With `origin` it happens only where it is not so of something that the operation read.
    """

    name: str
    says: str
    expression: str
    at: Callable[[Program], list[str]]
    threshold: float | None = None
    origin: bool = False

    def tests(self, program: Program, threshold: float | None) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Each operation that is looked at, the condition there, and those that must not hold of what it read."""
        limit = self.threshold if threshold is None else threshold
        ranges = _ranges(program)
        for name in self.at(program):
            low, high = ranges.get(name, (0.0, 1.0))
            words = {"threshold": limit, "low": low, "high": high, "range": high - low}
            read = tuple(program.by_name[name].keys) if self.origin else ()
            unless = tuple(self.expression.format(value=other, **words) for other in read)
            yield name, self.expression.format(value=name, **words), unless


def _ranges(program: Program) -> dict[str, tuple[float, float]]:
    return {name: row.output for name, row in activations(program)}


def _everything(program: Program) -> list[str]:
    return list(program.by_name)


def _bounded(row: Activation) -> bool:
    return all(map(math.isfinite, row.output)) and not row.jacobian  # most shares of a softmax are near 0 anyway


def _gradients(program: Program) -> list[str]:
    return [program.gradients[name] for name in program.parameters if name in program.gradients]


def _weights(program: Program) -> list[str]:
    return [name for name in _gradients(program) if program.variables[name].kind == "W"]


ROWS = (
    Happening("nonfinite", "a value is NaN or infinite, though nothing that it was computed from is",
              "not all(isfinite({value}))", _everything, origin=True),
    Happening("dead-relu", "units of a layer with ReLU are 0 for every sample, as many as the threshold",
              "sum(sum_samples({value}) == 0) >= {threshold:g}",
              lambda program: outputs(program, lambda row: row.off), 1),
    Happening("saturated", "more than half of a layer's outputs are within this share of an end of their range",
              "mean(min({value} - {low:g}, {high:g} - {value}) < {threshold:g} * {range:g}) > 0.5",
              lambda program: outputs(program, _bounded), 0.02),
    Happening("vanishing", "the gradient of a layer's weights is shorter than the threshold",
              "norm({value}) < {threshold:g}", _weights, 1e-7),
    Happening("exploding", "a gradient is longer than the threshold",
              "norm({value}) > {threshold:g}", _gradients, 1000),
    Happening("loss-rises", "the loss is greater than in the iteration before, by more than the threshold",
              "{value} > {value}" + BEFORE + " + {threshold:g}", lambda _: ["L"], 0),
    Happening("published-mismatch", "the source printed a different value", "", lambda _: []),
)  # fmt: skip
HAPPENINGS = {row.name: row for row in ROWS}
