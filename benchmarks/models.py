"""Models written as formulas against the same written by hand in NumPy: attention, in a stack too, and an LSTM."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np

from backprop_tui.engine.program.program import Program
from backprop_tui.scenario import load
from benchmarks.comparison import Comparison, paired, timed

BAR = 1.5
RATE = 0.1
STEPS, UNITS, INPUTS, TOKENS, WIDTH = 10, 8, 4, 8, 16
FORWARD = {
    "attention": """
q = Wq @ x
k = Wk @ x
v = Wv @ x
s = k.T @ q / sqrt(d)
a = softmax(s)
o = v @ a
L = mean((o - y) ** 2)
""",
    "lstm": """
for t in 1..T:
    i[t] = sigmoid(Wi @ x[t] + Ui @ h[t-1] + bi)
    f[t] = sigmoid(Wf @ x[t] + Uf @ h[t-1] + bf)
    g[t] = tanh(Wg @ x[t] + Ug @ h[t-1] + bg)
    o[t] = sigmoid(Wo @ x[t] + Uo @ h[t-1] + bo)
    c[t] = f[t] * c[t-1] + i[t] * g[t]
    h[t] = o[t] * tanh(c[t])
L = sum((h[T] - y) ** 2)
""",
}
Values = dict[str, Any]


def attention(batch: int) -> dict[str, Any]:
    """A scenario of one attention on a batch of sequences."""
    random = np.random.default_rng(0)
    data = {name: random.normal(size=(batch, WIDTH, TOKENS)).tolist() for name in "xy"}
    parameters = {f"W{name}": (random.normal(size=(WIDTH, WIDTH)) / 4).tolist() for name in "qkv"}
    inputs = {name: {"shape": [WIDTH, TOKENS]} for name in "xy"}
    return _scenario(FORWARD["attention"], parameters, inputs, data, sizes={"d": WIDTH})


def lstm(steps: int, units: int = UNITS, width: int = INPUTS) -> dict[str, Any]:
    """A scenario of an LSTM through some steps, on one sequence."""
    random = np.random.default_rng(0)
    parameters = {}
    for gate in "ifgo":
        parameters[f"W{gate}"] = (random.normal(size=(units, width)) / 2).tolist()
        parameters[f"U{gate}"] = (random.normal(size=(units, units)) / 2).tolist()
        parameters[f"b{gate}"] = [0.0] * units
    data = {"x": random.normal(size=(steps, width)).tolist(), "y": random.normal(size=units).tolist()}
    inputs = {"x": {"shape": ["T", width]}, "y": {"shape": [units]}}
    zeros = [0.0] * units
    return _scenario(FORWARD["lstm"], parameters, inputs, data, sizes={"T": steps}, given={"h0": zeros, "c0": zeros})


def _scenario(forward: str, parameters: Values, inputs: Values, data: Values, **more: Any) -> dict[str, Any]:
    return {
        "format": 1,
        "model": {"forward": forward, "parameters": parameters, "inputs": inputs, **more},
        "data": data,
        "optimizer": {"name": "sgd", "learning_rate": RATE},
    }


def attention_by_hand(start: Values) -> Callable[[], float]:
    """An iteration of attention as people write it, on a matrix or on a stack of them."""
    W = {name: start[f"W{name}"].copy() for name in "qkv"}
    x, y, root = start["x"], start["y"], np.sqrt(float(WIDTH))

    def iteration() -> float:
        q, k, v = W["q"] @ x, W["k"] @ x, W["v"] @ x
        s = k.mT @ q / root
        powers = np.exp(s - s.max(axis=-2, keepdims=True))
        a = powers / powers.sum(axis=-2, keepdims=True)
        o = v @ a
        loss = ((o - y) ** 2).mean()
        do = 2 * (o - y) / o.size
        dv, da = do @ a.mT, v.mT @ do
        ds = a * (da - (a * da).sum(axis=-2, keepdims=True)) / root
        dq, dk = k @ ds, q @ ds.mT
        for name, gradient in (("q", dq), ("k", dk), ("v", dv)):
            dW = gradient @ x.mT
            W[name] -= RATE * (dW.sum(axis=0) if dW.ndim > 2 else dW)
        return float(loss)

    return iteration


def lstm_by_hand(start: Values) -> Callable[[], float]:
    """An iteration of an LSTM as people write it."""
    P = {name: start[name].copy() for gate in "ifgo" for name in (f"W{gate}", f"U{gate}", f"b{gate}")}
    x, y = [start[f"x{t + 1}"] for t in range(STEPS)], start["y"]

    def gates(xt: Any, h: Any) -> list[Any]:
        z = {g: P[f"W{g}"] @ xt + P[f"U{g}"] @ h + P[f"b{g}"] for g in "ifgo"}
        return [np.tanh(z[g]) if g == "g" else 1 / (1 + np.exp(-z[g])) for g in "ifgo"]

    def iteration() -> float:
        h, c, kept = start["h0"], start["c0"], []
        for xt in x:
            i, f, g, o = gates(xt, h)
            now = f * c + i * g
            kept.append((xt, h, c, i, f, g, o, np.tanh(now)))
            c = now
            h = o * kept[-1][-1]
        loss = float(((h - y) ** 2).sum())
        total = {name: np.zeros_like(value) for name, value in P.items()}
        dh, dc = 2 * (h - y), np.zeros_like(c)
        for xt, before, cell, i, f, g, o, squashed in reversed(kept):
            dc = dc + dh * o * (1 - squashed**2)
            deltas = {
                "i": dc * g * i * (1 - i),
                "f": dc * cell * f * (1 - f),
                "g": dc * i * (1 - g**2),
                "o": dh * squashed * o * (1 - o),
            }
            dh, dc = sum(P[f"U{gate}"].T @ delta for gate, delta in deltas.items()), dc * f
            for gate, delta in deltas.items():
                total[f"W{gate}"] += delta @ xt.T
                total[f"U{gate}"] += delta @ before.T
                total[f"b{gate}"] += delta
        for name, gradient in total.items():
            P[name] -= RATE * gradient
        return loss

    return iteration


def attention_in_torch(start: Values) -> Callable[[], float]:
    """The same as a tutorial of PyTorch has it, eager, in float64."""
    import torch

    W = {name: torch.tensor(start[f"W{name}"], requires_grad=True) for name in "qkv"}
    x, y, root = torch.tensor(start["x"]), torch.tensor(start["y"]), float(WIDTH) ** 0.5

    def loss() -> Any:
        q, k, v = W["q"] @ x, W["k"] @ x, W["v"] @ x
        return ((v @ torch.softmax(k.mT @ q / root, dim=-2) - y) ** 2).mean()

    return _trained_in_torch(loss, W.values())


def lstm_in_torch(start: Values) -> Callable[[], float]:
    """The same with PyTorch's own LSTMCell, whose two biases are one."""
    import torch

    cell = torch.nn.LSTMCell(INPUTS, UNITS, dtype=torch.float64)
    with torch.no_grad():
        cell.weight_ih.copy_(torch.tensor(np.concatenate([start[f"W{gate}"] for gate in "ifgo"])))
        cell.weight_hh.copy_(torch.tensor(np.concatenate([start[f"U{gate}"] for gate in "ifgo"])))
        cell.bias_ih.zero_()
        cell.bias_hh.zero_()
    cell.bias_hh.requires_grad_(requires_grad=False)
    x, y = [torch.tensor(start[f"x{t + 1}"].T) for t in range(STEPS)], torch.tensor(start["y"].T)
    first = torch.zeros(1, UNITS, dtype=torch.float64)

    def loss() -> Any:
        h, c = first, first
        for xt in x:
            h, c = cell(xt, (h, c))
        return ((h - y) ** 2).sum()

    return _trained_in_torch(loss, [p for p in cell.parameters() if p.requires_grad])


