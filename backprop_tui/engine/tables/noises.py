"""The table of noises: what a model draws anew in every iteration, as a pure function of the seed and the iteration."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import numpy as np

from backprop_tui.engine.tables.random import generator

# name -> what draws so many numbers with a generator
NOISES: Mapping[str, Callable[[Any, tuple[int, ...]], Any]] = {
    "normal": lambda generator, shape: generator.standard_normal(shape),
    "uniform": lambda generator, shape: generator.random(shape),
}


class Drawn(msgspec.Struct, frozen=True):
    """Noise: the row that it is drawn by, the shape of the first batch, the axis of the samples in that."""

    noise: str
    shape: tuple[int, ...]
    axis: int | None = None


def drawn(noise: str, shape: tuple[int, ...], *, name: str, seed: int, iteration: int) -> "np.ndarray":
    """The numbers of an iteration under a name; normal with mean 0 and deviation 1, or uniform from 0 to 1.

    The array is read-only.
    """
    found = np.asarray(NOISES[noise](generator(seed, f"noise {name}", iteration), shape))
    found.setflags(write=False)
    return found
