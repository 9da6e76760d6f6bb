"""Data sets: what is in them, how their targets fit a network, and what is held out."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_tui.engine.tables.losses import LOSSES
from backprop_tui.scenario import Scenario, ScenarioError, parse
from backprop_tui.scenario.data.datasets import DATASETS, Made, moons, spirals
from backprop_tui.scenario.data.sample_table import Table, fitted, split

SEEDS = st.integers(0, 2**63 - 1)
MADE = [name for name, row in DATASETS.items() if isinstance(row, Made)]
FILE = """
format = 1
[network]
inputs = {inputs}
[[network.layers]]
units = {outputs}
activation = "{activation}"
init = "xavier-normal"
[data]
{data}
[loss]
name = "{loss}"
[optimizer]
name = "sgd"
learning_rate = 0.1
"""


def scenario(
    data: str, inputs: int = 2, outputs: int = 1, activation: str = "sigmoid", loss: str = "binary-cross-entropy"
) -> Scenario:
    text = FILE.format(data=data, inputs=inputs, outputs=outputs, activation=activation, loss=loss)
    return parse(text.encode(), "test.toml")


@pytest.mark.parametrize("name", DATASETS)
def test_every_data_set_fits_a_network_with_an_output_per_class(name: str) -> None:
    row = DATASETS[name]
    table = row.table(name, None, 0.0, 0)
    found = scenario(f'dataset = "{name}"', row.inputs, len(table.classes)).network
    assert found.x.shape == (row.inputs, row.samples)
    np.testing.assert_array_equal(found.x.T, table.inputs)
    assert found.y is not None
    np.testing.assert_array_equal(found.y.argmax(axis=0), table.targets[:, 0])
    assert (found.y.sum(axis=0) == 1).all()
    assert len(table.features) in (0, row.inputs)


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize(
    ("activation", "loss", "low"), [("sigmoid", "binary-cross-entropy", 0), ("identity", "hinge", -1)]
)
def test_two_classes_fit_one_output(name: str, activation: str, loss: str, low: int) -> None:
    found = scenario(f'dataset = "{name}"\nsamples = 21', activation=activation, loss=loss)
    labels = DATASETS[name].table(name, 21, 0.0, 0).targets[:, 0]
    assert found.network.y is not None
    np.testing.assert_array_equal(found.network.y[0], np.where(labels == 1, 1, low))
    assert len(found.classes) == 2


@pytest.mark.parametrize("name", MADE)
@given(samples=st.integers(1, 60), noise=st.floats(0, 2), seed=SEEDS)
def test_made_data_follow_from_the_seed(name: str, samples: int, noise: float, seed: int) -> None:
    row = DATASETS[name]
    one, two = (row.table(name, samples, noise, seed) for _ in range(2))
    np.testing.assert_array_equal(one.inputs, two.inputs)
    np.testing.assert_array_equal(one.targets, row.table(name, samples, 0.0, seed + 1).targets)
    assert one.inputs.shape == (samples, 2)
    assert set(one.targets.ravel()) <= {0.0, 1.0}
    if noise > 1e-3:
        assert not np.array_equal(one.inputs, row.table(name, samples, noise, seed + 1).inputs)


@pytest.mark.parametrize("name", MADE)
def test_noise_is_a_standard_deviation(name: str) -> None:
    row = DATASETS[name]
    moved = row.table(name, 4000, 0.3, 5).inputs - row.table(name, 4000, 0.0, 5).inputs
    assert moved.std() == pytest.approx(0.3, rel=0.03)
    assert abs(moved.mean()) < 0.02


@pytest.mark.parametrize(("name", "truth"), [("xor", [0, 1, 1, 0]), ("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1])])
def test_logical_functions(name: str, truth: list[int]) -> None:
    table = DATASETS[name].table(name, None, 0.0, 0)
    assert table.inputs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert table.targets[:, 0].tolist() == truth
    assert DATASETS[name].table(name, 9, 0.0, 0).targets[:, 0].tolist() == [*truth, *truth, truth[0]]


def test_moons_are_scikit_learns() -> None:
    """`make_moons(7, shuffle=False)`, as scikit-learn 1.9 prints it."""
    rows, labels = moons(7)
    expected = [
        [1.0, 0.0],
        [0.0, 1.0],
        [-1.0, 0.0],
        [0.0, 0.5],
        [0.5, -0.3660254],
        [1.5, -0.3660254],
        [2.0, 0.5],
    ]
    np.testing.assert_allclose(rows, expected, atol=5e-9)
    assert labels.tolist() == [0, 0, 0, 1, 1, 1, 1]


def test_circles_have_two_radii() -> None:
    table = DATASETS["circles"].table("circles", 31, 0.0, 0)
    radius = np.linalg.norm(table.inputs, axis=1)
    np.testing.assert_allclose(radius, np.where(table.targets[:, 0] == 0, 1.0, 0.5), rtol=1e-12)


def test_spirals_are_each_others_mirror() -> None:
    rows, labels = spirals(40)
    np.testing.assert_array_equal(rows[labels == 0], -rows[labels == 1])
    np.testing.assert_allclose(np.linalg.norm(rows[:20], axis=1), np.arange(1, 21) / 20, rtol=1e-12)


def test_iris() -> None:
    """Fisher's table, by figures that are known of it."""
    table = DATASETS["iris"].table("iris", None, 0.0, 0)
    assert table.features == ("sepal length", "sepal width", "petal length", "petal width")
    assert table.classes == ("setosa", "versicolor", "virginica")
    assert Counter(table.targets.ravel()) == {0.0: 50, 1.0: 50, 2.0: 50}
    np.testing.assert_allclose(table.inputs.mean(axis=0), [5.843, 3.057, 3.758, 1.199], atol=5e-4)
    assert table.inputs[34].tolist() == [4.9, 3.1, 1.5, 0.2]  # one of the two that UCI's file has wrong


