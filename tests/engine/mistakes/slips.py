"""Networks to make mistakes in: two to four layers, one sample and five, every optimizer, losses in turn."""

from collections.abc import Iterator
from functools import cache
from itertools import count, cycle, islice
from typing import Any

import msgspec

from backprop_tui.engine.mistakes.mistaken_program import default
from backprop_tui.engine.mistakes.mistakes import MISTAKES
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.tables.losses import LOSSES
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.scenario import load
from tests.engine.model.written import model
from tests.engine.networks import Case, outputs
from tests.engine.options import NETWORKS as OTHERS

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


def networks(turn: int = 0) -> Iterator[tuple[str, Network]]:
    """Every optimizer plain and with its settings on, with one sample and with five; at another turn others of them."""
    kinds = list(LOSSES.values())
    losses, depths = islice(cycle(kinds), 5 * turn, None), islice(cycle((2, 3, 4)), turn, None)
    hidden = islice(cycle(("tanh", "sigmoid", "relu", "silu")), turn, None)
    for place, optimizer in enumerate((*OPTIMIZERS, *OPTIMIZERS)):
        seed = place + 100 * turn
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
            settings = {"learning_rate": 0.2, **(ON.get(optimizer, {}) if place < len(OPTIMIZERS) else {})}
            l2 = 0.05 if place >= len(OPTIMIZERS) else 0.0
            network = msgspec.structs.replace(case.network(), optimizer=optimizer, settings=settings, l2=l2)
            yield f"{seed} {optimizer} {case}", network


@cache
def turn_of(turn: int) -> tuple[tuple[str, Program], ...]:
    """The programs of a turn; of the first, one of each optimizer and settings, with one sample and five by turns."""
    found = [(key, Program.of(network)) for key, network in networks(turn)]
    if turn:
        return tuple(found)
    more = ((key, Program.of(network)) for key, network in MORE.items())
    return (*(found[2 * k + k % 2] for k in range(len(found) // 2)), *more)


def concerned(mistake: str) -> Iterator[list[tuple[str, Program]]]:
    """The programs of each turn that a mistake can be made in, without end."""
    for turn in count():
        yield [(key, one) for key, one in turn_of(turn) if default(one, MISTAKES[mistake])]


IMAGE = model(
    """
    z = conv(x, K, pad=1) + b
    h = relu(z)
    p = max_pool(h, 2)
    L = 0.01 * sum((W @ flatten(p)) ** 2)
    """,
    "K = { shape = [2, 1, 3, 3], init = 'normal', seed = 1 }\nb = { shape = [2, 1, 1], init = 'zeros' }\n"
    "W = { shape = [2, 8], init = 'normal', seed = 2 }",
    "x = { shape = [1, 4, 4], gradient = true }",
    f"x = {[[[[0.9, 0.1, 0.2, 0.8], [0.0, 1.0, 0.7, 0.1], [0.2, 0.8, 0.9, 0.0], [1.0, 0.1, 0.0, 0.7]]]]}",
)
# what only some mistakes can be made in
MORE: dict[str, Network] = {
    name: OTHERS[name]
    for name in (
        "sgd look ahead",
        "clip norm",
        "clip value",
        "schedule exponential",
        "batch norm everywhere",
        "layer norm everywhere",
        "dropout",
    )
} | {
    "leaky": Case(("leaky-relu", "softmax"), "categorical-cross-entropy", batch=3, units=(3, 3)).network(),
    "one output": Case(("tanh", "identity"), "mean-squared-error", batch=4, units=(3, 1)).network(),
}
NETWORKS = dict(networks()) | MORE
MODELS: dict[str, Any] = {
    **{name: load(name).network for name in ("multi-head-attention", "gru", "gpt-block", "makemore")},
    "an image": IMAGE.network,
}


@cache
def program_of(key: str) -> Program:
    """The program of one of these networks."""
    return Program.of(MODELS[key] if key in MODELS else NETWORKS[key])
