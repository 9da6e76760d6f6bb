"""Arrays of one's own: what agrees, what does not, and what is said of names and shapes that do not fit."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backprop_tui as bt
from tests.arrays.own import B1, B2, LABELS, LAYERS, W1, W2, X, Y, right, step

CE = "categorical-cross-entropy"


def net(**more: Any) -> bt.Scenario:
    return bt.network(X, LABELS, LAYERS, loss=CE, rows="samples", **more)


def test_a_right_program_agrees_in_either_precision() -> None:
    assert bt.check(net(), right()).agrees
    single = {name: np.asarray(value, dtype=np.float32) for name, value in right().items()}
    assert bt.check(net(), single).agrees
    half = {"dW1": right()["dW1"].astype(np.float16)}
    assert bt.check(net(), half).agrees


def test_what_was_computed_from_single_precision_has_its_rounding_whatever_its_own_type() -> None:
    """`(z > 0) * 1.0` makes float64 of float32, for instance."""
    w1, b1, w2, b2 = (array.astype(np.float32) for array in (W1, B1, W2, B2))
    found = step(X.astype(np.float32), Y, w1, b1, w2, b2)
    mixed = {"A1": found["A1"].astype(np.float32)} | {
        name: found[name].astype(np.float32).astype(float) for name in ("dZ2", "dW2", "db2", "dW1", "db1")
    }
    assert bt.check(net(), mixed).agrees
    assert not bt.check(net(), mixed | {"dW1": mixed["dW1"] * (1 + 1e-4)}).agrees
    assert not bt.check(net(), {name: value for name, value in mixed.items() if name != "A1"}).agrees


def test_columns_and_targets_by_row() -> None:
    columns = bt.network(X.T, Y.T, [(W1.T, B1, "tanh"), (W2.T, B2.T, "softmax")], loss="cce")
    assert columns.layout == (False, False)
    assert bt.check(columns, {name: np.asarray(value).T for name, value in right().items()}).agrees
    torch_like = bt.network(X, Y, [(W1.T, B1, "tanh"), (W2.T, B2, "softmax")], loss="cce")
    assert torch_like.layout == (True, False)
    given = right() | {name: right()[name].T for name in ("dW1", "dW2", "W1_after")}
    assert bt.check(torch_like, given).agrees


def test_a_wrong_array_is_named_with_its_element() -> None:
    given = right()
    given["dW1"] = given["dW1"].copy()
    given["dW1"][2, 1] += 0.5
    audit = bt.check(net(), given)
    assert not audit.agrees
    assert audit.counts["wrong"] == 1
    (wrong,) = (finding for finding in audit if not finding.agrees)
    assert (wrong.published.name, wrong.published.where) == ("dL_dW1", "given")
    assert "✗ ∂L/∂W₁[1,2] (dW1[2,1]): given " in str(audit)


def test_a_tolerance_of_ones_own() -> None:
    given = {"dW1": right()["dW1"] * 1.001}
    assert not bt.check(net(), given).agrees
    assert bt.check(net(), given, rtol=0.01).agrees
    assert not bt.check(net(), given, rtol=1e-5).agrees
    assert bt.check(net(), given, atol=0.1).agrees


@pytest.mark.parametrize("off", [-1e-3, float("nan")])
def test_a_tolerance_is_no_less_than_nothing(off: float) -> None:
    with pytest.raises(bt.GivenError, match=r"rtol is (-0.001|nan), expected 0 or more"):
        bt.check(net(), {"dW1": right()["dW1"]}, rtol=off)


def test_what_is_no_array_is_told_by_its_type() -> None:
    for value, what in ((None, "NoneType"), ({"W1": W1}, "dict")):
        with pytest.raises(bt.GivenError, match=f"dW1: has a {what} in place of an array"):
            bt.check(net(), {"dW1": value})


@pytest.mark.parametrize(("output", "loss"), [("softmax", CE), ("sigmoid", "binary-cross-entropy")])
def test_a_word_for_several_losses_goes_by_the_output(output: str, loss: str) -> None:
    (first, last) = LAYERS
    found = bt.network(X, Y, [first, (*last[:2], output)], loss="CrossEntropyLoss", rows="samples")
    assert found.network.loss == loss


def test_an_unknown_loss_is_said_before_what_depends_on_it() -> None:
    (first, last) = LAYERS
    with pytest.raises(
        bt.GivenError, match=r"loss: unknown 'crossentropy' .did you mean 'binary-cross-entropy' or 'cat"
    ):
        bt.network(X, LABELS, [first, (*last[:2], "tanh")], loss="crossentropy", rows="samples")
    with pytest.raises(bt.GivenError, match=r"loss: unknown 'mean-squared-eror' .did you mean 'mean-squared-error'"):
        bt.network(X, Y, LAYERS, loss="mean-squared-eror", rows="samples")


def test_a_cause_has_a_repr_of_one_line() -> None:
    (cause,) = bt.check(net(), {"dW1": 2 * right()["dW1"], "dW2": 2 * right()["dW2"]}).causes
    assert repr(cause).startswith("<Cause factor (is): ∂L/∂W₂ and ∂L/∂W₁ are twice what is right")
    assert "\n" not in repr(cause)


def test_what_fits_transposed_says_so() -> None:
    given = right()
    given["dW1"] = given["dW1"].T
    audit = bt.check(net(), given)
    assert audit.agrees
    assert audit.notes == ("dW1 is 5×4 where 4×5 was expected: it fits transposed",)
    assert audit.notes[0] in str(audit)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"dW1": np.zeros((3, 3))}, "dW1: is 3×3, expected 5×4 or 4×5 (dL_dW1)"),
        ({"loss": np.zeros(8)}, "loss: is 8, expected a number (L): one for each sample?"),
        ({"db1": np.zeros((8, 5))}, "db1: is 8×5, expected 5×1 (dL_db1): it is to be summed over the samples"),
        ({"foo": 1.0}, "'foo' is not a variable of this network"),
        ({"W1": W1 + 1}, "at [0,0], and the network has -0.653829; after the update it is W1_after"),
        ({"dW1": None}, "dW1: has a NoneType in place of an array"),
        ({"dW1": [[1.0], [1.0, 2.0]]}, "dW1: has rows of different lengths"),
        ({"dW1": np.zeros((4, 5), complex)}, "dW1: has values of type complex128"),
        ({"dW1": np.zeros((0, 5))}, "dW1: has 0 numbers"),
        ({"x": X}, "nothing is given that a network computes"),
        (3, "given is a dict of arrays by name"),
    ],
)
def test_what_does_not_fit(given: Any, said: str) -> None:
    with pytest.raises(bt.GivenError) as caught:
        bt.check(net(), given)
    assert said in str(caught.value)
    assert isinstance(caught.value, ValueError)


def test_every_problem_at_once() -> None:
    with pytest.raises(bt.GivenError) as caught:
        bt.check(net(), {"foo": 1, "bar": 2})
    assert len(str(caught.value).splitlines()) == 2


def square(**more: Any) -> bt.Scenario:
    return bt.network(X, X[:, :4], [(np.arange(16.0).reshape(4, 4) / 9, np.zeros(4), "tanh")], loss="mse", **more)


def test_what_can_be_read_in_two_ways_is_asked() -> None:
    with pytest.raises(bt.GivenError, match="a row for each input"):
        square()
    assert square(rows="samples").layout == (True, True)
    with pytest.raises(bt.GivenError, match="is a row of x a sample or a feature"):
        bt.network(X[:4], LABELS[:4], [(W1, B1, "tanh"), (W2, B2, "softmax")], loss="cce")
    with pytest.raises(bt.GivenError, match="rows is 'sideways', expected 'samples'"):
        square(rows="sideways")


def test_the_values_tell_where_the_shapes_do_not() -> None:
    own = square(rows="samples")
    columns = bt.load({**_document(own), "title": "without a layout"})
    gradient = next(e.value for e in bt.run(own) if e.name == "dL_dW1")
    assert bt.check(columns, {"dW1": gradient}).agrees
    assert bt.check(columns, {"dW1": gradient.T}).agrees
    with pytest.raises(bt.GivenError, match="has it a row for each input, as in x @ W"):
        bt.check(columns, {"dW1": gradient * 2})
    assert not bt.check(columns, {"dW1": gradient * 2}, rows="features").agrees


def _document(scenario: bt.Scenario) -> dict[str, Any]:
    network: Any = scenario.network
    (layer,) = network.layers
    return {
        "format": 1,
        "network": {
            "inputs": 4,
            "layers": [{"activation": "tanh", "weights": layer.weights, "bias": layer.bias.ravel()}],
        },
        "data": {"x": network.x.T, "y": network.y.T},
        "loss": {"name": "mean-squared-error"},
        "optimizer": {"name": "sgd", "learning_rate": 0.1},
    }


@pytest.mark.parametrize(
    ("layers", "y", "said"),
    [
        ([], LABELS, "layers: is empty"),
        ([(W1, "tanh", 3)], LABELS, "layer 1: expected (W, b, activation)"),
        ([(W1, B1)], LABELS, "layer 1: expected (W, b, activation)"),
        (
            [(W1, B1, "tanh"), (W2.T[:2], B2, "softmax")],
            LABELS,
            "layer 2, W: is 2×5, and what comes before has 5",
        ),
        ([(W1, B1[:3], "tanh"), (W2, B2, "softmax")], LABELS, "layer 1, b: has 3 numbers, and the layer has 5 units"),
        (LAYERS, Y[:5], "y: is 5×3, expected "),
        ([(W1[0], B1, "tanh")], LABELS, "layer 1, W: has 1 dimensions, expected 2"),
    ],
)
def test_layers_that_do_not_fit(layers: Any, y: Any, said: str) -> None:
    with pytest.raises(bt.GivenError) as caught:
        bt.network(X, y, layers, loss=CE)
    assert said in str(caught.value)


def test_unknown_names_have_the_messages_of_a_file() -> None:
    with pytest.raises(bt.ScenarioError, match=r"unknown 'relux' \(did you mean 'relu'"):
        bt.network(X, LABELS, [(W1, B1, "relux"), (W2, B2, "softmax")], loss=CE)


def test_a_step_is_run() -> None:
    audit = bt.check_step(step, net(learning_rate=0.3))
    assert audit.agrees, str(audit)
    assert {finding.published.name for finding in audit} >= {"L", "dL_dW1", "W1", "b2"}

    def doubled(params: dict[str, Any], X: Any, Y: Any, learning_rate: float) -> Any:
        found = step(X, Y, params["W1"], params["b1"], params["W2"], params["b2"], learning_rate)
        return found["cost"], {"dW1": 2 * found["dW1"], "db1": found["db1"]}

    audit = bt.check_step(doubled, net())
    assert {finding.published.name: finding.worst for finding in audit} == {
        "L": "agrees",
        "dL_dW1": "wrong",
        "dL_db1": "agrees",
    }
    assert bt.check_step(right, net()).agrees


def test_a_step_that_cannot_be_run() -> None:
    with pytest.raises(bt.GivenError, match="argument thing: 'thing' is not a variable"):
        bt.check_step(lambda thing: {}, net())
    with pytest.raises(bt.GivenError, match="the function returned nothing, expected a dict"):
        bt.check_step(lambda: None, net())


def test_a_step_cannot_change_the_network() -> None:
    scenario = net()

    def changing(W1: Any) -> dict[str, Any]:
        W1 *= 0
        return {"dW1": right()["dW1"]}

    assert bt.check_step(changing, scenario).agrees
    assert bt.check(scenario, right()).agrees


def test_assertions() -> None:
    bt.testing.assert_backprop(net(), given=right())
    bt.testing.assert_step(step, net())
    with pytest.raises(AssertionError, match="∂L/∂W₁"):
        bt.testing.assert_backprop(net(), given={"dW1": 2 * right()["dW1"]})
    with pytest.raises(AssertionError, match="∂L/∂W₁"):
        bt.testing.assert_step(lambda: {"dW1": 2 * right()["dW1"]}, net())


class Tensor:
    """What of a tensor is used."""

    def __init__(self, array: Any, grad: "Tensor | None" = None) -> None:
        self.array, self.grad, self.requires_grad = np.asarray(array), grad, True

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape

    def detach(self) -> "Tensor":
        return self

    def cpu(self) -> "Tensor":
        return self

    def numpy(self) -> Any:
        return self.array


class Module:
    """What of a module is used: parameters by name, W with a row per unit."""

    def __init__(self, **gradients: Any) -> None:
        given = {"0.weight": W1.T, "0.bias": B1, "2.weight": W2.T, "2.bias": B2[0]}
        self.parameters = {
            name: Tensor(array, Tensor(gradients[name]) if name in gradients else None) for name, array in given.items()
        }

    def named_parameters(self) -> Any:
        return self.parameters.items()


def gradients_of_module() -> dict[str, Any]:
    found = right()
    return {
        "0.weight": found["dW1"].T.astype(np.float32),
        "0.bias": found["db1"][0].astype(np.float32),
        "2.weight": found["dW2"].T.astype(np.float32),
        "2.bias": found["db2"].astype(np.float32),
    }


def test_a_module_gives_its_gradients() -> None:
    audit = bt.check(net(), given=Module(**gradients_of_module()))
    assert audit.agrees, str(audit)
    assert [finding.published.name for finding in audit] == ["dL_dW1", "dL_db1", "dL_dW2", "dL_db2"]
    fewer = gradients_of_module()
    del fewer["2.bias"]
    audit = bt.check(net(), given=Module(**fewer))
    assert audit.notes == ("without a gradient, and not compared: 2.bias",)
    with pytest.raises(bt.GivenError, match="call backward"):
        bt.check(net(), given=Module())
    wrong = gradients_of_module()
    wrong["0.bias"] = wrong["0.bias"] * 2
    assert [f.worst for f in bt.check(net(), given=Module(**wrong))] == ["agrees", "wrong", "agrees", "agrees"]


MODEL = """
format = 1
[model]
forward = '''
z = W @ x + b
h = tanh(z)
y_hat = V @ h
L = sum((y_hat - y) ** 2)
'''
[model.parameters]
W = [[0.1, 0.2], [0.3, 0.4]]
b = [[0.1], [0.2]]
V = [[0.5, -0.5]]
[model.inputs]
x = {shape = [2, 1]}
y = {shape = [1, 1]}
[data]
x = [[1.0], [2.0]]
y = [[1.0]]
[optimizer]
name = "sgd"
learning_rate = 0.1
"""


def test_arrays_of_a_model_have_its_names_and_shapes(tmp_path: Path) -> None:
    (tmp_path / "model.toml").write_text(MODEL, "utf-8")
    model = bt.load(tmp_path / "model.toml")
    values = {event.name: np.asarray(event.value) for event in bt.run(model)}
    given = {"dW": values["dL_dW"], "db": values["dL_db"], "cost": values["L"], "W_after": values["W"]}
    assert bt.check(model, given).agrees
    audit = bt.check(model, given | {"dW": values["dL_dW"] * 2})
    assert audit.counts["wrong"] == 4
    assert "twice what is right" in str(audit)
    assert repr(model).startswith("<Scenario model: a model of 4 lines, sgd")


def test_gradients_by_the_names_of_a_module() -> None:
    found = right()
    given = {
        "fc1.weight": found["dW1"].T,
        "fc1.bias": found["db1"][0],
        "fc2.weight.grad": found["dW2"].T,
        "fc2.bias.grad": found["db2"],
    }
    audit = bt.check(net(), given)
    assert audit.agrees
    assert audit.notes[0] == "taken for gradients: fc1 is layer 1, fc2 is layer 2"


def test_a_step_may_return_gradients_in_order() -> None:
    found = right()
    in_order = [found[name] for name in ("dW1", "db1", "dW2", "db2")]
    assert bt.check_step(lambda: in_order, net()).agrees
    audit = bt.check_step(lambda: (found["cost"] * 2, *in_order), net())
    assert [finding.published.name for finding in audit if not finding.agrees] == ["L"]
    with pytest.raises(bt.GivenError, match="the function returned a tuple"):
        bt.check_step(lambda: (found["dW1"], found["db1"], found["dW2"]), net())


@pytest.mark.parametrize(("rows", "fits"), [("features", "samples"), ("samples", "features")])
def test_rows_that_are_said_and_do_not_fit_are_refused(rows: str, fits: str) -> None:
    x, w = np.ones((5, 2)), np.ones((2, 3))
    arrays = (x, w) if fits == "samples" else (x.T, w.T)
    with pytest.raises(bt.GivenError, match=f"rows='{rows}' does not fit: x is .* that is rows='{fits}'"):
        bt.network(arrays[0], None, [(arrays[1], "tanh")], loss="mse", rows=rows)
