"""Losses, a row each, as formulas of `y_hat` and `y`.

`reduce(…)` becomes the mean or the sum that the scenario asks for, over every element or, with `over="samples"`, as a
sum over the outputs that is averaged over the samples. Their derivatives are not written down: they follow from the
primitives.

A stable row holds for one output activation: the loss from the logit `z`, and ∂L/∂z before the reduction's weight. Both
equal the textbook forms in exact arithmetic and stay finite where those do not.
"""

from typing import Any, Literal

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike

from backprop_tui.formula.primitives import Primitive, define


class Stable(Struct, frozen=True):
    """The forms to compute with, behind one output activation."""

    loss: str
    delta: str


class Loss(Struct, frozen=True):
    """A row; `targets` and `outputs` are the closed ranges that it accepts, None for any; `among` lists all targets."""

    name: str
    formula: str
    over: Literal["elements", "samples"] = "elements"
    short: str = ""
    targets: tuple[float, float] | None = None
    outputs: tuple[float, float] | None = None
    among: tuple[float, ...] = ()
    stable: dict[str, Stable] = {}

    def accepts(self, targets: ArrayLike) -> Any:
        """Which targets it is defined for: truth values of the same shape."""
        if self.among:
            return np.isin(targets, self.among)
        low, high = self.targets or (-np.inf, np.inf)
        return (low <= np.asarray(targets)) & (np.asarray(targets) <= high)

    @property
    def wanted(self) -> str:
        """The targets that it is defined for, in words."""
        if self.among:
            return " or ".join(f"{target:g}" for target in self.among)
        low, high = self.targets or (-np.inf, np.inf)
        return f"{low:g} to {high:g}"


ROWS = (
    Loss(
        "binary-cross-entropy",
        "-reduce(y * log(y_hat) + (1 - y) * log(1 - y_hat))",
        short="BCE",
        targets=(0, 1),
        outputs=(0, 1),
        stable={"sigmoid": Stable("reduce(max(z, 0) - z * y + log1p(exp(-abs(z))))", "y_hat - y")},
    ),
    Loss("mean-squared-error", "reduce((y_hat - y) ** 2)", short="MSE"),
    Loss("sum-squared-error", "reduce((y_hat - y) ** 2)", over="samples", short="SSE"),
    Loss("half-squared-error", "0.5 * reduce((y_hat - y) ** 2)", over="samples", short="½SE"),
    Loss("mean-absolute-error", "reduce(abs(y_hat - y))", short="MAE"),
    Loss(
        "huber",
        "reduce(where(abs(y_hat - y) <= 1, 0.5 * (y_hat - y) ** 2, abs(y_hat - y) - 0.5))",
        short="Huber",
    ),
    Loss("hinge", "reduce(max(0, 1 - y * y_hat))", short="hinge", among=(-1, 1)),
)

# (over, reduction) -> what `reduce(a)` becomes, and what that divides each element's share by
REDUCTIONS = {
    ("elements", "mean"): ("mean(a)", "size(y)"),
    ("elements", "sum"): ("sum(a)", "1"),
    ("samples", "mean"): ("sum(a) / samples(y)", "samples(y)"),
    ("samples", "sum"): ("sum(a)", "1"),
}
# stands in the rows until a scenario's reduction takes its place; it cannot run
REDUCE = define(Primitive("reduce", numpy="reduce"))

LOSSES = {row.name: row for row in ROWS}
