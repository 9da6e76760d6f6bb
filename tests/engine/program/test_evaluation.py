"""The forward half alone, beside PyTorch's eval mode written out in NumPy."""

from typing import Any

import msgspec
import numpy as np
import pytest

from backprop_tui.engine.network.network import Network
from backprop_tui.engine.network.target_classes import Classes, are_shares, one_hot
from backprop_tui.engine.program.evaluation import Evaluation, Evaluator
from backprop_tui.engine.program.program import Program
from tests.engine.networks import CASES, Case, article
from tests.engine.options import IN_BATCHES, NETWORKS, everywhere
from tests.sampled import some


def evaluated(network: Network, x: np.ndarray, y: np.ndarray | None = None, iterations: int = 3) -> Evaluation:
    """With the parameters after so many iterations."""
    return Evaluator(network)(trained(network, iterations).__getitem__, x, y)


def trained(network: Network, iterations: int) -> dict[str, Any]:
    program = Program.of(network)
    frame = program.fill(program.first())
    for _ in range(iterations - 1):
        frame = program.fill(program.following(frame))
    return dict(program.following(frame))


def test_running_statistics_and_no_dropout() -> None:
    network = everywhere(norm="batch", hidden={"dropout": 0.5})
    state = trained(network, 3)
    h = network.x[:, :1]  # one sample is enough: nothing depends on the others
    found = Evaluator(network)(state.__getitem__, h)
    for k, function in ((1, np.tanh), (2, lambda z: np.log1p(np.exp(z))), (3, lambda z: z)):
        z = state[f"W{k}"] @ h + state[f"b{k}"]
        z = (z - state[f"running_mu{k}"]) / np.sqrt(state[f"running_var{k}"] + 1e-5)
        h = function(state[f"scale{k}"] * z + state[f"shift{k}"])
    np.testing.assert_allclose(found.y_hat, h, rtol=1e-12)
    assert found.loss is None
    assert found.accuracy is None
    assert found.confusion is None
    assert not {"mask1", "drop1", "mu1", "var1"} & found.values.keys()


@pytest.mark.parametrize("name", ["layer norm", "l1 and l2", "no bias", "shared bias", "frozen layer", "adam"])
def test_without_running_statistics_it_is_the_training_pass(name: str) -> None:
    network = NETWORKS[name]
    found = Evaluator(network)(Program.of(network).first().__getitem__, network.x, network.y)
    program = Program.of(network)
    frame = program.fill(program.first())
    assert found.loss == pytest.approx(float(frame["L"]), rel=1e-15)
    np.testing.assert_array_equal(found.y_hat, frame["y_hat"])


@pytest.mark.parametrize("name", [*NETWORKS, *IN_BATCHES])
def test_its_operations_can_be_shown(name: str) -> None:
    network = (NETWORKS | IN_BATCHES)[name]
    assert network.y is not None
    found = evaluated(network, network.x[:, :2], network.y[:, :2], iterations=1)
    assert [event.name for event in found.events][-1] == "L"
    for event in found.events:
        assert event.formula
        assert np.array_equal(event.value, found[event.symbol])
        assert event.value.shape == found.symbols.shapes[event.name]
        assert not event.value.flags.writeable


def test_evaluating_leaves_the_parameters_alone() -> None:
    network = article()
    state = trained(network, 1)
    before = {name: np.array(value) for name, value in state.items()}
    Evaluator(network)(state.__getitem__, network.x, network.y)
    assert all(np.array_equal(before[name], state[name]) for name in before)


