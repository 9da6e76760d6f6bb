"""Per-sample gradients: what samples add is what one finds for each alone, and all together are the gradient."""

from contextlib import suppress
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backprop_tui.debugger.console.command import LineError
from backprop_tui.debugger.console.commands.word_table import WORDS
from backprop_tui.debugger.console.console import LineSession
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.sensitivity.sample_shares import ShareError, share
from backprop_tui.engine.statements.sample_axis import axis_of
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.values.compile import compiled
from backprop_tui.formula.values.element import shape
from backprop_tui.formula.writing.numbers import format_array
from backprop_tui.formula.writing.printer import source
from backprop_tui.formula.writing.symbols import Symbols
from backprop_tui.scenario import Scenario, load
from tests.debugger.scenarios import article, scenarios, training
from tests.engine.networks import CASES, Case
from tests.engine.options import IN_BATCHES, NETWORKS
from tests.sampled import some

EVERY = NETWORKS | IN_BATCHES | {name: case.network() for name, case in CASES.items()}
SOME = [*NETWORKS, *IN_BATCHES, *some(CASES, 30, 160)]
ALONE = Case(("tanh", "softplus", "sigmoid"), "binary-cross-entropy", batch=5)


def gradients(debugger: Debugger) -> list[str]:
    return [o.name for o in debugger.program.operations if o.stage.startswith("gradients") and o.name != "dL_dx"]


def add_up(debugger: Debugger) -> None:
    """Every gradient of the iteration is what its parts add up to."""
    for name in gradients(debugger):
        found = debugger.per_sample(name)
        assert len(found) == debugger["x"].shape[1]
        total = sum(found) + (0 if found.rest is None else found.rest)
        value = debugger[name]
        assert all(one.shape == value.shape for one in found)
        size = sum(np.abs(one) for one in found) + np.abs(value)
        np.testing.assert_allclose(total, value, rtol=0, atol=1e-12 * float(size.max()))


@pytest.mark.parametrize("name", SOME)
def test_they_add_up(name: str) -> None:
    debugger = Debugger(training(EVERY[name], 3))
    for iteration in (1, 2, 3):
        debugger.seek(f"{iteration}:")
        add_up(debugger)


@given(scenarios, st.integers(1, 4), st.floats(0, 0.1), st.floats(0, 0.1))
def test_they_add_up_for_any_network(scenario: Scenario, iteration: int, l1: float, l2: float) -> None:
    network = msgspec.structs.replace(scenario.network, l1=l1, l2=l2)
    debugger = Debugger(msgspec.structs.replace(scenario, network=network))
    debugger.seek(f"{iteration}:")
    add_up(debugger)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("change", [{}, {"norm": "layer"}], ids=str)
@pytest.mark.parametrize("loss", ["binary-cross-entropy", "half-squared-error", "mean-absolute-error"])
def test_a_share_is_the_gradient_of_that_sample_alone(loss: str, change: dict[str, Any], reduction: str) -> None:
    """The mean's 1/N included; what the penalty adds belongs to no sample."""
    start = ALONE._replace(loss=loss, reduction=reduction).network()
    layers = tuple(msgspec.structs.replace(layer, **change) for layer in start.layers)
    network = msgspec.structs.replace(start, layers=layers, l2=0.3)
    debugger = Debugger(training(network))
    debugger.seek("1:")
    assert network.y is not None
    for sample in range(5):
        x, y = network.x[:, [sample]], network.y[:, [sample]]
        alone = Debugger(training(msgspec.structs.replace(network, x=x, y=y, l2=0.0)))
        alone.seek("1:")
        for name in gradients(debugger):
            found = debugger.per_sample(name)
            weight = 5 if reduction == "mean" else 1
            np.testing.assert_allclose(found[sample], alone[name] / weight, rtol=1e-10, atol=1e-14)
            assert (found.rest is None) == (not name.startswith("dL_dW"))
            if found.rest is not None:
                np.testing.assert_allclose(found.rest, 0.3 * debugger.program.parameters[name[4:]], rtol=1e-15)
            assert not found.together


@pytest.mark.parametrize(
    "text",
    [
        "-(sum_samples(x) + b)",
        "sum(sum_samples(x) + b)",
        "sum_units(sum_samples(x) + b)",
        "(sum_samples(x) + b).T",
        "fill(sum(x) + n, b)",
        "(sum_samples(x) + b) / n",
    ],
)
def test_a_linear_function_of_a_sum_is_the_sum_of_it(text: str) -> None:
    """And of what belongs to no sample, which is added once."""
    random, axes = np.random.default_rng(0), {"x": 1}
    values: dict[str, Any] = {"x": random.normal(size=(3, 5)), "b": random.normal(size=(3, 1)), "n": np.float64(4)}
    shapes = {name: np.shape(value) for name, value in values.items()}
    tree, symbols = parse(text), Symbols(shapes)
    first = Program.of(ALONE.network()).operations[0]
    operation = msgspec.structs.replace(first, tree=tree, shape=shape(tree, shapes), symbols=symbols)
    found = share(operation, axes, samples=5)
    assert found.rest is not None
    parts = [compiled(found.of_sample)(values | {"s": sample}) for sample in range(5)]
    np.testing.assert_allclose(sum(parts) + compiled(found.rest)(values), compiled(operation.tree)(values), rtol=1e-12)


