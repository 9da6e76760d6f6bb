"""Mistakes in models written as formulas: attention, loops, gates, sums that go past, norms by hand, convolutions.

A row each; `change.py` explains the parts of a row.
"""

from backprop_tui.engine.mistakes.change import Mistake, Replace, Way, Where
from backprop_tui.engine.mistakes.changes.changes_in_models import (
    KernelTurned,
    Mask,
    MaskTurned,
    NothingFromLater,
    OneStep,
    OneWayForgotten,
    OtherAxis,
    PastForgotten,
    PathsForgotten,
    Scale,
    ScoresSwapped,
)
from backprop_tui.engine.statements.variable import Role

STATES, VARIANCE = Where((Role.VALUE,), ("state",)), Where((Role.VALUE,), ("variance",))
KEEPS, GIVES = "a * b + (1 - a) * c", "(1 - a) * b + a * c"

ROWS = (
    # attention
    Mistake(
        "scale-left-out",
        "the scale of the scores, usually 1/√d, is left out",
        "attention whose scores are scaled",
        (Scale("forward"),),
        derived=True,
        ways=(
            Way("the scale of the scores, usually 1/√d, is left out, but not in their gradient", (Scale("forward"),)),
            Way("the scale of the scores, usually 1/√d, is left out of their gradient", (Scale("backward"),)),
        ),
    ),
    Mistake(
        "softmax-wrong-axis",
        "the softmax runs along the wrong axis",
        "a softmax of a matrix",
        (OtherAxis(),),
        derived=True,
        ways=(Way("the softmax runs along the wrong axis, but not its gradient", (OtherAxis(),)),),
    ),
    Mistake(
        "mask-after-softmax",
        "the mask is applied after the softmax, so that the shares no longer add up to 1",
        "attention with a causal mask",
        (Mask(after=True),),
        derived=True,
        together=True,
        ways=(Way("the mask is applied after the softmax, but not in its gradient", (Mask(after=True),)),),
    ),
    Mistake(
        "mask-left-out",
        "the mask is left out, so that tokens look ahead",
        "attention with a causal mask",
        (Mask(after=False),),
        derived=True,
    ),
    Mistake(
        "mask-turned-round",
        "the mask is turned round, so that tokens look ahead and not back",
        "attention with a causal mask",
        (MaskTurned(),),
        derived=True,
    ),
    Mistake(
        "scores-transposed",
        "keys and queries are swapped in the scores",
        "attention",
        (ScoresSwapped(),),
        derived=True,
    ),
    # loops
    Mistake(
        "gradient-through-time-cut",
        "no gradient flows back from the steps after",
        "a loop with a state that goes on",
        (NothingFromLater(),),
    ),
    Mistake(
        "last-step-only",
        "a gradient that all steps add to has only the last step's part",
        "a loop whose steps share parameters",
        (OneStep(last=True),),
        ways=(Way("a gradient that all steps add to has only the first step's part", (OneStep(last=False),)),),
    ),
    Mistake(
        "gate-turned-round",
        "the gate and one minus the gate change places",
        "a state that a gate mixes from the old one and what is new",
        (Replace(STATES, KEEPS, GIVES), Replace(STATES, GIVES, KEEPS)),
        derived=True,
    ),
    # several ways
    Mistake(
        "path-forgotten",
        "the last of the ways in which it moves L is forgotten",
        "something that is read in several ways",
        (OneWayForgotten(-1),),
        ways=(
            Way("the first of the ways in which it moves L is forgotten", (OneWayForgotten(0),)),
            Way("the second of the ways in which it moves L is forgotten", (OneWayForgotten(1),)),
            Way("the third of the ways in which it moves L is forgotten", (OneWayForgotten(2),)),
        ),
    ),
    Mistake(
        "residual-left-out",
        "what goes past unchanged is not added",
        "a sum in which something goes past what is made of it",
        (PastForgotten(),),
        derived=True,
    ),
    # norms by hand
    Mistake(
        "norm-mean-path-left-out",
        "the gradient does not flow through the norm's mean",
        "a norm written as formulas",
        (PathsForgotten(("mean",)),),
    ),
    Mistake(
        "variance-biased",
        "the variance is divided by N and not by N − 1",
        "a norm written as formulas",
        (Replace(VARIANCE, "1 / (a - 1) * b", "1 / a * b"), Replace(VARIANCE, "a / (b - 1)", "a / b")),
        derived=True,
    ),
    # images
    Mistake(
        "kernel-flipped",
        "the kernel is turned round in the convolution",
        "a convolution",
        (KernelTurned("conv"),),
        derived=True,
    ),
    Mistake(
        "kernel-not-flipped-back",
        "the kernel is not turned round on the way back",
        "a convolution whose input has a gradient",
        (KernelTurned("conv_back"),),
    ),
    Mistake(
        "pool-gradient-to-all",
        "the gradient of a max pool goes to every number of its windows",
        "a max pool",
        (Replace(Where((Role.GRADIENT,)), "upsample(a, b, c) * first_of_pool(d, b)", "upsample(a, b, c)"),),
    ),
)
