"""What a layer may have beside weights and an activation: a norm before the activation, and dropout behind it.

Both are lines of a model's text, with the layer's number in place of `{k}`. Sources: batch norm, Ioffe & Szegedy 2015;
layer norm, Ba, Kiros & Hinton 2016; dropout, Srivastava et al. 2014, in its inverted form.
"""

from typing import NamedTuple

import numpy as np

from backprop_tui.engine.tables.random import generator
from backprop_tui.engine.tables.settings import Setting

SETTINGS = {
    "eps": Setting(1e-5, "", "ε, which keeps the deviation in layer {k} above 0"),
    "momentum": Setting(0.1, "", "the share that a new batch has in the running statistics of layer {k}"),
}  # PyTorch's defaults, which a scenario cannot change


class Norm(NamedTuple):
    """A row: the axis that it takes the mean along, and whether it keeps running statistics for evaluation.

    `torch` names PyTorch's layer, where there is one.
    """

    axis: int
    running: bool
    torch: str = ""

    @property
    def settings(self) -> dict[str, Setting]:
        """The settings that its formulas read."""
        return {name: setting for name, setting in SETTINGS.items() if self.running or name != "momentum"}

    def lines(self, *, evaluating: bool) -> tuple[tuple[str, str], ...]:
        """From z to what the activation reads; an evaluation uses the running statistics, where there are any."""
        return (*(WITH_RUNNING if evaluating and self.running else STATISTICS), *NORMALISED)


NORMS = {
    "batch": Norm(axis=1, running=True, torch="torch.nn.BatchNorm1d"),
    "layer": Norm(axis=0, running=False, torch="torch.nn.LayerNorm"),
}
# name -> formula; the kind of each variable is its name without the layer's number
STATISTICS = (
    ("mu{k}", "mean(z{k}, axis={axis})"),
    ("centered{k}", "z{k} - mu{k}"),
    ("var{k}", "mean(centered{k} ** 2, axis={axis})"),
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


def mask(share: float, units: int, samples: int, *, seed: int, layer: int, iteration: int) -> np.ndarray:
    """What dropout keeps in an iteration: a read-only array (units, samples) of 0 and 1.

    Each number is 0 with the probability `share`, independently of the others.
    """
    kept = generator(seed, "dropout", layer, iteration).random((units, samples)) >= share
    found = kept.astype(np.float64)
    found.setflags(write=False)
    return found
