"""Classic mistakes, a row each: seen in published code, homework and issue trackers, and recognised by their numbers.

A row says how the formulas of a right program change; see `engine/mistakes/change.py` for the parts of a row.
"""

from backprop_tui.engine.mistakes.change import (
    Derivative,
    Mistake,
    Reading,
    Replace,
    Swap,
    Where,
    updated_first,
)
from backprop_tui.engine.statements.variable import Role

ANY = Where()
SUM, LOSS = Where((Role.WEIGHTED_SUM,)), Where((Role.LOSS,))
OUTPUT = Where((Role.GRADIENT,), ("y_hat",))  # ∂L/∂ŷ
BACKWARD = Where((Role.GRADIENT, Role.LOCAL_DERIVATIVE))
GRADIENT = Where((Role.GRADIENT,), of_parameters=True)
PARAMETERS = Where((Role.PARAMETER,))
UPDATE = Where((Role.LEARNING_RATE, Role.CLIPPING, Role.STEP, Role.PARAMETER))
# what reads the time step; momentum only asks whether it is the first
TIMED = Where((Role.LEARNING_RATE, Role.STEP), ("eta", "m_hat", "v_hat", "mu", "mu_next", "rate"))
DECAYED, SHRUNK = Where((Role.STEP,), ("d",)), Where((Role.STEP,), ("u",))
OF_WEIGHTS = Where((Role.GRADIENT,), ("W",))
HALVED = (LOSS, "0.5 * a")
DECIMALS = (3, 2, 4, 5, 6)

ROWS = (
    # the weighted sum
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
        (Replace(Where((Role.ACTIVATION,), ("y_hat",)), "softmax(a)", "a / sum_units(a)", whole=True),),
    ),
    # the loss
    Mistake(
        "log-base-10",
        "the logarithm is that to base 10",
        "a cross-entropy",
        (Replace(LOSS, "log(a)", "log10(a)"),),
    ),
    Mistake(
        "log-base-2",
        "the logarithm is that to base 2",
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
        "the term of 1 − ŷ is forgotten",
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
        "the batch is summed up instead of averaged",
        "a mean over several samples or outputs",
        (
            Replace(LOSS, "mean(a)", "sum(a)"),
            Replace(LOSS, "a / samples(b)", "a"),
            Replace(OUTPUT, "a / size(b)", "a"),
            Replace(OUTPUT, "a / samples(b)", "a"),
        ),
    ),
    Mistake(
        "mean-twice",
        "the mean over the batch is taken twice",
        "a mean over several samples or outputs",
        (
            Replace(LOSS, "mean(a)", "mean(a) / samples(x)"),
            Replace(LOSS, "a / samples(b)", "a / samples(b) / samples(x)"),
            Replace(GRADIENT, "a", "a / samples(x)", whole=True, given=(OUTPUT, "a / size(b)")),
            Replace(GRADIENT, "a", "a / samples(x)", whole=True, given=(OUTPUT, "a / samples(b)")),
        ),
    ),
    # the way back
    Mistake(
        "difference-reversed",
        "ŷ − y is written the wrong way round",
        "a derivative with ŷ − y in it",
        (Replace(BACKWARD, "y_hat - y", "y - y_hat", stable=True),),
    ),
    Mistake(
        "derivative-left-out",
        "the activation's derivative is left out",
        "layers with an activation",
        (
            Replace(BACKWARD, "a * local", "a"),
            Replace(BACKWARD, "vjp(local, a)", "a"),
            Replace(BACKWARD, "a * (b - sum_units(a * b))", "b"),  # of a softmax too large for its matrix
        ),
    ),
    Mistake(
        "derivative-at-output",
        "the activation's derivative is taken at its value instead of at z",
        "layers with an activation",
        (Derivative(at_output=True),),
    ),
    Mistake(
        "derivative-at-input",
        "the activation's derivative is taken at z instead of at the activation's value",
        "activations whose derivative is written with their value, such as σ and tanh",
        (Derivative(at_output=False),),
    ),
    Mistake(
        "transpose-left-out",
        "W is used without its transpose on the way back",
        "layers with as many units as inputs",
        (Replace(BACKWARD, "a.T @ b", "a @ b"),),
    ),
    Mistake(
        "updates-first",
        "{weights} are updated before they are backpropagated through",
        "two layers or more, without clipping by norm",
        reorder=updated_first,
    ),
    Mistake(
        "gradients-kept",
        "the gradients of the iteration before are still there (no zero_grad)",
        "the second iteration and later ones",
        persist=GRADIENT,
    ),
    # the update
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
        (Replace(UPDATE, "momentum * a + b", "b"),),
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
    # the numbers
    Mistake(
        "cut-off",
        "values are cut off after {digits} decimals instead of rounded",
        "anything",
        (Replace(ANY, "a", "cut(a, digits)", whole=True),),
        digits=DECIMALS,
    ),
    Mistake(
        "rounded-intermediates",
        "the values that go into it are rounded to {digits} decimals",
        "anything",
        (Reading("rounded(a, digits)"),),
        digits=DECIMALS,
    ),
    Mistake(
        "float32",
        "it is computed in float32",
        "anything",
        (Replace(ANY, "a", "float32(a)", whole=True),),
        dtype="float32",
    ),
)
MISTAKES = {row.name: row for row in ROWS}
