"""Rows that nobody has heard of, and a scenario that names them; they say no more of themselves than they have to."""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from backprop_tui.engine.tables import activations, losses, optimizers
from backprop_tui.engine.tables.activations import ACTIVATIONS, Activation
from backprop_tui.engine.tables.losses import LOSSES, Loss
from backprop_tui.engine.tables.optimizers import OPTIMIZERS, Equation, Optimizer
from backprop_tui.engine.tables.settings import Setting
from backprop_tui.formula.language.primitives import PRIMITIVES
from backprop_tui.scenario.data.datasets import DATASETS, Made

SHARE = {"minimum": 0, "exclusiveMaximum": 1}
SOFTSIGN = Activation(
    "softsign", "softsign({a~})", f="a / (1 + abs(a))", derivative="1 / (1 + abs(a)) ** 2", output=(-1, 1)
)
LOG_COSH = Loss("log-cosh", "reduce(abs(y_hat - y) + log1p(exp(-2 * abs(y_hat - y))) - 0.6931471805599453)")
LION = Optimizer(
    "lion",
    (
        Equation("c", "sign(beta1 * m + (1 - beta1) * g)"),
        Equation("w", "w - eta * (c + weight_decay * w)"),
        Equation("m", "beta2 * m + (1 - beta2) * g"),
    ),
    settings={"betas": Setting((0.9, 0.99), "β₁ and β₂", bounds=SHARE), "weight_decay": Setting(0.0, "a pull to 0")},
)
DIAGONAL = Made(
    4, lambda count: (np.stack([np.arange(count)] * 2, axis=1) / count, np.arange(count) % 2), "2: on a diagonal"
)
FILE = """
format = 1
[network]
inputs = 2
[[network.layers]]
activation = "softsign"
weights = [[0.2, -0.4], [0.7, 0.3]]
bias = [0.1, -0.2]
[[network.layers]]
activation = "softsign"
weights = [[0.5, -1.0]]
bias = [0.2]
[data]
dataset = "diagonal"
[loss]
name = "log-cosh"
[optimizer]
name = "lion"
learning_rate = 0.01
weight_decay = 0.1
[training]
iterations = 3
"""


@contextmanager
def added() -> Iterator[None]:
    """The tables with these rows, and afterwards without them."""
    tables: list[MutableMapping[str, Any]] = [ACTIVATIONS, LOSSES, OPTIMIZERS, PRIMITIVES, DATASETS]
    before = [dict(table) for table in tables]
    activations.add(SOFTSIGN)
    losses.add(LOG_COSH)
    optimizers.add(LION)
    DATASETS["diagonal"] = DIAGONAL
    try:
        yield
    finally:
        for table, rows in zip(tables, before, strict=True):
            table.clear()
            table.update(rows)
