"""Losses, a row each, as formulas of `y_hat` and `y`, arrays (outputs, samples).

Definitions are PyTorch's where it has the loss; the paper that introduced one is named at its row.

`reduce(…)` becomes the mean or the sum that the scenario asks for, over every element or, with `over="samples"`, as a
sum over the outputs that is averaged over the samples. Their derivatives are not written down: they follow from the
primitives.

A stable row holds for one output activation: ∂L/∂z before the reduction's weight, and the loss from the logit `z` where
the textbook's can be infinite. They equal the textbook forms in exact arithmetic and stay finite.
"""

from typing import Any, Literal

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike

from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.engine.tables.meanings import Case, Meaning, Row
from backprop_tui.formula.language.algebra import build, put_in
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import Primitive, define
from backprop_tui.formula.language.tree import Call, Tree, names


class Stable(Struct, frozen=True):
    """The forms to compute with, behind one output activation, each with what is gained by it, as `which …`."""

    delta: str
    delta_gains: str
    loss: str = ""
    loss_gains: str = ""


class Loss(Struct, frozen=True):
    """A row; `targets` and `outputs` are the closed ranges that it accepts, None for any; `among` lists all targets.

    `behind` has the output activations that the loss can follow, each with its formula; if it is empty, the loss can
    follow any. With `one_hot`, a sample's targets are a 1 for its class and 0 for the others, or shares of 1. `kink`
    says which value ∂L/∂ŷ has where the slopes on the two sides differ. `meaning` is what is said of L; without it,
    only what holds for every loss is said. `torch` names PyTorch's function of ŷ, y and the reduction, where there is
    one. `short` is what the title calls it, in place of its name.
    """

    name: str
    formula: str
    behind: dict[str, str] = {}
    one_hot: bool = False
    over: Literal["elements", "samples"] = "elements"
    short: str = ""
    targets: tuple[float, float] | None = None
    outputs: tuple[float, float] | None = None
    among: tuple[float, ...] = ()
    stable: dict[str, Stable] = {}
    kink: str = ""
    meaning: Meaning | None = None
    torch: str = ""

    @property
    def has_targets(self) -> bool:
        """Whether it compares the output with anything."""
        return "y" in names(parse(self.formula))

    @property
    def takes(self) -> list[str]:
        """The activations whose values it is defined for."""
        low, high = self.outputs or (-np.inf, np.inf)
        fitting = [row.name for row in ACTIVATIONS.values() if low <= row.output[0] and row.output[1] <= high]
        return [*self.behind] or fitting

    def accepts(self, targets: ArrayLike) -> Any:
        """Which targets it is defined for: an array of truth values of the shape of `targets`."""
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


MOVED = (
    Case("ans < old", "L has fallen from {old} to {value}"),
    Case("ans > old", "L has risen from {old} to {value}"),
    Case("ans == old", "L is the same as in the iteration before: {value}"),
)
WRONG = "how wrong the prediction is: one number to make smaller"
DISTANCE = Meaning(
    Row(WRONG, one=(Case("ans == 0", "every prediction is exactly right, so nothing is left to learn"), *MOVED)),
    "the loss: how wrong the prediction is, one number that training makes smaller",
)
MARGIN = Meaning(
    Row(
        "how far the predictions are from being on the side of their targets by a margin of 1",
        one=(Case("ans == 0", "every prediction is on the right side, by a margin of 1 or more"), *MOVED),
    ),
    "the loss: how far the predictions are from the right side, with a margin of 1",
)
OUTPUT = Meaning(
    Row("the output itself, which training makes smaller: there are no targets", one=MOVED),
    "the loss: the output itself, which training makes smaller",
)

ROWS = (
    Loss(
        "binary-cross-entropy",
        "-reduce(y * log(y_hat) + (1 - y) * log(1 - y_hat))",
        short="BCE",
        meaning=DISTANCE,
        torch="torch.nn.functional.binary_cross_entropy",
        targets=(0, 1),
        outputs=(0, 1),
        stable={
            "sigmoid": Stable(
                "y_hat - y",
                "which stays exact where {y_hat} is nearly 0 or 1",
                "reduce(max(z, 0) - z * y + log1p(exp(-abs(z))))",
                "which stays finite where {y_hat} rounds to 0 or 1",
            )
        },
    ),
    Loss(
        "categorical-cross-entropy",
        "-reduce(y * log(y_hat))",
        behind={"softmax": "-reduce(y * log(y_hat))", "log-softmax": "-reduce(y * y_hat)"},
        one_hot=True,
        over="samples",
        short="CE",
        meaning=DISTANCE,
        targets=(0, 1),
        stable={
            "softmax": Stable(
                "y_hat - y",
                "which stays exact where an output is nearly 0 or 1",
                "-reduce(y * log_softmax(z))",
                "which stays finite where an output rounds to 0",
            ),
            "log-softmax": Stable("softmax(z) - y", "which needs no derivative of every output by every {z}"),
        },
    ),
    Loss(
        "mean-squared-error",
        "reduce((y_hat - y) ** 2)",
        short="MSE",
        meaning=DISTANCE,
        torch="torch.nn.functional.mse_loss",
    ),
    Loss("sum-squared-error", "reduce((y_hat - y) ** 2)", over="samples", short="SSE", meaning=DISTANCE),
    Loss("half-squared-error", "0.5 * reduce((y_hat - y) ** 2)", over="samples", short="½SE", meaning=DISTANCE),
    Loss(
        "mean-absolute-error",
        "reduce(abs(y_hat - y))",
        short="MAE",
        meaning=DISTANCE,
        torch="torch.nn.functional.l1_loss",
        kink="0 at ŷ = y",
    ),
    # Huber 1964, "Robust estimation of a location parameter", with δ = 1
    Loss(
        "huber",
        "reduce(where(abs(y_hat - y) <= 1, 0.5 * (y_hat - y) ** 2, abs(y_hat - y) - 0.5))",
        short="Huber",
        meaning=DISTANCE,
        torch="torch.nn.functional.huber_loss",
    ),
    Loss(
        "hinge",
        "reduce(max(0, 1 - y * y_hat))",
        short="hinge",
        meaning=MARGIN,
        among=(-1, 1),
        kink="half of −y at yŷ = 1",
    ),
    Loss("output", "reduce(y_hat)", over="samples", short="L = ŷ", meaning=OUTPUT),
)

# (over, reduction) -> what `reduce(a)` becomes, and what it divides each element's share by; `n` has all elements
REDUCTIONS = {
    ("elements", "mean"): ("mean(a)", "size(n)"),
    ("elements", "sum"): ("sum(a)", "1"),
    ("samples", "mean"): ("sum(a) / samples(n)", "samples(n)"),
    ("samples", "sum"): ("sum(a)", "1"),
}
ONLY = ("only(a)", "1")  # the same of a single number
# stands in the rows until a scenario's reduction takes its place; it cannot run
REDUCE = define(Primitive("reduce", numpy="reduce"))

LOSSES: dict[str, Loss] = {}


def with_reduction(tree: Tree, form: Tree) -> Tree:
    """A row's formula with a formula of `a` in place of `reduce(a)`."""
    match tree:
        case Call("reduce", (inner,)):
            return put_in(form, {"a": inner})
        case Call(function, operands):
            return build(function, *(with_reduction(operand, form) for operand in operands))
    return tree


def add(row: Loss) -> None:
    """Add a row. Those of this file are added below; others can be added before a scenario is read."""
    LOSSES[row.name] = row


for row in ROWS:
    add(row)
