"""Optimizers, a row each: the ordered equations of one update, as PyTorch has them.

In an equation `w` is the parameter and `g` its gradient; other targets are variables of the parameter (`m_W1`), of its
shape unless their formula is of numbers alone. A target that is read before it is written is a slot: it survives from
one iteration to the next and starts at 0. Settings are variables under PyTorch's names, `learning_rate` is eta and
`betas` are beta1 and beta2; `t` counts iterations from 1.

An equation with a `when` is used only where that setting is on; elsewhere `otherwise` takes the place of its target.
The paper that introduced an optimizer is named at its row; where PyTorch departs from it, the row follows PyTorch.
"""

from typing import NamedTuple

from msgspec import Struct

from backprop_tui.engine.tables.meanings import Case, Meaning, Row
from backprop_tui.engine.tables.settings import Setting, Value, defaults


class Equation(NamedTuple):
    """`target = formula` where the setting `when` is on; where it is off, the target is an alias of `otherwise`.

    `means` is what is said of the target; without it, only what holds for every step of every optimizer is said.
    `torch` is the name of a slot in PyTorch's state.
    """

    target: str
    formula: str
    when: str = ""
    otherwise: str = ""
    means: Meaning | None = None
    torch: str = ""


class Optimizer(Struct, frozen=True):
    """A row: its equations in order, its settings beside the learning rate, and the slots that do not start at 0.

    `starts` has, for such a slot, one number that the slot is, or the name of the setting that fills it. `torch` names
    PyTorch's class, where it has one. `short` is what the title calls the optimizer, in place of its name.
    """

    name: str
    equations: tuple[Equation, ...]
    short: str = ""
    settings: dict[str, Setting] = {}
    starts: dict[str, float | str] = {}
    torch: str = ""

    @property
    def defaults(self) -> dict[str, Value]:
        """The settings beside the learning rate, with the values that they have where a scenario leaves them out."""
        return defaults(self.settings)


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
    asked="weight decay",
)
MOMENTUM = Meaning(
    Row(
        "the momentum: past gradients fade in it, and this one is added",
        cases=(
            Case("all(old == 0)", "the momentum was 0, so all of it comes from this gradient"),
            Case("sum(old * new) > 0", "past gradients and this one point the same way, on the whole, so they add up"),
            Case(
                "sum(old * new) < 0",
                "this gradient points against those of the past, on the whole, so they partly cancel",
            ),
        ),
        one=(
            Case("old == 0", "{ans} was 0, so all of it comes from this gradient"),
            Case("old * new > 0", "past gradients of {w} and this one have the same sign, so they add up"),
            Case("old * new < 0", "this gradient of {w} opposes those of the past, so they partly cancel"),
        ),
    ),
    f"the momentum, PyTorch's momentum_buffer or exp_avg: past gradients, of which older ones count less, {SLOT}",
)
SQUARES = Meaning(
    Row(
        "how large the gradients have been so far, by their squares",
        one=(
            Case("ans > old", "{ans} grows: this gradient adds more than fades"),
            Case("ans < old", "{ans} shrinks: this gradient is smaller than usual"),
            Case("ans == old", "{ans} stays as it was"),
        ),
    ),
    f"the mean square, PyTorch's square_avg or exp_avg_sq: how large the gradients were, {SLOT}",
)
SUM_OF_SQUARES = Meaning(
    Row(
        "a sum that grows by the square of every gradient",
        one=(
            Case("ans > old", "{ans} grows by the square of this gradient"),
            Case("ans == old", "{ans} stays as it was: this gradient is 0, or its square too small to be seen"),
        ),
    ),
    f"a sum that grows by the square of every gradient, PyTorch's sum, {SLOT}",
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
CORRECTED_AHEAD = Meaning(
    Row("the momentum one iteration ahead, as Nesterov's, without the bias towards the 0 that it started from"),
    "the momentum of {w} one iteration ahead, corrected for its start at 0",
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
        "the largest mean square so far, which takes the place of the mean square",
        one=(
            Case("ans > old", "{ans} is a new record"),
            Case("ans == old", "{ans} keeps its record"),
        ),
    ),
    f"the largest mean square so far, PyTorch's max_exp_avg_sq, {SLOT}",
)
AHEAD = Meaning(Row("the gradient, and a look ahead along the momentum"), "the step of {w} before the learning rate")
SCALED = Meaning(
    Row(
        "the gradient divided by its usual size",
        cases=(Case("all(q_{p} >= 0)", "the gradient divided by its deviation: how much it usually varies"),),
        one=(Case("q_{p} >= 0", "the gradient divided by its deviation: how much it usually varies"),),
    ),
    "the step of {w} before the learning rate",
)
SCALED_TO_STEPS = Meaning(
    Row("the gradient, scaled from its own size to that of the steps taken so far"),
    "the step of {w} before the learning rate",
)
DECAYED = Equation("d", "g + weight_decay * w", "weight_decay", "g", DECAY)
MOMENTS = (
    Equation("m", "beta1 * m + (1 - beta1) * d", means=MOMENTUM, torch="exp_avg"),
    Equation("v", "beta2 * v + (1 - beta2) * d ** 2", means=SQUARES, torch="exp_avg_sq"),
)
ADAM = (
    *MOMENTS,
    Equation("m_hat", "m / (1 - beta1 ** t)", means=CORRECTED_MOMENTUM),
    Equation("s", "max(s, v)", "amsgrad", "v", LARGEST, torch="max_exp_avg_sq"),
    Equation("v_hat", "s / (1 - beta2 ** t)", means=CORRECTED_SQUARES),
)
WEIGHT_DECAY = Setting(0.0, "a pull towards 0", "how strongly each parameter is pulled towards 0")
EPS = "ε, which keeps a division finite"
KEEPS_FINITE = "a small number, which keeps the divisor above 0"
MOMENTUM_SETTING = Setting(
    0.0, "how much of the last step is carried on", "how much of the past gradients a step keeps"
)
SQUARE_SHARE = "how slowly the mean square forgets: its share of the past"
BETAS = {
    "betas": Setting(
        (0.9, 0.999),
        "β₁ and β₂, how slowly the means of gradients and of their squares forget",
        ("how slowly the mean of gradients forgets: its share of the past", SQUARE_SHARE),
        bounds={"minimum": 0, "exclusiveMaximum": 1},
    ),
    "eps": Setting(1e-8, EPS, KEEPS_FINITE),
}
AMSGRAD = Setting(False, "use the largest mean square so far")

