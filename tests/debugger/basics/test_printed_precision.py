"""Numbers in full agree with what is computed where rounding alone lies between them, and real slips do not."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import backprop_tui as bt
from tests.sampled import crossed

Array = np.ndarray
RANDOM = np.random.default_rng(3)
SIZES = (5, 7, 3)
X, Y = RANDOM.normal(size=(11, SIZES[0])), RANDOM.integers(0, SIZES[2], size=11)
W = [RANDOM.normal(size=(b, a)) / 2 for a, b in pairwise(SIZES)]
B = [RANDOM.normal(size=b) / 3 for b in SIZES[1:]]


def scenario(**published: Any) -> dict[str, Any]:
    layers = [
        {"activation": name, "weights": w, "bias": b} for name, w, b in zip(("tanh", "softmax"), W, B, strict=True)
    ]
    return {
        "format": 1,
        "network": {"inputs": SIZES[0], "layers": layers},
        "data": {"x": X, "y": Y},
        "loss": {"name": "categorical-cross-entropy"},
        "optimizer": {"name": "sgd", "learning_rate": 0.1},
        "published": [{"name": name, "value": value} for name, value in published.items()],
    }


def one_by_one(a: Array, b: Array) -> Array:
    """A product of matrices whose sums are added up from the last term to the first."""
    total = np.zeros((a.shape[0], b.shape[1]), a.dtype)
    for k in reversed(range(a.shape[1])):
        total = total + a[:, k : k + 1] * b[k : k + 1]
    return total


def own(dtype: str, times: Callable[[Array, Array], Array] = one_by_one, scale: float = 1.0) -> dict[str, Array]:
    """The gradients by rows, as people write them, with another order of additions and no stable forms."""
    x, w1, w2 = (array.astype(dtype) for array in (X, *W))
    b1, b2 = (array.astype(dtype) for array in B)
    h = np.tanh(times(x, w1.T) + b1)
    e = np.exp(times(h, w2.T) + b2)
    p = e / e.sum(axis=1, keepdims=True)
    d2 = (p - np.eye(SIZES[2], dtype=dtype)[Y]) / np.array(len(X) * scale, dtype)
    d1 = times(d2, w2) * (1 - h * h)
    loss = -np.log(p[np.arange(len(X)), Y]).mean()
    return {
        "y_hat": p.T,
        "L": loss,
        "dL_dW2": times(d2.T, h),
        "dL_db2": d2.sum(axis=0),
        "dL_dW1": times(d1.T, x),
        "dL_db1": d1.sum(axis=0),
    }


def shown(values: Mapping[str, Array], how: Callable[[Any], Any]) -> bt.Audit:
    return bt.check(scenario(**{name: how(value) for name, value in values.items()}))


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_another_order_of_additions_agrees(dtype: str) -> None:
    audit = shown(own(dtype), lambda value: np.asarray(value).tolist())
    assert audit.agrees, str(audit)


@pytest.mark.parametrize(("dtype", "slip"), [("float64", 1e-9), ("float32", 1e-3)])
def test_a_small_slip_does_not(dtype: str, slip: float) -> None:
    audit = shown(own(dtype, scale=1 + slip), lambda value: np.asarray(value).tolist())
    found = {finding.published.name: finding for finding in audit}
    assert found["L"].agrees
    assert found["y_hat"].agrees
    for name in ("dL_dW2", "dL_dW1", "dL_db1"):
        assert (found[name].verdicts == "wrong").mean() > 0.9, str(audit)


@pytest.mark.parametrize("decimals", [4, 5, 6, 7])
def test_float32_rounded_to_a_few_decimals_agrees(decimals: int) -> None:
    audit = shown(own("float32"), lambda value: np.round(np.asarray(value, dtype="float64"), decimals).tolist())
    assert audit.agrees, str(audit)


@pytest.mark.parametrize("digits", [3, 4, 6])
def test_float32_rounded_to_a_few_significant_digits_agrees(digits: int) -> None:
    """As `%.4g` writes them, without the zeros at their ends: the small ones have many decimals."""
    audit = shown(own("float32"), np.vectorize(lambda number: float(f"{number:.{digits}g}")))
    assert audit.agrees, str(audit)


@pytest.mark.parametrize(
    ("above", "printed", "counts"),
    [
        (3e-8, 2.660028, (1, 0, 0)),
        (3e-8, 2.660027, (1, 0, 0)),  # what float32 makes of it lies below the middle
        (3e-8, 2.660029, (0, 0, 1)),
        (3e-8, 2.660026, (0, 0, 1)),
        (1e-6, 2.66002, (0, 1, 0)),  # too far above it to be on the other side
        (1e-6, 2.66003, (1, 0, 0)),
    ],
)
def test_beside_the_middle_of_two_decimals_float32_may_print_either(
    above: float, printed: float, counts: tuple[int, int, int]
) -> None:
    found = bt.check(beside(above, printed)).counts
    assert (found["agrees"], found["cut-off"], found["wrong"]) == counts


def beside(above: float, printed: float) -> dict[str, Any]:
    """A source that printed z₁, which is so much above 2.6600275."""
    weights, x = np.array([[0.3, 0.7]]), np.array([[1.1, 2.3]])
    document = scenario(z1=[printed])
    layer = {"activation": "identity", "weights": weights, "bias": 2.6600275 + above - weights @ x[0]}
    document["network"] = {"inputs": 2, "layers": [layer]}
    document["loss"] = {"name": "mean-squared-error"}
    document["data"] = {"x": x, "y": [[1.0]]}
    return document


def test_a_tolerance_that_is_stated_is_not_widened_by_rounding() -> None:
    document = beside(3e-8, 2.660027)
    for off, agrees in ((4.9e-7, False), (5.4e-7, True)):
        document["published"][0]["atol"] = off
        assert bt.check(document).agrees is agrees
        audit = bt.check({**document, "published": []}, given={"z1": np.array([2.660027], np.float32)}, atol=off)
        assert audit.agrees is agrees


@pytest.mark.parametrize("decimals", [17, 8, 4])
def test_clipping_without_an_epsilon_agrees(decimals: int) -> None:
    """PyTorch divides by the norm and 1e-6, most people by the norm."""
    right = own("float64")
    norm = np.sqrt(sum((right[f"dL_d{name}"] ** 2).sum() for name in ("W1", "b1", "W2", "b2")))
    ours, theirs = 0.05 / (norm + 1e-6), 0.05 / norm
    values = {name: start - 0.1 * theirs * right[f"dL_d{name}"] for name, start in (("W1", W[0]), ("W2", W[1]))}
    document = scenario(**{name: np.round(value, decimals).tolist() for name, value in values.items()})
    assert abs(theirs / ours - 1) > 1e-6
    assert bt.check(document | {"clip": {"norm": 0.05}}).agrees
    values["W1"] = values["W1"] - 1e-3 * right["dL_dW1"]
    document = scenario(**{name: np.round(value, decimals).tolist() for name, value in values.items()})
    assert not bt.check(document | {"clip": {"norm": 0.05}}).agrees


def test_a_tolerance_that_is_stated_holds() -> None:
    right = own("float64")["dL_db2"]
    for factor, keys, agrees in (
        (1 + 1e-4, {"rtol": 1e-3}, True),
        (1 + 1e-4, {"rtol": 1e-5}, False),
        (1 + 1e-4, {"atol": 1e-3}, True),
        (1 + 1e-4, {"atol": 1e-9}, False),
        (1 + 1e-4, {}, False),
    ):
        document = scenario()
        document["published"] = [{"name": "dL_db2", "value": right * factor, **keys}]
        assert bt.check(document).agrees is agrees, keys


def test_decimals_that_are_stated_hold() -> None:
    right = float(own("float64")["L"])
    for digits, agrees in ((1, True), (4, False)):
        document = scenario()
        document["published"] = [{"name": "L", "value": round(right, 1), "digits": digits}]
        assert bt.check(document).agrees is agrees


def test_decimals_and_a_tolerance_are_too_much() -> None:
    document = scenario()
    document["published"] = [{"name": "L", "value": 1.0, "digits": 4, "rtol": 0.1}]
    with pytest.raises(bt.ScenarioError, match=r"published\[0\].digits: is given beside a tolerance"):
        bt.check(document)


def test_nan_and_infinity_may_be_printed() -> None:
    audit = bt.check(scenario(dL_db2=[np.nan, np.inf, -np.inf]))
    assert audit.counts["wrong"] == 3
    assert "✗ ∂L/∂b₂[0]: printed nan, computed " in str(audit)
    overflown = scenario(L=np.nan)
    overflown["network"]["layers"][0]["weights"] = W[0] * 1e308
    overflown["network"]["layers"][0]["activation"] = "identity"
    assert bt.check(overflown).agrees


def test_no_sentence_about_a_zero_and_zeros_as_printed() -> None:
    document = scenario()
    document["published"] = []
    text = bt.check(scenario(dL_db1=[0.0] * SIZES[1])).__str__()
    assert "is what" not in text
    assert "printed 0.0, computed " in text


KINKED = np.array([[0.1, 0.3], [0.2, 0.2], [0.9, -0.3]])  # the first is on the kink of unit 0: 0.1 + 0.3 − 0.4
ASKED = np.array([0.0, 1.0, 2.0])


def on_a_kink(*, on: bool, factor: float = 1.0) -> dict[str, Array]:
    """The gradients of a layer with a unit on its kink, which is on, or off."""
    first, second = np.array([[1.0, 0.7], [1.0, -0.7]]), np.array([[0.8], [-1.5]])
    z = KINKED @ first + np.array([-0.4, 0.0])
    back = 2 * (np.maximum(z, 0) @ second + 0.1 - ASKED[:, np.newaxis]) / 3 @ second.T * (z > (-1e-9 if on else 1e-9))
    return {"dW1": factor * KINKED.T @ back, "db1": factor * back.sum(axis=0)}


def of_a_kink() -> bt.Scenario:
    layers = [
        (np.array([[1.0, 0.7], [1.0, -0.7]]), np.array([-0.4, 0.0]), "relu"),
        (np.array([[0.8], [-1.5]]), [0.1], "identity"),
    ]
    return bt.network(KINKED, ASKED, layers, loss="mse", rows="samples")


@pytest.mark.parametrize("on", [True, False])
def test_on_a_kink_either_side_is_right(on: bool) -> None:
    assert bt.check(of_a_kink(), on_a_kink(on=on)).agrees


@pytest.mark.parametrize(("on", "factor"), crossed(2, [True, False], [0.0, 1.01, 1.3, 2.0]))
def test_beside_a_kink_nothing_else_is(on: bool, factor: float) -> None:
    assert not bt.check(of_a_kink(), on_a_kink(on=on, factor=factor)).agrees


@pytest.mark.parametrize("step_size", [1, 2, 3])
def test_a_step_of_a_schedule_is_none_too_early(step_size: int) -> None:
    net = bt.network(
        KINKED,
        ASKED,
        [(np.array([[0.3], [-0.2]]), [0.1], "identity")],
        loss="mse",
        rows="samples",
        learning_rate=0.2,
        schedule={"name": "step", "gamma": 0.5, "step_size": step_size},
        training={"iterations": 4},
    )
    debugger = bt.Debugger(net)
    debugger.seek("4:W1")
    right = {"W1_new": debugger["W1"].T}
    assert bt.check(net, right, iteration=4).agrees
    assert not bt.check(net, {"W1_new": right["W1_new"] + 0.003}, iteration=4).agrees
