"""The sentences of causes: what they are about, what it came of, and what cannot be told from it."""

import re
from collections.abc import Sequence

import msgspec
import pytest

from backprop_tui import check
from backprop_tui.engine.mistakes.mistaken_program import Mistaken, Slip
from backprop_tui.engine.mistakes.mistakes import MISTAKES
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.timeline.timeline import Timeline
from tests.debugger.mistakes.diagnosis.sources import IN_FULL, audited, names_of, of_run
from tests.engine.networks import Case

NET = Case(("tanh", "sigmoid"), "binary-cross-entropy", batch=4, units=(3, 2)).network()
PARAMETERS = ("W1", "b1", "W2", "b2")
GRADIENTS = tuple(f"dL_d{name}" for name in PARAMETERS)


@pytest.mark.parametrize(
    ("factor", "names", "said"),
    [
        (
            -1.0,
            PARAMETERS,
            "the steps Δ(W₂), Δ(b₂), Δ(W₁) and Δ(b₁) are what is right with the sign turned, everywhere",
        ),
        (2.0, PARAMETERS, "the steps Δ(W₂), Δ(b₂), Δ(W₁) and Δ(b₁) are twice what is right, everywhere"),
        (0.25, ("W2",), "the step Δ(W₂) is 1/4 of what is right"),
    ],
)
def test_of_parameters_it_is_the_steps_that_are_turned_or_scaled(
    factor: float, names: Sequence[str], said: str
) -> None:
    program = Program.of(NET)
    frame = Timeline(program).frame(1)
    right = of_run(program, Timeline(program), names, (1,))
    printed = {(name, at): frame[name] + factor * (value - frame[name]) for (name, at), value in right.items()}
    assert audited(NET, printed, 6).causes[0].sentence.startswith(said)


def test_a_step_that_is_transposed() -> None:
    network = Case(("tanh", "identity"), "mean-squared-error", batch=4, units=(3, 3)).network()
    frame = Timeline(Program.of(network)).frame(1)
    turned = frame["W2"] - network.settings["learning_rate"] * frame["dL_dW2"].T
    assert audited(network, {("W2", 1): turned}, 6).causes[0].sentence == "the step Δ(W₂) is transposed"


def test_the_rows_that_come_to_the_same_factor_are_named_where_digits_are_few() -> None:
    network = msgspec.structs.replace(NET, clip=("norm", 0.1), settings={"learning_rate": 0.2})
    program = Program.of(network)
    wrong = Timeline(Mistaken.of(program, Slip.of(MISTAKES["clip-before-mean"])).program)
    found = names_of(audited(network, of_run(program, wrong, PARAMETERS, (1,)), 4))
    assert found == {"factor", "clip-before-mean"}


def test_an_array_has_its_name_where_all_of_it_is_meant() -> None:
    """Beside others, and where it is more than one number; numbers are counted with their arrays."""
    program = Program.of(NET)
    right = of_run(program, Timeline(program), GRADIENTS, (1,))
    audit = audited(NET, {key: 2 * value for key, value in right.items()}, IN_FULL)
    assert audit.causes[0].sentence.startswith("∂L/∂W₂, ∂L/∂b₂, ∂L/∂W₁ and ∂L/∂b₁ are twice what is right")


def test_what_came_of_several_printed_arrays_is_said_of_all_of_them() -> None:
    sentences = {cause.sentence for cause in check("wrong-on-purpose").causes}
    assert (
        "W₂, b₂, W₁ and b₁ are what you get from the source's own ∂L/∂W₂, δ₂, ∂L/∂W₁ and δ₁ "
        "when the gradient is added instead of subtracted (+η)"
    ) in sentences
    assert (
        "δ₁ is what you get from the source's own ∂L/∂h when the activation's derivative is left out in δ₁"
    ) in sentences


def test_a_number_in_full_is_told_with_few_digits() -> None:
    program = Program.of(NET)
    wrong = Timeline(Mistaken.of(program, Slip.of(MISTAKES["log-base-10"])).program)
    (cause,) = audited(NET, of_run(program, wrong, ("L",), (1,)), IN_FULL).causes
    assert re.match(r"L = 0\.\d{8} is what you get when the logarithm is taken to base 10$", cause.sentence)


SCHEDULED = msgspec.structs.replace(NET, schedule=("exponential", {"gamma": 0.5}), settings={"learning_rate": 0.05})


def test_a_schedule_that_is_left_out_is_named_where_digits_are_few() -> None:
    program = Program.of(SCHEDULED)
    wrong = Timeline(Mistaken.of(program, Slip.of(MISTAKES["schedule-left-out"])).program)
    found = names_of(audited(SCHEDULED, of_run(program, wrong, PARAMETERS, (3,)), 4))
    assert found == {"schedule-left-out", "time-step-fixed"}


def test_a_pair_is_not_named_where_one_of_the_two_explains_the_same() -> None:
    program = Program.of(SCHEDULED)
    wrong = Timeline(Mistaken.of(program, Slip.of(MISTAKES["schedule-left-out"])).program)
    assert names_of(audited(SCHEDULED, of_run(program, wrong, PARAMETERS, (3,)), 3)) == set()
