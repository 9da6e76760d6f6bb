"""Networks with each thing that training may have beside layers and a loss, on and off: a row each."""

from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np

from backprop_tui.engine.network.network import Network
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.engine.tables.settings import Setting
from backprop_tui.engine.training.update_statements import SCHEDULES as ROWS_OF_SCHEDULES
from tests.engine.networks import Case

CASE = Case(("tanh", "softplus", "identity"), "half-squared-error", batch=5)

# What settings are when they are on, where it matters; any other is what `on` makes of its default.
ON: dict[str, Any] = {
    "momentum": 0.9,
    "dampening": 0.3,
    "nesterov": True,
    "weight_decay": 0.05,
    "betas": (0.8, 0.95),
    "eps": 1e-4,
    "amsgrad": True,
    "centered": True,
    "alpha": 0.9,
    "rho": 0.8,
    "lr_decay": 0.1,
    "initial_accumulator_value": 0.2,
    "momentum_decay": 0.01,
}
WITH = {"nesterov": {"momentum": 0.9}, "dampening": {"momentum": 0.9}}  # what a setting does nothing without
IN_SCHEDULES = {"step_size": 3.0, "gamma": 0.8, "t_max": 10.0, "steps": 4.0}


def on(name: str, setting: Setting) -> Any:
    """A value that a setting is tried with: one that is not its default, and within its bounds."""
    match setting.default:
        case bool(value):
            return ON.get(name, not value)
        case (first, second):
            return ON.get(name, (first / 2, second / 2))
    between = 4.0 if setting.whole else 0.05 + (setting.default or 0.0) / 2
    return ON.get(name, between)


SCHEDULES: dict[str, dict[str, float]] = {
    name: {key: IN_SCHEDULES.get(key) or on(key, setting) for key, setting in row.settings.items()}
    for name, row in ROWS_OF_SCHEDULES.items()
}

WIDE = Case(CASE.activations, CASE.loss, batch=5, units=(6, 5, 4))  # normalised, two units are ±1 and little else
STABLE = Case(("relu", "sigmoid"), "binary-cross-entropy", batch=4).network()
ONE = Case(("tanh", "sigmoid"), "binary-cross-entropy", units=(6, 4)).network()
FROZEN = Case(("tanh", "sigmoid"), "binary-cross-entropy").network()


def network(**changes: Any) -> Network:
    return msgspec.structs.replace(CASE.network(), **changes)


def optimizer(name: str, **settings: Any) -> Network:
    return network(optimizer=name, settings={"learning_rate": 0.05, **settings})


def layered(case: Case = CASE, **changes: Any) -> Network:
    """The network with its second layer changed."""
    start = case.network()
    first, second, third = start.layers
    return msgspec.structs.replace(start, layers=(first, msgspec.structs.replace(second, **changes), third))


def everywhere(case: Case = CASE, *, hidden: dict[str, Any] | None = None, **changes: Any) -> Network:
    """The network with every layer changed, and those before the last in some way more."""
    start = case.network()
    *first, last = (msgspec.structs.replace(x, **changes) for x in start.layers)
    layers = (*(msgspec.structs.replace(x, **(hidden or {})) for x in first), last)
    return msgspec.structs.replace(start, layers=layers)


def optimizers() -> Iterator[tuple[str, Network]]:
    """Every optimizer with each of its settings alone, with none and with all."""
    for name, row in OPTIMIZERS.items():
        settings = {key: on(key, setting) for key, setting in row.settings.items()}
        yield name, optimizer(name)
        for key, value in settings.items():
            yield f"{name} {key}", optimizer(name, **{key: value}, **WITH.get(key, {}))
        everything = {key: value for key, value in settings.items() if key != "dampening"}  # not with nesterov
        yield f"{name} everything", optimizer(name, **everything)


