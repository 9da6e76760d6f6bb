"""A network in NumPy as people write them, rows for samples, and what they call its arrays."""

from typing import Any

import numpy as np

Array = np.ndarray
RANDOM = np.random.default_rng(0)
X, LABELS = RANDOM.normal(size=(8, 4)), RANDOM.integers(0, 3, size=8)
W1, B1 = RANDOM.normal(size=(4, 5)), RANDOM.normal(size=5)
W2, B2 = RANDOM.normal(size=(5, 3)), RANDOM.normal(size=(1, 3))
LAYERS = [(W1, B1, "tanh"), (W2, B2, "softmax")]
Y = np.eye(3)[LABELS]


def step(x: Array, y: Array, W1: Array, b1: Array, W2: Array, b2: Array, lr: float = 0.1) -> dict[str, Any]:
    """One step of training."""
    A1 = np.tanh(x @ W1 + b1)
    e = np.exp(A1 @ W2 + b2)
    A2 = e / e.sum(axis=1, keepdims=True)
    dZ2 = (A2 - y) / len(x)
    dW2, db2 = A1.T @ dZ2, dZ2.sum(axis=0)
    dZ1 = dZ2 @ W2.T * (1 - A1**2)
    dW1, db1 = x.T @ dZ1, dZ1.sum(axis=0, keepdims=True)
    return {
        "A1": A1,
        "A2": A2,
        "cost": -np.log((A2 * y).sum(axis=1)).mean(),
        "dZ2": dZ2,
        "dW2": dW2,
        "db2": db2,
        "dZ1": dZ1,
        "dW1": dW1,
        "db1": db1,
        "W1_after": W1 - lr * dW1,
        "b2_new": b2 - lr * db2,
    }


def right() -> dict[str, Any]:
    """What a right program has."""
    return step(X, Y, W1, B1, W2, B2)
