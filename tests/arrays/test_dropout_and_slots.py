"""Masks of one's own, soft targets, and slots that a run starts with."""

from typing import Any

import numpy as np
import pytest

import backprop_tui as bt
from tests.arrays.own import B1, B2, W1, W2, X, Y
from tests.sampled import crossed

KEPT = (np.random.default_rng(9).random((8, 5)) < 0.6).astype(float)
SHARE = 0.4


def dropped(mask: Any, y: Any = Y) -> dict[str, Any]:
    """A step with inverted dropout behind the hidden layer."""
    h = np.tanh(X @ W1 + B1)
    d = h * mask / (1 - SHARE)
    e = np.exp(d @ W2 + B2)
    p = e / e.sum(axis=1, keepdims=True)
    dZ2 = (p - y) / len(X)
    dZ1 = dZ2 @ W2.T * mask / (1 - SHARE) * (1 - h**2)
    return {"A2": p, "dW2": d.T @ dZ2, "dW1": X.T @ dZ1, "db1": dZ1.sum(axis=0)}


def net(y: Any = Y, **more: Any) -> bt.Scenario:
    layers = [(W1, B1, "tanh", {"dropout": SHARE}), (W2, B2, "softmax")]
    return bt.network(X, y, layers, loss="cce", rows="samples", **more)


@pytest.mark.parametrize(("name", "scale"), crossed(1, ["mask1", "D1", "dropout_mask1"], [1, 1 / (1 - SHARE)]))
def test_dropout_with_the_mask_that_was_drawn(name: str, scale: float) -> None:
    given = dropped(KEPT) | {name: KEPT * scale}
    assert bt.check(net(), given).agrees
    assert not bt.check(net(), dropped(KEPT)).agrees
    columns = {key: np.asarray(value).T for key, value in given.items()}
    assert bt.check(net(), columns, rows="features").agrees


def test_a_mask_that_does_not_fit() -> None:
    with pytest.raises(bt.GivenError, match="mask1: is 3×5, expected 5×8 or 8×5"):
        bt.check(net(), {"mask1": KEPT[:3], "dW1": W1})


def document(**more: Any) -> dict[str, Any]:
    layer = {"activation": "relu", "weights": [[0.5, 0.25], [1.0, 2.0]], "bias": [0.1, 0.2], **more.pop("layer", {})}
    last = {"activation": "softmax", "weights": [[0.5, 0.25], [1.0, 2.0], [0.1, 0.3]], "bias": False}
    return {
        "format": 1,
        "network": {"inputs": 2, "layers": [layer, last], **more.pop("network", {})},
        "data": {"x": [[1, 2], [3, 4]], "y": [[0.2, 0.3, 0.5], [0, 1, 0]], **more.pop("data", {})},
        "loss": {"name": "categorical-cross-entropy"},
        "optimizer": {"name": "adam", "learning_rate": 0.1},
        **more,
    }


def test_masks_of_a_file_are_those_of_every_epoch() -> None:
    scenario = bt.load(document(layer={"dropout": 0.5}, data={"masks": {"mask1": [[1, 0], [0, 1]]}}))
    debugger = bt.Debugger(scenario)
    for iteration in (1, 2):
        debugger.seek(f"{iteration}:drop1")
        np.testing.assert_array_equal(debugger["mask1"], [[1, 0], [0, 1]])
        np.testing.assert_array_equal(debugger["drop1"], 2 * debugger["h1"] * [[1, 0], [0, 1]])
    batches = document(
        layer={"dropout": 0.5}, data={"masks": {"mask1": [[1, 0], [0, 1]]}}, training={"batch_size": 1, "iterations": 2}
    )
    debugger = bt.Debugger(batches)
    debugger.seek("2:drop1")
    np.testing.assert_array_equal(debugger["mask1"], [[0], [1]])


def test_soft_targets_have_the_gradient_of_hard_ones() -> None:
    scenario = bt.load(document())
    assert all(check.agrees for check in bt.gradcheck(scenario, every=True))
    debugger = bt.Debugger(scenario)
    debugger.seek("1:delta2")
    y: Any = scenario.network.y
    np.testing.assert_allclose(debugger["delta2"], (debugger["y_hat"] - y) / 2, atol=1e-15)
    assert debugger.evaluate().accuracy == 0.5
    shares = Y * 0.9 + 0.1 / 3
    for own in (shares, shares.astype(np.float32)):
        assert bt.check(net(own), dropped(KEPT, shares) | {"mask1": KEPT}, rtol=1e-5, atol=1e-7).agrees


def test_an_optimizer_alone_is_checked_from_its_slots() -> None:
    m, v, w, g = 0.3, 0.02, 0.7, 0.5
    base = {
        "format": 1,
        "network": {
            "inputs": 1,
            "layers": [{"activation": "identity", "weights": [[w]], "bias": False}],
            "start": {"m_W1": m, "v_W1": [[v]], "t": 9},
        },
        "data": {"x": [g]},
        "loss": {"name": "output"},
        "optimizer": {"name": "adam", "learning_rate": 0.1},
    }
    m1, v1 = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
    w1 = w - 0.1 * (m1 / (1 - 0.9**10)) / (np.sqrt(v1 / (1 - 0.999**10)) + 1e-8)
    assert bt.check(base, {"m_W1": m1, "v_W1": v1, "W1_after": w1}).agrees
    assert not bt.check({**base, "network": base["network"] | {"start": {}}}, {"W1_after": w1}).agrees  # type: ignore[operator]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"network": {"start": {"m_W1": [[1, 2], [3, 4]]}}}, "network.start: lacks t"),
        ({"network": {"start": {"m_W1": [1], "t": 0}}}, "network.start.m_W1: has 1 number, expected 2 rows of 2"),
        ({"network": {"start": {"foo": 3, "t": 0}}}, "network.start.foo: is not something that a run keeps (known: "),
        ({"network": {"start": {"t": -1}}}, "network.start.t: is the number of iterations before the first"),
        ({"data": {"masks": {"mask1": [[1, 0], [0, 1]]}}}, "data.masks.mask1: unknown mask (no layer has dropout)"),
        (
            {"layer": {"dropout": 0.5}, "data": {"masks": {"mask2": [[1, 0], [0, 1]]}}},
            "data.masks.mask2: unknown mask (did you mean 'mask1'?)",
        ),
        ({"layer": {"dropout": 0.5}, "data": {"masks": {"mask1": [1, 0]}}}, "data.masks.mask1: has 2 numbers"),
        (
            {"layer": {"dropout": 0.5}, "data": {"masks": {"mask1": [[1, 2], [0, 1]]}}},
            "data.masks.mask1[0][1]: is 2, expected 0 or 1",
        ),
        ({"data": {"y": [[0.2, 0.3, 0.4], [0, 1, 0]]}}, "data.y[0]: is not a class: it adds up to 0.9, expected"),
        ({"data": {"y": [[0.2, 0.3, 0.5], [0, 2, -1]]}}, "data.y[1]: is not a class: it has a share below 0, expected"),
    ],
)
def test_what_a_file_says_wrongly(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(bt.ScenarioError) as caught:
        bt.load(document(**changes))
    assert f"dict: {said}" in str(caught.value)
