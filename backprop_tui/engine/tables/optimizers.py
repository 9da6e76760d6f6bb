"""Optimizers, a row each: the ordered equations of one update, as PyTorch has them.

In an equation `w` is the parameter and `g` its gradient; other targets are variables of the parameter (`m_W1`). A
target that is read before it is written is a slot: it survives from one iteration to the next and starts at 0. Settings
are variables under PyTorch's names, `learning_rate` is eta and `betas` are beta1 and beta2; `t` counts iterations
from 1.

An equation with a `when` stands only where that setting is on; elsewhere `otherwise` takes the place of its target.
"""

from typing import NamedTuple

from msgspec import Struct

from backprop_tui.engine.tables.meanings import Case, Meaning, Row

Setting = float | bool | tuple[float, float]


class Equation(NamedTuple):
    """`target = formula`, where the setting `when` is on; else the target is another name for `otherwise`.

    `means` is what is said of the target. Without it, only what holds for every step of every optimizer is said.
    """

    target: str
    formula: str
    when: str = ""
    otherwise: str = ""
    means: Meaning | None = None


class Optimizer(Struct, frozen=True):
    """A row: equations in order; the settings that may be left out; slots that do not start at 0.

    A slot starts as one number, or in every entry with the setting that is named.
    """

    name: str
    equations: tuple[Equation, ...]
    short: str = ""
    defaults: dict[str, Setting] = {}
    starts: dict[str, float | str] = {}


SLOT = "kept from one iteration to the next, for every number of {w}"
DECAY = Meaning(
    Row(
        "the gradient and a pull towards 0 in proportion to the value: weight decay",
        one=(
            Case("w * g > 0", "gradient and decay pull {w} the same way, towards 0"),
            Case("w * g < 0", "decay works against the gradient, which would move {w} away from 0"),
            Case("w == 0", "{w} is 0, so there is nothing to decay"),
        ),
    ),
    "the gradient of {w} with weight decay",
)
MOMENTUM = Meaning(
    Row(
        "the momentum: what is left of past gradients, and this one",
        cases=(
            Case("all(old == 0)", "there is no past yet, so the momentum begins with this gradient"),
            Case("sum(old * new) > 0", "past gradients and this one point the same way, so momentum builds up"),
            Case("sum(old * new) < 0", "this gradient points against those of the past, so momentum brakes"),
        ),
        one=(
            Case("old == 0", "there is no past yet, so {ans} begins with this gradient"),
            Case("old * new > 0", "past gradients of {w} and this one agree, so its momentum builds up"),
            Case("old * new < 0", "this gradient of {w} opposes those of the past, so its momentum brakes"),
        ),
    ),
    f"the momentum, PyTorch's momentum_buffer or exp_avg: a mean of past gradients, {SLOT}",
)
SQUARES = Meaning(
    Row(
        "how large this gradient has been: its squares, collected",
        one=(
            Case("ans > old", "{ans} grows: this gradient adds more than fades"),
            Case("ans < old", "{ans} shrinks: this gradient is smaller than usual"),
            Case("ans == old", "{ans} stays: this gradient is as large as usual"),
        ),
    ),
    f"the mean square, PyTorch's square_avg or exp_avg_sq: how large the gradients were, {SLOT}",
)
CORRECTED_MOMENTUM = Meaning(
    Row(
        "the momentum without the bias towards the 0 that it started from",
        cases=(
            Case(
                "beta1 ** t > 0.5", "it is early: the momentum is still near the 0 it started from, so it is scaled up"
            ),
            Case("beta1 ** t < 0.01", "by now the correction is next to nothing"),
        ),
    ),
    "the momentum of {w}, corrected for its start at 0",
)
CORRECTED_SQUARES = Meaning(
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
    "the mean square of {w}, corrected for its start at 0",
)
LARGEST = Meaning(
    Row(
        "the largest mean square so far: steps cannot grow again",
        one=(
            Case("ans > old", "{ans} is a new record, so the steps become smaller for good"),
            Case("ans == old", "{ans} stays at its record"),
        ),
    ),
    f"the largest mean square so far, PyTorch's max_exp_avg_sq, {SLOT}",
)
AHEAD = Meaning(Row("a look ahead along the momentum"), "the step of {w} before the learning rate")
SCALED = Meaning(Row("the gradient divided by its usual size"), "the step of {w} before the learning rate")
SCALED_TO_STEPS = Meaning(
    Row("the gradient, scaled from its own size to that of the steps taken so far"),
    "the step of {w} before the learning rate",
)
DECAYED = Equation("d", "g + weight_decay * w", "weight_decay", "g", DECAY)
MOMENTS = (
    Equation("m", "beta1 * m + (1 - beta1) * d", means=MOMENTUM),
    Equation("v", "beta2 * v + (1 - beta2) * d ** 2", means=SQUARES),
)
ADAM = (
    *MOMENTS,
    Equation("m_hat", "m / (1 - beta1 ** t)", means=CORRECTED_MOMENTUM),
    Equation("s", "max(s, v)", "amsgrad", "v", LARGEST),
    Equation("v_hat", "s / (1 - beta2 ** t)", means=CORRECTED_SQUARES),
)
BETAS: dict[str, Setting] = {"betas": (0.9, 0.999), "eps": 1e-8}

