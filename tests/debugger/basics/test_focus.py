"""Which sample of the batch is shown, and how the selection and it follow one another."""

from math import prod
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.console.commands.word_table import WORDS
from backprop_tui.debugger.console.console import LineSession
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.sessions import session
from backprop_tui.scenario import Scenario, load
from tests.debugger.samples.test_epochs import FIVE
from tests.debugger.scenarios import article, scenarios, training
from tests.lessons.models import MODELS


def batches() -> Debugger:
    """Five samples in batches of 2, 2 and 1."""
    return Debugger(training(FIVE, 9))


def test_selecting_an_element_of_another_sample_shows_that_sample() -> None:
    debugger = batches()
    assert debugger.moment().sample == 0
    debugger.selection = Address("z1", (0, 1))
    assert debugger.moment().sample == 1
    debugger.selection = Address("W1", (0, 0))  # is no sample's
    assert debugger.moment().sample == 1
    debugger.selection = Address("delta2", (0, 0))
    assert debugger.moment().sample == 0
    debugger.selection = None
    assert debugger.moment().sample == 0


def test_what_is_selected_goes_along() -> None:
    debugger = batches()
    debugger.selection = Address("h1", (1, 0))
    debugger.show_sample(1)
    assert debugger.selection == Address("h1", (1, 1))
    debugger.selection = Address("W1", (1, 0))
    debugger.show_sample(0)
    assert debugger.selection == Address("W1", (1, 0))


def test_a_matrix_for_each_sample() -> None:
    debugger = Debugger(load("tests/data/valid/softmax-batch.toml"))
    debugger.seek("1:dy_hat_dz2")
    debugger.selection = Address("dy_hat_dz2", (2, 0, 1))
    assert debugger.moment().sample == 2
    debugger.show_sample(3)
    assert debugger.selection == Address("dy_hat_dz2", (3, 0, 1))


def test_a_short_batch_shows_its_last_and_comes_back() -> None:
    debugger = batches()
    debugger.show_sample(1)
    debugger.seek("3:z1")
    moment = debugger.moment()
    assert (moment.sample, moment.samples) == (0, 1)
    assert moment.sample_shown == "sample 1/1 (no. 5)"
    debugger.seek("4:z1")
    assert debugger.moment().sample == 1


@pytest.mark.parametrize(("asked", "shown"), [(-3, 0), (0, 0), (1, 1), (9, 1)])
def test_it_does_not_wrap(asked: int, shown: int) -> None:
    debugger = batches()
    debugger.show_sample(asked)
    assert debugger.moment().sample == shown


def test_the_number_in_the_data_set() -> None:
    shuffled = msgspec.structs.replace(FIVE, shuffle=True)
    debugger = Debugger(training(shuffled, 9))
    for iteration in range(1, 7):
        debugger.seek(f"{iteration}:z1")
        moment = debugger.moment()
        for sample in range(moment.samples):
            number = moment.number_of(sample)
            assert (FIVE.x[:, number - 1] == debugger["x"][:, sample]).all()
    held = Debugger(load("tests/data/valid/held-out.toml"))
    numbers = held.scenario.numbers
    assert numbers is not None
    assert [held.moment().number_of(sample) for sample in range(3)] == numbers.tolist()


def test_a_sample_alone_is_not_counted() -> None:
    moment = Debugger(article()).moment()
    assert moment.sample_shown == ""
    assert moment.column_of("x") is None


@pytest.mark.parametrize(("line", "sample"), [("sample", 1), ("sample 2", 1), ("sample 1", 0), ("sample 99", 1)])
def test_the_line(line: str, sample: int) -> None:
    line_session = LineSession(batches(), WORDS)
    line_session.debugger.seek("1:z1")
    assert line_session.run(line) == line_session.debugger.moment().sample_shown
    assert line_session.debugger.moment().sample == sample
    assert LineSession(Debugger(article()), WORDS).run(line) == "there is no other sample"


def test_a_saved_selection_brings_its_sample(tmp_path: Path) -> None:
    debugger = batches()
    debugger.selection = Address("z1", (0, 1))
    session.save(debugger, tmp_path / "a.json")
    other = batches()
    session.load(other, tmp_path / "a.json")
    assert other.moment().sample == 1


@given(scenarios, st.integers(-2, 6), st.integers(0, 60))
def test_whatever_is_asked_for_a_sample_of_the_batch_is_shown(scenario: Scenario, asked: int, step: int) -> None:
    debugger = Debugger(scenario)
    debugger.show_sample(asked)
    debugger.seek(step)
    moment = debugger.moment()
    assert 0 <= moment.sample < moment.samples == moment.frame["x"].shape[1]
    assert 1 <= moment.number_of(moment.sample) <= scenario.network.x.shape[1]
    for name in debugger.focus.axes:
        column = moment.column_of(name)
        value = moment.value(name)
        assert column is None or value is None or column < value.shape[1]


@pytest.mark.parametrize("lesson", MODELS)
def test_every_matrix_of_a_stack_is_gone_through_once(lesson: str) -> None:
    debugger = Debugger(load(lesson))
    program = debugger.program
    for operation in program.operations:
        own, axis = operation.shape, program.sample_axes.get(operation.name)
        further = [extent for place, extent in enumerate(own[:-2]) if place != axis]
        debugger.seek(operation.index + 1)
        debugger.focus.show_further(operation.name, own, -99)
        debugger.selection = debugger.moment().first_of(operation.name)
        seen = [debugger.moment().matrix_of(operation.name, own)]
        while debugger.focus.show_further(operation.name, own, 1):
            at = debugger.moment().matrix_of(operation.name, own)
            if at == seen[-1]:
                break
            seen.append(at)
            assert debugger.selection is not None
            assert debugger.selection.at[:-2] == at, "the selection goes along"
        assert len(seen) == len(set(seen)) == prod(further)


def test_other_variables_with_such_an_axis_follow_and_a_selection_leads() -> None:
    debugger = Debugger(load("multi-head-attention"))
    debugger.seek("1:a")
    shapes = debugger.program.shapes
    debugger.focus.show_further("a", shapes["a"], 1)
    assert debugger.moment().matrix_of("q", shapes["q"]) == (0, 1)
    debugger.selection = Address("v", (1, 0, 0, 0))
    assert debugger.moment().matrix_of("a", shapes["a"]) == (1, 0)
    assert debugger.moment().matrix_of("o", shapes["o"]) == (1,)
    debugger.selection = None
    debugger.focus.show_further("a", shapes["a"], 1)
    number = debugger.moment().chosen_number
    assert number == Address("a", (1, 1, 0, 0)), "why is asked of the matrix that is shown"
