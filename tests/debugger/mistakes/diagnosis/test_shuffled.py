"""Inputs in another order than their targets: which order it is, and what is none."""

import msgspec
import pytest

from backprop_tui.debugger.audit.audit import Audit
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.timeline.timeline import Timeline
from tests.debugger.mistakes.diagnosis.sources import audited, names_of, of_run
from tests.engine.networks import Case

AFTER, FORWARD = ("W1", "W2", "L"), ("z1", "y_hat", "delta2", "dL_dW1", "dL_db2")


def of(batch: int) -> Network:
    return Case(("tanh", "identity"), "mean-squared-error", batch=batch, units=(3, 2), seed=batch).network()


def of_order(network: Network, order: tuple[int, ...], names: tuple[str, ...]) -> Audit:
    """The audit of a source whose inputs are in some order, their targets being as they are."""
    own = Timeline(Program.of(msgspec.structs.replace(network, x=network.x[:, order])))
    return audited(network, of_run(Program.of(network), own, names, (1, 2)), 6)


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ((2, 0, 3, 1), FORWARD),
        ((2, 0, 3, 1), AFTER),  # found by trying all
        ((5, 2, 0, 7, 6, 1, 3, 4), FORWARD),  # read off z₁
        ((0, 1, 5, 3, 4, 2, 6, 7), AFTER),  # two have changed places
    ],
)
def test_the_order_is_found(order: tuple[int, ...], names: tuple[str, ...]) -> None:
    audit = of_order(of(len(order)), order, names)
    (cause,) = audit.causes
    assert (cause.name, cause.level) == ("inputs-shuffled", "is")
    assert cause.at == ("x",)
    assert cause.parameter == ", ".join(str(sample + 1) for sample in order)
    assert cause.sentence.endswith(f"the inputs are in another order than their targets: samples {cause.parameter}")


def test_a_sample_that_is_there_twice_is_no_order() -> None:
    network = of(4)
    twice = of_order(network, (2, 0, 2, 1), FORWARD)
    assert names_of(twice) == set()
    assert not twice.agrees
