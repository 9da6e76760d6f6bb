"""Named events, a row each: an expression that can be read, at an operation of each layer, and a threshold."""

import math
from collections.abc import Callable, Iterator

import msgspec

from backprop_tui.debugger.expressions.named_quantities import outputs
from backprop_tui.engine.model.line_kinds import GATES, shares_axis
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Role, Variable
from backprop_tui.engine.tables.activations import Activation, activation_of

BEFORE = "_before"  # after a name: its value in the iteration before


class Happening(msgspec.Struct, frozen=True):
    """A row. In `expression`, `{value}` is the operation that is looked at, `{low}` and `{high}` the range of its
    activation and `{range}` its extent; `{peaks}` are the largest of shares that add up to 1, and `{last}` is the
    gradient of the last state that the gradient of a state comes from. `at` says which operations are looked at.

    With `origin` it happens only where it is not so of something that the operation read.
    """

    name: str
    says: str
    expression: str
    at: Callable[[Program], list[str]]
    threshold: float | None = None
    origin: bool = False
    signed: bool = False
    """Whether a threshold below 0 says anything."""

    def tests(self, program: Program, threshold: float | None) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Each operation that is looked at, the condition there, and those that must not hold of what it read."""
        limit = self.threshold if threshold is None else threshold
        for name in self.at(program):
            words = {"threshold": limit, **_words(name, program)}
            read = tuple(program.by_name[name].keys) if self.origin else ()
            unless = tuple(self.expression.format(value=other, **words) for other in read)
            yield name, self.expression.format(value=name, **words), unless


def _words(name: str, program: Program) -> dict[str, float | str]:
    """What an expression can say of an operation beside its value."""
    operation = program.by_name[name]
    row = activation_of(operation.tree)
    low, high = row.output if row is not None else (0.0, 1.0)
    largest = "max_units" if shares_axis(operation.tree, program.shapes) == -2 else "max_samples"
    return {"low": low, "high": high, "range": high - low, "peaks": f"{largest}({name})", "last": _last(name, program)}


def _everything(program: Program) -> list[str]:
    return list(program.by_name)


def _bounded(row: Activation) -> bool:
    return all(map(math.isfinite, row.output)) and not row.jacobian  # most shares of a softmax are near 0 anyway


def _gradients(program: Program) -> list[str]:
    return [program.gradients[name] for name in program.parameters if name in program.gradients]


def _weights(program: Program) -> list[str]:
    return [name for name in _gradients(program) if program.variables[name].kind in ("W", "weights", "kernel")]


def _lines(program: Program, *kinds: str) -> list[str]:
    """The lines of a model that are of some kinds."""
    return [o.name for o in program.operations if o.variable.role is Role.VALUE and o.variable.kind in kinds]


def _bent(program: Program) -> list[str]:
    """What functions give that are flat at both ends of their range."""
    lines = (o for o in program.operations if o.variable.role is Role.VALUE)
    found = [o.name for o in lines if (row := activation_of(o.tree)) is not None and _bounded(row)]
    return outputs(program, _bounded) + found


def _states(program: Program) -> list[str]:
    """The gradients of states to which later steps pass something back."""
    return [o.name for o in program.operations if _is_state(o.variable) and _last(o.name, program) != o.name]


def _is_state(variable: Variable) -> bool:
    return variable.role is Role.GRADIENT and variable.kind == "state"


def _last(name: str, program: Program) -> str:
    """The gradient of a state that a gradient comes from, of the same shape and the first that was computed; itself
    where there is none.
    """
    if not _is_state(program.variables[name]):
        return name
    above = program.above([name], carried=False)
    same = (o.name for o in program.operations if o.name in above and o.shape == program.shapes[name])
    return next((other for other in same if _is_state(program.variables[other])), name)


ROWS = (
    Happening("nonfinite", "a value is NaN or infinite, though nothing that it was computed from is",
              "not all(isfinite({value}))", _everything, origin=True),
    Happening("dead-relu", "units of a layer with ReLU are 0 for every sample, at least as many as the threshold",
              "sum(sum_samples({value}) == 0) >= {threshold:g}",
              lambda program: outputs(program, lambda row: row.off), 1),
    Happening("saturated", "more than half of an activation's outputs lie within this share of its range from an end",
              "mean(min({value} - {low:g}, {high:g} - {value}) < {threshold:g} * {range:g}) > 0.5",
              _bent, 0.02),
    Happening("vanishing", "the gradient of weights is shorter than the threshold",
              "norm({value}) < {threshold:g}", _weights, 1e-7),
    Happening("exploding", "a gradient is longer than the threshold",
              "norm({value}) > {threshold:g}", _gradients, 1000),
    Happening("vanishing-through-time", "the gradient of a state is no longer than this share of the last state's",
              "norm({value}) <= {threshold:g} * norm({last})", _states, 0.01),
    Happening("attention-collapsed", "more than half of those that attend give more than this share to one thing",
              "mean({peaks} > {threshold:g}) > 0.5", lambda program: _lines(program, "attention"), 0.98),
    Happening("gate-closed", "more than half of a gate's numbers are below the threshold",
              "mean({value} < {threshold:g}) > 0.5", lambda program: _lines(program, *GATES), 0.05),
    Happening("loss-rises", "the loss is greater than in the iteration before, by more than the threshold",
              "{value} > {value}" + BEFORE + " + {threshold:g}", lambda _: ["L"], 0, signed=True),
    Happening("published-mismatch", "the source printed a different value", "", lambda _: []),
)  # fmt: skip
HAPPENINGS = {row.name: row for row in ROWS}
