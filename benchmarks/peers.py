"""The engine against libraries that train the same network: PyTorch eager, HIPS autograd, micrograd.

micrograd has neither a sigmoid nor a logarithm, so the 3-2-1 network that it is given ends in a squared error.
"""

from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec

import numpy as np
from msgspec.structs import replace

from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.program import Program
from benchmarks import networks
from benchmarks.comparison import Comparison, paired, timed
from benchmarks.engine import events, last_values
from benchmarks.networks import targets

Train = Callable[[int], tuple[float, list[np.ndarray]]]  # iterations -> the last loss and the parameters


def of_pytorch(network: Network) -> Train:
    """torch.nn and torch.optim as a tutorial has them, in float64 on one thread."""
    import torch

    torch.set_num_threads(1)
    layers: list[torch.nn.Module] = []
    functions = {"relu": torch.nn.ReLU, "sigmoid": torch.nn.Sigmoid, "softmax": torch.nn.Identity}  # of logits
    for layer in network.layers:
        linear = torch.nn.Linear(layer.weights.shape[1], layer.units, dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.tensor(layer.weights))
            linear.bias.copy_(torch.tensor(layer.bias).ravel())
        layers += [linear, functions[layer.activation]()]
    model = torch.nn.Sequential(*layers)
    x, y = torch.tensor(network.x.T.copy()), torch.tensor(targets(network).T.copy())
    by_class = network.loss == "categorical-cross-entropy"
    y, loss_of = (y.argmax(dim=1), torch.nn.CrossEntropyLoss()) if by_class else (y, torch.nn.BCELoss())
    optimizer = torch.optim.SGD(model.parameters(), lr=network.settings["learning_rate"])

    def train(iterations: int) -> tuple[float, list[np.ndarray]]:
        loss = torch.tensor(torch.nan)
        for _ in range(iterations):
            optimizer.zero_grad()
            loss = loss_of(model(x), y)
            loss.backward()
            optimizer.step()
        return loss.item(), [p.detach().numpy().copy() for p in model.parameters()]

    return train


def of_autograd(network: Network) -> Train:
    """HIPS autograd: NumPy code and its gradient."""
    import autograd.numpy as anp
    from autograd import value_and_grad

    x, y, eta = network.x, targets(network), network.settings["learning_rate"]
    parameters = [array.copy() for array in network.parameters().values()]

    def loss_of(parameters: list[np.ndarray]) -> float:
        W1, b1, W2, b2 = parameters
        h = anp.maximum(0, W1 @ x + b1)
        y_hat = 1 / (1 + anp.exp(-(W2 @ h + b2)))
        loss: float = -anp.mean(y * anp.log(y_hat) + (1 - y) * anp.log(1 - y_hat))
        return loss

    step = value_and_grad(loss_of)

    def train(iterations: int) -> tuple[float, list[np.ndarray]]:
        nonlocal parameters
        loss = np.nan
        for _ in range(iterations):
            loss, gradients = step(parameters)
            parameters = [p - eta * g for p, g in zip(parameters, gradients, strict=True)]
        return float(loss), parameters

    return train


def of_micrograd(network: Network) -> Train:
    """micrograd: a graph of scalars for every iteration."""
    from micrograd.engine import Value

    x, y, eta = network.x.ravel().tolist(), targets(network).item(), network.settings["learning_rate"]
    parameters = [[[Value(w) for w in row] for row in array.tolist()] for array in network.parameters().values()]
    W1, b1, W2, b2 = parameters
    flat = [value for array in parameters for row in array for value in row]

    def train(iterations: int) -> tuple[float, list[np.ndarray]]:
        loss = Value(np.nan)
        for _ in range(iterations):
            z = [sum((w * i for w, i in zip(row, x, strict=True)), b[0]) for row, b in zip(W1, b1, strict=True)]
            h = [unit.relu() for unit in z]
            y_hat = sum((w * i for w, i in zip(W2[0], h, strict=True)), b2[0][0])
            loss = (y_hat - y) ** 2
            for value in flat:
                value.grad = 0
            loss.backward()
            for value in flat:
                value.data -= eta * value.grad
        return loss.data, [np.array([[value.data for value in row] for row in array]) for array in parameters]

    return train


def squared() -> Network:
    """The article's network with a squared error in place of the sigmoid and its loss."""
    network = networks.article()
    return replace(
        network,
        layers=(network.layers[0], replace(network.layers[1], activation="identity")),
        loss="mean-squared-error",
        settings={"learning_rate": 0.01},
    )


# what, network, the library, its module, iterations a measure, how many times as fast ours is to be
PEERS = (
    ("3-2-1", networks.article, of_pytorch, "torch", 100, 6.0),
    ("784-128-10, batch 64", partial(networks.deep, 784, 128, 10, batch=64), of_pytorch, "torch", 10, 1.2),
    ("784-512-512-10, batch 128", partial(networks.deep, 784, 512, 512, 10, batch=128), of_pytorch, "torch", 3, 1.0),
    ("3-2-1, squared error", squared, of_micrograd, "micrograd", 100, 1.5),
    ("3-2-1", networks.article, of_autograd, "autograd", 50, 12.0),
)


def against_peers(pairs: int) -> Iterator[Comparison]:
    """Rows of the libraries that are there; a line for those that are not."""
    for what, build, of, module, iterations, times in PEERS:
        if find_spec(module) is None:
            print(f"{module} is not installed: pip install '.[peers]'")
            continue
        network = build()
        program = Program.of(network)
        _assert_same(program, of(network), iterations)
        train = of(network)
        ours = timed(partial(events, program, iterations), iterations)
        theirs = timed(partial(train, iterations), iterations)
        yield paired(f"{what}: run", ours, module, theirs, pairs=pairs, bar=round(1 / times, 3))
        if module == "torch" and network.x.shape[1] > 1:
            yield _products(what, network, pairs)


def _products(what: str, network: Network, pairs: int) -> Comparison:
    """The matrix products of an iteration alone: what no code around them can save."""
    import torch

    random = np.random.default_rng(1)
    ours: list[tuple[np.ndarray, np.ndarray]] = []
    for k, layer in enumerate(network.layers):
        weights, batch = layer.weights, network.x.shape[1]
        h, delta = random.random((weights.shape[1], batch)), random.random((weights.shape[0], batch))
        ours += [(weights, h), (delta, h.T), *([(weights.T, delta)] if k else [])]
    theirs = [(torch.tensor(a.T.copy()).T, torch.tensor(b.T.copy()).T) for a, b in ours]  # in the layout of torch.nn

    def numpy_() -> None:
        for a, b in ours:
            a @ b

    def torch_() -> None:
        for a, b in theirs:
            a @ b

    return paired(f"{what}: its matrix products alone", timed(numpy_), "torch", timed(torch_), pairs=pairs)


def _assert_same(program: Program, train: Train, iterations: int) -> None:
    loss, parameters = train(iterations)
    last = last_values(program, iterations)
    for name, array in zip(program.parameters, parameters, strict=True):
        np.testing.assert_allclose(last[name], array.reshape(last[name].shape), rtol=1e-9, atol=1e-12, err_msg=name)
    np.testing.assert_allclose(last["L"], loss, rtol=1e-9, err_msg="L")
