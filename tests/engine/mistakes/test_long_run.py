"""Long runs of which only the last iteration is wanted."""

from itertools import islice

import msgspec
import numpy as np
import pytest

from backprop_tui.engine.mistakes.long_run import PERIOD, FarRun
from backprop_tui.engine.mistakes.mistaken_program import Mistaken, Slip, possible
from backprop_tui.engine.mistakes.mistakes import MISTAKES
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.timeline.timeline import Timeline
from tests.engine.mistakes.slips import NETWORKS
from tests.engine.networks import article
from tests.sampled import drawn, some

ARTICLE = Program.of(article())


def alike(network: Network, most: int | None = None) -> None:
    """A far run of every mistake, or of so many that are drawn, has the numbers of a timeline."""
    program = Program.of(network)
    slips = [slip for slip in possible(program) if not slip.digits]
    for slip in drawn(slips, most or len(slips)):
        wrong = Mistaken.of(program, slip).program
        run, timeline = FarRun(wrong), Timeline(wrong)
        for iteration in (1, 70, 3 * PERIOD + 5, 2 * PERIOD):
            near, far = timeline.frame(iteration), run.frame(iteration)
            assert far.iteration == iteration
            for operation in timeline.program.operations:
                np.testing.assert_array_equal(far[operation.key], near[operation.key], err_msg=slip.mistake.name)


def test_a_far_run_has_the_numbers_of_a_timeline() -> None:
    alike(article())


@pytest.mark.parametrize("key", some(NETWORKS, 1))
def test_a_far_run_of_other_networks_has_them_too(key: str) -> None:
    alike(NETWORKS[key], 10)


def test_a_run_that_repeats_itself_is_not_run_on() -> None:
    """Numbers cut off after two decimals stand still at last, and then a million iterations are no more than a few."""
    run = FarRun(Mistaken.of(ARTICLE, Slip(MISTAKES["cut-off"], 2)).program)
    computed = sum(1 for _ in islice(run.reach(1_000_000), 2000))  # one that never stands still would take an hour
    assert computed < 2000
    assert run.frame(1_000_000).iteration == 1_000_000
    near = Timeline(Mistaken.of(ARTICLE, Slip(MISTAKES["cut-off"], 2)).program).frame(3000)
    assert float(run.frame(1_000_000)["L"]) == float(near["L"])
    adam = Program.of(next(network for network in NETWORKS.values() if network.optimizer == "adam"))
    run = FarRun(Mistaken.of(adam, Slip(MISTAKES["cut-off"], 2)).program)
    assert len([*run.reach(500)]) == 499  # its time step goes on


def test_nor_is_one_of_which_nothing_finite_is_left() -> None:
    start = article()
    broken = msgspec.structs.replace(start.layers[0], weights=np.full_like(start.layers[0].weights, np.nan))
    run = FarRun(Program.of(msgspec.structs.replace(start, layers=(broken, *start.layers[1:]))))
    assert sum(1 for _ in islice(run.reach(1_000_000), 4 * PERIOD)) <= 3 * PERIOD
    assert np.isnan(run.frame(1_000_000)["W2"]).all()
