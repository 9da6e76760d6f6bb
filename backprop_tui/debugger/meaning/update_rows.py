"""What the operations of the update mean: schedule, clipping, slots, and the steps themselves."""

from backprop_tui.debugger.meaning.table import Table
from backprop_tui.engine.statements.variable import Role
from backprop_tui.engine.tables.meanings import Case, Row

STEP = (
    Case("ans == w and g == 0", "{ans} stays as it is, since its gradient is 0"),
    Case("ans == w", "{ans} stays as it is: its step is too small to be seen, or 0"),
    Case("ans > w and g < 0", "{ans} is raised, since L falls when it grows"),
    Case("ans < w and g > 0", "{ans} is lowered, since L grows with it"),
    Case("g == 0", "the gradient of {ans} is 0, but what is behind it, momentum or decay, still moves it"),
    Case("(ans - w) * g > 0", "momentum or decay outweighs the gradient, which would move {ans} the other way"),
)
PARAMETER = (
    Row(
        "a small step against the gradient, so that L goes down",
        cases=(Case("all(ans == w)", "nothing changes: every step is 0"),),
        one=STEP,
    ),
)
TABLE: Table = {
    Role.LEARNING_RATE: (
        Row(
            "the learning rate of this iteration, as the schedule has it",
            one=(
                Case("ans == eta0", "the schedule leaves the learning rate as it is, so far"),
                Case("ans < eta0", "the schedule has lowered the learning rate to {value}"),
            ),
        ),
    ),
    (Role.CLIPPING, "grad_norm"): (
        Row(
            "how long all gradients are together, as one vector",
            one=(
                Case("ans > max_norm", "all gradients together are longer than allowed, so they will be clipped"),
                Case("ans <= max_norm", "all gradients together are no longer than allowed"),
            ),
        ),
    ),
    (Role.CLIPPING, "clip_scale"): (
        Row(
            "what gradients are multiplied by so that they are no longer than allowed: 1 where they are not",
            one=(
                Case("ans == 1", "the gradients are no longer than allowed, so nothing is clipped"),
                Case("ans < 1", "the gradients are longer than allowed, so all are scaled to {value} of their length"),
            ),
        ),
    ),
    (Role.CLIPPING, "c"): (
        Row(
            "the gradient scaled with all others: shorter, in the same direction",
            "mul",
            cases=(Case("clip_scale == 1", "nothing was clipped, so this is the gradient as it was"),),
            one=(
                Case("clip_scale == 1", "nothing was clipped, so {ans} is the gradient as it was"),
                Case("clip_scale < 1", "{ans} is the gradient scaled down with all others"),
            ),
        ),
        Row(
            "the gradient with every number kept within the bounds",
            cases=(
                Case("all(ans == g)", "no number lies outside of the bounds, so nothing is clipped"),
                Case("any(ans != g)", "{which} {is} cut to the bounds", which="ans != g"),
            ),
            one=(
                Case("ans == g", "{ans} lies within the bounds and stays as it was"),
                Case("ans != g", "{ans} was outside of the bounds and is cut"),
            ),
        ),
    ),
    Role.STEP: (Row("a step on the way from the gradient of {w} to its next value"),),
    Role.PARAMETER: PARAMETER,
}
