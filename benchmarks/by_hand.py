"""The same training as one would write it in NumPy: the shortest idiomatic code with the same parameters and loss.

Each function trains the parameters W1, b1, W2, b2, … in place and returns the loss of the last iteration.
"""

import numpy as np

from backprop_tui.engine.network.network import Network
from benchmarks.networks import targets

Array = np.ndarray


def article(network: Network, parameters: list[Array], iterations: int) -> float:
    """One relu layer, one sigmoid unit, one sample: the article's own code with δ₂ simplified."""
    x, y, eta = network.x, targets(network), network.settings["learning_rate"]
    W1, b1, W2, b2 = parameters
    loss = np.array([[np.nan]])
    for _ in range(iterations):
        z1 = W1 @ x + b1
        h = np.maximum(0, z1)
        y_hat = 1 / (1 + np.exp(-(W2 @ h + b2)))
        loss = -(y * np.log(y_hat) + (1 - y) * np.log(1 - y_hat))
        delta2 = y_hat - y
        delta1 = (W2.T @ delta2) * (z1 > 0)
        W2 -= eta * (delta2 @ h.T)
        b2 -= eta * delta2
        W1 -= eta * (delta1 @ x.T)
        b1 -= eta * delta1
    return float(loss.item())


def deep(network: Network, parameters: list[Array], iterations: int) -> float:
    """Any number of relu layers and a softmax, a batch of classes."""
    x, y, eta = network.x, targets(network), network.settings["learning_rate"]
    W, b = parameters[::2], parameters[1::2]
    loss = np.nan
    for _ in range(iterations):
        h = [x]
        for k in range(len(W) - 1):
            h.append(np.maximum(0, W[k] @ h[k] + b[k]))
        z = W[-1] @ h[-1] + b[-1]
        powers = np.exp(z - z.max(axis=0))
        y_hat = powers / powers.sum(axis=0)
        loss = -np.sum(y * np.log(y_hat)) / y.shape[1]
        delta = (y_hat - y) / y.shape[1]
        for k in reversed(range(len(W))):
            dW, db = delta @ h[k].T, delta.sum(axis=1, keepdims=True)
            if k:
                delta = (W[k].T @ delta) * (h[k] > 0)
            W[k] -= eta * dW
            b[k] -= eta * db
    return float(loss)
