"""The kinds of operations, and what is asked of each at the first level: the first row that fits an operation.

A score is kept by the name of a kind, so a row that is renamed starts anew.
"""

from collections.abc import Callable
from typing import Literal

from msgspec import Struct

from backprop_tui.debugger.meaning.table import root_of
from backprop_tui.engine.model.line_kinds import GATES, LINES_OF_NORMS
from backprop_tui.engine.program.operation import Operation
from backprop_tui.engine.statements.variable import Role, Variables
from backprop_tui.engine.tables.activations import Activation, activation_of

# What is asked for: a number or all of them; its sign; whether it rises or falls; which side of ½; which units are off;
# the shape
Aspect = Literal["value", "sign", "change", "half", "off", "shape"]
SIDES: tuple[Aspect, ...] = ("sign", "change", "half")  # each asks on which side of one number another lies


class Kind(Struct, frozen=True):
    """A row: the role of what an operation writes and, where not all of a role are of this kind, its kinds; what is
    asked of it at the first level in turn. Where that alone does not tell: functions at the root of its formula, the
    kind of variable whose gradient it reads, and which activations. `told` is for what an equation of an optimizer says
    of itself.
    """

    name: str
    role: Role
    kinds: tuple[str, ...] = ()
    first: tuple[Aspect, ...] = ("sign", "shape")
    roots: tuple[str, ...] = ()
    reads_gradient_of: str = ""
    of: Callable[[Activation], bool] | None = None
    told: bool = False

    def fits(self, operation: Operation, variables: Variables) -> bool:
        """Whether an operation is of this row; `variables` are those of its program."""
        own = operation.variable
        reads = (variables[name] for name in operation.reads)
        return (
            own.role is self.role
            and (not self.kinds or own.kind in self.kinds)
            and (not self.roots or root_of(operation) in self.roots)
            and (not self.reads_gradient_of or any(v.wrt and v.kind == self.reads_gradient_of for v in reads))
            and (self.of is None or ((row := activation_of(operation.tree)) is not None and self.of(row)))
            and (not self.told or (own.means is not None and own.means.asked == self.name))
        )


NORM = ("scaled", "z_hat", "std", "var", "centered", "mu")
ROWS = (
    Kind("weighted sum", Role.WEIGHTED_SUM),
    Kind("normalisation", Role.NORMALISATION, first=("shape", "sign")),
    Kind("running statistics", Role.STATISTIC, first=("change",)),
    Kind("activation", Role.ACTIVATION, first=("off",), of=lambda row: row.off),
    Kind("activation", Role.ACTIVATION, first=("half",), of=lambda row: row.output == (0, 1)),
    Kind("activation", Role.ACTIVATION, first=("shape",), of=lambda row: row.output[0] >= 0 or row.output[1] <= 0),
    Kind("activation", Role.ACTIVATION),
    Kind("dropout", Role.DROPOUT, first=("off",)),
    Kind("penalty", Role.PENALTY, first=("change", "shape")),
    Kind("loss", Role.LOSS, first=("change", "shape")),
    Kind("gradient of the loss", Role.GRADIENT, ("y_hat",)),
    Kind("local derivative", Role.LOCAL_DERIVATIVE, first=("off",), roots=("indicator",)),
    Kind("local derivative", Role.LOCAL_DERIVATIVE, first=("shape",)),
    Kind("output delta", Role.GRADIENT, ("z", "scaled"), reads_gradient_of="y_hat"),
    Kind("hidden delta", Role.GRADIENT, ("z",)),
    Kind("backpropagated", Role.GRADIENT, ("h", "drop", "x")),
    Kind("backpropagated through a norm", Role.GRADIENT, NORM),
    Kind("gradient of weights", Role.GRADIENT, ("W", "scale"), ("shape", "sign")),
    Kind("gradient of bias", Role.GRADIENT, ("b", "shift"), ("shape", "sign")),
    Kind("learning rate", Role.LEARNING_RATE, first=("change", "shape")),
    Kind("learning rate", Role.STEP, first=("change", "shape"), told=True),
    Kind("clipping", Role.CLIPPING, first=("shape", "sign")),
    Kind("weight decay", Role.STEP, told=True),
    Kind("moments", Role.STEP, first=("change", "sign", "shape")),
    Kind("update", Role.PARAMETER, first=("change",)),
    # models, by the kinds of their lines
    Kind("weighted sum", Role.VALUE, ("weighted", "logits")),
    Kind("scores", Role.VALUE, ("scores", "similarity"), ("sign", "shape")),
    Kind("attention", Role.VALUE, ("attention", "shares"), ("half", "shape")),
    Kind("mixed values", Role.VALUE, ("mixed",)),
    Kind("gate", Role.VALUE, GATES, ("half",)),
    Kind("state", Role.VALUE, ("state",)),
    Kind("residual sum", Role.VALUE, ("residual",)),
    Kind("embedding", Role.VALUE, ("embedding",), ("shape", "sign")),
    Kind("convolution", Role.VALUE, ("convolution", "pool"), ("shape", "sign")),
    Kind("normalisation", Role.VALUE, LINES_OF_NORMS, ("shape", "sign")),
    Kind("loss", Role.VALUE, ("part of L",), ("change", "shape")),
    Kind("activation", Role.VALUE, of=lambda _: True),
    Kind("line of a model", Role.VALUE, first=("shape",)),
    Kind("part of a gradient", Role.PART, first=("shape", "sign")),
    Kind("inner delta", Role.DELTA, first=("shape", "sign")),
    Kind("gradient of attention", Role.GRADIENT, ("attention", "scores", "mixed")),
    Kind("gradient of a gate", Role.GRADIENT, GATES),
    Kind("gradient of a state", Role.GRADIENT, ("state",)),
    Kind("backpropagated through a norm", Role.GRADIENT, LINES_OF_NORMS),
    Kind("gradient of weights", Role.GRADIENT, ("weights", "table", "kernel", "stretch"), ("shape", "sign")),
    Kind("gradient of bias", Role.GRADIENT, ("bias",), ("shape", "sign")),
    Kind("gradient in a model", Role.GRADIENT, first=("shape", "sign")),
)
OTHER = Kind("other", Role.VALUE, first=("shape",))
NAMES = tuple(dict.fromkeys(row.name for row in (*ROWS, OTHER)))


def kind_of(operation: Operation, variables: Variables) -> Kind:
    """The row of an operation, in a program of these variables."""
    return next((row for row in ROWS if row.fits(operation, variables)), OTHER)
