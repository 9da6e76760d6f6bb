"""The timeline: any step at random is what a run from the start gives, in bounded memory."""

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backprop_tui.engine.network.network import Layer, Network
from backprop_tui.engine.program.edit import Edit
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.program.run_program import run
from backprop_tui.engine.timeline.frame_store import FEW
from backprop_tui.engine.timeline.timeline import Timeline
from tests.engine.networks import Case, article

PROGRAM = Program.of(article())
LENGTH = len(PROGRAM.operations)
ITERATIONS = 40
REPLAYED = list(run(PROGRAM, ITERATIONS))


def tight(stride: int = 2) -> Timeline:
    """A timeline that keeps two iterations and a handful of checkpoints."""
    timeline = Timeline(PROGRAM, recent_bytes=0, checkpoint_bytes=0)
    timeline.store.stride = stride
    return timeline


def same(event: Event | None, expected: Event) -> None:
    assert event is not None
    assert (event.step, event.iteration, event.position) == (expected.step, expected.iteration, expected.position)
    assert bits(event.value) == bits(expected.value)
    assert {name: bits(v) for name, v in event.inputs.items()} == {n: bits(v) for n, v in expected.inputs.items()}


def bits(value: Any) -> bytes:
    return np.asarray(value).tobytes()


steps = st.integers(1, ITERATIONS * LENGTH)


@given(st.lists(steps, max_size=25), st.sampled_from([2, 3, 4, 32]))
@example([ITERATIONS * LENGTH, 1, 20 * LENGTH, 19 * LENGTH + 1, 2], 2)
def test_a_seek_is_a_replay(visited: list[int], stride: int) -> None:
    timeline = tight(stride)
    for step in visited:
        same(timeline.event(step), REPLAYED[step - 1])
        assert len(timeline.store.recent) <= timeline.store.most_recent == 2
        assert len(timeline.store.checkpoints) <= timeline.store.most_checkpoints == 4
        assert all(i % timeline.store.stride == 1 % timeline.store.stride for _, i in timeline.store.checkpoints)


@given(st.lists(st.integers(-3 * LENGTH, 5 * LENGTH), max_size=30))
def test_forward_and_back_is_where_one_was(moves: list[int]) -> None:
    timeline, step = tight(), 1
    for move in moves:
        there = min(max(1, step + move), len(REPLAYED))
        timeline.event(there)
        same(timeline.event(step), REPLAYED[step - 1])
        step = there


def test_checkpoints_thin_out_and_the_stride_doubles() -> None:
    timeline = tight(2)
    for _ in timeline.reach(ITERATIONS):
        assert len(timeline.store.checkpoints) <= 4
    assert timeline.store.stride == 8
    assert sorted(timeline.store.checkpoints) == [(0, i) for i in (9, 17, 25, 33)]


def test_reaching_tells_how_far_it_is_and_replays_no_more_than_a_stride() -> None:
    timeline = tight(4)
    assert list(timeline.reach(18)) == list(range(1, 19))
    assert list(timeline.reach(17)) == []
    assert list(timeline.reach(19)) == [19]
    assert list(timeline.reach(16)) == [13, 14, 15, 16]
    assert list(timeline.reach(1)) == [1]
    assert list(timeline.reach(19)) == [17, 18, 19]


def test_reaching_may_be_given_up_half_way() -> None:
    timeline = tight()
    for iteration in timeline.reach(ITERATIONS):
        if iteration == 23:
            break
    assert timeline.event(30 * LENGTH) is not None
    same(timeline.event(30 * LENGTH), REPLAYED[30 * LENGTH - 1])
    same(timeline.event(5), REPLAYED[4])


def test_with_room_nothing_is_computed_twice() -> None:
    timeline = Timeline(PROGRAM)
    last = timeline.frame(ITERATIONS)
    assert all(list(timeline.reach(i)) == [] for i in range(1, ITERATIONS + 1))
    assert timeline.frame(ITERATIONS) is last


def test_recently_seen_is_kept() -> None:
    timeline = tight()
    timeline.store.most_recent = 3
    timeline.frame(3)
    kept = timeline.frame(1)
    timeline.frame(4)
    assert list(timeline.store.recent) == [(0, 3), (0, 1), (0, 4)]
    assert timeline.frame(1) is kept


def test_budgets_are_in_bytes_of_the_program_at_hand() -> None:
    small, large = (
        PROGRAM,
        Program.of(Case(("relu", "sigmoid"), "half-squared-error", batch=5, units=(90, 40)).network()),
    )
    budget = 10_000_000
    for program in (small, large):
        timeline = Timeline(program, budget, budget)
        frame = program.fill(program.first())
        nbytes = sum(frame[operation.key].nbytes for operation in program.operations)
        carried = sum(frame[key].nbytes for key in (program.by_name[name].key for name in program.carried))
        assert nbytes * timeline.store.most_recent <= budget
        assert carried * timeline.store.most_checkpoints <= budget


def test_of_large_iterations_few_are_kept() -> None:
    large = Program.of(Case(("relu", "sigmoid"), "half-squared-error", batch=5, units=(300, 200)).network())
    assert Timeline(large).store.most_recent == FEW < Timeline(PROGRAM).store.most_recent
    assert Timeline(large, recent_bytes=0).store.most_recent == 2


def test_a_batchs_samples_and_masks_count() -> None:
    random, budget = np.random.default_rng(0), 10_000_000
    hidden = Layer(random.normal(size=(150, 400)), None, "tanh", dropout=0.5, frozen=frozenset("W"))
    network = Network(
        layers=(hidden, Layer(random.normal(size=(1, 150)), None, "identity")),
        x=random.normal(size=(400, 200)),
        y=random.normal(size=(1, 200)),
        loss="mean-squared-error",
        optimizer="sgd",
        settings={"learning_rate": 0.1},
        batch_size=50,
        shuffle=True,
    )
    program = Program.of(network)
    frame = program.fill(program.first())
    own = sum(value.nbytes for key, value in frame.items() if value is not program.start.get(key))
    most = Timeline(program, budget, budget).store.most_recent
    assert own * most <= budget < own * (most + 2)


@pytest.mark.parametrize("step", [1, LENGTH, LENGTH + 1, 7 * LENGTH + 3])
def test_steps_and_places(step: int) -> None:
    timeline = tight()
    assert timeline.step_at(*timeline.locate(step)) == step


def test_step_0_is_before_anything() -> None:
    timeline = tight()
    assert timeline.locate(0) == (1, -1)
    assert timeline.event(0) is None
    assert not timeline.store.recent


def test_what_belongs_to_edits_that_are_gone_is_forgotten() -> None:
    """Frames, checkpoints, how far it went and the editions: a hundred edits leave no more behind than one."""
    plain = tight()
    ends = []
    for place in range(100):
        timeline = plain.edited([Edit(LENGTH + 2, "h1", (1, 0), place / 100)])
        timeline.frame(4)
        timeline.store.keep(timeline.lineages)
        ends.append(timeline.lineages[-1])
        store = timeline.store
        assert {lineage for lineage, _ in store.editions} == {ends[-1]}
        kept = {lineage for lineage, _ in (*store.recent, *store.checkpoints)} | {*store.furthest}
        assert kept <= {0, ends[-1]}
    assert len({*ends}) == 100
