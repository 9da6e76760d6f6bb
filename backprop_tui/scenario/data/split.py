"""Which samples are trained on and which are held out: a pure function of how many there are, the share and a seed."""

import numpy as np

from backprop_tui.engine.tables.random import generator

Array = np.ndarray


def held_out(total: int, share: float) -> int:
    """How many of `total` samples are held out: the share, rounded; at least one, and one is left to train on."""
    return min(max(1, round(share * total)), total - 1) if share else 0


def split(total: int, share: float, seed: int) -> tuple[Array, Array]:
    """The places of the samples to train on, and of those held out, each in the order in which they stand."""
    count = held_out(total, share)
    if not count:
        return np.arange(total), np.arange(0)
    order = generator(seed, "held out").permutation(total)
    return np.sort(order[count:]), np.sort(order[:count])
