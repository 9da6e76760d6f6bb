"""Data sets by name, a row each: made from a formula and a seed, or shipped in `scenario/data`.

The scenario format has their names as soon as this file is imported, which the package does.

Made data sets have two inputs and two classes. Their noise is normal, and a pure function of the seed.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from backprop_tui.engine.tables.random import generator
from backprop_tui.scenario.data.sample_table import Table, TableError
from backprop_tui.scenario.format import schema

Array = np.ndarray
HERE = Path(__file__).parent
CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
INNER = 0.5  # the radius of the inner circle; the outer one has 1
TURNS = 1.5  # of each arm of the spirals


class Made(Struct, frozen=True):
    """A row: how many samples there are unless a file says otherwise, the function that makes N of them (inputs (N, 2)
    and classes (N,)), and what the docs say about the inputs.
    """

    samples: int
    make: Callable[[int], tuple[Array, Array]]
    about: str
    classes: tuple[str, str] = ("0", "1")
    inputs: int = 2

    @property
    def called(self) -> str:
        """What the docs say of the classes."""
        return ", ".join(self.classes)

    def table(self, name: str, samples: int | None, noise: float, seed: int) -> Table:
        """This number of samples, with normal noise of this standard deviation in their inputs."""
        rows, labels = self.make(samples or self.samples)
        if noise:
            rows = rows + noise * generator(seed, f"noise in {name}").standard_normal(rows.shape)
        return Table(name, rows, labels.reshape(-1, 1).astype(float), (), self.classes)


class Shipped(Struct, frozen=True):
    """A row: how many samples and inputs there are, what reads them, and what the docs say of inputs and classes."""

    samples: int
    read: Callable[[], Table]
    inputs: int
    about: str
    called: str

    def table(self, name: str, samples: int | None, noise: float, seed: int) -> Table:
        """All samples, or a number drawn from them without replacement, in the order in which they stand."""
        table = replace(self.read(), name=name, lines=(), columns=(), digest=b"")
        if noise:
            raise TableError((("data", "noise"), f"is not a setting of {name}, which is not generated"))
        if samples and samples > self.samples:
            raise TableError((("data", "samples"), f"is {samples:,}, but {name} has {self.samples:,}"))
        if samples is None or samples == self.samples:
            return table
        drawn = np.sort(generator(seed, f"samples of {name}").permutation(self.samples)[:samples])
        return replace(table, inputs=table.inputs[drawn], targets=table.targets[drawn])


def corners(truth: Sequence[int]) -> Callable[[int], tuple[Array, Array]]:
    """The corners of the unit square in turn, with a logical function's values."""

    def make(count: int) -> tuple[Array, Array]:
        turn = np.arange(count) % len(CORNERS)
        return CORNERS[turn], np.array(truth)[turn]

    return make


def _around(angle: Array) -> Array:
    """Points on the unit circle, a row each."""
    points: Array = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return points


def _two(first: Array, second: Array) -> tuple[Array, Array]:
    return np.concatenate([first, second]), np.repeat([0, 1], [len(first), len(second)])


def moons(count: int) -> tuple[Array, Array]:
    """Two half circles that reach into each other, the upper one first: scikit-learn's `make_moons`, unshuffled."""
    upper = _around(np.linspace(0.0, np.pi, count // 2))
    lower = _around(np.linspace(0.0, np.pi, count - count // 2))
    return _two(upper, np.array([1.0, 0.5]) - lower)


def circles(count: int) -> tuple[Array, Array]:
    """Two concentric circles, the outer one first: scikit-learn's `make_circles`, unshuffled, with factor 0.5."""
    outer = _around(np.linspace(0.0, 2 * np.pi, count // 2, endpoint=False))
    return _two(outer, INNER * _around(np.linspace(0.0, 2 * np.pi, count - count // 2, endpoint=False)))


def spirals(count: int) -> tuple[Array, Array]:
    """Two arms that wind around the origin, half a turn apart, out to a radius of 1."""

    def arm(count: int) -> Array:
        radius = np.arange(1, count + 1) / max(count, 1)
        points: Array = radius[:, np.newaxis] * _around(2 * np.pi * TURNS * radius)
        return points

    return _two(arm(count // 2), -arm(count - count // 2))


def iris() -> Table:
    """Fisher's 150 flowers: four lengths in cm, three species."""
    from backprop_tui.scenario.data.csv_reader import read_csv

    return read_csv(_shipped("iris.csv"), "iris")


def digits() -> Table:
    """1,797 images of 8×8 pixels, here from 0 to 1, each of one of ten digits."""
    text = np.frombuffer(_shipped("digits.txt"), dtype=np.uint8).reshape(-1, 64 + len(" 0\n"))
    pixels, labels = text[:, :64].astype(float), text[:, 65:66].astype(float)
    pixels -= np.where(pixels >= ord("a"), ord("a") - 10, ord("0"))
    features = tuple(f"pixel {row},{column}" for row in range(8) for column in range(8))
    return Table("digits", pixels / 16, labels - ord("0"), features, tuple("0123456789"))


def _shipped(name: str) -> bytes:
    return (HERE / name).read_bytes()


CORNERS_IN_TURN = "2: the corners of the unit square, in turn"
DATASETS: dict[str, Made | Shipped] = schema.DATASETS
DATASETS |= {
    "xor": Made(4, corners((0, 1, 1, 0)), CORNERS_IN_TURN),
    "and": Made(4, corners((0, 0, 0, 1)), CORNERS_IN_TURN),
    "or": Made(4, corners((0, 1, 1, 1)), CORNERS_IN_TURN),
    "moons": Made(100, moons, "2: scikit-learn's, unshuffled", ("upper", "lower")),
    "spirals": Made(100, spirals, "2: two arms, one and a half turns each, out to 1"),
    "circles": Made(100, circles, "2: scikit-learn's, unshuffled; the inner one is half as large", ("outer", "inner")),
    "iris": Shipped(150, iris, 4, "4 lengths in cm, of 150 flowers", "setosa, versicolor, virginica"),
    "digits": Shipped(1797, digits, 64, "64 pixels of 8×8, from 0 to 1, of 1,797 images", "0 to 9"),
}
