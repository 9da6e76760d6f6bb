"""Batches: the epoch, and the last one of an epoch, which may be short."""

import msgspec
import numpy as np
import pytest

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.console.commands.word_table import WORDS
from backprop_tui.debugger.console.console import LineSession
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.program import Program
from backprop_tui.formula.values.element import element, evaluate
from backprop_tui.scenario import load
from tests.debugger.scenarios import article, training
from tests.engine.options import IN_BATCHES

FIVE = msgspec.structs.replace(
    article().network, x=np.arange(15.0).reshape(3, 5) / 10, y=np.array([[0.0, 1, 1, 0, 1]]), batch_size=2
)


def test_the_epoch_is_a_variable() -> None:
    debugger = Debugger(training(FIVE, 9))
    debugger.breakpoints.add("L", when="epoch == 3")
    debugger.resume()
    assert debugger.position == "7:L"
    assert debugger["epoch"] == 3
    assert debugger.moment().epoch == "epoch 3"


def test_where_an_iteration_is_an_epoch_nothing_is_said_of_it() -> None:
    debugger = Debugger(article())
    assert debugger.moment().epoch == ""
    with pytest.raises(KeyError):
        debugger["epoch"]


@pytest.mark.parametrize(("line", "position"), [("epoch", "4:L"), ("ep 1", "1:L"), ("epoch 5", "13:L")])
def test_going_to_an_epoch(line: str, position: str) -> None:
    session = LineSession(Debugger(training(FIVE, 9)), WORDS)
    session.debugger.seek("2:L")
    said = session.run(line)
    assert session.debugger.position == position
    assert f"epoch {session.debugger['epoch']:.0f}" in said


@pytest.mark.parametrize("network", IN_BATCHES.values(), ids=IN_BATCHES)
def test_shapes_are_those_of_the_iteration(network: Network) -> None:
    program = Program.of(network)
    frame = program.first()
    for iteration in range(1, 2 * program.feed.per_epoch + 1):
        program.fill(frame)
        shapes = program.shapes_at(iteration)
        assert {name: shapes[name] for name in program.by_name} == {
            o.name: frame[o.key].shape for o in program.operations
        }
        frame = program.following(frame)


def test_an_element_of_a_short_batch_is_taken_apart() -> None:
    debugger = Debugger(training(FIVE, 9))
    debugger.seek("3:dL_dW2")
    moment = debugger.moment()
    event = moment.event
    assert event is not None
    tree = element(event.operation.tree, (0, 1), moment.shapes)
    assert evaluate(tree, event.inputs) == pytest.approx(event.value[0, 1], rel=1e-15)


def test_a_sample_that_a_short_batch_lacks_has_no_value() -> None:
    debugger = Debugger(training(FIVE, 9))
    debugger.seek("3:z1")
    assert debugger.moment().scalar(Address("z1", (0, 0))) is not None
    assert debugger.moment().scalar(Address("z1", (0, 1))) is None


def test_epochs_are_so_many_batches() -> None:
    scenario = load("tests/data/valid/mini-batches.toml")
    assert scenario.iterations == 12
    assert [published.claims.shape for published in scenario.published] == [(1, 1), (1, 2)]
    debugger = Debugger(scenario)
    debugger.resume()
    assert debugger["epoch"] == 4
    assert debugger.iteration == 12