def test_the_formulas() -> None:
    debugger = Debugger(training(EVERY["dropout and norms"]))
    debugger.seek("1:")
    shown = {name: source(debugger.per_sample(name).tree) for name in gradients(debugger)}
    assert shown["dL_dW3"] == "column(delta3, s) @ column(drop2, s).T"
    assert shown["dL_db3"] == "column(delta3, s)"
    assert shown["dL_dscale2"] == "column(dL_dscaled2, s) * column(z_hat2, s)"
    assert all(debugger.per_sample(name).together for name in shown)
    symbols = debugger.program.symbols
    assert symbols.text(debugger.per_sample("W3").tree) == "δ₃[:,s]drop₂[:,s]ᵀ"
    assert debugger.per_sample("dW3").parts.rest is not None


def test_the_last_batch_may_be_short() -> None:
    debugger = Debugger(training(IN_BATCHES["dropout, layer norm"]))
    debugger.seek("3:")
    assert debugger["x"].shape[1] == 1
    found = debugger.per_sample("dL_dW1")
    assert len(found) == 1
    np.testing.assert_array_equal(found[0], debugger["dL_dW1"])
    with pytest.raises(IndexError):
        found[1]


def test_edits_are_in_it() -> None:
    debugger = Debugger(training(ALONE.network()))
    debugger.seek("1:delta2")
    debugger.assign("delta2[0,3]", 5.0)
    debugger.seek("1:")
    assert debugger.per_sample("dL_db2")[3][0, 0] == 5.0
    add_up(debugger)


@pytest.mark.parametrize(
    ("name", "position", "says"),
    [
        ("delta2", "1:b1", "'delta2' is not summed over samples (these are: dL_dW2, dL_db2, dL_dW1, dL_db1)"),
        ("nope", "1:b1", "'nope' is not summed over samples"),
        ("dW1", "1:delta2", "dL_dW1 is not computed yet"),
        ("W2", "start", "dL_dW2 is not computed yet"),
    ],
)
def test_what_has_no_shares(name: str, position: str, says: str) -> None:
    debugger = Debugger(article())
    debugger.seek(position)
    with pytest.raises(ShareError) as raised:
        debugger.per_sample(name)
    assert str(raised.value).startswith(says)


def test_a_gradient_of_the_inputs_has_a_column_for_each() -> None:
    debugger = Debugger(training(NETWORKS["input gradient"]))
    debugger.seek("1:")
    with pytest.raises(ShareError, match="dL_dx is not a sum over samples"):
        debugger.per_sample("x")


@pytest.mark.parametrize("name", SOME)
def test_which_variables_have_samples(name: str) -> None:
    """By the rules: where a batch of another size has another extent, and there alone."""
    network = EVERY[name]
    count = network.x.shape[1] + 3
    both = {"x": network.x} | ({} if network.y is None else {"y": network.y})
    more = {name: np.repeat(array[:, :1], count, axis=1) for name, array in both.items()}
    one = Program.of(msgspec.structs.replace(network, batch_size=None))
    two = Program.of(msgspec.structs.replace(network, batch_size=None, **more))
    if network.x.shape[1] == 1:  # of one sample alone, sums over samples are left out
        return
    for variable, axis in one.sample_axes.items():
        changed = [
            place for place, (a, b) in enumerate(zip(one.shapes[variable], two.shapes[variable], strict=True)) if a != b
        ]
        assert changed == [axis]
    for variable in one.shapes.keys() - one.sample_axes.keys():
        assert one.shapes[variable] == two.shapes[variable]


@pytest.mark.parametrize(
    ("text", "axis"),
    [
        ("x", 1),
        ("x.T", 0),
        ("W @ x", 1),
        ("x @ x.T", None),
        ("sum_samples(x)", None),
        ("sum_units(x)", 1),
        ("x * 2 + 1", 1),
        ("W * 2", None),
        ("samples(x)", None),
        ("only(x)", None),
    ],
)
def test_axes(text: str, axis: int | None) -> None:
    assert axis_of(parse(text), {"x": 1}) == axis


