"""Networks to make mistakes in: two to four layers, one sample and five, every optimizer, losses in turn."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import msgspec

from backprop_tui.engine.losses import LOSSES
from backprop_tui.engine.network import Network
from backprop_tui.engine.optimizers import OPTIMIZERS
from tests.engine.networks import Case, outputs

ON: dict[str, dict[str, Any]] = {  # what an optimizer is made with, so that all of its parts are there
    "sgd": {"momentum": 0.8, "weight_decay": 0.03},
    "rmsprop": {"momentum": 0.7, "centered": True, "eps": 1e-3},
    "adam": {"weight_decay": 0.05, "eps": 1e-3, "betas": (0.8, 0.95)},
    "adamw": {"weight_decay": 0.05, "eps": 1e-3},
    "nadam": {"eps": 1e-3},
    "adagrad": {"eps": 1e-3, "lr_decay": 0.1},
}
OUTPUTS = ("sigmoid", "tanh", "softmax", "identity", "softplus", "log-softmax")
ACROSS = 3  # units of every layer, and inputs, so that a transpose fits


def networks() -> Iterator[tuple[str, Network]]:
    """Every optimizer plain and with its settings on, with one sample and with five."""
    losses, depths, hidden = cycle(LOSSES.values()), cycle((2, 3, 4)), cycle(("tanh", "sigmoid", "relu", "silu"))
    for seed, optimizer in enumerate((*OPTIMIZERS, *OPTIMIZERS)):
        for batch in (1, 5):
            loss, depth = next(losses), next(depths)
            possible = [name for name in OUTPUTS if name in outputs(loss)]
            output = possible[seed % len(possible)]
            case = Case(
                (*(next(hidden) for _ in range(depth - 1)), output),
                loss.name,
                batch=batch,
                units=(ACROSS,) * 4,
                seed=seed,
            )
            settings = {"learning_rate": 0.2, **(ON.get(optimizer, {}) if seed < len(OPTIMIZERS) else {})}
            l2 = 0.05 if seed >= len(OPTIMIZERS) else 0.0
            network = msgspec.structs.replace(case.network(), optimizer=optimizer, settings=settings, l2=l2)
            yield f"{seed} {optimizer} {case}", network


NETWORKS = dict(networks())