# output, loss, targets -> what tells its classes apart
TARGETS = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
CLASSES: list[tuple[str, str, Any, Classes | None]] = [
    ("sigmoid", "binary-cross-entropy", [[0, 1, 1]], Classes(2, 0.5, exclusive=False)),
    ("sigmoid", "binary-cross-entropy", [[0, 0.3, 1]], None),
    ("sigmoid", "mean-squared-error", [[1, 1, 1]], Classes(2, 0.5, exclusive=False)),
    ("tanh", "mean-squared-error", [[-1, 1, 1]], Classes(2, 0.0, exclusive=False)),
    ("tanh", "mean-squared-error", [[1, 1, 1]], Classes(2, 0.0, exclusive=False)),
    ("tanh", "mean-squared-error", [[0, 1, 1]], Classes(2, 0.5, exclusive=False)),
    ("identity", "hinge", [[-1, 1, 1]], Classes(2, 0.0, exclusive=False)),
    ("identity", "mean-squared-error", [[0, 1, 1]], None),
    ("sigmoid", "half-squared-error", TARGETS, Classes(3, 0.5, exclusive=True)),
    ("sigmoid", "binary-cross-entropy", [[1, 0, 1], [1, 1, 0]], Classes(2, 0.5, exclusive=False)),
    ("softmax", "categorical-cross-entropy", TARGETS, Classes(3, 0.5, exclusive=True)),
    ("log-softmax", "categorical-cross-entropy", TARGETS, Classes(3, 0.5, exclusive=True)),
    ("softmax", "mean-squared-error", TARGETS, Classes(3, 0.5, exclusive=True)),
]


@pytest.mark.parametrize(("output", "loss", "y", "expected"), CLASSES)
def test_what_tells_classes_apart(output: str, loss: str, y: Any, expected: Classes | None) -> None:
    targets = np.array(y, dtype=float)
    network = Case((output,), loss, batch=3, units=(len(targets),)).network()
    assert Classes.of(msgspec.structs.replace(network, y=targets)) == expected


def test_a_loss_without_targets_tells_no_classes_apart_and_needs_no_y() -> None:
    network = Case(("sigmoid",), "output", batch=3).network()
    assert Classes.of(network) is None
    found = evaluated(network, network.x)
    assert found.loss == pytest.approx(found.y_hat.sum() / 3, rel=1e-15)
    assert "y" not in found.values


@pytest.mark.parametrize("labels", [[0], [2, 0, 1, 1], [3, 3]])
def test_classes_as_targets_and_back(labels: list[int]) -> None:
    found = one_hot(np.array(labels), 4)
    assert found.argmax(axis=0).tolist() == labels
    assert are_shares(found).all()
    for wrong in (found * 2, found * 0, 1 - found, found / 2):
        assert not are_shares(wrong).any()


def test_two_classes_are_counted() -> None:
    y_hat, y = np.array([[0.2, 0.5, 0.9, 0.4]]), np.array([[0.0, 0.0, 1.0, 1.0]])
    accuracy, table = Classes(2, 0.5, exclusive=False).compare(y_hat, y)
    assert accuracy == 0.5
    assert table is not None
    assert table.tolist() == [[1, 1], [1, 1]]


def test_the_largest_output_is_the_class() -> None:
    y_hat = np.array([[0.5, 0.3, 0.1, 0.9], [0.4, 0.2, 0.8, 0.1], [0.3, 0.7, 0.1, 0.0]])
    accuracy, table = Classes(3, 0.5, exclusive=True).compare(y_hat, np.eye(3)[:, [0, 1, 1, 0]])
    assert accuracy == 0.75
    assert table is not None
    assert table.tolist() == [[2, 0, 0], [0, 1, 1], [0, 0, 0]]


def test_outputs_that_each_decide_have_no_table() -> None:
    y = np.array([[1.0, 0.0], [1.0, 1.0]])
    assert Classes(2, 0.5, exclusive=False).compare(np.array([[0.9, 0.1], [0.2, 0.7]]), y) == (0.75, None)


@pytest.mark.parametrize("case", some(CASES.values(), 30), ids=str)
def test_every_network_can_be_evaluated(case: Case) -> None:
    network = case.network()
    found = evaluated(network, network.x, network.y, iterations=1)
    assert found.loss is not None
    assert found.accuracy is None or 0 <= found.accuracy <= 1
