"""Optimizers, a row each: the ordered equations of one update, as PyTorch has them.

In an equation `w` is the parameter and `g` its gradient; other targets are variables of the parameter (`m_W1`). A
target that is read before it is written is a slot: it survives from one iteration to the next and starts at 0. Settings
are variables under PyTorch's names, `learning_rate` is eta and `betas` are beta1 and beta2; `t` counts iterations
from 1.

An equation with a `when` stands only where that setting is on; elsewhere `otherwise` takes the place of its target.
"""

from typing import NamedTuple

from msgspec import Struct

Setting = float | bool | tuple[float, float]


class Equation(NamedTuple):
    """`target = formula`, where the setting `when` is on; else the target is another name for `otherwise`."""

    target: str
    formula: str
    when: str = ""
    otherwise: str = ""


class Optimizer(Struct, frozen=True):
    """A row: equations in order; the settings that may be left out; slots that do not start at 0.

    A slot starts as one number, or in every entry with the setting that is named.
    """

    name: str
    equations: tuple[Equation, ...]
    short: str = ""
    defaults: dict[str, Setting] = {}
    starts: dict[str, float | str] = {}


DECAYED = Equation("d", "g + weight_decay * w", "weight_decay", "g")
MOMENTS = (
    Equation("m", "beta1 * m + (1 - beta1) * d"),
    Equation("v", "beta2 * v + (1 - beta2) * d ** 2"),
)
ADAM = (
    *MOMENTS,
    Equation("m_hat", "m / (1 - beta1 ** t)"),
    Equation("s", "max(s, v)", "amsgrad", "v"),
    Equation("v_hat", "s / (1 - beta2 ** t)"),
)
BETAS: dict[str, Setting] = {"betas": (0.9, 0.999), "eps": 1e-8}

ROWS = (
    Optimizer(
        "sgd",
        (
            DECAYED,
            Equation("m", "where(t == 1, d, momentum * m + (1 - dampening) * d)", "momentum", "d"),
            Equation("n", "d + momentum * m", "nesterov", "m"),
            Equation("w", "w - eta * n"),
        ),
        short="SGD",
        defaults={"momentum": 0.0, "dampening": 0.0, "nesterov": False, "weight_decay": 0.0},
    ),
    Optimizer(
        "adagrad",
        (
            DECAYED,
            Equation("rate", "eta / (1 + (t - 1) * lr_decay)", "lr_decay", "eta"),
            Equation("v", "v + d ** 2"),
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
            Equation("v", "alpha * v + (1 - alpha) * d ** 2"),
            Equation("a", "alpha * a + (1 - alpha) * d", "centered", "g"),
            Equation("q", "v - a ** 2", "centered", "v"),
            Equation("n", "d / (sqrt(q) + eps)"),
            Equation("m", "momentum * m + n", "momentum", "n"),
            Equation("w", "w - eta * m"),
        ),
        short="RMSprop",
        defaults={"alpha": 0.99, "eps": 1e-8, "weight_decay": 0.0, "momentum": 0.0, "centered": False},
    ),
    Optimizer(
        "adadelta",
        (
            DECAYED,
            Equation("v", "rho * v + (1 - rho) * d ** 2"),
            Equation("n", "sqrt(u + eps) / sqrt(v + eps) * d"),
            Equation("u", "rho * u + (1 - rho) * n ** 2"),
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
            Equation("u", "w - eta * weight_decay * w", "weight_decay", "w"),
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
            Equation("mu", "beta1 * (1 - 0.5 * 0.96 ** (t * momentum_decay))"),
            Equation("mu_next", "beta1 * (1 - 0.5 * 0.96 ** ((t + 1) * momentum_decay))"),
            Equation("p", "p * mu"),
            Equation("m_hat", "mu_next * m / (1 - p * mu_next) + (1 - mu) * d / (1 - p)"),
            Equation("v_hat", "v / (1 - beta2 ** t)"),
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
