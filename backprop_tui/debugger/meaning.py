"""One sentence in plain words for every operation: the first row whose pattern fits it."""

import re

from backprop_tui.engine.program import Operation

MATRICES = "matrices"  # stands for the function where the value is a matrix for each sample
# pattern of an operation's name, and optionally the function at the root of its formula -> the sentence
ROWS: tuple[tuple[str, str | None, str], ...] = (
    (r"z(\d+)", "matmul", "each unit of layer {0} adds up its weighted inputs"),
    (r"z(\d+)", None, "each unit of layer {0} adds up its weighted inputs and its bias"),
    (r"mu(\d+)", "mean_samples", "the mean of each unit of layer {0} over the samples of the batch"),
    (r"mu(\d+)", None, "the mean of each sample over the units of layer {0}"),
    (r"centered(\d+)", None, "how far each value of layer {0} lies from its mean"),
    (r"var(\d+)", "mean_samples", "the variance of each unit of layer {0} over the batch: its mean squared distance"),
    (r"var(\d+)", None, "the variance of each sample over the units of layer {0}: its mean squared distance"),
    (r"std(\d+)", None, "the standard deviation in layer {0}; ε keeps it above 0"),
    (r"z_hat(\d+)", None, "the values of layer {0} with mean 0 and variance 1"),
    (r"scaled(\d+)", None, "layer {0} may stretch and shift what was normalised: both are trained"),
    (r"drop(\d+)", None, "what the mask leaves of layer {0}, scaled up so that its sum is expected to stay the same"),
    (
        r"running_mu(\d+)",
        None,
        "the means of past batches fade, this one's is mixed in: layer {0} is evaluated with it",
    ),
    (r"running_var(\d+)", None, "the variance that layer {0} is evaluated with: unbiased, so N − 1 samples count"),
    (r"h\d+|y_hat", "relu", "what is positive passes, the rest is switched off"),
    (r"h\d+|y_hat", "sigmoid", "squeezed between 0 and 1"),
    (r"h\d+|y_hat", "tanh", "squeezed between −1 and 1"),
    (r"h\d+|y_hat", "identity", "passed on as it is"),
    (r"h\d+|y_hat", "leaky_relu", "what is positive passes, the rest is scaled down by the slope"),
    (r"h\d+|y_hat", "elu", "what is positive passes, the rest bends towards −1"),
    (
        r"h\d+|y_hat",
        "selu",
        "what is positive is stretched a little, the rest bends to a floor: it keeps the scale of signals",
    ),
    (r"h\d+|y_hat", "gelu|gelu_tanh", "each input times the share of a bell curve that lies below it: a soft switch"),
    (r"h\d+|y_hat", "silu", "each input times its own sigmoid: a soft switch"),
    (r"h\d+|y_hat", "softplus", "a smooth switch: near 0 far below zero, the input itself far above"),
    (r"h\d+|y_hat", "mish", "each input times the tanh of its softplus: a soft switch"),
    (r"h\d+|y_hat", "hard_sigmoid", "a straight line between 0 and 1, flat outside of −3 to 3"),
    (r"h\d+|y_hat", "softmax", "shares that add up to 1 in each sample: the larger the input, the larger the share"),
    (r"h\d+|y_hat", "log_softmax", "the logarithms of shares that add up to 1 in each sample: 0 is all of it"),
    (r"penalty", None, "what large weights cost: it is part of L, so training makes them smaller"),
    (r"L", None, "how wrong the prediction is: one number to make smaller"),
    (r"dL_dy_hat", None, "how L moves when the prediction moves"),
    (
        r"d(?:y_hat|h\d+)_d(?:z|scaled)\d+",
        MATRICES,
        "one matrix for each sample: how every output (row) moves with every input (column)",
    ),
    (r"dy_hat_dz(\d+)", None, "how the prediction moves when its pre-activation moves"),
    (r"dy_hat_dscaled(\d+)", None, "how the prediction moves with what it is computed from"),
    (r"delta(\d+)", "add", "the error signal of layer {0}: what the values themselves and what their mean passes back"),
    (
        r"delta(\d+)|dL_dscaled(\d+)",
        "vjp",
        "the error signal: every output of a sample moves with each of its pre-activations",
    ),
    (r"delta(\d+)", None, "the error signal of layer {0}: how L moves with its pre-activations"),
    (
        r"dL_dW(\d+)",
        "add",
        "error signal times input, and what the penalty adds: how L moves with each weight of layer {0}",
    ),
    (r"dL_dW(\d+)", None, "error signal times input, for every weight of layer {0}: how L moves with it"),
    (
        r"dL_db(\d+)",
        "sum_units",
        "one bias shifts every unit of layer {0}, so its gradient is the sum of their error signals",
    ),
    (r"dL_db(\d+)", None, "a bias shifts its unit directly, so its gradient is the error signal of layer {0}"),
    (r"dL_ddrop(\d+)", None, "the error signal goes back through the weights to what was left of layer {0}"),
    (r"dL_dh(\d+)", "div", "only units that were not dropped pass the error signal back to layer {0}"),
    (r"dL_dh(\d+)", None, "the error signal goes back through the weights to the units of layer {0}"),
    (r"dh(\d+)_dz\d+", "indicator", "the gate: 1 where the unit was on, 0 where it was off"),
    (r"dh(\d+)_dz\d+", None, "how each unit's output moves with its pre-activation"),
    (r"dh(\d+)_dscaled\d+", "indicator", "the gate after the norm: 1 where the unit was on, 0 where it was off"),
    (r"dh(\d+)_dscaled\d+", None, "how each unit's output moves with what the norm made of its pre-activation"),
    (r"dL_dscaled(\d+)", None, "how L moves with the normalised, stretched and shifted values of layer {0}"),
    (r"dL_dscale(\d+)", None, "error signal times normalised value: how L moves with each stretch in layer {0}"),
    (
        r"dL_dshift(\d+)",
        None,
        "a shift moves its unit directly, so its gradient is the error signal of layer {0}, summed",
    ),
    (r"dL_dz_hat(\d+)", None, "how L moves with the normalised values of layer {0}"),
    (r"dL_dstd(\d+)", None, "every value was divided by the deviation, so all error signals of layer {0} meet in it"),
    (r"dL_dvar(\d+)", None, "how L moves with the variance of layer {0}, which is below the root"),
    (r"dL_dcentered(\d+)", None, "each distance counts twice in layer {0}: as itself, and in the variance"),
    (r"dL_dmu(\d+)", None, "the mean was taken from every value: how L moves with it in layer {0}"),
    (r"dL_dx", None, "how L moves with the inputs"),
    (r"eta", None, "the learning rate of this iteration, as the schedule has it"),
    (r"grad_norm", None, "how long all gradients are together, as one vector"),
    (
        r"clip_scale",
        None,
        "what gradients are multiplied by so that they are no longer than allowed: 1 where they are not",
    ),
    (r"c_(?:[Wb]|scale|shift)\d+", "mul", "the gradient scaled with all others: shorter, in the same direction"),
    (r"c_(?:[Wb]|scale|shift)\d+", None, "the gradient with every number kept within the bounds"),
    (r"d_(?:[Wb]|scale|shift)\d+", None, "the gradient and a pull towards 0 in proportion to the value: weight decay"),
    (r"m_(?:[Wb]|scale|shift)\d+", None, "the momentum: what is left of past gradients, and this one"),
    (r"v_(?:[Wb]|scale|shift)\d+", None, "how large this gradient has been: its squares, collected"),
    (r"m_hat_(?:[Wb]|scale|shift)\d+", None, "the momentum without the bias towards the 0 that it started from"),
    (r"v_hat_(?:[Wb]|scale|shift)\d+", None, "the mean square without the bias towards the 0 that it started from"),
    (r"s_(?:[Wb]|scale|shift)\d+", None, "the largest mean square so far: steps cannot grow again"),
    (r"a_(?:[Wb]|scale|shift)\d+", None, "the mean of past gradients, to be taken out of their mean square"),
    (r"q_(?:[Wb]|scale|shift)\d+", None, "the variance of past gradients: mean square less squared mean"),
    (r"n_(?:[Wb]|scale|shift)\d+", "add", "a look ahead along the momentum"),
    (r"n_(?:[Wb]|scale|shift)\d+", "div", "the gradient divided by its usual size"),
    (r"n_(?:[Wb]|scale|shift)\d+", None, "the gradient in units of the steps taken so far"),
    (r"u_(?:[Wb]|scale|shift)\d+", "sub", "the weight decays on its own, apart from its gradient"),
    (r"u_(?:[Wb]|scale|shift)\d+", None, "how large the steps have been: their squares, collected"),
    (r"rate_(?:[Wb]|scale|shift)\d+", None, "the learning rate, falling with every iteration"),
    (r"mu_(?:[Wb]|scale|shift)\d+", None, "how much momentum counts in this iteration"),
    (r"mu_next_(?:[Wb]|scale|shift)\d+", None, "how much momentum will count in the next iteration"),
    (
        r"p_(?:[Wb]|scale|shift)\d+",
        None,
        "the product of all momentum factors so far, for the correction of the momentum",
    ),
    (r"(?:[Wb]|scale|shift)(\d+)", None, "a small step against the gradient, so that L goes down"),
)
COMPILED = tuple((re.compile(pattern), function, sentence) for pattern, function, sentence in ROWS)


def meaning(operation: Operation) -> str:
    """The sentence of an operation; empty where no row fits."""
    root = root_of(operation)
    for pattern, function, sentence in COMPILED:
        found = pattern.fullmatch(operation.name)
        if found and (function is None or root in function.split("|")):
            return sentence.format(*found.groups())
    return ""


def root_of(operation: Operation) -> str | None:
    """The function at the root of a formula, as the rows have it; None for a variable alone."""
    return MATRICES if len(operation.shape) == 3 else getattr(operation.tree, "function", None)