def test_digits() -> None:
    """The figures that scikit-learn's documentation and tests know of it."""
    table = DATASETS["digits"].table("digits", None, 0.0, 0)
    pixels = table.inputs * 16
    assert table.inputs.shape == (1797, 64)
    assert pixels.sum() == 561718
    assert (pixels == pixels.astype(int)).all()
    assert (pixels.min(), pixels.max()) == (0, 16)
    counts = Counter(table.targets.ravel())
    assert [counts[digit] for digit in range(10)] == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert pixels[0, :8].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]
    assert table.targets[:10, 0].tolist() == [*range(10)]


@given(samples=st.integers(1, 150), seed=SEEDS)
def test_some_of_what_is_shipped_is_drawn_by_the_seed(samples: int, seed: int) -> None:
    every = DATASETS["iris"].table("iris", None, 0.0, 0)
    found = DATASETS["iris"].table("iris", samples, 0.0, seed)
    again = DATASETS["iris"].table("iris", samples, 0.0, seed)
    np.testing.assert_array_equal(found.inputs, again.inputs)
    rows = Counter(map(tuple, np.hstack([found.inputs, found.targets])))
    assert rows <= Counter(map(tuple, np.hstack([every.inputs, every.targets])))
    assert rows.total() == samples


@pytest.mark.parametrize(
    ("targets", "outputs", "classes"),
    [
        ([0, 2, 1], 3, ("0", "1", "2")),
        ([0, 1, 1], 3, ("0", "1", "2")),  # a class that no sample has
        ([3, 7, 5], 3, ("3", "5", "7")),
        ([-1, 1, 1], 2, ("-1", "1")),
        ([0.5, 1.5, 0.5], 2, ("0.5", "1.5")),
    ],
)
def test_numbers_are_classes_where_there_are_several_outputs(
    targets: list[float], outputs: int, classes: tuple[str, ...]
) -> None:
    table = Table("test", np.zeros((3, 1)), np.array(targets, dtype=float).reshape(-1, 1))
    found = fitted(table, outputs, LOSSES["mean-squared-error"])
    assert found.classes == classes
    assert found.y.shape == (3, outputs)
    assert [classes[place] for place in found.y.argmax(axis=1)] == [f"{target:g}" for target in targets]


def test_numbers_are_themselves_where_there_is_an_output_each() -> None:
    table = Table("test", np.zeros((3, 1)), np.array([[0.5, 3], [2, 1], [0, 0]]))
    found = fitted(table, 2, LOSSES["mean-squared-error"])
    assert found.y is table.targets
    assert found.classes == ()


@given(total=st.integers(1, 200), share=st.floats(0, 0.999), seed=SEEDS)
def test_every_sample_is_trained_on_or_held_out(total: int, share: float, seed: int) -> None:
    training, held = split(total, share, seed)
    assert sorted([*training, *held]) == list(range(total))
    assert len(training)
    assert abs(len(held) - share * total) <= 1
    assert (len(held) > 0) == (share > 0 and total > 1)
    for places, again in zip((training, held), split(total, share, seed), strict=True):
        np.testing.assert_array_equal(places, again)
        assert (np.diff(places) > 0).all()


def test_what_is_held_out_is_not_trained_on() -> None:
    found = scenario('dataset = "iris"\nheld_out = 0.2\nseed = 3', 4, 3)
    every = scenario('dataset = "iris"', 4, 3).network
    assert found.held_out is not None
    assert found.numbers is not None
    assert found.network.x.shape[1] == 120
    assert found.held_out.x.shape == (4, 30)
    assert found.held_out.y is not None
    assert found.held_out.y.shape == (3, 30)
    for samples, numbers in ((found.network.x, found.numbers), (found.held_out.x, found.held_out.numbers)):
        np.testing.assert_array_equal(samples, every.x[:, numbers - 1])
        assert not samples.flags.writeable
    assert found.number(0) == found.numbers[0]
    other = scenario('dataset = "iris"\nheld_out = 0.2\nseed = 4', 4, 3)
    assert other.held_out is not None
    assert other.held_out.numbers.tolist() != found.held_out.numbers.tolist()


def test_a_data_set_counts_for_the_rules_about_batches() -> None:
    with pytest.raises(ScenarioError, match="the last batch of an epoch has 1 sample"):
        parse(
            FILE.replace('init = "xavier-normal"', 'init = "xavier-normal"\nnorm = "batch"')
            .format(
                data='dataset = "iris"\nheld_out = 0.2\n[training]\nbatch_size = 17',
                inputs=4,
                outputs=3,
                activation="sigmoid",
                loss="binary-cross-entropy",
            )
            .encode(),
            "test.toml",
        )
