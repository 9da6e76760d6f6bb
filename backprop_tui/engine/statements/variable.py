"""What the variables of a program are: one record each, made where its statement is made and kept in the program.

No code reads a variable's name to learn what it is. Names are for people; tables go by a role, and within a role by a
kind.
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
    GIVEN = "given"  # a constant of a model
    COUNTER = "counter"
    MASK = "mask"
    NOISE = "noise"  # of a model: random numbers
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
    DELTA = "delta"  # the gradient with respect to the argument of the function that a variable is
    PART = "part of a gradient"  # what one step of a loop adds to a gradient
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


# what is drawn anew in every iteration
DRAWN = frozenset({Role.MASK, Role.NOISE})

# roles that are not listed here belong to the forward half
PHASES = {
    Role.GRADIENT: Phase.BACKWARD,
    Role.LOCAL_DERIVATIVE: Phase.BACKWARD,
    Role.DELTA: Phase.BACKWARD,
    Role.PART: Phase.BACKWARD,
    Role.LEARNING_RATE: Phase.UPDATE,
    Role.CLIPPING: Phase.UPDATE,
    Role.STEP: Phase.UPDATE,
    Role.STATISTIC: Phase.UPDATE,
    Role.PARAMETER: Phase.UPDATE,  # written, as an operation: its next value
}


class Variable(msgspec.Struct, frozen=True):
    """A record. `kind` tells the variables of a role apart, and is what tables look it up by: "W" and "b" among
    parameters, "z_hat" among a norm's operations, "m" among an optimizer's equations.

    `means` is what its row of a table says about it, where the row has words of its own.

    `block` is the layer that it belongs to, counted from 1, or 0 if it belongs to none. `parameter` is the parameter
    that a gradient, slot or step is for; for a parameter it is the parameter itself. A gradient is the gradient of L
    with respect to `of`, or a part of it; a local derivative is ∂of/∂by; a running statistic averages `of`. `samples`
    is the axis that runs over the samples, where that is declared; for computed values it follows from the formulas.

    `section` is the block of a model's text that it belongs to, `attention` or `t=2`, and `step` says which step of a
    loop, by the values of the loops' variables, `2`. `axes` is what its axes are called, where that is declared.
    """

    role: Role = Role.VALUE
    kind: str = ""
    block: int = 0
    parameter: str = ""
    of: str = ""
    by: str = ""
    samples: int | None = None
    means: Meaning | None = None
    section: str = ""
    step: str = ""
    axes: tuple[str, ...] = ()

    @property
    def wrt(self) -> str:
        """What L is differentiated with respect to; empty if this is not a gradient of L."""
        return self.of if self.role is Role.GRADIENT else ""

    @property
    def phase(self) -> Phase:
        """The part of an iteration that computes it."""
        return PHASES.get(self.role, Phase.FORWARD)


Variables = Mapping[str, Variable]
UNKNOWN = Variable()


def moved_by(gradient: Variable) -> str:
    """The variable that a gradient, or a step's part of one, is about; empty where a record is neither."""
    return gradient.of if gradient.role in (Role.GRADIENT, Role.PART) else ""


def gradient_of(name: str, variables: Variables) -> Variable:
    """The record of the gradient of L with respect to a variable."""
    own = variables.get(name, UNKNOWN)
    return Variable(Role.GRADIENT, own.kind, own.block, own.parameter, of=name, section=own.section, step=own.step)


def gradient_name(name: str, variables: Variables) -> str:
    """The name of the gradient of L with respect to a variable; for a weighted sum it is the layer's delta."""
    own = variables.get(name, UNKNOWN)
    return f"delta{own.block}" if own.role is Role.WEIGHTED_SUM else f"dL_d{name}"