NETWORKS: dict[str, Network] = {
    **dict(optimizers()),
    **{f"schedule {name}": network(schedule=(name, settings)) for name, settings in SCHEDULES.items()},
    "sgd look ahead": msgspec.structs.replace(
        optimizer("sgd", momentum=0.9, nesterov=True, weight_decay=0.03), ahead=True
    ),
    "schedule cosine, past its end": network(schedule=("cosine", {"t_max": 4.0})),
    "clip norm": network(clip=("norm", 0.5)),
    "clip norm out of reach": network(clip=("norm", 100.0)),
    "clip value": network(clip=("value", 0.05)),
    "l1": network(l1=0.03),
    "l2": network(l2=0.07),
    "l1 and l2": network(l1=0.03, l2=0.07),
    "no bias": layered(bias=None),
    "no bias at all": network(layers=tuple(msgspec.structs.replace(x, bias=None) for x in CASE.network().layers)),
    "shared bias": layered(bias=np.array([[0.3]])),
    "frozen weights": layered(frozen=frozenset("W")),
    "frozen bias": layered(frozen=frozenset("b")),
    "frozen layer": layered(frozen=frozenset("Wb")),
    "frozen and penalised": msgspec.structs.replace(layered(frozen=frozenset("W")), l2=0.07),
    "one parameter": network(
        layers=tuple(
            msgspec.structs.replace(x, bias=None, frozen=frozenset("W" if k else ""))
            for k, x in enumerate(CASE.network().layers)
        )
    ),
    "nothing to train": network(
        layers=tuple(msgspec.structs.replace(x, frozen=frozenset("Wb")) for x in CASE.network().layers),
        optimizer="adam",
    ),
    "nothing to train, clipped": network(
        layers=tuple(msgspec.structs.replace(x, frozen=frozenset("Wb")) for x in CASE.network().layers),
        clip=("norm", 1.0),
        input_gradient=True,
    ),
    "nothing to train behind a stable loss": msgspec.structs.replace(
        FROZEN, layers=tuple(msgspec.structs.replace(x, frozen=frozenset("Wb")) for x in FROZEN.layers)
    ),
    "input gradient": network(input_gradient=True),
    "batch norm": layered(norm="batch"),
    "batch norm of a frozen layer without bias": layered(norm="batch", bias=None, frozen=frozenset("W")),
    "batch norm everywhere": everywhere(norm="batch"),
    "batch norm at a stable loss": msgspec.structs.replace(
        STABLE, layers=tuple(msgspec.structs.replace(x, norm="batch") for x in STABLE.layers)
    ),
    "batch norm, nothing else to train": network(
        layers=tuple(
            msgspec.structs.replace(x, norm=None if k else "batch", frozen=frozenset("Wb"))
            for k, x in enumerate(CASE.network().layers)
        )
    ),
    "layer norm": layered(WIDE, norm="layer"),
    "layer norm everywhere": everywhere(WIDE, norm="layer"),
    "layer norm of one sample": msgspec.structs.replace(
        ONE, layers=tuple(msgspec.structs.replace(x, norm="layer") for x in ONE.layers)
    ),
    "dropout": layered(dropout=0.4),
    "dropout and norms": msgspec.structs.replace(
        everywhere(norm="batch", hidden={"dropout": 0.3}), seed=7, l2=0.02, input_gradient=True
    ),
    "dropout of nearly everything": layered(dropout=0.99),
    "together": msgspec.structs.replace(
        optimizer("adam", amsgrad=True),
        clip=("norm", 0.5),
        l2=0.07,
        schedule=("cosine", {"t_max": 10.0}),
        input_gradient=True,
    ),
}

# The last batch of an epoch is a short one, so the shapes of two iterations differ.
IN_BATCHES: dict[str, Network] = {
    # Adam makes steps of the rounding in a gradient that is 0, and behind a batch norm that of a bias is
    "batch norm, shuffled": msgspec.structs.replace(
        layered(norm="batch", bias=None), batch_size=3, shuffle=True, seed=4, optimizer="adam"
    ),
    "dropout, layer norm": msgspec.structs.replace(
        layered(WIDE, norm="layer", dropout=0.4), batch_size=2, shuffle=True, seed=5
    ),
    "dropout, batch norm": msgspec.structs.replace(
        everywhere(norm="batch", hidden={"dropout": 0.3}), batch_size=3, seed=7, l2=0.02
    ),
}
