"""What the variables of a program are: a record each, made where its statement is made and kept in the program.

Nobody reads a name to learn what it is. A name is for people; what tables go by is a role, and within a role a kind.
"""

from collections.abc import Mapping
from enum import IntEnum, StrEnum

import msgspec

from backprop_tui.engine.tables.meanings import Meaning


class Role(StrEnum):
    """What a variable is for."""

    # what an iteration starts from
    INPUT = "input"
    TARGET = "target"
    PARAMETER = "parameter"
    SETTING = "setting"
    COUNTER = "counter"
    MASK = "mask"
    # the forward half
    WEIGHTED_SUM = "weighted sum"
    NORMALISATION = "normalisation"
    ACTIVATION = "activation"
    DROPOUT = "dropout"
    PENALTY = "penalty"
    LOSS = "loss"
    # the backward half
    GRADIENT = "gradient"
    LOCAL_DERIVATIVE = "local derivative"
    # the update
    LEARNING_RATE = "learning rate"
    CLIPPING = "clipping"
    STEP = "step"  # one equation of an optimizer, for one parameter
    STATISTIC = "running statistic"
    # what none of these fits
    VALUE = "value"


class Phase(IntEnum):
    """The part of an iteration that an operation belongs to."""

    FORWARD = 0
    BACKWARD = 1
    UPDATE = 2


# what is not named here belongs to the forward half, as a value of no other role does
PHASES = {
    Role.GRADIENT: Phase.BACKWARD,
    Role.LOCAL_DERIVATIVE: Phase.BACKWARD,
    Role.LEARNING_RATE: Phase.UPDATE,
    Role.CLIPPING: Phase.UPDATE,
    Role.STEP: Phase.UPDATE,
    Role.STATISTIC: Phase.UPDATE,
    Role.PARAMETER: Phase.UPDATE,  # written, as an operation: its next value
}


class Variable(msgspec.Struct, frozen=True):
    """A record. `kind` is the row of the tables that it goes by among those of its role: "W" and "b" of parameters,
    "z_hat" of a norm's operations, "m" of an optimizer's equations.

    `means` is what its row of a table says of it, where that has words of its own.

    `block` is the layer that it belongs to, counted from 1; 0 where it belongs to none. `parameter` is the one that a
    parameter's gradient, slot or step is for, and a parameter itself. A gradient is `of` a variable; a local derivative
    is that of `of`, `by` what it is computed from; a running statistic is `of` what it averages. `samples` is the axis
    that runs over the samples, where that is declared; of what is computed it follows from the formulas.
    """

    role: Role = Role.VALUE
    kind: str = ""
    block: int = 0
    parameter: str = ""
    of: str = ""
    by: str = ""
    samples: int | None = None
    means: Meaning | None = None

    @property
    def wrt(self) -> str:
        """What L is differentiated with respect to; empty for what is not a gradient of L."""
        return self.of if self.role is Role.GRADIENT else ""

    @property
    def phase(self) -> Phase:
        """The part of an iteration that computes it."""
        return PHASES.get(self.role, Phase.FORWARD)


Variables = Mapping[str, Variable]
UNKNOWN = Variable()


def gradient_of(name: str, variables: Variables) -> Variable:
    """The record of the gradient of L with respect to a variable."""
    own = variables.get(name, UNKNOWN)
    return Variable(Role.GRADIENT, own.kind, own.block, own.parameter, of=name)


def gradient_name(name: str, variables: Variables) -> str:
    """What a gradient of L is called: that of a weighted sum is the layer's delta."""
    own = variables.get(name, UNKNOWN)
    return f"delta{own.block}" if own.role is Role.WEIGHTED_SUM else f"dL_d{name}"