def _trained_in_torch(loss_of: Callable[[], Any], parameters: Iterable[Any]) -> Callable[[], float]:
    import torch

    torch.set_num_threads(1)
    optimizer = torch.optim.SGD(list(parameters), lr=RATE)

    def iteration() -> float:
        optimizer.zero_grad()
        loss = loss_of()
        loss.backward()
        optimizer.step()
        return float(loss.detach())

    return iteration


class Row(NamedTuple):
    """A model, the same by hand and in PyTorch, and the iterations of a measure."""

    what: str
    file: dict[str, Any]
    by_hand: Callable[[Values], Callable[[], float]]
    in_torch: Callable[[Values], Callable[[], float]]
    iterations: int


def rows() -> tuple[Row, ...]:
    """What is measured."""
    return (
        Row("attention, one sequence", attention(1), attention_by_hand, attention_in_torch, 100),
        Row("attention, a stack of 32", attention(32), attention_by_hand, attention_in_torch, 20),
        Row(f"LSTM of {STEPS} steps", lstm(STEPS), lstm_by_hand, lstm_in_torch, 20),
    )


def against_others(pairs: int) -> Iterator[Comparison]:
    """Iterations of each, of the same numbers; beside PyTorch where that is installed."""
    others = [("NumPy by hand", BAR)] + ([("PyTorch eager", 1.0)] if find_spec("torch") else [])
    for row in rows():
        program = Program.of(load(row.file).network)
        for rival, bar in others:
            other = row.by_hand if rival.startswith("NumPy") else row.in_torch
            _assert_same(program, other(program.start))
            ours = timed(partial(_iterations, program, row.iterations), row.iterations)
            theirs = timed(partial(_repeated, other, program.start, row.iterations), row.iterations)
            yield paired(row.what, ours, rival, theirs, pairs=pairs, bar=bar)


def _iterations(program: Program, count: int) -> None:
    frame = program.first()
    for _ in range(count):
        program.fill(frame)
        frame = program.following(frame)


def _repeated(of: Callable[[Values], Callable[[], float]], start: Values, count: int) -> None:
    iteration = of(start)
    for _ in range(count):
        iteration()


def _assert_same(program: Program, iteration: Callable[[], float]) -> None:
    frame = program.first()
    for _ in range(3):
        program.fill(frame)
        np.testing.assert_allclose(frame["L"], iteration(), rtol=1e-9)
        frame = program.following(frame)
