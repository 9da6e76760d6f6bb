"""What the operations of the forward half and the loss mean."""

from backprop_tui.debugger.meaning.table import Table
from backprop_tui.engine.statements.variable import Role
from backprop_tui.engine.tables.losses import MOVED
from backprop_tui.engine.tables.meanings import Case, Row

SUM = (
    Case("ans > 0", "the sum is positive, and what pushes it up most is {strongest}"),
    Case("ans < 0", "the sum is negative, and what pulls it down most is {strongest}"),
    Case("ans == 0", "the terms cancel each other out"),
)
TABLE: Table = {
    Role.WEIGHTED_SUM: (
        Row(
            "each unit of layer {k} adds up its weighted inputs",
            "matmul",
            cases=(Case("all(inputs == 0)", "everything that comes into layer {k} is 0, and so is what comes out"),),
            one=(Case("all(terms == 0)", "every term is 0, and so is {ans}"), *SUM),
        ),
        Row(
            "each unit of layer {k} adds up its weighted inputs and its bias",
            cases=(Case("all(inputs == 0)", "everything that comes into layer {k} is 0, so only the bias is left"),),
            one=(Case("all(terms == 0)", "every weighted input is 0, so {ans} is the bias alone"), *SUM),
        ),
    ),
    (Role.NORMALISATION, "mu"): (
        Row("the mean of each unit of layer {k} over the samples of the batch", "mean_samples"),
        Row("the mean of each sample over the units of layer {k}"),
    ),
    (Role.NORMALISATION, "centered"): (
        Row(
            "how far each value of layer {k} lies from its mean",
            one=(
                Case("ans > 0", "{a} lies above its mean"),
                Case("ans < 0", "{a} lies below its mean"),
                Case("ans == 0", "{a} is exactly at its mean"),
            ),
        ),
    ),
    (Role.NORMALISATION, "var"): (
        Row(
            "the variance of each unit of layer {k} over the batch: its mean squared distance",
            "mean_samples",
            cases=(
                Case("any(ans == 0)", "{which} {is} 0: there is no difference between the samples", which="ans == 0"),
            ),
        ),
        Row(
            "the variance of each sample over the units of layer {k}: its mean squared distance",
            cases=(
                Case(
                    "any(ans == 0)",
                    "{which} {is} 0: there is no difference between the units of layer {k}",
                    which="ans == 0",
                ),
            ),
        ),
    ),
    (Role.NORMALISATION, "std"): (
        Row(
            "the standard deviation in layer {k}; ε keeps it above 0",
            cases=(Case("any(a < eps{k})", "{which} {is} mostly ε: there is hardly any variance", which="a < eps{k}"),),
        ),
    ),
    (Role.NORMALISATION, "z_hat"): (
        Row(
            "the values of layer {k}, shifted to a mean of 0 and scaled to a variance of 1, but for ε",
            cases=(Case("all(ans == 0)", "every value lies at its mean, so all of them are 0"),),
            one=(
                Case("ans == 0", "{ans} lies exactly at its mean"),
                Case("abs(ans) > 2", "{ans} is unusual: more than two deviations from its mean"),
                Case("abs(ans) <= 2", "{ans} lies within two deviations of its mean"),
            ),
        ),
    ),
    (Role.NORMALISATION, "scaled"): (
        Row(
            "layer {k} stretches and shifts what was normalised, by parameters of its own",
            cases=(
                Case(
                    "all(scale{k} == 1) and all(shift{k} == 0)",
                    "the stretch is 1 and the shift 0, so what was normalised passes unchanged",
                ),
            ),
        ),
    ),
    Role.DROPOUT: (
        Row(
            "what the mask leaves of layer {k}, scaled up so that its sum stays the same on average",
            cases=(
                Case(
                    "all(mask{k} == 1)", "nothing of layer {k} is dropped this time, but it is scaled up all the same"
                ),
                Case("all(mask{k} == 0)", "all of layer {k} is dropped this time, so nothing is passed on"),
                Case("any(mask{k} == 0)", "{which} {is} dropped, and what is left is scaled up", which="mask{k} == 0"),
            ),
            one=(
                Case(
                    "mask{k} == 0",
                    "{ans} is dropped in this iteration, so it passes nothing on, and nothing comes back to it",
                ),
                Case("mask{k} == 1", "{ans} is kept, and scaled up for those that are dropped"),
            ),
        ),
    ),
    (Role.STATISTIC, "running_mu"): (
        Row("a running mean, which layer {k} is evaluated with: past batches fade, this one is mixed in"),
    ),
    (Role.STATISTIC, "running_var"): (
        Row("a running variance, which layer {k} is evaluated with; it is unbiased, so it divides by N − 1"),
    ),
    (Role.STATISTIC, "carried"): (Row("what the next iteration starts with, in place of what this one started with"),),
    Role.ACTIVATION: (Row("the activations of layer {k}, each from its pre-activation"),),
    Role.PENALTY: (
        Row(
            "what large weights cost: it is part of L, so training makes them smaller",
            one=(Case("ans == 0", "all weights are 0, so they cost nothing"),),
        ),
    ),
    Role.LOSS: (Row("the loss: one number to make smaller", one=MOVED),),
}
