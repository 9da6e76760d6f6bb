"""What the operations of the update mean: schedule, clipping, slots, and the steps themselves."""

from backprop_tui.debugger.meaning.table import Table
from backprop_tui.engine.statements.variable import Role
from backprop_tui.engine.tables.meanings import Case, Row

STEP = (
    Case("ans == w and g == 0", "{ans} stays the same, since its gradient is 0"),
    Case("ans == w", "{ans} stays the same: its step is 0, or too small to be seen"),
    Case("ans > w and g < 0", "{ans} is raised, since L falls when it grows"),
    Case("ans < w and g > 0", "{ans} is lowered, since L rises with it"),
    Case("g == 0", "the gradient of {ans} is 0, but momentum or decay still moves it"),
    Case("(ans - w) * g > 0", "momentum or decay outweighs the gradient, which would move {ans} the other way"),
)
PARAMETER = (
    Row(
        "on the whole, this step does not go against the gradient: earlier gradients or decay have a say in it",
        cases=(
            Case("all(ans == w)", "nothing changes: every step is 0"),
            Case("sum((ans - w) * g) < 0", "a step against the gradient, in a direction in which L falls"),
        ),
        one=STEP,
    ),
)
TABLE: Table = {
    Role.LEARNING_RATE: (
        Row(
            "the learning rate of this iteration, as the schedule sets it",
            one=(
                Case("ans == eta0", "the schedule leaves the learning rate unchanged in this iteration"),
                Case(
                    "ans < eta0", "in this iteration the learning rate is {value}, below the one that the scenario sets"
                ),
            ),
        ),
    ),
    Role.CLIPPING: (Row("a part of clipping, which keeps gradients small"),),
    Role.STEP: (Row("a part of the update of {w}, on the way from its gradient to the next values"),),
    Role.PARAMETER: PARAMETER,
}
