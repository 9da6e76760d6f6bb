"""Mistakes in the forward half: weighted sums, activations, norms, dropout.

A row each; `change.py` explains the parts of a row.
"""

from backprop_tui.engine.mistakes.change import Mistake, Replace, Way, Where
from backprop_tui.engine.mistakes.changes.changes_by_layer import (
    Activation,
    DerivativeOf,
    NormGradientOverUnits,
    NormOverUnits,
)
from backprop_tui.engine.mistakes.patterns import (
    ACTIVATION,
    DROPOUT,
    FLOWING,
    LOCAL,
    LOSS,
    NORM,
    OF_CENTERED,
    OF_VARIANCE,
    OUTPUT,
    SHARES,
    SUM,
)
from backprop_tui.engine.statements.variable import Role

SOFTMAX = (SHARES, "softmax(a)")
LEAKY = (ACTIVATION, "leaky_relu(a, b)")
VARIANCE = Where((Role.VALUE,), ("variance",))  # of a norm by hand
RUNNING_VARIANCE = Where((Role.STATISTIC,), ("running_var",))

ROWS = (
    Mistake(
        "bias-left-out",
        "the bias is left out",
        "layers with a bias",
        (Replace(SUM, "a + b", "a"),),
    ),
    Mistake(
        "bias-sign-flipped",
        "the bias's sign is flipped",
        "layers with a bias",
        (Replace(SUM, "a + b", "a - b"),),
    ),
    Mistake(
        "transpose-added",
        "W is transposed in the weighted sum",
        "layers with as many units as inputs",
        (Replace(SUM, "a @ b", "a.T @ b"),),
    ),
    Mistake(
        "softmax-without-exp",
        "the softmax is written as z/Σz, without its exponentials",
        "a softmax output",
        (Replace(SHARES, "softmax(a)", "a / sum_units(a)", whole=True),),
    ),
    # softmax
    Mistake(
        "softmax-twice",
        "the softmax is taken twice",
        "a softmax output",
        (Replace(SHARES, "softmax(a)", "softmax(softmax(a))", whole=True),),
        ways=(
            Way(
                "the loss takes the softmax of what is softmax already",
                (
                    Replace(LOSS, "log(y_hat)", "log_softmax(y_hat)", given=SOFTMAX),
                    Replace(OUTPUT, "ratio(-a, y_hat) / b", "(softmax(y_hat) - y) / b", given=SOFTMAX),
                    Replace(OUTPUT, "ratio(-a, y_hat)", "softmax(y_hat) - y", given=SOFTMAX),
                ),
            ),
        ),
    ),
    Mistake(
        "softmax-over-batch",
        "the softmax runs over the samples and not over the units",
        "a softmax output, several samples",
        (Replace(SHARES, "softmax(a)", "softmax(a.T).T", whole=True),),
    ),
    Mistake(
        "softmax-over-all",
        "the softmax is taken over all units of all samples",
        "a softmax output, several samples",
        (Replace(SHARES, "softmax(a)", "exp(a) / sum(exp(a))", whole=True),),
    ),
    # activations
    Mistake(
        "activation-left-out",
        "the activation is left out",
        "layers with an activation",
        (Activation("a"),),
        ways=(
            Way("the activation is left out, but not its derivative", (Activation("a"), DerivativeOf(as_it_was=True))),
            Way("the activation and its derivative are left out", (Activation("a"), DerivativeOf(as_it_was=False))),
        ),
    ),
    Mistake(
        "activation-twice",
        "the activation is applied twice",
        "layers with an activation",
        (Activation("f"),),
        ways=(
            Way(
                "the activation is applied twice, and its derivative once",
                (Activation("f"), DerivativeOf(as_it_was=True)),
            ),
        ),
    ),
    Mistake(
        "leaky-slope-left-out",
        "the slope of the leaky ReLU is left out of its derivative",
        "leaky ReLU",
        (Replace(LOCAL, "where(a > 0, 1, b)", "where(a > 0, 1, 0)", given=LEAKY),),
        ways=(Way("the leaky ReLU has no slope below 0", (Replace(ACTIVATION, "leaky_relu(a, b)", "max(a, 0)"),)),),
    ),
    # norms and dropout
    Mistake(
        "variance-unbiased",
        "the variance is divided by N − 1",
        "batch norm, layer norm",
        (
            Replace(NORM, "mean_samples(a ** 2)", "sum_samples(a ** 2) / (samples(a) - 1)", whole=True),
            Replace(NORM, "mean_units(a ** 2)", "sum_units(a ** 2) / (units(a) - 1)", whole=True),
            Replace(VARIANCE, "mean_samples(a)", "sum_samples(a) / (samples(a) - 1)", whole=True),
            Replace(VARIANCE, "mean_units(a)", "sum_units(a) / (units(a) - 1)", whole=True),
            Replace(VARIANCE, "1 / a * b", "1 / (a - 1) * b", whole=True),
        ),
        derived=True,
        ways=(
            Way(
                "the running variance averages the biased one",
                (Replace(RUNNING_VARIANCE, "a + b * samples(c) / (samples(c) - 1)", "a + b"),),
            ),
            Way(
                "the variance is divided by N − 1, in its gradient too",  # as a library derives it
                (
                    Replace(NORM, "mean_samples(a ** 2)", "sum_samples(a ** 2) / (samples(a) - 1)", whole=True),
                    Replace(NORM, "mean_units(a ** 2)", "sum_units(a ** 2) / (units(a) - 1)", whole=True),
                    Replace(OF_CENTERED, "a / samples(b) + c", "a / (samples(b) - 1) + c", whole=True),
                    Replace(OF_CENTERED, "a / units(b) + c", "a / (units(b) - 1) + c", whole=True),
                ),
            ),
        ),
    ),
    Mistake(
        "norm-over-units",
        "the norm is taken over the units of a sample and not over the samples",
        "batch norm",
        (NormOverUnits(),),
        ways=(
            Way(
                "the norm and its gradient are taken over the units of a sample and not over the samples",
                (NormOverUnits(), NormGradientOverUnits()),
            ),
            Way(
                "the norm is taken over the units of a sample and not over the samples, unlike its gradient",
                (NormOverUnits(), NormGradientOverUnits(over_samples=True)),
            ),
        ),
        together=True,
    ),
    Mistake(
        "norm-without-root",
        "the norm divides by the variance and not by its root",
        "batch norm, layer norm",
        (Replace(NORM, "sqrt(a)", "a", whole=True),),
        ways=(
            Way(
                "the norm divides by the variance and not by its root, in its gradient too",
                (Replace(NORM, "sqrt(a)", "a", whole=True), Replace(OF_VARIANCE, "a / (2 * b)", "a", whole=True)),
            ),
        ),
    ),
    Mistake(
        "dropout-mask-left-out",
        "the dropout mask is left out",
        "layers with dropout",
        (
            Replace(DROPOUT, "a * b / c", "b / c", whole=True),
            Replace(FLOWING, "a * b / (1 - c)", "a / (1 - c)", whole=True),
        ),
        ways=(
            Way(
                "the dropout mask is left out on the way back, and its scale with it",
                (Replace(FLOWING, "a * b / (1 - c)", "a", whole=True),),
            ),
            Way(
                "dropout is left out",
                (
                    Replace(DROPOUT, "a * b / c", "b", whole=True),
                    Replace(FLOWING, "a * b / (1 - c)", "a", whole=True),
                ),
            ),
        ),
    ),
    Mistake(
        "dropout-scale-left-out",
        "what dropout keeps is not scaled up by 1/(1 − p)",
        "layers with dropout",
        (Replace(DROPOUT, "a * b / c", "a * b", whole=True), Replace(FLOWING, "a * b / (1 - c)", "a * b", whole=True)),
        ways=(
            Way(
                "what dropout keeps is divided by p and not by 1 − p",
                (
                    Replace(DROPOUT, "a * b / (1 - c)", "a * b / c", whole=True),
                    Replace(FLOWING, "a * b / (1 - c)", "a * b / c", whole=True),
                ),
            ),
        ),
    ),
)
