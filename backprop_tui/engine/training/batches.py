"""The samples that each iteration uses: a pure function of the iteration, so that a replay sees the same ones."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from backprop_tui.engine.tables.random import generator

Array = np.ndarray


class Feed:
    """Batches of samples. An epoch uses each sample once, and its last batch has what is left over.

    `samples` has all samples of each input by name, and `axes` the axis that runs over them; an input without one is
    the same in every iteration. Iterations and epochs count from 1.
    """

    def __init__(
        self, samples: Mapping[str, Array], axes: Mapping[str, int], size: int | None, *, shuffle: bool, seed: int
    ) -> None:
        self._all = {name: np.asarray(array, dtype=np.float64) for name, array in samples.items()}
        self._axes = dict(axes)
        self.total: int = next((self._all[name].shape[axis] for name, axis in axes.items()), 1)
        self.size: int = min(size or self.total, self.total)
        self.shuffle = shuffle
        self.seed = seed
        self.per_epoch: int = -(-self.total // self.size)
        self._order = lru_cache(maxsize=4)(self._shuffled)

    @property
    def changes(self) -> bool:
        """Whether iterations see different samples, or the same ones in a different order."""
        return self.per_epoch > 1 or self.shuffle

    def epoch(self, iteration: int) -> int:
        """The epoch of an iteration."""
        return (iteration - 1) // self.per_epoch + 1

    def batch(self, iteration: int) -> int:
        """The number of an iteration's batch within its epoch, from 1."""
        return (iteration - 1) % self.per_epoch + 1

    def first_of(self, epoch: int) -> int:
        """The first iteration of an epoch."""
        return (epoch - 1) * self.per_epoch + 1

    def places(self, iteration: int) -> Array:
        """The samples of an iteration, in order, as indices (from 0) into all of them."""
        first = (self.batch(iteration) - 1) * self.size
        places = slice(first, first + self.size)
        return self._order(self.epoch(iteration))[places]

    def count(self, iteration: int) -> int:
        """The number of samples in an iteration: the last batch of an epoch may be short."""
        return min(self.size, self.total - (self.batch(iteration) - 1) * self.size)

    def samples(self, iteration: int) -> dict[str, Array]:
        """The inputs of an iteration by name, read-only."""
        if not self.changes:
            return dict(self._all)
        places = self.places(iteration)
        # take lays rows out one after the other, as an edited copy does: the order in which BLAS adds depends on it
        found = {name: self._all[name].take(places, axis=axis) for name, axis in self._axes.items()}
        for array in found.values():
            array.setflags(write=False)
        return self._all | found

    def _shuffled(self, epoch: int) -> Array:
        if not self.shuffle:
            return np.arange(self.total)
        return generator(self.seed, "shuffle", epoch).permutation(self.total)
