"""Mistakes in the update: momentum, Adam's moments, clipping, weight decay, the learning rate.

A row each; `change.py` explains the parts of a row.
"""

from backprop_tui.engine.mistakes.change import Mistake, Replace, Swap, Way, Where, before_their_momentum
from backprop_tui.engine.mistakes.changes.changes_by_layer import FirstStep, Instead, LooksAhead, PerParameter
from backprop_tui.engine.mistakes.patterns import (
    AHEAD,
    CLIPPING,
    DECAYED,
    OF_WEIGHTS,
    PARAMETERS,
    RATE,
    SHRUNK,
    TIMED,
    UPDATE,
)
from backprop_tui.engine.statements.variable import Role

MOMENTUM, SQUARES = Where((Role.STEP,), ("m",)), Where((Role.STEP,), ("v",))
CLIPPED = Where((Role.CLIPPING,), ("c",))
CORRECTED = (Where((Role.STEP,), ("m_hat",)), "a / (1 - beta1 ** t)")

ROWS = (
    Mistake(
        "bias-never-updated",
        "the bias is never updated",
        "layers with a trained bias",
        (Replace(Where((Role.PARAMETER,), ("b",)), "a", "self", whole=True),),
    ),
    Mistake(
        "gradient-ascent",
        "the gradient is added instead of subtracted (+η)",
        "anything that is trained",
        (Replace(PARAMETERS, "a - b", "a + b", whole=True),),
    ),
    Mistake(
        "momentum-dropped",
        "the momentum buffer is dropped",
        "momentum",
        (Replace(UPDATE, "momentum * a + b", "b"), Replace(UPDATE, "a + momentum * b", "a")),
    ),
    Mistake(
        "momentum-coefficient-left-out",
        "the momentum buffer is added without its coefficient",
        "momentum",
        (Replace(UPDATE, "momentum * a + b", "a + b"),),
    ),
    Mistake(
        "bias-correction-left-out",
        "Adam's moments are not corrected for their start at 0",
        "Adam, AdamW, NAdam",
        (Replace(UPDATE, "a / (1 - b ** t)", "a"),),
    ),
    Mistake(
        "betas-swapped",
        "β₁ and β₂ are swapped",
        "Adam, AdamW, NAdam",
        (Swap("beta1", "beta2", UPDATE),),
        together=True,
    ),
    Mistake(
        "eps-inside-root",
        "ε is added inside the root",
        "Adam, AdamW, NAdam, RMSprop, Adagrad",
        (Replace(UPDATE, "sqrt(a) + eps", "sqrt(a + eps)"),),
    ),
    Mistake(
        "time-step-ahead",
        "the time step counts from 2",
        "Adam, AdamW, NAdam, a schedule",
        (Replace(TIMED, "t", "t + 1"),),
    ),
    Mistake(
        "time-step-behind",
        "the time step counts from 0",
        "Adam, AdamW, NAdam, a schedule",
        (Replace(TIMED, "t", "t - 1"),),
    ),
    Mistake(
        "decay-decoupled",
        "L2 is applied as weight decay, apart from the gradient",
        "weight decay as a part of the gradient, or an l2 penalty",
        (
            Replace(DECAYED, "a + weight_decay * b", "a"),
            Replace(OF_WEIGHTS, "a + l2 * b", "a"),
            Replace(
                PARAMETERS,
                "a - b",
                "a - eta * weight_decay * self - b",
                whole=True,
                given=(DECAYED, "a + weight_decay * b"),
            ),
            Replace(
                Where((Role.PARAMETER,), ("W",)),
                "a - b",
                "a - eta * l2 * self - b",
                whole=True,
                given=(OF_WEIGHTS, "a + l2 * b"),
            ),
        ),
        together=True,
    ),
    Mistake(
        "decay-coupled",
        "weight decay is applied as L2, as a part of the gradient",
        "AdamW",
        (
            Replace(SHRUNK, "a - eta * weight_decay * b", "a"),
            Replace(
                Where((Role.STEP,), ("m",)),
                "(1 - beta1) * a",
                "(1 - beta1) * (a + weight_decay * param)",
                given=(SHRUNK, "a - eta * weight_decay * b"),
            ),
            Replace(
                Where((Role.STEP,), ("v",)),
                "(1 - beta2) * a ** 2",
                "(1 - beta2) * (a + weight_decay * param) ** 2",
                given=(SHRUNK, "a - eta * weight_decay * b"),
            ),
        ),
        together=True,
    ),
    Mistake(
        "momentum-average",
        "the momentum buffer averages, with 1 − μ before the gradient",
        "momentum",
        (
            Replace(MOMENTUM, "where(a, b, momentum * c + d)", "momentum * c + (1 - momentum) * b", whole=True),
            Replace(MOMENTUM, "momentum * a + b", "momentum * a + (1 - momentum) * b", whole=True),
        ),
        ways=(
            Way(
                "the momentum buffer averages, with 1 − μ before the gradient, from the second iteration on",
                (Replace(MOMENTUM, "momentum * a + b", "momentum * a + (1 - momentum) * b"),),
            ),
        ),
    ),
    Mistake(
        "momentum-old-buffer",
        "the step is made with the momentum of the iteration before",
        "momentum",
        reorder=before_their_momentum,
    ),
    Mistake(
        "momentum-rate-inside",
        "η stands in the momentum buffer and before the step too",
        "momentum",
        (
            Replace(MOMENTUM, "where(a, b, momentum * c + d)", "where(a, eta * b, momentum * c + eta * d)", whole=True),
            Replace(MOMENTUM, "momentum * a + b", "momentum * a + eta * b", whole=True),
        ),
        ways=(
            Way(
                "η stands in the momentum buffer, and the step is the buffer",
                (
                    Replace(
                        MOMENTUM,
                        "where(a, b, momentum * c + d)",
                        "where(a, eta * b, momentum * c + eta * d)",
                        whole=True,
                    ),
                    Replace(PARAMETERS, "a - eta * b", "a - b", whole=True, given=(MOMENTUM, "momentum * a + b")),
                ),
            ),
        ),
    ),
    Mistake(
        "momentum-sign",
        "the momentum is subtracted instead of added",
        "momentum",
        (Replace(MOMENTUM, "momentum * a + b", "b - momentum * a"),),
    ),
    Mistake(
        "momentum-twice",
        "the step looks ahead along the momentum, as Nesterov's does",
        "momentum without nesterov",
        (LooksAhead(),),
    ),
    Mistake(
        "look-ahead-left-out",
        "the gradient is taken at the weights and not at the point that the momentum leads to",
        "Nesterov's momentum, with its look-ahead points",
        (Replace(AHEAD, "a - b", "a", whole=True),),
        ways=(Way("the look-ahead goes against the momentum", (Replace(AHEAD, "a - b", "a + b", whole=True),)),),
        together=True,
    ),
    # clipping: the other ways are those without PyTorch's ε
    Mistake(
        "clipping-left-out",
        "the gradient is not clipped",
        "clipping",
        (Replace(CLIPPED, "clip_scale * a", "a"), Replace(CLIPPED, "max(-max_value, min(max_value, a))", "a")),
        together=True,
    ),
    Mistake(
        "clip-squared-norm",
        "the squared norm is compared with the bound",
        "clipping by norm",
        (Replace(CLIPPING, "sqrt(a)", "a", whole=True),),
        together=True,
        ways=(
            Way(
                "the squared norm is compared with the bound",
                (Replace(CLIPPING, "sqrt(a)", "a", whole=True), Replace(CLIPPING, "grad_norm + a", "grad_norm")),
            ),
        ),
    ),
    Mistake(
        "clip-each-alone",
        "each gradient is clipped by its own norm and not by that of all together",
        "clipping by norm",
        (Replace(CLIPPED, "clip_scale * a", "min(1, max_norm / (norm(a) + 1e-06)) * a"),),
        together=True,
        ways=(
            Way(
                "each gradient is clipped by its own norm and not by that of all together",
                (Replace(CLIPPED, "clip_scale * a", "min(1, max_norm / norm(a)) * a"),),
            ),
        ),
    ),
    Mistake(
        "clip-before-mean",
        "the sum over the batch is clipped, and its mean taken after that",
        "clipping, several samples",
        (
            Replace(CLIPPING, "max_norm / (grad_norm + a)", "max_norm / (samples(x) * grad_norm + a)"),
            Replace(
                CLIPPED,
                "max(-max_value, min(max_value, a))",
                "max(-max_value, min(max_value, samples(x) * a)) / samples(x)",
            ),
        ),
        together=True,
        ways=(
            Way(
                "the sum over the batch is clipped, and its mean taken after that",
                (Replace(CLIPPING, "max_norm / (grad_norm + a)", "max_norm / (samples(x) * grad_norm)"),),
            ),
        ),
    ),
    Mistake(
        "time-step-fixed",
        "the time step stays 1",
        "Adam, AdamW, NAdam, a schedule",
        (FirstStep(TIMED),),
    ),
    Mistake(
        "time-step-per-parameter",
        "the time step is counted on with every parameter",
        "Adam, AdamW, NAdam",
        (PerParameter(TIMED),),
        ways=(
            Way(
                "the time step is counted on with every parameter, from those of the first layer on",
                (PerParameter(TIMED, forwards=True),),
            ),
            Way(
                "the time step is counted on with every parameter, with the weights before the biases",
                (PerParameter(TIMED, forwards=True, by_kind=True),),
            ),
        ),
    ),
    Mistake(
        "moments-overwritten",
        "the moments are overwritten by their corrected values",
        "Adam, AdamW",
        (
            Replace(MOMENTUM, "beta1 * a + b", "beta1 * ratio(a, 1 - beta1 ** (t - 1)) + b", given=CORRECTED),
            Replace(SQUARES, "beta2 * a + b", "beta2 * ratio(a, 1 - beta2 ** (t - 1)) + b", given=CORRECTED),
        ),
    ),
    Mistake(
        "beta-without-power",
        "the moments are corrected with 1 − β and not with 1 − βᵗ",
        "Adam, AdamW, NAdam",
        (Replace(UPDATE, "a / (1 - b ** t)", "a / (1 - b)"),),
    ),
    Mistake(
        "root-left-out",
        "the root is left out of what the step is divided by",
        "Adam, AdamW, NAdam, RMSprop, Adagrad",
        (Replace(UPDATE, "sqrt(a) + eps", "a + eps"),),
    ),
    Mistake(
        "square-left-out",
        "the gradient is not squared in the mean square",
        "Adam, AdamW, NAdam, RMSprop, Adagrad, Adadelta",
        (Replace(SQUARES, "a ** 2", "a"),),
    ),
    Mistake(
        "rate-twice",
        "η is multiplied in twice",
        "anything that is trained",
        (
            Replace(PARAMETERS, "a - b * c / d", "a - b * (b * c / d)", whole=True),
            Replace(PARAMETERS, "a - b * c", "a - b * (b * c)", whole=True),
        ),
        ways=(Way("the step is made twice", (Replace(PARAMETERS, "a - b", "a - 2 * b", whole=True),)),),
    ),
    Mistake(
        "rate-left-out",
        "η is left out",
        "anything that is trained",
        (
            Replace(PARAMETERS, "a - b * c / d", "a - c / d", whole=True),
            Replace(PARAMETERS, "a - b * c", "a - c", whole=True),
        ),
    ),
    Mistake(
        "schedule-left-out",
        "the schedule is left out, so η never changes",
        "a schedule",
        (Instead(RATE, "eta0"),),
    ),
)
