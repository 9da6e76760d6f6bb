"""What the operations of the forward half and the loss mean."""

from backprop_tui.debugger.meaning.row import Case, Row, Table

SATURATED = "(ans > 0.98) or (ans < 0.02)"
SUM = (
    Case("all(terms == 0)", "every term is 0, so {ans} is the bias alone, where there is one"),
    Case("ans > 0", "the sum is positive, and what pushes it up most is {strongest}"),
    Case("ans < 0", "the sum is negative, and what pulls it down most is {strongest}"),
    Case("ans == 0", "the terms cancel each other out"),
)
SWITCH = (
    Case("a > 0", "{a} is positive, so most of it passes"),
    Case("a < 0", "{a} is negative, so little of it is left"),
    Case("a == 0", "{a} is exactly 0, and so is {ans}"),
)
BENT = (
    Case("a > 0", "{a} is positive, so it passes"),
    Case("a < 0", "{a} is negative, so it is bent towards a floor"),
    Case("a == 0", "{a} is exactly 0, and so is {ans}"),
)

ACTIVATIONS = (
    Row(
        "what is positive passes, the rest is switched off",
        "relu",
        cases=(
            Case("all(a > 0)", "every unit of layer {k} is on, so all passes as it is"),
            Case("all(a <= 0)", "every unit of layer {k} is off, so it passes nothing on"),
            Case(
                "samples > 1 and any(sum_samples(ans) == 0)",
                "{which} {is} off for the whole batch: {it} can learn nothing from it",
                which="sum_samples(ans) == 0",
            ),
            Case("any(a <= 0)", "{which} {is} off, and the rest passes as it is", which="a <= 0"),
        ),
        one=(
            Case("a > 0", "{a} is positive, so it passes as it is"),
            Case("a < 0", "{a} is negative, so {ans} is off and passes nothing on"),
            Case("a == 0", "{a} is exactly 0, on the kink, so {ans} is off"),
        ),
    ),
    Row(
        "squeezed between 0 and 1",
        "sigmoid",
        cases=(
            Case(f"all({SATURATED})", "every unit of layer {k} is saturated: σ is flat there, and hardly lets learn"),
            Case(
                f"any({SATURATED})", "{which} {is} saturated: σ is flat there, so {it} hardly learns", which=SATURATED
            ),
        ),
        one=(
            Case(
                "ans > 0.98", "{a} is so large that {ans} is nearly 1: σ is flat there, so hardly anything flows back"
            ),
            Case("ans < 0.02", "{a} is so far below 0 that {ans} is nearly 0: σ is flat there"),
            Case("a > 0", "{a} is positive, so {ans} is above ½"),
            Case("a < 0", "{a} is negative, so {ans} is below ½"),
            Case("a == 0", "{a} is exactly 0, so {ans} is undecided, ½"),
        ),
    ),
    Row(
        "squeezed between −1 and 1",
        "tanh",
        cases=(
            Case(
                "all(abs(ans) > 0.96)",
                "every unit of layer {k} is saturated: tanh is flat there, and hardly lets learn",
            ),
            Case("any(abs(ans) > 0.96)", "{which} {is} saturated, where tanh is flat", which="abs(ans) > 0.96"),
        ),
        one=(
            Case("abs(ans) > 0.96", "{a} is so far from 0 that {ans} is saturated: hardly anything flows back"),
            Case("a > 0", "{a} is positive, and so is {ans}, a little smaller"),
            Case("a < 0", "{a} is negative, and so is {ans}, a little nearer to 0"),
            Case("a == 0", "{a} is exactly 0, and so is {ans}"),
        ),
    ),
    Row("passed on as it is", "identity"),
    Row(
        "what is positive passes, the rest is scaled down by the slope",
        "leaky_relu",
        cases=(
            Case("all(a > 0)", "every unit of layer {k} is on, so all passes as it is"),
            Case("all(a < 0)", "every unit of layer {k} is off, so only a share of all passes"),
        ),
        one=(
            Case("a > 0", "{a} is positive, so it passes as it is"),
            Case("a < 0", "{a} is negative, so only a small share of it passes"),
            Case("a == 0", "{a} is exactly 0, and so is {ans}"),
        ),
    ),
    Row("what is positive passes, the rest bends towards −1", "elu", one=BENT),
    Row(
        "what is positive is stretched a little, the rest bends to a floor: it keeps the scale of signals",
        "selu",
        one=BENT,
    ),
    Row("each input times the share of a bell curve that lies below it: a soft switch", "gelu|gelu_tanh", one=SWITCH),
    Row("each input times its own sigmoid: a soft switch", "silu", one=SWITCH),
    Row(
        "a smooth switch: near 0 far below zero, the input itself far above",
        "softplus",
        one=(
            Case("a > 3", "{a} is so large that {ans} is nearly the same"),
            Case("a < -3", "{a} is so far below 0 that {ans} is nearly 0"),
            Case("abs(a) <= 3", "{a} lies where the switch bends"),
        ),
    ),
    Row("each input times the tanh of its softplus: a soft switch", "mish", one=SWITCH),
    Row(
        "a straight line between 0 and 1, flat outside of −3 to 3",
        "hard_sigmoid",
        cases=(
            Case("any(abs(a) >= 3)", "{which} {is} on the flat part, where nothing is learned", which="abs(a) >= 3"),
        ),
        one=(
            Case("a >= 3", "{a} is 3 or more, so {ans} is 1 and flat"),
            Case("a <= -3", "{a} is −3 or less, so {ans} is 0 and flat"),
            Case("abs(a) < 3", "{a} lies on the straight part between −3 and 3"),
        ),
    ),
    Row(
        "shares that add up to 1 in each sample: the larger the input, the larger the share",
        "softmax",
        cases=(
            Case("samples == 1 and max(ans) > 0.9", "one class takes nearly all: the prediction is sure of it"),
            Case("samples == 1 and max(ans) * units < 1.5", "all classes have nearly the same share: it is undecided"),
        ),
        one=(
            Case("ans == max(column)", "{ans} is the largest share of its sample, which is the guess"),
            Case("ans < max(column)", "{ans} is not the largest share of its sample"),
        ),
    ),
    Row(
        "the logarithms of shares that add up to 1 in each sample: 0 is all of it",
        "log_softmax",
        one=(
            Case("ans == max(column)", "{ans} belongs to the largest share of its sample, which is the guess"),
            Case("ans < max(column)", "{ans} belongs to a share that is not the largest of its sample"),
        ),
    ),
)

