"""Sixty NumPy programs with one slip each, written without the engine: samples are rows, weights (inputs, units).

`train` is a plain program of the kind that people write; a slip is one branch in it. Those named in `IN_TABLE` have a
row in the table of mistakes, or are told as a factor, a sign or a given value; the others have none, and nothing may be
named for them.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from backprop_tui.engine.network.network import Layer, Network

Arrays = dict[str, Any]


class Net(NamedTuple):
    """Sizes from the input on, activations, loss, and what the update has."""

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    samples: int
    seed: int
    optimizer: str = "sgd"
    settings: tuple[tuple[str, Any], ...] = ()
    l2: float = 0.0
    clip: float = 0.0
    rate: float = 0.3
    steps: int = 1

    @property
    def data(self) -> Arrays:
        """x (samples, inputs), y, and the weights; numbers of two decimals, as examples have them."""
        random = np.random.default_rng(self.seed)
        found: Arrays = {"x": random.normal(size=(self.samples, self.sizes[0])).round(2)}
        last = self.sizes[-1]
        if self.loss == "ce":
            found["y"] = np.eye(last)[random.integers(last, size=self.samples)]
        elif self.loss == "bce":
            found["y"] = random.integers(2, size=(self.samples, last)).astype(float)
        else:
            found["y"] = random.normal(size=(self.samples, last)).round(2)
        for k, (inputs, units) in enumerate(zip(self.sizes, self.sizes[1:], strict=False), 1):
            found[f"W{k}"] = (random.normal(size=(inputs, units)) / np.sqrt(inputs)).round(2)
            found[f"b{k}"] = (random.normal(size=units) / 3).round(2)
        return found

    def network(self) -> Network:
        """The same as the engine has it."""
        data, names = self.data, {"ce": "categorical-cross-entropy", "bce": "binary-cross-entropy"}
        loss = {"mse": "mean-squared-error", "half": "half-squared-error"}.get(self.loss) or names[self.loss]
        layers = tuple(
            Layer(data[f"W{k}"].T, data[f"b{k}"].reshape(-1, 1), name) for k, name in enumerate(self.activations, 1)
        )
        return Network(
            layers=layers,
            x=data["x"].T,
            y=data["y"].T,
            loss=loss,
            optimizer=self.optimizer,
            settings={"learning_rate": self.rate, **dict(self.settings)},
            l2=self.l2,
            clip=("norm", self.clip) if self.clip else None,
        )


def softmax(z: Any, axis: int = 1) -> Any:
    powers = np.exp(z - z.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


FORWARD: dict[str, Callable[[Any], Any]] = {
    "tanh": np.tanh,
    "sigmoid": sigmoid,
    "relu": lambda z: np.maximum(z, 0),
    "leaky-relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "identity": lambda z: z,
    "softmax": softmax,
}
SLOPE: dict[str, Callable[[Any], Any]] = {
    "tanh": lambda z: 1 - np.tanh(z) ** 2,
    "sigmoid": lambda z: sigmoid(z) * (1 - sigmoid(z)),
    "relu": lambda z: (z > 0).astype(float),
    "leaky-relu": lambda z: np.where(z > 0, 1.0, 0.01),
    "identity": np.ones_like,
}


def gradients(net: Net, now: Arrays, slip: str) -> Arrays:  # noqa: C901, PLR0912, PLR0915 - a branch per slip
    """The gradients of one pass."""
    x, y, last = now["x"], now["y"], len(net.activations)
    n, m = x.shape[0], net.sizes[-1]
    if slip == "labels-shifted":
        y = np.concatenate([y[1:], y[:1]])
    if slip == "labels of the sample before":
        y = np.concatenate([y[-1:], y[:-1]])
    if slip == "inputs reshaped":
        x = x.T.reshape(x.shape)
    if slip == "inputs-standardised-per-sample":
        x = (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True)
    if slip == "labels smoothed":
        y = 0.9 * y + 0.1 / m
    a, zs = [x], []
    for k, name in enumerate(net.activations, 1):
        z = a[-1] @ now[f"W{k}"] + now[f"b{k}"]
        if slip == "bias-left-out":
            z = a[-1] @ now[f"W{k}"]
        if slip == "bias-sign-flipped" and k == 1:
            z = a[-1] @ now[f"W{k}"] - now[f"b{k}"]
        if slip == "bias added twice" and k == 1:
            z = z + now["b1"]
        zs.append(z)
        h = FORWARD[name](z)
        if slip == "softmax-over-batch" and name == "softmax":
            h = softmax(z, axis=0)
        if slip == "softmax-over-all" and name == "softmax":
            h = np.exp(z) / np.exp(z).sum()
        if slip == "softmax-twice" and name == "softmax":
            h = softmax(softmax(z))
        if slip == "softmax-without-exp" and name == "softmax":
            h = z / z.sum(axis=1, keepdims=True)
        if slip == "activation-left-out" and k < last:
            h = z
        if slip == "activation-twice" and k < last:
            h = FORWARD[name](h)
        if slip == "hidden scaled by 0.9" and k < last:
            h = 0.9 * h
        if slip == "tanh of twice z" and k < last:
            h = np.tanh(2 * z)
        a.append(h)
    out = a[-1]
    if net.loss in ("ce", "bce"):
        delta = (out - y) / (n if net.loss == "ce" else n * m)
        if slip == "output-derivative-extra":
            delta = delta * out * (1 - out)
        if slip == "softmax-diagonal-only":
            delta = -(y / out) / n * (out * (1 - out))
        if slip == "second-term-forgotten":
            delta = -(y / out) * out * (1 - out) / (n * m)
        if slip == "only the wrong classes":
            delta = delta * (1 - y)
    else:
        factor = 2 / (n * m) if net.loss == "mse" else 1 / n
        error = out - y
        if slip == "targets-broadcast":
            error = (out.ravel() - y).mean(axis=0).reshape(-1, 1)
        if slip == "absolute error":
            error = np.sign(error)
        delta = factor * error
        if slip == "half-left-out-of-derivative":
            delta = 2 * delta
        if slip == "two-left-out":
            delta = delta / 2
        if slip != "derivative-left-out at the output":
            delta = delta * SLOPE[net.activations[-1]](zs[-1])
    if slip == "difference-reversed":
        delta = -delta
    if slip == "mean-left-out":
        delta = delta * (n if net.loss in ("ce", "half") else n * m)
    if slip == "divided by root n":
        delta = delta * np.sqrt(n)
    if slip == "weighted by the first input":
        delta = delta * x[:, :1]
    found: Arrays = {}
    for k in range(last, 0, -1):
        into = a[k - 1]
        if slip == "activation-for-input" and a[k].shape[1] == into.shape[1]:
            into = a[k]
        if slip == "z for h" and k > 1:
            into = zs[k - 2]
        if slip == "h squared" and k > 1:
            into = into**2
        found[f"dL_dW{k}"] = into.T @ delta
        found[f"dL_db{k}"] = delta.sum(axis=0)
        if slip == "mean-twice":
            found[f"dL_dW{k}"], found[f"dL_db{k}"] = into.T @ delta / n, delta.sum(axis=0) / n
        if slip == "mean-twice, not of the penalty":
            found[f"dL_dW{k}"], found[f"dL_db{k}"] = into.T @ delta / n, delta.sum(axis=0) / n
        if slip == "mean-twice, of the weights of the first layer" and k == 1:
            found["dL_dW1"] = into.T @ delta / n
        if slip == "bias-gradient-over-all":
            found[f"dL_db{k}"] = np.full_like(now[f"b{k}"], delta.sum())
        if slip == "bias gradient of the first sample":
            found[f"dL_db{k}"] = delta[0]
        if slip == "bias gradient squared":
            found[f"dL_db{k}"] = (delta**2).sum(axis=0)
        if net.l2:
            term = net.l2 * now[f"W{k}"]
            if slip == "l2-sign":
                term = -term
            if slip == "l2-without-mean":
                term = n * term
            if slip == "l2-left-out-of-gradient":
                term = 0 * term
            if slip == "l2-half-left-out":
                term = 2 * term
            if slip == "l2 of the absolute value":
                term = net.l2 * np.sign(now[f"W{k}"])
            found[f"dL_dW{k}"] = found[f"dL_dW{k}"] + term
            if slip == "l2-on-biases":
                found[f"dL_db{k}"] = found[f"dL_db{k}"] + net.l2 * now[f"b{k}"]
        if k == 1:
            break
        weights = now[f"W{k}"]
        back = delta @ weights.T
        if slip == "transpose-left-out" and weights.shape[0] == weights.shape[1]:
            back = delta @ weights
        if slip == "weights-left-out-on-the-way-back":
            back = delta @ np.ones_like(weights.T)
        if slip == "one-output-only":
            back = delta[:, :1] @ weights[:, :1].T
        if slip == "updates-first":
            back = delta @ (weights - net.rate * found[f"dL_dW{k}"]).T
        if slip == "absolute weights on the way back":
            back = delta @ np.abs(weights).T
        z, name = zs[k - 2], net.activations[k - 2]
        slope = SLOPE[name](z)
        if slip == "derivative-left-out":
            slope = np.ones_like(slope)
        if slip == "derivative-left-out, of the first layer" and k == 2:
            slope = np.ones_like(slope)
        if slip == "derivative-at-output":
            slope = SLOPE[name](a[k - 1])
        if slip == "derivative-at-input":
            slope = z * (1 - z) if name == "sigmoid" else 1 - z**2
        if slip == "function-for-derivative":
            slope = a[k - 1]
        if slip == "leaky-slope-left-out":
            slope = (z > 0).astype(float)
        if slip == "other-layer-derivative":
            slope = SLOPE[net.activations[k - 1]](zs[k - 1])
        if slip == "1 - h":
            slope = 1 - a[k - 1]
        if slip == "slope of the mean z":
            slope = np.broadcast_to(SLOPE[name](z.mean(axis=0)), z.shape)
        if slip == "derivative squared":
            slope = slope**2
        delta = back * slope
        if slip == "derivative-of-error":
            delta = SLOPE[name](back)
    return found


def train(net: Net, slip: str = "") -> dict[tuple[str, int], Any]:  # noqa: C901, PLR0912, PLR0915 - likewise
    """The gradients of the first step and the parameters after each, by name and iteration, as the engine has them."""
    now = dict(net.data)
    found: dict[tuple[str, int], Any] = {}
    if slip == "a weight copied wrongly":
        now["W1"][0, 1] += 0.3
    if slip == "a target copied wrongly":
        now["y"][0, 0] += 0.5
    settings = dict(net.settings)
    m = dict.fromkeys(now, 0.0)
    v = dict.fromkeys(now, 0.0)
    rate, momentum = net.rate, settings.get("momentum", 0.0)
    beta1, beta2 = settings.get("betas", (0.9, 0.999))
    kept: Arrays = {}
    for t in range(1, net.steps + 1):
        grads = gradients(net, now, slip)
        if slip == "gradients-kept":
            grads = {name: value + kept.get(name, 0.0) for name, value in grads.items()}
            kept = grads
        if t == 1:
            found |= {(name, 1): value for name, value in grads.items()}
        length = np.sqrt(sum((value**2).sum() for value in grads.values()))
        steps = {}
        for name in grads:
            g, p = grads[name], name.removeprefix("dL_d")
            if net.clip:
                scale = min(1.0, net.clip / (length + 1e-6))
                if slip == "clip-squared-norm":
                    scale = min(1.0, net.clip / (length**2 + 1e-6))
                if slip == "clip-each-alone":
                    scale = min(1.0, net.clip / (np.sqrt((g**2).sum()) + 1e-6))
                if slip == "clipping-left-out":
                    scale = 1.0
                g = scale * g
            if net.optimizer == "adam":
                square = g**2
                old = m[p], v[p]
                if slip == "moments-overwritten" and t > 1:
                    old = m[p] / (1 - beta1 ** (t - 1)), v[p] / (1 - beta2 ** (t - 1))
                if slip == "betas-swapped":
                    m[p], v[p] = beta2 * old[0] + (1 - beta2) * g, beta1 * old[1] + (1 - beta1) * square
                    m_hat, v_hat = m[p] / (1 - beta2**t), v[p] / (1 - beta1**t)
                else:
                    m[p], v[p] = beta1 * old[0] + (1 - beta1) * g, beta2 * old[1] + (1 - beta2) * square
                    count = 1 if slip in ("time-step-fixed", "beta-without-power") else t
                    m_hat, v_hat = m[p] / (1 - beta1**count), v[p] / (1 - beta2**count)
                if slip == "bias-correction-left-out":
                    m_hat, v_hat = m[p], v[p]
                below = np.sqrt(v_hat) + 1e-8
                if slip == "root-left-out":
                    below = v_hat + 1e-8
                step = rate * m_hat / below
            elif momentum:
                before = m[p]
                m[p] = momentum * before + g if t > 1 else g
                if slip == "momentum-average":
                    m[p] = momentum * before + (1 - momentum) * g
                if slip == "momentum-sign":
                    m[p] = g - momentum * before
                if slip == "momentum-rate-inside":
                    m[p] = momentum * before + rate * g
                if slip == "momentum-dropped":
                    m[p] = g
                step = rate * (before if slip == "momentum-old-buffer" else m[p])
            else:
                step = rate * g
            if slip == "rate-twice":
                step = rate * step
            if slip == "rate-left-out":
                step = step / rate
            if slip == "gradient-ascent":
                step = -step
            if slip == "rate of a tenth for biases" and p.startswith("b"):
                step = step / 10
            if slip == "step of the sign":
                step = rate * np.sign(g)
            if slip == "bias-never-updated" and p.startswith("b"):
                step = 0 * step
            steps[p] = step
        for p, step in steps.items():
            now[p] = now[p] - step
        found |= {(p, t): now[p] for p in steps}
    return {key: value.T if value.ndim == 2 else value.reshape(-1, 1) for key, value in found.items()}


CLASSES = Net((4, 5, 3), ("tanh", "softmax"), "ce", 6, 11)
BINARY = Net((3, 4, 1), ("sigmoid", "sigmoid"), "bce", 5, 12)
DEEP = Net((2, 3, 4, 1), ("relu", "tanh", "identity"), "mse", 7, 13)
HALVED = Net((3, 4, 2), ("sigmoid", "sigmoid"), "half", 4, 14)
LEAKY = Net((3, 5, 3), ("leaky-relu", "softmax"), "ce", 6, 15)
EVEN = Net((3, 3, 3), ("tanh", "sigmoid"), "bce", 5, 16)
PENALISED = Net((4, 3, 3), ("tanh", "softmax"), "ce", 6, 17, l2=0.1)
CLIPPED = Net((3, 4, 2), ("tanh", "identity"), "mse", 5, 18, clip=0.2)
MOVING = Net((3, 4, 2), ("sigmoid", "identity"), "mse", 5, 19, settings=(("momentum", 0.8),), steps=3)
ADAM = Net((3, 4, 1), ("tanh", "sigmoid"), "bce", 6, 20, "adam", rate=0.05, steps=3)
THREE = Net((3, 4, 4, 3), ("tanh", "sigmoid", "softmax"), "ce", 6, 21)

IN_TABLE: tuple[tuple[str, Net, tuple[str, ...]], ...] = (
    ("bias-left-out", CLASSES, ("bias-left-out",)),
    ("bias-sign-flipped", BINARY, ("bias-sign-flipped",)),
    ("softmax-over-batch", CLASSES, ("softmax-over-batch",)),
    ("softmax-over-all", CLASSES, ("softmax-over-all",)),
    ("softmax-twice", LEAKY, ("softmax-twice",)),
    ("softmax-without-exp", CLASSES, ("softmax-without-exp",)),
    ("softmax-diagonal-only", LEAKY, ("softmax-diagonal-only",)),
    ("softmax-diagonal-only", CLASSES, ("softmax-diagonal-only",)),
    ("output-derivative-extra", CLASSES, ("output-derivative-extra",)),
    ("output-derivative-extra", BINARY, ("output-derivative-extra",)),
    ("activation-left-out", CLASSES, ("activation-left-out",)),
    ("activation-twice", BINARY, ("activation-twice",)),
    ("second-term-forgotten", BINARY, ("second-term-forgotten",)),
    ("targets-broadcast", DEEP, ("targets-broadcast",)),
    ("half-left-out-of-derivative", HALVED, ("half-left-out-of-derivative", "factor")),
    ("two-left-out", DEEP, ("two-left-out", "factor")),
    ("mean-left-out", CLASSES, ("mean-left-out", "factor")),
    ("mean-twice", HALVED, ("mean-twice", "factor")),
    ("mean-twice, not of the penalty", PENALISED, ("mean-twice",)),
    ("mean-twice, of the weights of the first layer", CLASSES, ("mean-twice", "factor")),
    ("difference-reversed", HALVED, ("difference-reversed", "sign")),
    ("derivative-left-out", BINARY, ("derivative-left-out",)),
    ("derivative-left-out", THREE, ("derivative-left-out",)),
    ("derivative-at-output", THREE, ("derivative-at-output",)),
    ("inputs reshaped", CLASSES, ("reshape-for-transpose",)),
    ("labels of the sample before", BINARY, ("labels-shifted",)),
    ("derivative-left-out, of the first layer", DEEP, ("derivative-left-out",)),
    ("derivative-left-out at the output", HALVED, ("derivative-left-out",)),
    ("derivative-at-output", BINARY, ("derivative-at-output",)),
    ("derivative-at-input", EVEN, ("derivative-at-input",)),
    ("function-for-derivative", EVEN, ("function-for-derivative",)),
    ("other-layer-derivative", EVEN, ("other-layer-derivative",)),
    ("derivative-of-error", BINARY, ("derivative-of-error",)),
    ("leaky-slope-left-out", LEAKY, ("leaky-slope-left-out",)),
    ("activation-for-input", EVEN, ("activation-for-input",)),
    ("transpose-left-out", EVEN, ("transpose-left-out",)),
    ("weights-left-out-on-the-way-back", CLASSES, ("weights-left-out-on-the-way-back",)),
    ("one-output-only", CLASSES, ("one-output-only",)),
    ("updates-first", HALVED, ("updates-first",)),
    ("bias-gradient-over-all", CLASSES, ("bias-gradient-over-all",)),
    ("l2-sign", PENALISED, ("l2-sign",)),
    ("l2-without-mean", PENALISED, ("l2-without-mean",)),
    ("l2-left-out-of-gradient", PENALISED, ("l2-left-out-of-gradient",)),
    ("l2-half-left-out", PENALISED, ("l2-half-left-out",)),
    ("l2-on-biases", PENALISED, ("l2-on-biases",)),
    ("labels-shifted", CLASSES, ("labels-shifted",)),
    ("inputs-standardised-per-sample", CLASSES, ("inputs-standardised-per-sample",)),
    ("a weight copied wrongly", BINARY, ("given-value",)),
    ("a target copied wrongly", HALVED, ("given-value",)),
    ("gradient-ascent", EVEN, ("gradient-ascent", "sign", "difference-reversed")),
    ("bias-never-updated", CLASSES, ("bias-never-updated", "before-update")),
    ("rate-twice", CLASSES, ("rate-twice",)),
    ("rate-left-out", BINARY, ("rate-left-out",)),
    ("clip-squared-norm", CLIPPED, ("clip-squared-norm",)),
    ("clip-each-alone", CLIPPED, ("clip-each-alone",)),
    ("clipping-left-out", CLIPPED, ("clipping-left-out",)),
    ("momentum-average", MOVING, ("momentum-average",)),
    ("momentum-sign", MOVING, ("momentum-sign",)),
    ("momentum-old-buffer", MOVING, ("momentum-old-buffer",)),
    ("momentum-rate-inside", MOVING, ("momentum-rate-inside", "rate-twice")),
    ("momentum-dropped", MOVING, ("momentum-dropped",)),
    ("gradients-kept", MOVING._replace(settings=()), ("gradients-kept", "momentum-coefficient-left-out")),
    ("bias-correction-left-out", ADAM, ("bias-correction-left-out",)),
    ("betas-swapped", ADAM, ("betas-swapped",)),
    ("time-step-fixed", ADAM, ("time-step-fixed", "beta-without-power")),
    ("moments-overwritten", ADAM, ("moments-overwritten",)),
    ("root-left-out", ADAM, ("root-left-out",)),
)
OTHERS: tuple[tuple[str, Net], ...] = (
    ("bias added twice", CLASSES),
    ("labels smoothed", CLASSES),
    ("hidden scaled by 0.9", BINARY),
    ("tanh of twice z", CLASSES),
    ("only the wrong classes", LEAKY),
    ("absolute error", DEEP),
    ("divided by root n", CLASSES),
    ("weighted by the first input", BINARY),
    ("z for h", CLASSES),
    ("h squared", EVEN),
    ("bias gradient of the first sample", CLASSES),
    ("bias gradient squared", HALVED),
    ("l2 of the absolute value", PENALISED),
    ("absolute weights on the way back", BINARY),
    ("1 - h", EVEN),
    ("slope of the mean z", EVEN),
    ("derivative squared", CLASSES),
    ("rate of a tenth for biases", EVEN),
    ("step of the sign", HALVED),
)
