"""A changed program laid over the right run has the numbers of the whole program, computed by itself."""

import msgspec
import numpy as np
import pytest

from backprop_tui.engine.mistakes.mistaken_program import Mistaken, Slip, slips
from backprop_tui.engine.mistakes.mistakes import MISTAKES, ROWS
from backprop_tui.engine.mistakes.overlay import FAR, Overlay
from backprop_tui.engine.program.edit import Edit
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.timeline.timeline import Timeline
from tests.engine.mistakes.slips import MODELS, NETWORKS, program_of
from tests.engine.networks import article
from tests.sampled import drawn, some

ITERATIONS = (1, 3)


def alike(overlay: Overlay, whole: Timeline, right: Timeline, iterations: tuple[int, ...] = ITERATIONS) -> None:
    for iteration in iterations:
        frame, expected = overlay.frame(iteration, right), whole.frame(iteration)
        for operation in whole.program.operations:
            found = overlay.at_end(operation.name, frame)
            np.testing.assert_allclose(found, expected[operation.key], rtol=1e-9, atol=1e-13, err_msg=operation.name)


@pytest.mark.parametrize("key", [*some(NETWORKS, 2), *some(MODELS, 1)])
def test_it_has_the_numbers_of_the_whole_program(key: str) -> None:
    program = program_of(key)
    right = Timeline(program)
    for slip in drawn([slip for row in ROWS for slip in slips(program, row)], 30):
        alike(Overlay(program, (slip,)), Timeline(Mistaken.of(program, slip).program, 0, 0), right)


def test_far_on_and_with_edits_too() -> None:
    program = Program.of(article())
    slip = Slip.of(MISTAKES["bias-never-updated"])
    whole = Mistaken.of(program, slip).program
    alike(Overlay(program, (slip,)), Timeline(whole), Timeline(program), (FAR + 3,))
    edits = [Edit(0, "b1", (0, 0), 0.5)]
    alike(Overlay(program, (slip,)), Timeline(whole, edits=edits), Timeline(program, edits=edits))


def test_what_it_starts_from_can_be_changed() -> None:
    program = Program.of(article())
    start = {"x": np.array([[1.0], [0.5], [1.5]]), "W2": np.array([[0.5, 1.0]])}
    whole = msgspec.structs.replace(program, start=program.start | start)
    alike(Overlay(program, start=start), Timeline(whole), Timeline(program))


def test_two_changes_at_once() -> None:
    program = Program.of(article())
    one, other = (Overlay(program, (Slip.of(MISTAKES[name]),)) for name in ("bias-left-out", "derivative-left-out"))
    both = one.with_also(other)
    assert both is not None
    whole = Mistaken.of(Mistaken.of(program, one.slips[0]).program, other.slips[0]).program
    alike(both, Timeline(whole), Timeline(program))
    same_place = one.with_also(Overlay(program, (Slip.of(MISTAKES["bias-sign-flipped"]),)))
    assert same_place is None  # there is no bias left


def test_only_what_is_moved_is_computed() -> None:
    program = Program.of(article())
    right = Timeline(program)
    frame = Overlay(program, (Slip(MISTAKES["derivative-left-out"], 0, "delta1"),)).frame(1, right)
    assert frame["dL_dW2"] is right.frame(1)["dL_dW2"]
    assert frame["dL_dW1"] is not right.frame(1)["dL_dW1"]
