"""Networks to test with, made from the tables of activations and losses."""

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import cycle, zip_longest
from typing import NamedTuple

import msgspec
import numpy as np

from backprop_tui.engine.network.network import Layer, Network
from backprop_tui.engine.tables.activations import ACTIVATIONS, Activation
from backprop_tui.engine.tables.losses import LOSSES, Loss
from backprop_tui.engine.tables.optimizers import OPTIMIZERS

INPUTS = 3


def column(*numbers: float) -> np.ndarray:
    return np.array(numbers, dtype=float).reshape(-1, 1)


def article() -> Network:
    """The 3-2-1 network of worked-examples.md."""
    return Network(
        layers=(
            Layer(np.array([[0.2, -0.4, 0.1], [0.7, 0.3, -0.5]]), column(0.1, -0.2), "relu"),
            Layer(np.array([[0.5, -1.0]]), column(0.2), "sigmoid"),
        ),
        x=column(1.0, 0.5, -1.5),
        y=column(1),
        loss="binary-cross-entropy",
        optimizer="sgd",
        settings={"learning_rate": 0.1},
    )


class Case(NamedTuple):
    """What a network is made of; its numbers follow from the seed."""

    activations: tuple[str, ...]
    loss: str
    reduction: str = "mean"
    batch: int = 1
    units: tuple[int, ...] = (4, 3, 2, 2)
    seed: int = 0
    norms: tuple[str | None, ...] = ()  # of the first layers
    dropouts: tuple[float, ...] = ()  # likewise
    batch_size: int | None = None

    def __str__(self) -> str:
        return "-".join([*self.activations, self.loss, self.reduction, f"batch {self.batch}"])

    def network(self) -> Network:
        """The network; random, of a size at which nothing saturates."""
        random = np.random.default_rng([self.seed, self.batch, len(self.activations)])
        units = self.units[-len(self.activations) :]
        layers = []
        more = zip_longest(self.norms, self.dropouts)
        for inputs, count, activation in zip((INPUTS, *units), units, self.activations, strict=False):
            weights = random.normal(size=(count, inputs)) / np.sqrt(inputs)
            norm, dropout = next(more, (None, None))
            bias = random.normal(size=(count, 1)) / 2
            layers.append(Layer(weights, bias, activation, norm=norm, dropout=dropout or 0.0))
        return Network(
            layers=tuple(layers),
            x=random.normal(size=(INPUTS, self.batch)),
            y=targets(LOSSES[self.loss], (units[-1], self.batch), random) if self.loss != "output" else None,
            loss=self.loss,
            optimizer="sgd",
            settings={"learning_rate": 0.1},
            reduction=self.reduction,
            batch_size=self.batch_size,
            shuffle=self.batch_size is not None,
            seed=self.seed,
        )


def targets(loss: Loss, shape: tuple[int, int], random: np.random.Generator) -> np.ndarray:
    """Targets inside of the range that a loss accepts, its ends among them; of classes, each a 1 among zeros."""
    if loss.one_hot:
        return np.eye(shape[0])[:, random.integers(shape[0], size=shape[1])]
    if loss.among:
        return random.choice(loss.among, size=shape)
    low, high = loss.targets or (-0.9, 1.1)  # huber has a joint at a distance of 1
    found = random.uniform(low, high, size=shape)
    found.flat[::2] = random.choice([low, high], size=shape).flat[::2]
    return found


def fits(activation: Activation, loss: Loss) -> bool:
    """Whether all that an activation gives is in the range that a loss accepts."""
    if loss.behind:
        return activation.name in loss.behind
    low, high = loss.outputs or (-np.inf, np.inf)
    return low <= activation.output[0] and activation.output[1] <= high


BATCHES = (1, 5)
REDUCTIONS = ("mean", "sum")


def outputs(loss: Loss) -> Sequence[str]:
    """The activations that may stand before a loss."""
    return [name for name, row in ACTIVATIONS.items() if fits(row, loss)]


def cases() -> Iterator[Case]:
    """Every activation hidden, and every loss behind every activation that fits it, with each reduction and batch."""
    hidden = cycle(ACTIVATIONS)
    for loss in LOSSES.values():
        for output in outputs(loss):
            for reduction in REDUCTIONS:
                for batch in BATCHES:
                    yield Case((next(hidden), next(hidden), output), loss.name, reduction, batch)
    for name in ACTIVATIONS:
        yield Case((name, name, name, "identity"), "half-squared-error", batch=2)


CASES = {str(case): case for case in cases()}


def is_flat(case: Case) -> bool:
    """Whether L is the same whatever the parameters: a sum of shares is 1, and its gradient is rounding."""
    return case.loss == "output" and case.activations[-1] == "softmax"


def trained() -> Iterator[tuple[str, Network]]:
    """Every activation × loss × optimizer: each activation hidden, and as output where the loss takes it."""
    reductions, batches = cycle(REDUCTIONS), cycle((5, 5, 1))
    for optimizer in OPTIMIZERS:
        for loss in LOSSES.values():
            hidden = deque(ACTIVATIONS)
            last = [*outputs(loss)]
            for place in range(max(len(last), -(-len(hidden) // 2))):
                case = Case(
                    (hidden[0], hidden[1], last[place % len(last)]),
                    loss.name,
                    next(reductions),
                    next(batches),
                    units=(4, 3, 3),
                )
                hidden.rotate(-2)
                settings = {"learning_rate": 0.01 if optimizer == "sgd" else 0.001}  # no ŷ may come to 0 or 1
                network = msgspec.structs.replace(case.network(), optimizer=optimizer, settings=settings)
                if optimizer == "sgd" or not is_flat(case):
                    yield f"{optimizer}-{case}", network


TRAINED = dict(trained())
