"""Layers as the file of a model: what is loaded from it computes the same."""

import tomllib

import msgspec
import numpy as np
import pytest

from backprop_tui.debugger.audit.audit import check
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.samples.typed_samples import EvaluationError
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.program import Frame, Program
from backprop_tui.export.model_file import model_file
from backprop_tui.scenario import Scenario, bundled, load, parse
from tests.debugger.scenarios import training
from tests.engine.networks import Case
from tests.engine.options import IN_BATCHES, NETWORKS
from tests.sampled import some

LESSONS = [name for name, _ in bundled() if isinstance(load(name).network, Network)]
ITERATIONS = 3


def as_model(scenario: Scenario) -> Scenario:
    return parse(model_file(scenario).encode(), "model.toml")


def frames(program: Program) -> list[Frame]:
    found = [program.fill(program.first())]
    for _ in range(ITERATIONS - 1):
        found.append(program.fill(program.following(found[-1])))
    return found


def compare(scenario: Scenario) -> None:
    """Every operation of the layers is one of the model, with the same value, in the first iterations."""
    layers, model = Program.of(scenario.network), Program.of(as_model(scenario).network)
    for one, other in zip(frames(layers), frames(model), strict=True):
        for operation in layers.operations:
            wrt = operation.variable.wrt
            twin = model.by_name[f"dL_d{wrt}" if wrt else operation.name]
            np.testing.assert_allclose(other[twin.key], one[operation.key], rtol=1e-9, atol=1e-12, err_msg=twin.name)
            assert (twin.stable is None) is (operation.stable is None)


@pytest.mark.parametrize("name", some(LESSONS, 6))
def test_a_lesson_computes_the_same(name: str) -> None:
    compare(load(name))


@pytest.mark.parametrize("name", some([*NETWORKS, *IN_BATCHES], 12))
def test_and_so_does_everything_that_layers_may_have(name: str) -> None:
    network = (NETWORKS | IN_BATCHES)[name]
    dropped = {k: layer for k, layer in enumerate(network.layers, 1) if layer.dropout}  # other numbers would be drawn
    kept = {f"mask{k}": np.ones((layer.units, network.x.shape[1])) for k, layer in dropped.items()}
    network = msgspec.structs.replace(network, kept=kept)
    if network.trained():
        compare(training(network))


def test_the_loss_is_one_of_any_number_of_samples() -> None:
    assert "L = -mean(y * log(y_hat) + (1 - y) * log(1 - y_hat))\n" in model_file(load("article"))
    text = model_file(load("article")).replace("x = [1.0, 0.5, -1.5]", "x = [[1.0, 0.5, -1.5], [0.5, 1.0, 2.0]]")
    more = parse(text.replace("y = [1.0]", "y = [[1.0], [0.0]]").partition("[[published]]")[0].encode(), "more.toml")
    assert Program.of(more.network).shapes["y_hat"] == (1, 2)


def test_what_a_source_printed_and_notes_come_along() -> None:
    layers = load("article")
    model = as_model(layers)
    assert [one.name for one in model.published] == [one.name.replace("delta2", "dL_dz2") for one in layers.published]
    assert [[*one.claims.flat] for one in model.published] == [[*one.claims.flat] for one in layers.published]
    assert [note.text for note in (*model.notes, *model.remarks)] == [n.text for n in (*layers.notes, *layers.remarks)]
    assert str(check(model)).splitlines()[0] == str(check(layers)).splitlines()[0].replace("δ₂", "∂L/∂z₂").replace(
        "h,", "h₁,"
    )


def test_masks_of_dropout_are_drawn_by_a_line() -> None:
    network = msgspec.structs.replace(Case(("tanh", "identity"), "half-squared-error", batch=50).network(), seed=3)
    first, last = network.layers
    network = msgspec.structs.replace(network, layers=(msgspec.structs.replace(first, dropout=0.25), last))
    model = as_model(training(network))
    first_two = frames(Program.of(model.network))[:2]
    masks = [frame["mask_drop1"] for frame in first_two]
    assert set(np.unique(masks)) == {0, 1}
    assert np.mean(masks) == pytest.approx(0.75, abs=0.1)
    assert not np.array_equal(*masks)
    np.testing.assert_allclose(first_two[0]["drop1"], masks[0] * first_two[0]["h1"] / 0.75)


def test_nothing_is_dropped_where_it_is_evaluated() -> None:
    network = Case(("tanh", "identity"), "half-squared-error", batch=5).network()
    first, last = network.layers
    network = msgspec.structs.replace(network, layers=(msgspec.structs.replace(first, dropout=0.5), last))
    layers, model = Debugger(training(network)), Debugger(as_model(training(network)))
    np.testing.assert_allclose(model.evaluate().y_hat, layers.evaluate().y_hat, rtol=1e-12)
    assert model.evaluate().loss == pytest.approx(layers.evaluate().loss)
    noisy = model_file(training(network)).replace("drop1 = dropout(h1, dropout1)", "drop1 = dropout(h1, 0.5) * 2")
    with pytest.raises(EvaluationError, match=r"and no noise \(here: noise\)"):
        Debugger(parse(noisy.encode(), "noisy.toml")).evaluate()


def test_frozen_and_given() -> None:
    file = tomllib.loads(model_file(training(NETWORKS["frozen layer"])))
    assert file["model"]["parameters"]["W2"]["freeze"] is True
    assert file["model"]["parameters"]["W1"] == NETWORKS["frozen layer"].layers[0].weights.tolist()
    assert tomllib.loads(model_file(training(NETWORKS["l1 and l2"])))["model"]["given"] == {"l1": 0.03, "l2": 0.07}


@pytest.mark.parametrize("name", ["adam", "sgd momentum", "sgd look ahead", "batch norm"])
def test_a_run_that_starts_elsewhere_starts_there(name: str) -> None:
    network = NETWORKS[name]
    program = Program.of(network)
    frame = frames(program)[-1]
    slots = {slot: np.asarray(frame[program.by_name[slot].key]) + 0.125 for slot in program.slots}
    started = msgspec.structs.replace(network, start=slots, before=3)
    compare(training(started))
    first = frames(Program.of(as_model(training(started)).network))[0]
    assert {slot: first[slot].tolist() for slot in slots} == {slot: value.tolist() for slot, value in slots.items()}


def test_a_deep_network_makes_no_text_that_is_too_long() -> None:
    network = Case(("tanh", "identity"), "half-squared-error", batch=3).network()
    first, last = network.layers
    between = msgspec.structs.replace(first, weights=np.eye(len(first.weights)) * 0.5, norm="batch")
    deep = msgspec.structs.replace(network, layers=(first, *[between] * 30, last))
    assert model_file(training(deep)).count("\n") > 300
    compare(training(deep))


def test_samples_that_are_held_out_come_along() -> None:
    layers = load("spirals")
    model = as_model(layers)
    assert layers.held_out is not None
    assert model.held_out is not None
    np.testing.assert_array_equal(model.held_out.x, layers.held_out.x)
    np.testing.assert_array_equal(model.held_out.y, layers.held_out.y)
    one, other = (Debugger(scenario).evaluate_held_out() for scenario in (layers, model))
    assert (one.loss, one.accuracy) == pytest.approx((other.loss, other.accuracy))


def test_what_cannot_be_written_is_told() -> None:
    with pytest.raises(ValueError, match="is a model already"):
        model_file(load("attention"))
