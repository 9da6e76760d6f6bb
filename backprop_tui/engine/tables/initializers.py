"""Initialisers, a row each: the first weights of a layer as a pure function of a seed and the layer's place.

They are PyTorch's (`torch.nn.init`) with its defaults: the gain is 1 for xavier and, for he, that of relu (√2), with
the inputs as the fan. `constant` is 1; PyTorch has no default for it.

Sources: xavier, Glorot & Bengio 2010; he, He et al. 2015; orthogonal, Saxe, McClelland & Ganguli 2014.
"""

from collections.abc import Callable
from math import sqrt
from typing import NamedTuple

import numpy as np

from backprop_tui.engine.tables.random import generator

Array = np.ndarray
Shape = tuple[int, int]  # (units, inputs)
Draw = Callable[["np.random.Generator", Shape], Array]


class Initializer(NamedTuple):
    """A row: the distribution of a weight as people write it, U(low, high) or N(mean, variance), and how to draw it.

    `torch` names PyTorch's function that does the same, where there is one.
    """

    name: str
    shown: str
    draw: Draw
    torch: str = ""


def _uniform(variance: Callable[[int, int], float]) -> Draw:
    """Uniform around 0 with a variance that follows from inputs and units: a bound of √(3·variance)."""

    def draw(random: "np.random.Generator", shape: Shape) -> Array:
        units, inputs = shape
        bound = sqrt(3 * variance(inputs, units))
        return random.uniform(-bound, bound, shape)

    return draw


def _normal(variance: Callable[[int, int], float]) -> Draw:
    """Normal around 0 with a variance that follows from inputs and units."""

    def draw(random: "np.random.Generator", shape: Shape) -> Array:
        units, inputs = shape
        return random.normal(0.0, sqrt(variance(inputs, units)), shape)

    return draw


def _orthogonal(random: "np.random.Generator", shape: Shape) -> Array:
    """Rows, or where there are more of them the columns, of length 1 and at right angles to each other."""
    tall = max(shape), min(shape)
    q, r = np.linalg.qr(random.normal(size=tall))
    q *= np.where(np.diag(r) < 0, -1.0, 1.0)  # so that every such matrix is equally likely
    return q if shape == tall else q.T


ROWS = (
    Initializer("zeros", "0", lambda _, shape: np.zeros(shape), "torch.nn.init.zeros_"),
    Initializer("constant", "1", lambda _, shape: np.ones(shape), "torch.nn.init.ones_"),
    Initializer("uniform", "U(0, 1)", lambda random, shape: random.uniform(0.0, 1.0, shape), "torch.nn.init.uniform_"),
    Initializer("normal", "N(0, 1)", lambda random, shape: random.normal(0.0, 1.0, shape), "torch.nn.init.normal_"),
    Initializer(
        "xavier-uniform",
        "U(−a, a), a = √(6/(inputs + units))",
        _uniform(lambda inputs, units: 2 / (inputs + units)),
        "torch.nn.init.xavier_uniform_",
    ),
    Initializer(
        "xavier-normal",
        "N(0, 2/(inputs + units))",
        _normal(lambda inputs, units: 2 / (inputs + units)),
        "torch.nn.init.xavier_normal_",
    ),
    Initializer(
        "he-uniform",
        "U(−a, a), a = √(6/inputs)",
        _uniform(lambda inputs, _: 2 / inputs),
        "torch.nn.init.kaiming_uniform_",
    ),
    Initializer("he-normal", "N(0, 2/inputs)", _normal(lambda inputs, _: 2 / inputs), "torch.nn.init.kaiming_normal_"),
    Initializer(
        "orthogonal",
        "Q of a QR of N(0, 1): rows, or columns if fewer, orthonormal",
        _orthogonal,
        "torch.nn.init.orthogonal_",
    ),
)

INITIALIZERS = {row.name: row for row in ROWS}


def initial(name: str, units: int, inputs: int, *, seed: int, layer: int) -> Array:
    """The first weights of a layer: a read-only float64 array (units, inputs).

    Layers with the same seed differ because `layer`, which counts from 1, enters the draw. Raises KeyError for an
    unknown name.
    """
    found = np.array(INITIALIZERS[name].draw(generator(seed, "init", layer), (units, inputs)), order="C")
    found.setflags(write=False)
    return found
