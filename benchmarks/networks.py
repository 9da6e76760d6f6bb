"""The networks that are measured."""

import numpy as np

from backprop_tui.engine.network.network import Layer, Network


def article() -> Network:
    """The article's 3-2-1 network and its one sample."""
    return _network(
        Layer(_array([[0.2, -0.4, 0.1], [0.7, 0.3, -0.5]]), _array([[0.1], [-0.2]]), "relu"),
        Layer(_array([[0.5, -1.0]]), _array([[0.2]]), "sigmoid"),
        x=_array([[1.0], [0.5], [-1.5]]),
        y=_array([[1.0]]),
    )


def deep(*units: int, batch: int) -> Network:
    """Relu layers and a softmax over classes, each as many units wide, the inputs first."""
    random = np.random.default_rng(1)
    functions = ["relu"] * (len(units) - 2) + ["softmax"]
    layers = (
        Layer(random.normal(0, inputs**-0.5, (outputs, inputs)), np.zeros((outputs, 1)), function)
        for inputs, outputs, function in zip(units, units[1:], functions, strict=False)
    )
    y = np.eye(units[-1])[:, random.integers(units[-1], size=batch)]
    return _network(*layers, x=random.random((units[0], batch)), y=y, loss="categorical-cross-entropy")


def targets(network: Network) -> np.ndarray:
    """The targets of a network that has some."""
    assert network.y is not None
    return network.y


def _network(*layers: Layer, x: np.ndarray, y: np.ndarray, loss: str = "binary-cross-entropy") -> Network:
    return Network(layers, x, y, loss, "sgd", {"learning_rate": 0.1})


def _array(numbers: list[list[float]]) -> np.ndarray:
    return np.array(numbers)
