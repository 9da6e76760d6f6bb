"""Random numbers as pure functions of a seed, a purpose and a few counters. No generator is carried along."""

from zlib import crc32

import numpy as np


def generator(seed: int, purpose: str, *numbers: int) -> "np.random.Generator":
    """A generator that starts afresh for each purpose and set of numbers (layer, iteration, epoch), none negative.

    Its type is quoted because naming it would import NumPy's random numbers, which adds 7 ms to the start.
    """
    return np.random.default_rng([seed, crc32(purpose.encode()), *numbers])
