"""Which class an output stands for, where a network tells classes apart: what accuracy and confusion are made of."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from backprop_tui.engine.network.network import Network
from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.engine.tables.losses import LOSSES

Array = np.ndarray
ADDS_UP = 1e-9  # how far from 1 rounding may leave a sum of shares
PAIRS = ((0.0, 1.0), (-1.0, 1.0))  # what the targets of two classes are written as


class Classes(NamedTuple):
    """`number` classes. With one output, the class is the side of `threshold` (0.5, or 0 for targets of −1 and 1) that
    the output lies on. With several, it is the largest output where exactly one of them is right (`exclusive`);
    otherwise each output decides for itself.
    """

    number: int
    threshold: float
    exclusive: bool

    @classmethod
    def of(cls, network: Network) -> "Classes | None":
        """The classes that follow from a network's targets, loss and output; None if it predicts numbers."""
        loss, y = LOSSES[network.loss], network.y
        low, high = ACTIVATIONS[network.layers[-1].activation].output
        bounded = np.isfinite((low, high)).all()
        by_class = bounded or loss.among or loss.targets or loss.outputs
        if not by_class or y is None:
            return None
        if loss.one_hot:
            return cls(len(y), 0.5, exclusive=True)
        return cls.of_targets(y, low, [(loss.among[0], loss.among[1])] if loss.among else PAIRS)

    @classmethod
    def of_targets(cls, y: Array, low: float, among: Sequence[tuple[float, float]] = PAIRS) -> "Classes | None":
        """The classes of targets (outputs, N) that are all one of a pair, where outputs begin at `low`; else None."""
        pairs = sorted(among, key=lambda pair: abs(pair[0] - max(low, -1)))
        pair = next((pair for pair in pairs if np.isin(y, pair).all()), None)
        if pair is None:
            return None
        exclusive = len(y) > 1 and bool(((y == max(pair)).sum(axis=0) == 1).all())
        return cls(len(y) if exclusive else 2, sum(pair) / 2, exclusive)

    def __call__(self, values: Array) -> Array:
        """The class of every sample, or of each of its outputs, from outputs or targets (outputs, N)."""
        return values.argmax(axis=0) if self.exclusive else (values >= self.threshold).astype(int)

    @property
    def pair(self) -> tuple[float, float]:
        """How the targets of "no" and "yes" are written."""
        return next(pair for pair in PAIRS if sum(pair) / 2 == self.threshold)

    def targets(self, labels: Array, outputs: int) -> Array:
        """The targets (outputs, N) that stand for classes (N,)."""
        low, high = self.pair
        chosen = labels == (np.arange(outputs).reshape(-1, 1) if self.exclusive else 1)
        return np.where(np.broadcast_to(chosen, (outputs, len(labels))), high, low)

    def compare(self, y_hat: Array, y: Array) -> tuple[float, Array | None]:
        """The share that is right (0 to 1), and how often each class (row) was predicted as which (column).

        The table is None for several outputs that each decide for themselves.
        """
        predicted, true = self(y_hat), self(y)
        accuracy = float((predicted == true).mean())
        if not self.exclusive and len(y) > 1:
            return accuracy, None
        table = np.zeros((self.number, self.number), dtype=int)
        np.add.at(table, (true.ravel(), predicted.ravel()), 1)
        table.setflags(write=False)
        return accuracy, table


def one_hot(labels: Array, count: int) -> Array:
    """Classes (N,), whole numbers from 0 below `count`, as targets (count, N): a 1 in the row of its class."""
    found: Array = (np.arange(count)[:, np.newaxis] == labels).astype(float)
    return found


def are_shares(targets: Array, axis: int = 0) -> Array:
    """Which samples have targets (outputs, N) that share 1 out among the classes, along an axis: truth values (N,).

    Mostly it is a 1 for one of them; soft targets are probabilities. ∂L/∂z is ŷ − y only if they add up to 1.
    """
    found: Array = (targets >= 0).all(axis=axis) & (np.abs(targets.sum(axis=axis) - 1) <= ADDS_UP)
    return found