ROWS = (
    # Robbins & Monro 1951; momentum: Polyak 1964; nesterov: Sutskever et al. 2013
    Optimizer(
        "sgd",
        (
            DECAYED,
            Equation(
                "m",
                "where(t == 1, d, momentum * m + (1 - dampening) * d)",
                "momentum",
                "d",
                MOMENTUM,
                torch="momentum_buffer",
            ),
            Equation("n", "d + momentum * m", "nesterov", "m", AHEAD),
            Equation("w", "w - eta * n"),
        ),
        short="SGD",
        settings={
            "momentum": MOMENTUM_SETTING,
            "dampening": Setting(
                0.0,
                "how much less the gradient adds to the momentum",
                "how much less a new gradient counts in the momentum",
                bounds={},
            ),
            "nesterov": Setting(False, "look ahead along the momentum"),
            "weight_decay": WEIGHT_DECAY,
        },
        torch="torch.optim.SGD",
    ),
    # Duchi, Hazan & Singer 2011, "Adaptive subgradient methods"
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
                    Row("the learning rate, falling with every iteration"),
                    "the learning rate of {w} in this iteration",
                    asked="learning rate",
                ),
            ),
            Equation("v", "v + d ** 2", means=SUM_OF_SQUARES, torch="sum"),
            Equation("w", "w - rate * d / (sqrt(v) + eps)"),
        ),
        short="Adagrad",
        settings={
            "lr_decay": Setting(0.0, "how fast η falls", "how fast the learning rate falls"),
            "weight_decay": WEIGHT_DECAY,
            "initial_accumulator_value": Setting(0.0, "where its sum of squares starts"),
            "eps": Setting(1e-10, EPS, KEEPS_FINITE),
        },
        torch="torch.optim.Adagrad",
        starts={"v": "initial_accumulator_value"},
    ),
    # Tieleman & Hinton 2012, Coursera lecture 6.5; centered: Graves 2013
    Optimizer(
        "rmsprop",
        (
            DECAYED,
            Equation("v", "alpha * v + (1 - alpha) * d ** 2", means=SQUARES, torch="square_avg"),
            Equation(
                "a",
                "alpha * a + (1 - alpha) * d",
                "centered",
                "g",
                Meaning(
                    Row("the mean of past gradients, to be taken out of their mean square"),
                    f"a mean of past gradients, PyTorch's grad_avg, {SLOT}",
                ),
                torch="grad_avg",
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
            Equation("m", "momentum * m + n", "momentum", "n", MOMENTUM, torch="momentum_buffer"),
            Equation("w", "w - eta * m"),
        ),
        short="RMSprop",
        settings={
            "alpha": Setting(0.99, "how slowly the mean square forgets", SQUARE_SHARE),
            "eps": Setting(1e-8, EPS, KEEPS_FINITE),
            "weight_decay": WEIGHT_DECAY,
            "momentum": MOMENTUM_SETTING,
            "centered": Setting(False, "divide by the deviation of the gradients"),
        },
        torch="torch.optim.RMSprop",
    ),
    # Zeiler 2012, "ADADELTA: an adaptive learning rate method"
    Optimizer(
        "adadelta",
        (
            DECAYED,
            Equation("v", "rho * v + (1 - rho) * d ** 2", means=SQUARES, torch="square_avg"),
            Equation("n", "sqrt(u + eps) / sqrt(v + eps) * d", means=SCALED_TO_STEPS),
            Equation(
                "u",
                "rho * u + (1 - rho) * n ** 2",
                means=Meaning(
                    Row("how large the steps have been so far, by their squares"),
                    f"how large the steps of {{w}} have been, PyTorch's acc_delta, {SLOT}",
                ),
                torch="acc_delta",
            ),
            Equation("w", "w - eta * n"),
        ),
        short="Adadelta",
        settings={
            "rho": Setting(
                0.9, "how slowly the mean squares forget", "how slowly the mean squares forget: their share of the past"
            ),
            "eps": Setting(1e-6, EPS, "a small number, which keeps the divisor above 0, and the first step too"),
            "weight_decay": WEIGHT_DECAY,
        },
        torch="torch.optim.Adadelta",
    ),
    # Kingma & Ba 2015, "Adam: a method for stochastic optimization"; amsgrad: Reddi, Kale & Kumar 2018
    Optimizer(
        "adam",
        (DECAYED, *ADAM, Equation("w", "w - eta * m_hat / (sqrt(v_hat) + eps)")),
        short="Adam",
        settings=BETAS | {"weight_decay": WEIGHT_DECAY, "amsgrad": AMSGRAD},
        torch="torch.optim.Adam",
    ),
    # Loshchilov & Hutter 2019, "Decoupled weight decay regularization"
    Optimizer(
        "adamw",
        (
            Equation("d", "g", "coupled", "g"),  # the decay is not part of the gradient
            Equation(
                "u",
                "w - eta * weight_decay * w",
                "weight_decay",
                "w",
                Meaning(
                    Row("{w} decays on its own, apart from its gradient"),
                    "{w} after its decay",
                    asked="weight decay",
                ),
            ),
            *ADAM,
            Equation("w", "u - eta * m_hat / (sqrt(v_hat) + eps)"),
        ),
        short="AdamW",
        settings=BETAS
        | {
            "weight_decay": Setting(
                0.01,
                "a pull towards 0, apart from the gradient",
                "how strongly each parameter is pulled towards 0, apart from its gradient",
            ),
            "amsgrad": AMSGRAD,
        },
        torch="torch.optim.AdamW",
    ),
    # Dozat 2016, "Incorporating Nesterov momentum into Adam"
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
                torch="mu_product",
            ),
            Equation("m_hat", "mu_next * m / (1 - p * mu_next) + (1 - mu) * d / (1 - p)", means=CORRECTED_AHEAD),
            Equation("v_hat", "v / (1 - beta2 ** t)", means=CORRECTED_SQUARES),
            Equation("w", "w - eta * m_hat / (sqrt(v_hat) + eps)"),
        ),
        short="NAdam",
        settings=BETAS
        | {
            "weight_decay": WEIGHT_DECAY,
            "momentum_decay": Setting(
                4e-3, "how fast momentum comes to its full size", "how fast NAdam's momentum comes to its full size"
            ),
        },
        torch="torch.optim.NAdam",
        starts={"p": 1.0},
    ),
)

OPTIMIZERS: dict[str, Optimizer] = {}


def add(row: Optimizer) -> None:
    """Add a row. Those of this file are added below; others can be added before a scenario is read."""
    OPTIMIZERS[row.name] = row


for row in ROWS:
    add(row)
