"""What a layer may have beside weights and an activation: a norm before the activation, and dropout behind it.

Both are written as statements, with the layer's number in place of `{k}`. Sources: batch norm, Ioffe & Szegedy 2015;
layer norm, Ba, Kiros & Hinton 2016; dropout, Srivastava et al. 2014, in its inverted form.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import Role, Variable
from backprop_tui.engine.tables.random import generator
from backprop_tui.engine.tables.settings import Setting
from backprop_tui.formula.language.parse import parse

SETTINGS = {
    "eps": Setting(1e-5, "", "ε, which keeps the deviation in layer {k} above 0"),
    "momentum": Setting(0.1, "", "the share that a new batch has in the running statistics of layer {k}"),
}  # PyTorch's defaults, which a scenario cannot change


class Norm(NamedTuple):
    """A row: the mean that it normalises with, and whether it keeps running statistics for evaluation.

    `torch` names PyTorch's layer, where there is one.
    """

    mean: str
    running: bool
    torch: str = ""

    @property
    def settings(self) -> dict[str, Setting]:
        """The settings that its formulas read."""
        return {name: setting for name, setting in SETTINGS.items() if self.running or name != "momentum"}


NORMS = {
    "batch": Norm("mean_samples", running=True, torch="torch.nn.BatchNorm1d"),
    "layer": Norm("mean_units", running=False, torch="torch.nn.LayerNorm"),
}
# name -> formula; the kind of each variable is its name without the layer's number
STATISTICS = (
    ("mu{k}", "{mean}(z{k})"),
    ("centered{k}", "z{k} - mu{k}"),
    ("var{k}", "{mean}(centered{k} ** 2)"),
    ("std{k}", "sqrt(var{k} + eps{k})"),
)
WITH_RUNNING = (
    ("centered{k}", "z{k} - running_mu{k}"),
    ("std{k}", "sqrt(running_var{k} + eps{k})"),
)
NORMALISED = (
    ("z_hat{k}", "centered{k} / std{k}"),
    ("scaled{k}", "scale{k} * z_hat{k} + shift{k}"),
)
# name, what it averages, formula; the running variance averages the unbiased variance, as in PyTorch
RUNNING = (
    ("running_mu{k}", "mu{k}", "(1 - momentum{k}) * running_mu{k} + momentum{k} * mu{k}"),
    (
        "running_var{k}",
        "var{k}",
        "(1 - momentum{k}) * running_var{k} + momentum{k} * var{k} * samples(z{k}) / (samples(z{k}) - 1)",
    ),
)
RUNNING_STARTS = {"running_mu": 0.0, "running_var": 1.0}
# inverted dropout: what is kept is scaled up in training, so that the expected value is the same with dropout off
DROPPED = ("drop{k}", "mask{k} * h{k} / (1 - dropout{k})")


def normalised(norm: str, k: int, *, evaluating: bool) -> Iterator[Statement]:
    """From z to what the activation reads; an evaluation uses the running statistics, where there are any."""
    row = NORMS[norm]
    rows = WITH_RUNNING if evaluating and row.running else STATISTICS
    for name, formula in (*rows, *NORMALISED):
        variable = Variable(Role.NORMALISATION, name.format(k=""), k)
        yield Statement(name.format(k=k), parse(formula.format(k=k, mean=row.mean)), "forward", variable=variable)


def running(norm: str | None, k: int, stage: str) -> Iterator[Statement]:
    """What an iteration adds to the running statistics; carried on like the slots of an optimizer."""
    for name, of, formula in RUNNING if norm and NORMS[norm].running else ():
        variable = Variable(Role.STATISTIC, name.format(k=""), k, of=of.format(k=k))
        yield Statement(name.format(k=k), parse(formula.format(k=k)), stage, variable=variable)


def dropped(k: int) -> Statement:
    """The layer's values without those of the units that the mask leaves out."""
    name, formula = DROPPED
    variable = Variable(Role.DROPOUT, name.format(k=""), k)
    return Statement(name.format(k=k), parse(formula.format(k=k)), "forward", variable=variable)


def mask(share: float, units: int, samples: int, *, seed: int, layer: int, iteration: int) -> np.ndarray:
    """What dropout keeps in an iteration: a read-only array (units, samples) of 0 and 1.

    Each number is 0 with the probability `share`, independently of the others.
    """
    kept = generator(seed, "dropout", layer, iteration).random((units, samples)) >= share
    found = kept.astype(np.float64)
    found.setflags(write=False)
    return found