ROWS = (
    Optimizer(
        "sgd",
        (
            DECAYED,
            Equation("m", "where(t == 1, d, momentum * m + (1 - dampening) * d)", "momentum", "d", MOMENTUM),
            Equation("n", "d + momentum * m", "nesterov", "m", AHEAD),
            Equation("w", "w - eta * n"),
        ),
        short="SGD",
        defaults={"momentum": 0.0, "dampening": 0.0, "nesterov": False, "weight_decay": 0.0},
    ),
    Optimizer(
        "adagrad",
        (
            DECAYED,
            Equation(
                "rate",
                "eta / (1 + (t - 1) * lr_decay)",
                "lr_decay",
                "eta",
                Meaning(
                    Row("the learning rate, falling with every iteration"), "the learning rate of {w} in this iteration"
                ),
            ),
            Equation("v", "v + d ** 2", means=SQUARES),
            Equation("w", "w - rate * d / (sqrt(v) + eps)"),
        ),
        short="Adagrad",
        defaults={"lr_decay": 0.0, "weight_decay": 0.0, "initial_accumulator_value": 0.0, "eps": 1e-10},
        starts={"v": "initial_accumulator_value"},
    ),
    Optimizer(
        "rmsprop",
        (
            DECAYED,
            Equation("v", "alpha * v + (1 - alpha) * d ** 2", means=SQUARES),
            Equation(
                "a",
                "alpha * a + (1 - alpha) * d",
                "centered",
                "g",
                Meaning(
                    Row("the mean of past gradients, to be taken out of their mean square"),
                    f"a mean of past gradients, PyTorch's grad_avg, {SLOT}",
                ),
            ),
            Equation(
                "q",
                "v - a ** 2",
                "centered",
                "v",
                Meaning(
                    Row("the variance of past gradients: mean square less squared mean"),
                    "the variance of the gradients of {w}",
                ),
            ),
            Equation("n", "d / (sqrt(q) + eps)", means=SCALED),
            Equation("m", "momentum * m + n", "momentum", "n", MOMENTUM),
            Equation("w", "w - eta * m"),
        ),
        short="RMSprop",
        defaults={"alpha": 0.99, "eps": 1e-8, "weight_decay": 0.0, "momentum": 0.0, "centered": False},
    ),
    Optimizer(
        "adadelta",
        (
            DECAYED,
            Equation("v", "rho * v + (1 - rho) * d ** 2", means=SQUARES),
            Equation("n", "sqrt(u + eps) / sqrt(v + eps) * d", means=SCALED_TO_STEPS),
            Equation(
                "u",
                "rho * u + (1 - rho) * n ** 2",
                means=Meaning(
                    Row("how large the steps have been: their squares, collected"),
                    f"how large the steps of {{w}} have been, PyTorch's acc_delta, {SLOT}",
                ),
            ),
            Equation("w", "w - eta * n"),
        ),
        short="Adadelta",
        defaults={"rho": 0.9, "eps": 1e-6, "weight_decay": 0.0},
    ),
    Optimizer(
        "adam",
        (DECAYED, *ADAM, Equation("w", "w - eta * m_hat / (sqrt(v_hat) + eps)")),
        short="Adam",
        defaults=BETAS | {"weight_decay": 0.0, "amsgrad": False},
    ),
    Optimizer(
        "adamw",
        (
            Equation("d", "g", "coupled", "g"),  # the decay is not part of the gradient
            Equation(
                "u",
                "w - eta * weight_decay * w",
                "weight_decay",
                "w",
                Meaning(Row("the weight decays on its own, apart from its gradient"), "{w} after its decay"),
            ),
            *ADAM,
            Equation("w", "u - eta * m_hat / (sqrt(v_hat) + eps)"),
        ),
        short="AdamW",
        defaults=BETAS | {"weight_decay": 0.01, "amsgrad": False},
    ),
    Optimizer(
        "nadam",
        (
            DECAYED,
            *MOMENTS,
            Equation(
                "mu",
                "beta1 * (1 - 0.5 * 0.96 ** (t * momentum_decay))",
                means=Meaning(
                    Row("how much momentum counts in this iteration"), "how much momentum counts in this iteration"
                ),
            ),
            Equation(
                "mu_next",
                "beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * momentum_decay))",
                means=Meaning(
                    Row("how much momentum will count in the next iteration"),
                    "how much momentum will count in the next iteration",
                ),
            ),
            Equation(
                "p",
                "p * mu",
                means=Meaning(
                    Row("the product of all momentum factors so far, for the correction of the momentum"),
                    "the product of all momentum factors so far, PyTorch's mu_product",
                ),
            ),
            Equation("m_hat", "mu_next * m / (1 - p * mu_next) + (1 - mu) * d / (1 - p)", means=CORRECTED_MOMENTUM),
            Equation("v_hat", "v / (1 - beta2 ** t)", means=CORRECTED_SQUARES),
            Equation("w", "w - eta * m_hat / (sqrt(v_hat) + eps)"),
        ),
        short="NAdam",
        defaults=BETAS | {"weight_decay": 0.0, "momentum_decay": 4e-3},
        starts={"p": 1.0},
    ),
)

OPTIMIZERS = {row.name: row for row in ROWS}


def variables(settings: dict[str, Setting]) -> dict[str, float]:
    """The settings that are numbers, under the names that formulas have for them."""
    found: dict[str, float] = {}
    for name, value in settings.items():
        match value:
            case bool():
                continue
            case (first, second):
                found |= {"beta1": first, "beta2": second}
            case _:
                found["eta" if name == "learning_rate" else name] = float(value)
    return found
