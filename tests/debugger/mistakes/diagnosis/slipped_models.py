"""Attention, a loop, a residual block with a norm, written in NumPy forwards and back by hand, each with one slip."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from backprop_tui.scenario import Scenario
from tests.engine.model.written import model

Arrays = dict[str, Any]
RANDOM = np.random.default_rng(5)
X, Y = RANDOM.normal(size=(4, 3)), RANDOM.normal(size=(4, 3))
WEIGHTS = {name: RANDOM.normal(size=(3, 3)) for name in ("Wq", "Wk", "Wv")}
STEPS = RANDOM.normal(size=(3, 2, 1))
LOOP = {name: RANDOM.normal(size=(2, 2)) for name in ("Wx", "Wh", "Wu")} | {"b": RANDOM.normal(size=(2, 1))}
LAYER = {name: RANDOM.normal(size=(3, 3)) for name in ("W1", "W2")}
SEVERAL = RANDOM.normal(size=(3, 5))


def sigmoid(a: Any) -> Any:
    return 1 / (1 + np.exp(-a))


def softmax(a: Any, axis: int) -> Any:
    powers = np.exp(a - a.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def attention(slip: str) -> Arrays:
    """One head with a causal mask, a row for each token."""
    q, k, v = (X @ WEIGHTS[name] for name in ("Wq", "Wk", "Wv"))
    mask = np.tril(np.ones((4, 4)))
    scale = {"scale-left-out": 1.0, "divided by d": 3.0}.get(slip, 3.0**0.5)
    s = (k @ q.T if slip == "scores-transposed" else q @ k.T) / scale
    if slip == "mask-turned-round":
        mask = mask.T
    axis = 0 if slip == "softmax-wrong-axis" else 1
    keep = np.ones((4, 4)) if slip in ("mask-left-out", "mask-after-softmax") else mask
    p = softmax(np.where(keep == 0, -1e9, s), axis)
    a = p * mask if slip == "mask-after-softmax" else p
    o = a @ v
    do = 2 * (o - Y) / o.size
    da = do @ v.T
    dv = (a if slip == "a for its transpose" else a.T) @ do
    dp = da * mask if slip == "mask-after-softmax" else da
    ds = p * (dp - (p * dp).sum(axis=axis, keepdims=True))
    if slip == "scale-left-out on the way back":
        scale = 1.0
    if slip == "only the diagonal of the softmax":
        ds = p * (1 - p) * dp
    dq, dk = ds @ k / scale, ds.T @ q / scale
    if slip == "scores-transposed":
        dq, dk = ds.T @ k / scale, ds @ q / scale
    dx = sum(d @ WEIGHTS[name].T for d, name in ((dq, "Wq"), (dk, "Wk"), (dv, "Wv")))
    if slip == "path-forgotten":
        dx = dq @ WEIGHTS["Wq"].T + dk @ WEIGHTS["Wk"].T
    return {"o": o, "dL_dWq": X.T @ dq, "dL_dWk": X.T @ dk, "dL_dWv": X.T @ dv, "dL_dX": dx}


def loop(slip: str) -> Arrays:
    """A state that a gate mixes of the old and of what is new, through three steps."""
    h, seen = np.zeros((2, 1)), []
    for x in STEPS:
        u, n = sigmoid(LOOP["Wu"] @ x), np.tanh(LOOP["Wx"] @ x + LOOP["Wh"] @ h + LOOP["b"])
        keeps = 1 - u if slip == "gate-turned-round" else u
        seen.append((x, h, u, n, keeps))
        h = keeps * h + (1 - keeps) * n
    parts = []
    back = 2 * h
    for x, old, u, n, keeps in reversed(seen):
        dn = back * (1 - keeps) * (1 if slip == "derivative-left-out" else 1 - n**2)
        du = back * (old - n) * u * (1 - u) * (-1 if slip == "gate-turned-round" else 1)
        parts.append({"Wx": dn @ x.T, "Wh": dn @ old.T, "b": dn, "Wu": du @ x.T})
        back = back * keeps + LOOP["Wh"].T @ dn
        if slip == "gradient-through-time-cut":
            back = 0 * back
        if slip == "half of it through time":
            back = back / 2
    chosen = {"last-step-only": parts[:1], "the first step only": parts[-1:]}.get(slip, parts)
    return {"h3": h, **{f"dL_d{name}": sum(part[name] for part in chosen) for name in LOOP}}


def block(slip: str) -> Arrays:
    """A layer with what goes past it, and a norm of its columns by hand."""
    h = np.tanh(LAYER["W1"] @ SEVERAL)
    r = LAYER["W2"] @ h + (0 if slip == "residual-left-out" else SEVERAL)
    c = r - r.mean(axis=0)
    v = (c**2).sum(axis=0) / (2 if slip == "variance-unbiased" else 3)
    d = np.sqrt(v + 1e-5)
    z = c / d
    dz = 4 * z**3
    dd = -(dz * c / d**2).sum(axis=0)
    dc = dz / d + 2 * c * dd / (2 * d) / (2 if slip == "variance-unbiased" else 3)
    if slip == "norm-paths-left-out":
        dc = dz / d
    dr = dc if slip in ("norm-mean-path-left-out", "norm-paths-left-out") else dc - dc.mean(axis=0)
    dh = (LAYER["W2"].T @ dr) * (1 - h**2)
    dx = LAYER["W1"].T @ dh + (0 if slip in ("residual-left-out", "path-forgotten") else dr)
    return {"z": z, "dL_dW2": dr @ h.T, "dL_dW1": dh @ SEVERAL.T, "dL_dx": dx}


def _given(arrays: Arrays) -> str:
    return "\n".join(f"{name} = {value.tolist()}" for name, value in arrays.items())


ATTENTION = """
q = X @ Wq
k = X @ Wk
v = X @ Wv
s = q @ k.T / sqrt(d) + causal(T)
a = softmax(s, axis=1)
o = a @ v
L = mean((o - Y) ** 2)
"""
STATES = """
for t in 1..T:
    u[t] = sigmoid(Wu @ x[t])
    n[t] = tanh(Wx @ x[t] + Wh @ h[t-1] + b)
    h[t] = u[t] * h[t-1] + (1 - u[t]) * n[t]
