"""Modules and tensors of PyTorch itself."""

from typing import Any

import numpy as np
import pytest

import backprop_tui as bt
from tests.arrays.own import B1, B2, LABELS, W1, W2, X

pytestmark = pytest.mark.reference
torch = pytest.importorskip("torch", reason="PyTorch is not installed, so nothing is compared with it: ./dev reference")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_module_after_backward(dtype: str) -> None:
    of = getattr(torch, dtype)
    model: Any = torch.nn.Sequential(torch.nn.Linear(4, 5), torch.nn.Tanh(), torch.nn.Linear(5, 3)).to(of)
    with torch.no_grad():
        for parameter, array in zip(model.parameters(), (W1.T, B1, W2.T, B2[0]), strict=True):
            parameter.copy_(torch.tensor(np.ascontiguousarray(array), dtype=of))
    loss = torch.nn.functional.cross_entropy(model(torch.tensor(X, dtype=of)), torch.tensor(LABELS))
    net = bt.network(X, LABELS, [(W1, B1, "tanh"), (W2, B2, "softmax")], loss="cce", rows="samples")
    with pytest.raises(bt.GivenError, match="call backward"):
        bt.check(net, given=model)
    loss.backward()
    bt.testing.assert_backprop(net, given=model)
    bt.testing.assert_backprop(net, given={"loss": loss, "W1.grad": model[0].weight.grad})
    loss = torch.nn.functional.cross_entropy(model(torch.tensor(X, dtype=of)), torch.tensor(LABELS))
    loss.backward()  # gradients add up: a zero_grad is missing
    with pytest.raises(AssertionError, match="it begins at"):
        bt.testing.assert_backprop(net, given=model)
