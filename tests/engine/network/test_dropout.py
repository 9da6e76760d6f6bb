"""Masks: 0 or 1, another in every iteration and layer, and the same whenever they are looked at again."""

import numpy as np
import pytest

from backprop_tui.engine.network.layers import mask
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.program.run_program import run
from tests.engine.options import IN_BATCHES, NETWORKS


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_mask_leaves_out_its_share(share: float) -> None:
    found = mask(share, 200, 300, seed=1, layer=1, iteration=1)
    assert set(np.unique(found)) == {0.0, 1.0}
    assert found.mean() == pytest.approx(1 - share, abs=0.01)


@pytest.mark.parametrize("other", [{"seed": 2}, {"layer": 2}, {"iteration": 2}])
def test_seed_layer_and_iteration_decide(other: dict[str, int]) -> None:
    place = {"seed": 1, "layer": 1, "iteration": 1}
    first = mask(0.5, 8, 8, **place)
    assert np.array_equal(first, mask(0.5, 8, 8, **place))
    assert not np.array_equal(first, mask(0.5, 8, 8, **(place | other)))


def test_what_is_dropped_is_0_and_the_rest_is_scaled_up() -> None:
    for event in run(Program.of(NETWORKS["dropout"]), 3):
        if event.name == "drop2":
            kept = event.inputs["mask2"] == 1
            assert (event.value[~kept] == 0).all()
            np.testing.assert_allclose(event.value[kept], event.inputs["h2"][kept] / 0.6, rtol=1e-15)
            assert (~kept).any()


def test_a_mask_is_as_short_as_the_last_batch() -> None:
    events = [event for event in run(Program.of(IN_BATCHES["dropout, layer norm"]), 6) if event.name == "drop2"]
    samples = [event.value.shape[1] for event in events]
    assert samples == [2, 2, 1] * 2
    assert [event.inputs["mask2"].shape[1] for event in events] == samples
