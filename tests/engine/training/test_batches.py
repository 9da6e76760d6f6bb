"""The samples of an iteration: epochs, short batches, and the same again whenever it is asked for."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from backprop_tui.engine.training.batches import Feed

SEEDS = st.integers(0, 2**63 - 1)


def feed(total: int, size: int | None, *, shuffle: bool = False, seed: int = 0) -> Feed:
    x = np.arange(2.0 * total).reshape(2, total)
    return Feed({"x": x, "y": x[:1]}, {"x": 1, "y": 1}, size, shuffle=shuffle, seed=seed)


@given(total=st.integers(1, 40), size=st.integers(1, 50), shuffle=st.booleans(), seed=SEEDS, epoch=st.integers(1, 9))
def test_an_epoch_takes_each_sample_once(total: int, size: int, shuffle: bool, seed: int, epoch: int) -> None:
    batches = feed(total, size, shuffle=shuffle, seed=seed)
    first = (epoch - 1) * batches.per_epoch + 1
    iterations = range(first, first + batches.per_epoch)
    places = [batches.places(i) for i in iterations]
    assert sorted(np.concatenate(places)) == list(range(total))
    assert [batches.epoch(i) for i in iterations] == [epoch] * batches.per_epoch
    assert [len(p) for p in places[:-1]] == [min(size, total)] * (batches.per_epoch - 1)
    assert 1 <= len(places[-1]) <= min(size, total)


@given(total=st.integers(1, 40), size=st.integers(1, 50), seed=SEEDS, iterations=st.lists(st.integers(1, 200)))
def test_samples_are_a_function_of_the_iteration(total: int, size: int, seed: int, iterations: list[int]) -> None:
    used = feed(total, size, shuffle=True, seed=seed)
    for iteration in iterations:
        fresh = feed(total, size, shuffle=True, seed=seed).samples(iteration)
        for name, array in used.samples(iteration).items():
            np.testing.assert_array_equal(array, fresh[name])
            assert not array.flags.writeable


def test_x_and_y_stay_together() -> None:
    batches = feed(11, 4, shuffle=True, seed=3)
    for iteration in range(1, 10):
        found = batches.samples(iteration)
        np.testing.assert_array_equal(found["x"][:1], found["y"])


def test_epochs_are_shuffled_each_in_its_own_way() -> None:
    orders = {tuple(feed(20, None, shuffle=True, seed=seed).places(epoch)) for seed in (0, 1) for epoch in range(1, 6)}
    assert len(orders) == 10


def test_without_a_batch_size_and_shuffling_every_iteration_has_the_same_arrays() -> None:
    batches = feed(5, None)
    assert not batches.changes
    assert batches.samples(1)["x"] is batches.samples(7)["x"]
