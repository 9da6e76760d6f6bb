"""The samples that each iteration uses: a pure function of the iteration, so that a replay sees the same ones."""

from functools import lru_cache

import numpy as np

from backprop_tui.engine.tables.random import generator

Array = np.ndarray


class Feed:
    """Batches of samples. An epoch uses each sample once, and its last batch has what is left over.

    `x` is (n, N) and `y` (m, N), a column per sample; iterations and epochs count from 1.
    """

    def __init__(self, x: Array, y: Array | None, size: int | None, *, shuffle: bool, seed: int) -> None:
        given = {"x": x} if y is None else {"x": x, "y": y}
        self._all = {name: np.asarray(samples, dtype=np.float64) for name, samples in given.items()}
        self.total: int = x.shape[1]
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
        """The samples of an iteration, in order, as indices (from 0) into the columns of `x`."""
        first = (self.batch(iteration) - 1) * self.size
        places = slice(first, first + self.size)
        return self._order(self.epoch(iteration))[places]

    def count(self, iteration: int) -> int:
        """The number of samples in an iteration: the last batch of an epoch may be short."""
        return min(self.size, self.total - (self.batch(iteration) - 1) * self.size)

    def samples(self, iteration: int) -> dict[str, Array]:
        """The `x` (n, samples) and `y` (m, samples) of an iteration, read-only."""
        if not self.changes:
            return dict(self._all)
        places = self.places(iteration)
        # take lays rows out one after the other, as an edited copy does: the order in which BLAS adds depends on it
        found = {name: samples.take(places, axis=1) for name, samples in self._all.items()}
        for array in found.values():
            array.setflags(write=False)
        return found

    def _shuffled(self, epoch: int) -> Array:
        if not self.shuffle:
            return np.arange(self.total)
        return generator(self.seed, "shuffle", epoch).permutation(self.total)