def test_the_line() -> None:
    scenario = training(msgspec.structs.replace(ALONE.network(), batch_size=3, shuffle=True, l2=0.1))
    session = LineSession(Debugger(scenario), WORDS)
    session.debugger.seek("1:dL_dW3")
    first, *lines = session.run("per-sample").splitlines()
    assert first == "∂L/∂W₃ adds up δ₃[:,s]h₂[:,s]ᵀ of 3 samples"
    places = session.debugger.program.feed.places(1)
    found = session.debugger.per_sample("W3")
    for sample, line in enumerate(lines[:3]):
        assert line.startswith(f"s = {sample} (no. {places[sample] + 1})  norm ")
        assert line.endswith(format_array(found[sample]))
    assert lines[3].startswith("and l₂W₃, which belongs to no sample  ")
    assert lines[4] == f"together  {format_array(session.debugger['dL_dW3'])}"
    assert len(lines) == 5
    with pytest.raises(LineError, match="dL_dW2 is not computed yet"):
        session.run("ps W2")


def test_many_samples_on_the_line() -> None:
    session = LineSession(Debugger(load("tests/data/valid/dataset.toml")), WORDS)
    session.debugger.seek("1:")
    numbers = session.debugger.scenario.numbers
    assert numbers is not None
    first = session.debugger.program.feed.places(1)[0]
    assert f"s = 0 (no. {numbers[first]})" in session.run("ps W1")
    network = msgspec.structs.replace(session.debugger.scenario.network, batch_size=None)
    session = LineSession(Debugger(training(network)), WORDS)
    session.debugger.seek("1:")
    assert "… 4 more" in session.run("ps W1")


@pytest.mark.parametrize(
    "line",
    [
        "(x ** 3) @ (W @ x.T).T",  # a sum over samples meets one over as many features
        "(x + x.T) @ W.T",  # samples along both axes
        "(x + V) @ W.T",  # what is no sample's, and as long
        "x @ (W @ x).T",  # a product of each sample with all of them
        "softmax(x) @ W.T",  # each column adds up to 1 over all samples
        "max(x, axis=0) @ W.T",  # the largest of all samples is no sum
    ],
)
def test_where_samples_meet_something_else_shares_add_up_or_there_are_none(line: str) -> None:
    model = {
        "samples": "rows",
        "forward": f"u = {line}\nL = 0.5 * sum(u ** 2) + 0 * sum(V)",
        "parameters": {"W": [[0.8, 0.4], [-0.5, -1.0], [-0.5, -1.1]], "V": [[1.0, 0.5], [0.25, -2.0]]},
        "inputs": {"x": {"shape": [2]}},
    }
    file = {"format": 1, "model": model, "data": {"x": [[-0.7, 0.4], [-0.2, 2.0]]}}
    debugger = Debugger(load(file | {"optimizer": {"name": "sgd", "learning_rate": 0.1}}))
    debugger.seek("1:dL_dW")
    with suppress(ShareError):
        np.testing.assert_allclose(sum(debugger.per_sample("dL_dW")), debugger["dL_dW"])


def test_parts_of_steps_that_each_sample_has_a_column_of_have_no_shares() -> None:
    forward = """
for t in 1..T:
    u[t] = (0.5 * x) @ W.T
L = sum(sum(u[t] ** 2) for t in 1..T)
"""
    model = {"forward": forward, "sizes": {"T": 2}, "parameters": {"W": [[0.8, 0.4, 1.0], [-0.5, -1.0, 0.5]]}}
    file = {"format": 1, "model": model | {"inputs": {"x": {"shape": [2]}}}, "data": {"x": [[1, 2], [3, 4], [5, 6.5]]}}
    debugger = Debugger(load(file | {"optimizer": {"name": "sgd", "learning_rate": 0.1}}))
    debugger.seek("1:dL_dW")
    with pytest.raises(ShareError, match="each sample has a part of its own in it"):
        debugger.per_sample("dL_dW")


def test_what_is_put_beside_samples_is_none_of_them() -> None:
    shapes = {"x": (2, 3), "W": (2, 1), "V": (3, 3)}
    for text, axis in (("beside(x, W)", None), ("columns(x, 1, 3)", None), ("x @ V", None)):
        assert axis_of(parse(text), {"x": 1}, shapes) == axis, text


def test_a_stack_of_parameters_as_long_as_the_batch_is_no_samples_own() -> None:
    """A matrix for each of two, by each of two samples: each sample meets one of them alone."""
    model = {
        "forward": "u = (A @ W) * x\nL = 0.5 * sum(u ** 2)",
        "parameters": {"A": [[[0.2, -0.6, 1.3]], [[1.4, 0.7, -1.1]]], "W": [[0.4, 0.8], [-1.0, -0.2], [-1.4, -1.1]]},
        "inputs": {"x": {"shape": [1, 2]}},
    }
    file = {"format": 1, "model": model, "data": {"x": [[[1.1, 0.2]], [[-1.2, 1.2]]]}}
    debugger = Debugger(load(file | {"optimizer": {"name": "sgd", "learning_rate": 0.1}}))
    debugger.seek("1:dL_dW")
    with suppress(ShareError):
        np.testing.assert_allclose(sum(debugger.per_sample("dL_dW")), debugger["dL_dW"])
