"""What the lines of a model mean, and what flows back to them, by the kinds that `engine/model/line_kinds.py` finds."""

from backprop_tui.debugger.meaning.backward_rows import NOTHING, SEVERAL_WAYS, SLOPE, signal
from backprop_tui.debugger.meaning.table import Table
from backprop_tui.engine.statements.variable import Role
from backprop_tui.engine.tables.meanings import Case, Row

SUM = (
    Case("ans > 0", "the sum is positive, and what pushes it up most is {strongest}"),
    Case("ans < 0", "the sum is negative, and what pulls it down most is {strongest}"),
    Case("ans == 0", "the terms are all 0, or cancel each other out"),
)
GOES_ON = (
    Case("ans == 0", "L does not move with {of}"),
    Case("abs(later) > abs(here)", "{of} moves L most by way of the steps after it"),
    Case("abs(later) <= abs(here)", "{of} moves L most by what step {step} itself makes of it"),
    *SLOPE,
)
SHARED = Row(
    SEVERAL_WAYS.says,
    "add",
    cases=(
        NOTHING,
        Case("parts > 1", "each step that reads {name} has a part in it: the largest is step {most}'s"),
    ),
    one=(
        Case("ans == 0", "L does not move with {of}"),
        Case("parts > 1", "each step that reads it has a part in it: the largest is step {most}'s"),
        *SLOPE,
    ),
)


def of_parameter(says: str) -> tuple[Row, ...]:
    """The rows of a kind of parameter: several steps, or several lines, may read it."""
    return (SHARED, signal(says))


def gate(whole: str, one: str, part: str) -> Row:
    """A row for a kind of gate: `part` of something passes."""
    return Row(
        f"gates, from 0, closed, to 1, open: {whole}",
        cases=(
            Case("all(ans < 0.05)", f"every gate is nearly closed; it says {whole}"),
            Case("all(ans > 0.95)", f"every gate is nearly open; it says {whole}"),
        ),
        one=(
            Case("ans < 0.05", f"the gate is nearly closed: {part} {one}"),
            Case("ans > 0.95", f"the gate is nearly open: {part} {one}"),
            Case("ans <= 0.95", f"the gate is partly open: {part} {one}"),
        ),
    )


