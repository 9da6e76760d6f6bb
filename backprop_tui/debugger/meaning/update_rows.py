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
        "a step that is not against the gradient, all in all: more than this gradient is behind it",
        cases=(
            Case("all(ans == w)", "nothing changes: every step is 0"),
            Case("sum((ans - w) * g) < 0", "a small step against the gradient, so that L goes down"),
        ),
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
    Role.CLIPPING: (Row("a part of clipping, which keeps gradients small"),),
    Role.STEP: (Row("a part of the update of {w}, on the way from its gradient to the next values"),),
    Role.PARAMETER: PARAMETER,
}