L = sum(h[T] ** 2)
"""
BLOCK = """
h = tanh(W1 @ x)
r = W2 @ h + x
m = mean(r, axis=0)
c = r - m
v = mean(c ** 2, axis=0)
d = sqrt(v + 1e-5)
z = c / d
L = sum(z ** 4)
"""


@cache
def scenario(of: Callable[[str], Arrays]) -> Scenario:
    """The right model of a program."""
    if of is attention:
        inputs = "X = { shape = [4, 3], gradient = true }\nY = { shape = [4, 3] }"
        return model(ATTENTION, _given(WEIGHTS), inputs, _given({"X": X, "Y": Y}), "sizes = { T = 4, d = 3 }")
    if of is loop:
        data = _given({"x": STEPS[:, :, 0]})
        return model(
            STATES, _given(LOOP), 'x = { shape = ["T", 2] }', data, "sizes = { T = 3 }\ngiven = { h0 = [0.0, 0.0] }"
        )
    return model(BLOCK, _given(LAYER), "x = { shape = [3], gradient = true }", _given({"x": SEVERAL.T}))


# a program, the slip, and what may be said of it
IN_TABLE: tuple[tuple[Callable[[str], Arrays], str, tuple[str, ...]], ...] = (
    (attention, "scale-left-out", ("scale-left-out",)),
    (attention, "scale-left-out on the way back", ("scale-left-out",)),
    (attention, "softmax-wrong-axis", ("softmax-wrong-axis",)),
    (attention, "mask-left-out", ("mask-left-out",)),
    (attention, "mask-after-softmax", ("mask-after-softmax",)),
    (attention, "mask-turned-round", ("mask-turned-round",)),
    (attention, "scores-transposed", ("scores-transposed",)),
    (attention, "path-forgotten", ("path-forgotten",)),
    (attention, "a for its transpose", ("transpose-left-out",)),
    (loop, "gate-turned-round", ("gate-turned-round",)),
    (loop, "gradient-through-time-cut", ("gradient-through-time-cut", "last-step-only")),
    (loop, "last-step-only", ("last-step-only", "gradient-through-time-cut")),
    (loop, "the first step only", ("last-step-only",)),
    (loop, "derivative-left-out", ("derivative-left-out",)),
    (block, "residual-left-out", ("residual-left-out",)),
    (block, "path-forgotten", ("path-forgotten",)),
    (block, "variance-unbiased", ("variance-unbiased",)),
    (block, "norm-mean-path-left-out", ("norm-mean-path-left-out", "norm-paths-left-out")),
    (block, "norm-paths-left-out", ("norm-paths-left-out",)),
)
OTHERS = (
    (attention, "divided by d"),
    (attention, "only the diagonal of the softmax"),
    (loop, "half of it through time"),
)