FORWARD: Table = {
    (Role.VALUE, "part of L"): (Row("what {whence} adds to L"),),
    (Role.VALUE, "embedding"): (Row("looked up in {whose}, by the number of each class"),),
    (Role.VALUE, "attention"): (
        Row(
            "each {looks} divides its attention: the shares of a {line} add up to 1",
            cases=(
                Case("all(peaks > 0.98)", "each {looks} gives nearly all of its attention to just one thing"),
                Case(
                    "max(peaks) * choices < 1.5",
                    "the attention is spread out: no {looks} gives anything more than 1.5 times an even share",
                ),
            ),
            one=(
                Case("ans == 0", "{looking} does not look at {looked} at all, so nothing of that goes into it"),
                Case("ans > 0.98", "{looking} looks at hardly anything but {looked}, with {percent} of its attention"),
                Case(
                    "ans == max(along)",
                    "{looking} looks at {looked} with {percent} of its attention: nothing gets more",
                ),
                Case("ans < max(along)", "{looking} looks at {looked} with {percent} of its attention"),
            ),
        ),
    ),
    (Role.VALUE, "shares"): (
        Row(
            "shares that add up to 1 in each {line}: the larger a number, the larger its share",
            one=(
                Case("ans == max(along)", "no share of its {line} is larger than {ans}"),
                Case("ans < max(along)", "{ans} is not the largest share of its {line}"),
            ),
        ),
    ),
    (Role.VALUE, "mixed"): (Row("values, weighted by their shares of attention and added up"),),
    (Role.VALUE, "scores"): (
        Row(
            "how well things fit together: the larger a score, the larger its share in {whose}",
            one=(Case("ans < -1e8", "{ans} is masked: it is so far below 0 that nothing is left of its share"),),
        ),
    ),
    (Role.VALUE, "logits"): (Row("scores of the classes: the larger a score, the more probable its class"),),
    (Role.VALUE, "keeps"): (
        gate("how much of the old state {gated} remains", "of the old state {gated} remains", "{percent}"),
    ),
    (Role.VALUE, "lets go"): (
        gate(
            "how much of the old state {gated} gives way to what is new", "of the old state {gated} remains", "{rest}"
        ),
    ),
    (Role.VALUE, "gate"): (gate("how much of {gated} passes", "of {gated} passes", "{percent}"),),
    (Role.VALUE, "convolution"): (
        Row("each number is one window of the image, weighted by the kernel {whose} and added up"),
    ),
    (Role.VALUE, "pool"): (Row("the largest number of each window", "max_pool"), Row("the mean of each window")),
    (Role.VALUE, "mean"): (Row("the mean of {whose}, which is taken out next"),),
    (Role.VALUE, "centered"): (
        Row(
            "how far {whose} lies from its mean",
            one=(
                Case("ans > 0", "{a} lies above its mean"),
                Case("ans < 0", "{a} lies below its mean"),
                Case("ans == 0", "{a} is exactly at its mean"),
            ),
        ),
    ),
    (Role.VALUE, "variance"): (Row("how widely {whose} is spread: squared distances from the mean, averaged"),),
    (Role.VALUE, "deviation"): (
        Row("one over the standard deviation of {whose}", "pow"),
        Row("the standard deviation of {whose}"),
    ),
    (Role.VALUE, "normalised"): (
        Row(
            "{whose}, shifted to a mean of 0 and scaled to a variance of 1, but for ε",
            cases=(Case("all(ans == 0)", "every number lies at its mean, so all of them are 0"),),
            one=(
                Case("ans == 0", "{ans} lies exactly at its mean"),
                Case("abs(ans) > 2", "{ans} is unusual: more than two deviations from its mean"),
                Case("abs(ans) <= 2", "{ans} lies within two deviations of its mean"),
            ),
        ),
    ),
    (Role.VALUE, "stretched"): (
        Row("what was normalised, stretched by parameters", "mul"),
        Row("what was normalised, stretched and shifted by parameters"),
    ),
    (Role.VALUE, "residual"): (
        Row(
            "{whose} goes past unchanged, and what was made of it is added",
            cases=(
                Case(
                    "norm(ans - past) < 0.1 * norm(past)",
                    "{whose} goes past unchanged, and what is added changes it by less than a tenth",
                ),
            ),
            one=(
                Case("abs(ans - past) > abs(past)", "what is added to {ans} is larger than what goes past unchanged"),
                Case("abs(ans - past) <= abs(past)", "what goes past unchanged is the larger part of {ans}"),
            ),
        ),
    ),
    (Role.VALUE, "drawn"): (Row("{whose} with noise added, which is drawn anew in every iteration"),),
    (Role.VALUE, "mask"): (Row("which numbers are kept in this iteration, 1, and which are left out, 0"),),
    (Role.VALUE, "dropped"): (Row("what the mask leaves, scaled up so that its sum stays the same on average"),),
    (Role.VALUE, "similarity"): (
        Row(
            "how much two things have in common: their numbers multiplied in pairs and added up",
            one=(
                Case("ans > 0", "they point the same way, on the whole"),
                Case("ans < 0", "they point away from each other, on the whole"),
            ),
        ),
    ),
    (Role.VALUE, "state"): (Row("the state after step {step}, which the loop carries on"),),
    (Role.VALUE, "weighted"): (Row("inputs, weighted by {whose} and added up", one=SUM),),
    Role.VALUE: (
        Row("squeezed between 0 and 1", "sigmoid"),
        Row("squeezed between −1 and 1", "tanh"),
        Row("what is positive passes, the rest is switched off", "relu"),
        Row("all numbers of a sample, in one column or one row", "flatten|flatten_each|flatten_rows"),
        Row("split into heads, each of which goes on by itself", "split|split_columns"),
        Row("the heads, put together again", "merge|merge_columns"),
        Row("a line of the model, as the scenario writes it"),
    ),
}
BACKWARD: Table = {
    Role.DELTA: (
        Row(
            "how L moves with the argument of the function in {whose}; from here it flows on to what that is made of",
            cases=(
                Case("all(ans == 0)", "nothing flows back through the function in {whose}"),
                Case(
                    "max(abs(ans)) < 0.1 * max(abs(flow))",
                    "the function in {whose} is flat here: less than a tenth of what came back is left",
                ),
            ),
            one=(
                Case("ans == 0", "nothing flows back through the function in {shared}"),
                Case(
                    "abs(ans) < 0.1 * abs(flow)",
                    "the function in {shared} is flat here: less than a tenth of what came back is left",
                ),
            ),
        ),
    ),
    Role.PART: (
        Row(
            "what step {step} adds to the gradient of {whose}, which other steps read too",
            cases=(Case("all(ans == 0)", "step {step} adds nothing to the gradient of {whose}"),),
            one=(
                Case("ans < 0", "as far as step {step} goes, L falls when {shared} grows"),
                Case("ans > 0", "as far as step {step} goes, L rises when {shared} grows"),
                Case("ans == 0", "as far as step {step} goes, L does not move with {shared}"),
            ),
        ),
    ),
    (Role.GRADIENT, "attention"): (signal("how L moves with each share of attention"),),
    (Role.GRADIENT, "scores"): (
        signal("how L moves with each score: one that grows takes from the shares of the others"),
    ),
    (Role.GRADIENT, "keeps"): (signal("how L moves with how much of the old state remains"),),
    (Role.GRADIENT, "lets go"): (signal("how L moves with how much of the old state gives way"),),
    (Role.GRADIENT, "gate"): (signal("how L moves with the gate {name}, when it opens a little more"),),
    (Role.GRADIENT, "state"): (
        Row(
            "how L moves with the state after step {step}, in all the ways that it is read",
            cases=(
                NOTHING,
                Case("norm(later) > norm(here)", "most of it comes back from the steps after, through time"),
                Case("norm(later) <= norm(here)", "most of it comes from what step {step} itself makes of the state"),
            ),
            one=GOES_ON,
        ),
    ),
    (Role.GRADIENT, "residual"): (
        signal("how L moves with {name}: from here it flows on both into what is added and past it"),
    ),
    (Role.GRADIENT, "embedding"): (signal("how L moves with what was looked up"),),
    (Role.GRADIENT, "convolution"): (signal("how L moves with what the kernels give at each place"),),
    (Role.GRADIENT, "pool"): (signal("how L moves with what is left of each window"),),
    (Role.GRADIENT, "mean"): (signal("the mean was subtracted from every number: how L moves with the mean"),),
    (Role.GRADIENT, "centered"): (signal("each distance counts twice: as itself, and in the variance"),),
    (Role.GRADIENT, "variance"): (signal("how L moves with the variance, which every distance goes into"),),
    (Role.GRADIENT, "deviation"): (
        signal("how L moves with the deviation, or one over it, which every number is scaled by"),
    ),
    (Role.GRADIENT, "normalised"): (signal("how L moves with what was normalised"),),
    (Role.GRADIENT, "weights"): of_parameter("what comes back to a product, times what {name} was multiplied by"),
    (Role.GRADIENT, "bias"): of_parameter(
        "{name} is added, so its gradient is what comes back to the sum, added up over the places where it is added"
    ),
    (Role.GRADIENT, "table"): of_parameter(
        "what comes back to the parts of {name} that were looked up; the rest of it gets 0"
    ),
    (Role.GRADIENT, "kernel"): of_parameter(
        "the kernel lies at every place of the image, so what comes back from all of them is added up"
    ),
    (Role.GRADIENT, "stretch"): of_parameter("what comes back, times what was normalised: how L moves with a stretch"),
    (Role.GRADIENT, "shift"): of_parameter(
        "a shift is added, so its gradient is what comes back to the sum, added up over the places where it is added"
    ),
}
TABLE: Table = FORWARD | BACKWARD
