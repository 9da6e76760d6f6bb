"""Mistakes in the loss, its penalty, and what flows back from them.

A row each; `change.py` explains the parts of a row.
"""

from itertools import permutations

from backprop_tui.engine.mistakes.change import Mistake, Replace, Way
from backprop_tui.engine.mistakes.changes.changes_by_layer import (
    Instead,
    OfOneOutput,
    OnlyWith,
    PenalisedTwice,
    SlopeOfPenalisedTwice,
)
from backprop_tui.engine.mistakes.patterns import (
    BACKWARD,
    GRADIENT,
    HALVED,
    LOSS,
    OF_BIASES,
    OF_WEIGHTS,
    OUTPUT,
    PENALISED,
    PENALTY,
)

LAYERS = 4  # of which one may be penalised in the place of another
LOGARITHM = (LOSS, "log(y_hat)")

ROWS = (
    Mistake(
        "log-base-10",
        "the logarithm is taken to base 10",
        "a cross-entropy",
        (Replace(LOSS, "log(a)", "log10(a)"),),
    ),
    Mistake(
        "log-base-2",
        "the logarithm is taken to base 2",
        "a cross-entropy",
        (Replace(LOSS, "log(a)", "log2(a)"),),
    ),
    Mistake(
        "log-forgotten",
        "the log of 1 − ŷ is forgotten",
        "a binary cross-entropy",
        (Replace(LOSS, "log(1 - y_hat)", "1 - y_hat"),),
    ),
    Mistake(
        "second-term-forgotten",
        "the term with 1 − ŷ is forgotten",
        "a binary cross-entropy",
        (
            Replace(LOSS, "a + (1 - y) * log(1 - y_hat)", "a"),
            Replace(OUTPUT, "a + ratio(1 - y, 1 - y_hat)", "a"),
        ),
    ),
    Mistake(
        "half-left-out-of-loss",
        "the ½ of the squared error is forgotten in the loss",
        "a loss with a ½",
        (Replace(LOSS, "0.5 * a", "a"),),
        ways=(
            Way(
                "the ½ of the squared error is forgotten in the loss and in its derivative",
                (Replace(LOSS, "0.5 * a", "a"), Replace(BACKWARD, "y_hat - y", "2 * (y_hat - y)", given=HALVED)),
            ),
        ),
    ),
    Mistake(
        "half-left-out-of-derivative",
        "the ½ of the squared error is forgotten in its derivative",
        "a loss with a ½",
        (Replace(BACKWARD, "y_hat - y", "2 * (y_hat - y)", given=HALVED),),
    ),
    Mistake(
        "two-left-out",
        "the 2 of the square's derivative is forgotten",
        "a squared error without a ½",
        (Replace(OUTPUT, "2 * a", "a"),),
    ),
    Mistake(
        "mean-left-out",
        "the loss is summed up instead of averaged",
        "a mean over several samples or outputs",
        (
            Replace(LOSS, "mean(a)", "sum(a)"),
            Replace(LOSS, "a / samples(b)", "a"),
            Replace(OUTPUT, "a / size(b)", "a"),
            Replace(OUTPUT, "a / samples(b)", "a"),
        ),
        ways=(
            Way(
                "the gradient is summed up over the batch instead of averaged",
                tuple(
                    Replace(at, find, put, whole=True, given=(OUTPUT, mean))
                    for mean in ("a / size(b)", "a / samples(b)")
                    for at, find, put in (
                        (OF_WEIGHTS, "a + l2 * b", "samples(x) * a + l2 * b"),
                        (GRADIENT, "a", "samples(x) * a"),
                    )
                ),
            ),
        ),
    ),
    Mistake(
        "mean-twice",
        "the mean is taken twice",
        "a mean over several samples or outputs",
        (
            Replace(LOSS, "mean(a)", "mean(a) / samples(x)"),
            Replace(LOSS, "a / samples(b)", "a / samples(b) / samples(x)"),
            Replace(GRADIENT, "a", "a / samples(x)", whole=True, given=(OUTPUT, "a / size(b)")),
            Replace(GRADIENT, "a", "a / samples(x)", whole=True, given=(OUTPUT, "a / samples(b)")),
        ),
        ways=(
            Way(
                "the mean is taken twice, but not of the penalty",
                tuple(
                    OnlyWith(PENALISED, Replace(at, find, put, whole=True, given=(OUTPUT, mean)))
                    for mean in ("a / size(b)", "a / samples(b)")
                    for at, find, put in (
                        (OF_WEIGHTS, "a + l2 * b", "a / samples(x) + l2 * b"),
                        (GRADIENT, "a", "a / samples(x)"),
                    )
                ),
            ),
        ),
    ),
    Mistake(
        "targets-broadcast",
        "predictions of shape (N,) meet targets of shape (N, 1), and each is compared with all targets",
        "one output, a squared error, several samples",
        (
            OfOneOutput(Replace(LOSS, "y_hat - y", "y_hat - y.T")),
            OfOneOutput(Replace(OUTPUT, "y_hat - y", "y_hat - mean(y)")),
        ),
        ways=(
            Way(
                "predictions of shape (N,) meet targets of shape (N, 1), and all N² differences are added up",
                (
                    OfOneOutput(Replace(LOSS, "y_hat - y", "y_hat - y.T")),
                    OfOneOutput(Replace(OUTPUT, "y_hat - y", "samples(y) * (y_hat - mean(y))")),
                ),
            ),
        ),
    ),
    Mistake(
        "complement",
        "p stands where 1 − p is meant",
        "a binary cross-entropy",
        (
            Replace(LOSS, "log(1 - y_hat)", "log(y_hat)"),
            Replace(OUTPUT, "ratio(1 - y, 1 - y_hat)", "ratio(1 - y, y_hat)"),
        ),
        ways=(
            Way(
                "p and 1 − p stand in each other's place in the loss",
                (Replace(LOSS, "y * a + (1 - y) * b", "y * b + (1 - y) * a"),),
            ),
        ),
    ),
    Mistake(
        "cross-entropy-sign",
        "the minus of the cross-entropy is left out",
        "a cross-entropy",
        (Replace(LOSS, "-a", "a", given=LOGARITHM), Instead(OUTPUT, "-own", given=LOGARITHM)),
    ),
    # the penalty
    Mistake(
        "l2-sign",
        "the penalty's gradient has the wrong sign",
        "an l2 penalty",
        (Replace(OF_WEIGHTS, "a + l2 * b", "a - l2 * b"),),
        ways=(Way("the penalty is subtracted from the loss", (Replace(LOSS, "a + penalty", "a - penalty"),)),),
    ),
    Mistake(
        "l2-left-out-of-gradient",
        "the penalty is left out of the gradient",
        "an l2 penalty",
        (Replace(OF_WEIGHTS, "a + l2 * b", "a"),),
        ways=(Way("the penalty is left out of the loss", (Replace(LOSS, "a + penalty", "a"),)),),
    ),
    Mistake(
        "l2-on-biases",
        "the biases are penalised too",
        "an l2 penalty, layers with a bias",
        (Instead(OF_BIASES, "own + l2 * param", given=PENALISED),),
    ),
    Mistake(
        "l2-without-mean",
        "the penalty is not divided by the number of samples",
        "an l2 penalty, several samples",
        (
            Replace(OF_WEIGHTS, "a + l2 * b", "a + samples(x) * l2 * b"),
            Replace(PENALTY, "0.5 * l2 * a", "0.5 * samples(x) * l2 * a"),
        ),
        ways=(
            Way(
                "the penalty is divided by the number of samples",
                (
                    Replace(OF_WEIGHTS, "a + l2 * b", "a + l2 * b / samples(x)"),
                    Replace(PENALTY, "0.5 * l2 * a", "0.5 * l2 * a / samples(x)"),
                ),
            ),
        ),
    ),
    Mistake(
        "l2-half-left-out",
        "the ½ of the penalty is forgotten",
        "an l2 penalty",
        (
            Replace(PENALTY, "0.5 * l2 * a", "l2 * a"),
            Replace(OF_WEIGHTS, "a + l2 * b", "a + 2 * (l2 * b)"),
        ),
        ways=(Way("the ½ of the penalty is kept in its gradient", (Replace(OF_WEIGHTS, "l2 * b", "0.5 * (l2 * b)"),)),),
    ),
    Mistake(
        "l2-one-weight-twice",
        "the weights of layer 1 are penalised twice, and those of layer 2 not",
        "a penalty, two layers or more",
        (PenalisedTwice(PENALTY, 1, 2),),
        together=True,
        ways=tuple(
            Way(f"the weights of layer {twice} are penalised twice, and those of layer {never} not{also}", changes)
            for twice, never in permutations(range(1, LAYERS + 1), 2)
            for also, changes in (
                ("", (PenalisedTwice(PENALTY, twice, never),)),
                (
                    ", in their gradients too",
                    (PenalisedTwice(PENALTY, twice, never), SlopeOfPenalisedTwice(OF_WEIGHTS, twice, never)),
                ),
            )
        )[1:],
    ),
)
