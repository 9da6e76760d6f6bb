"""Random numbers as pure functions: of a seed, a purpose and some counting numbers. No generator is carried along."""

from zlib import crc32

import numpy as np


def generator(seed: int, purpose: str, *numbers: int) -> "np.random.Generator":
    """A generator that starts anew for each purpose and numbers (layer, iteration, epoch), all of them from 0.

    Its type is quoted because NumPy imports its random numbers, 7 ms of a start, when they are looked at.
    """
    return np.random.default_rng([seed, crc32(purpose.encode()), *numbers])