TABLE: Table = {
    "z#": (
        Row(
            "each unit of layer {k} adds up its weighted inputs",
            "matmul",
            cases=(Case("all(inputs == 0)", "everything that comes into layer {k} is 0, and so is what comes out"),),
            one=SUM,
        ),
        Row(
            "each unit of layer {k} adds up its weighted inputs and its bias",
            cases=(Case("all(inputs == 0)", "everything that comes into layer {k} is 0, so only the bias is left"),),
            one=SUM,
        ),
    ),
    "mu#": (
        Row("the mean of each unit of layer {k} over the samples of the batch", "mean_samples"),
        Row("the mean of each sample over the units of layer {k}"),
    ),
    "centered#": (
        Row(
            "how far each value of layer {k} lies from its mean",
            one=(
                Case("ans > 0", "{a} lies above its mean"),
                Case("ans < 0", "{a} lies below its mean"),
                Case("ans == 0", "{a} is just its mean"),
            ),
        ),
    ),
    "var#": (
        Row(
            "the variance of each unit of layer {k} over the batch: its mean squared distance",
            "mean_samples",
            cases=(
                Case("any(ans == 0)", "{which} {is} 0: the unit gives the same for every sample", which="ans == 0"),
            ),
        ),
        Row(
            "the variance of each sample over the units of layer {k}: its mean squared distance",
            cases=(Case("any(ans == 0)", "{which} {is} 0: all units of layer {k} give the same", which="ans == 0"),),
        ),
    ),
    "std#": (
        Row(
            "the standard deviation in layer {k}; ε keeps it above 0",
            cases=(Case("any(a < eps{k})", "{which} {is} mostly ε: there is hardly any variance", which="a < eps{k}"),),
        ),
    ),
    "z_hat#": (
        Row(
            "the values of layer {k} with mean 0 and variance 1",
            one=(
                Case("abs(ans) > 2", "{ans} is unusual: more than two deviations from its mean"),
                Case("abs(ans) <= 2", "{ans} lies within two deviations of its mean"),
            ),
        ),
    ),
    "scaled#": (
        Row(
            "layer {k} may stretch and shift what was normalised: both are trained",
            cases=(
                Case(
                    "all(scale{k} == 1) and all(shift{k} == 0)",
                    "layer {k} does not stretch or shift yet what was normalised: both are to be trained",
                ),
            ),
        ),
    ),
    "drop#": (
        Row(
            "what the mask leaves of layer {k}, scaled up so that its sum is expected to stay the same",
            cases=(
                Case(
                    "all(mask{k} == 1)", "nothing of layer {k} is dropped this time, and it is scaled up all the same"
                ),
                Case("all(mask{k} == 0)", "all of layer {k} is dropped this time, so nothing is passed on"),
                Case("any(mask{k} == 0)", "{which} {is} dropped, what is left is scaled up", which="mask{k} == 0"),
            ),
            one=(
                Case("mask{k} == 0", "{ans} is dropped in this iteration, so it passes nothing on and learns nothing"),
                Case("mask{k} == 1", "{ans} is kept, and scaled up for those that are dropped"),
            ),
        ),
    ),
    "running_mu#": (Row("the means of past batches fade, this one's is mixed in: layer {k} is evaluated with it"),),
    "running_var#": (Row("the variance that layer {k} is evaluated with: unbiased, so N − 1 samples count"),),
    "h#": ACTIVATIONS,
    "y_hat": ACTIVATIONS,
    "penalty": (
        Row(
            "what large weights cost: it is part of L, so training makes them smaller",
            one=(Case("ans == 0", "all weights are 0, so they cost nothing"),),
        ),
    ),
    "L": (
        Row(
            "how wrong the prediction is: one number to make smaller",
            one=(
                Case("ans == 0", "the prediction is exactly right, so nothing is left to learn"),
                Case("ans < old", "the prediction has become better: L has fallen from {old} to {value}"),
                Case("ans > old", "the prediction has become worse: L has risen from {old} to {value}"),
                Case("ans == old", "nothing has changed since the iteration before: L is still {value}"),
            ),
        ),
    ),
}
