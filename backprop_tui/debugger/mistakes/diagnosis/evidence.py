"""Evidence in bits: how unlikely it is that a wrong number is explained by chance.

A number that is wrong for a reason nobody thought of could be off by any size: its error is taken to be spread evenly
over the orders of magnitude between the precision that it is printed with and its own size. The chance to fall where a
hypothesis says is then the width of the printed precision over the error, less for every order that was possible. Bits
are −log₂ of that chance. A hypothesis pays log₂ of how many were tried beside it, and what is left is its margin.
"""

from math import comb
from typing import Literal

import numpy as np

from backprop_tui.engine.network.network import Array

Level = Literal["is", "may be"]
IS = 8.0  # bits beyond the price; of wrong numbers made at random, fewer than one in a thousand have as much
MAY_BE = 5.0  # one in thirty, and said as such
CLOSE = 3.0  # bits: explanations that are no further apart cannot be told from each other
MOST_NAMES = 3  # of what may be


def bits(printed: Array, right: Array, halves: Array) -> Array:
    """The evidence of each number that is explained, 0 where there is none; arrays of one shape.

    `halves` are half the widths of what the printed numbers claim.
    """
    return np.where(printed == 0, 0.0, _met(printed, right, halves))  # many things give a 0


def _met(printed: Array, right: Array, halves: Array) -> Array:
    with np.errstate(all="ignore"):
        width = 2 * np.maximum(halves, 4 * np.spacing(np.abs(printed)))
        error = np.abs(printed - right)
        size = np.maximum(np.maximum(np.abs(printed), np.abs(right)), error)
        found = np.log2(error / width) + np.log2(1 + np.log(np.maximum(size / width, 1)))
    return np.where(np.isfinite(found), np.maximum(found, 0), 0)


def zeros(printed: Array, found: Array, explained: Array) -> float:
    """The evidence of which numbers of an array are 0: many things give a 0, but few give it just there.

    It is that of all ways to choose as many; `found` is what a hypothesis gives, `explained` marks what was wrong. Zero
    where the two are not 0 in the same places, or where nothing that was wrong is.
    """
    is_zero = printed == 0
    if not (is_zero & explained).any() or not np.array_equal(is_zero, found == 0):
        return 0.0
    return float(np.log2(float(comb(printed.size, int(is_zero.sum())))))


def strongest(evidence: Array, most: int) -> float:
    """The sum of the evidence of the strongest numbers, no more of them than there are independent ones."""
    if evidence.size > most:
        evidence = np.partition(evidence.ravel(), evidence.size - most)[evidence.size - most :]
    return float(evidence.sum())


def of_scale(scale: float, lower: float, upper: float) -> float:
    """The evidence that numbers are all `scale` times what is right; they allow it to be from `lower` to `upper`."""
    half = np.array(max((upper - lower) / 2, 0.0))
    return float(_met(np.array(scale), np.array(1.0), half))


def of_way(ends: Array, strongest: float) -> float:
    """The evidence that numbers have all come as far as a hypothesis says, on the way there from what is right.

    `ends` has for each between which parts of the way it may be. Together they say more than the `strongest` of them,
    but no more than as many of them, side by side, could.
    """
    ends = np.sort(ends, axis=0)
    half = (ends[1].min() - ends[0].max()) / 2
    if not half > 0:
        return 0.0
    return min(float(_met(np.array(1.0), np.array(0.0), half)), strongest + price(ends.shape[1]))


def price(tried: float) -> float:
    """The bits that a hypothesis pays for the number of those tried."""
    return float(np.log2(max(1.0, tried)))


def level(margin: float, names: int) -> Level | None:
    """How a cause is told: as what it is, as what may be, or (None) not at all; `names` fit equally well."""
    if margin >= IS and names == 1:
        return "is"
    return "may be" if margin >= MAY_BE else None
