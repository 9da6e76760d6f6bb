"""What the operations of the update mean: schedule, clipping, slots, and the steps themselves."""

from backprop_tui.debugger.meaning.row import Case, Row, Table

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
MOMENTUM = (
    Case("all(old == 0)", "there is no past yet, so the momentum begins with this gradient"),
    Case("sum(old * new) > 0", "past gradients and this one point the same way, so momentum builds up"),
    Case("sum(old * new) < 0", "this gradient points against those of the past, so momentum brakes"),
)

IN_STEPS = (Case("all(u_{p} >= 0)", "the gradient, scaled from its own size to that of the steps taken so far"),)

TABLE: Table = {
    "eta": (
        Row(
            "the learning rate of this iteration, as the schedule has it",
            one=(
                Case("ans == eta0", "the schedule leaves the learning rate as it is, so far"),
                Case("ans < eta0", "the schedule has lowered the learning rate to {value}"),
            ),
        ),
    ),
    "grad_norm": (
        Row(
            "how long all gradients are together, as one vector",
            one=(
                Case("ans > max_norm", "all gradients together are longer than allowed, so they will be clipped"),
                Case("ans <= max_norm", "all gradients together are no longer than allowed"),
            ),
        ),
    ),
    "clip_scale": (
        Row(
            "what gradients are multiplied by so that they are no longer than allowed: 1 where they are not",
            one=(
                Case("ans == 1", "the gradients are no longer than allowed, so nothing is clipped"),
                Case("ans < 1", "the gradients are longer than allowed, so all are scaled to {value} of their length"),
            ),
        ),
    ),
    "c_#": (
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
    "d_#": (
        Row(
            "the gradient and a pull towards 0 in proportion to the value: weight decay",
            one=(
                Case("w * g > 0", "gradient and decay pull {w} the same way, towards 0"),
                Case("w * g < 0", "decay works against the gradient, which would move {w} away from 0"),
                Case("w == 0", "{w} is 0, so there is nothing to decay"),
            ),
        ),
    ),
    "m_#": (
        Row(
            "the momentum: what is left of past gradients, and this one",
            cases=MOMENTUM,
            one=(
                Case("old == 0", "there is no past yet, so {ans} begins with this gradient"),
                Case("old * new > 0", "past gradients of {w} and this one agree, so its momentum builds up"),
                Case("old * new < 0", "this gradient of {w} opposes those of the past, so its momentum brakes"),
            ),
        ),
    ),
    "v_#": (
        Row(
            "how large this gradient has been: its squares, collected",
            one=(
                Case("ans > old", "{ans} grows: this gradient adds more than fades"),
                Case("ans < old", "{ans} shrinks: this gradient is smaller than usual"),
                Case("ans == old", "{ans} stays: this gradient is as large as usual"),
            ),
        ),
    ),
    "m_hat_#": (
        Row(
            "the momentum without the bias towards the 0 that it started from",
            cases=(
                Case(
                    "beta1 ** t > 0.5",
                    "it is early: the momentum is still near the 0 it started from, so it is scaled up",
                ),
                Case("beta1 ** t < 0.01", "by now the correction is next to nothing"),
            ),
        ),
    ),
    "v_hat_#": (
        Row(
            "the mean square without the bias towards the 0 that it started from",
            cases=(
                Case(
                    "beta2 ** t > 0.5",
                    "it is early: the mean square is still near the 0 it started from, so it is scaled up",
                ),
                Case("beta2 ** t < 0.01", "by now the correction is next to nothing"),
            ),
        ),
    ),
    "s_#": (
        Row(
            "the largest mean square so far: steps cannot grow again",
            one=(
                Case("ans > old", "{ans} is a new record, so the steps become smaller for good"),
                Case("ans == old", "{ans} stays at its record"),
            ),
        ),
    ),
    "a_#": (Row("the mean of past gradients, to be taken out of their mean square"),),
    "q_#": (Row("the variance of past gradients: mean square less squared mean"),),
    "n_#": (
        Row("a look ahead along the momentum", "add"),
        Row("the gradient divided by its usual size", cases=IN_STEPS, one=IN_STEPS),
    ),
    "u_#": (
        Row("the weight decays on its own, apart from its gradient", "sub"),
        Row("how large the steps have been: their squares, collected"),
    ),
    "rate_#": (Row("the learning rate, falling with every iteration"),),
    "mu_#": (Row("how much momentum counts in this iteration"),),
    "mu_next_#": (Row("how much momentum will count in the next iteration"),),
    "p_#": (Row("the product of all momentum factors so far, for the correction of the momentum"),),
    **dict.fromkeys(("W#", "b#", "scale#", "shift#"), PARAMETER),
}
