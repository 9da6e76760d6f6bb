"""Models in which rare cases of their lines are so."""

from backprop_tui.scenario import Scenario
from tests.engine.model.written import model

GATES = """
for t in 1..T:
    k[t] = sigmoid(Uk * x[t] + bk)
    c[t] = k[t] * c[t-1] + x[t]
    u[t] = sigmoid(Uu * x[t] + bu)
    h[t] = (1 - u[t]) * h[t-1] + u[t] * c[t]
    g[t] = sigmoid(Ug * x[t] + bg)
    p[t] = g[t] * h[t]
    l[t] = y[t] * sum(p[t] ** 2)
L = sum(l[t] for t in 1..T)
"""
ATTENTION = """
q = Wq @ x
k = Wk @ x
s = k.T @ q
a = softmax(s)
o = (Wv @ x) @ a
L = sum(o ** 2)
"""
NORM = """
z = w * x
m = mean(z, axis=1)
c = z - m
v = mean(c ** 2, axis=1)
d = sqrt(v + 1e-5)
n = c / d
y = g * n
L = sum(y ** 2)
"""
PAST = """
h = relu(Wa @ x + ba)
r = x + W @ h
u = W @ x
L = sum((r + u) ** 2)
"""
HEADS = """
q = heads(x @ Wq, 2)
a = softmax(q @ q.T, axis=1)
m = a @ q
o = join(m)
p = avg_pool(o, 2)
L = sum(p ** 2)
"""


def gates(bias: str, weights: str) -> Scenario:
    """Gates of two units whose biases are given, through two steps that count as given."""
    parameters = f"Uk = 0.5\nbk = {bias}\nUu = 0.5\nbu = {bias}\nUg = 0.5\nbg = {bias}"
    more = "sizes = { T = 2 }\ngiven = { h0 = [0.5, -0.5], c0 = [1.0, -1.0] }"
    data = f"x = [[0.4, -0.2], [0.0, 0.0]]\ny = [{weights[0]}, {weights[1]}]"
    return model(GATES, parameters, 'x = { shape = ["T", 2] }\ny = { shape = ["T"] }', data, more)


def attention(scale: float) -> Scenario:
    """Attention of two tokens, the harder the larger the scale."""
    parameters = f"Wq = [[{scale}, 0.0], [0.0, {scale}]]\nWk = [[1.0, 0.0], [0.0, 1.0]]\nWv = [[1.0, 2.0]]"
    return model(ATTENTION, parameters, "x = { shape = [2, 2] }", "x = [[3.0, 0.0], [0.0, 3.0]]")


def past(size: float, bias: str) -> Scenario:
    """Something of two numbers that goes past a block of this size."""
    parameters = f"Wa = [[1.0, 0.0], [0.0, 1.0]]\nba = {bias}\nW = [[{size}, 0.0], [{-size}, {size}]]"
    return model(PAST, parameters, "x = { shape = [2] }", "x = [1.0, -0.5]")


MODELS: dict[str, tuple[Scenario, int]] = {
    **{
        f"gates of {bias}, {weights}": (gates(bias, weights), 1)
        for bias in ("[-6.0, -6.0]", "[6.0, 6.0]", "[-6.0, 6.0]", "[0.0, 0.0]")
        for weights in ("11", "19")
    },
    **{f"attention of {scale}": (attention(scale), 1) for scale in (0.0, 0.3, 3.0)},
    "a norm": (
        model(
            NORM,
            "w = 1.0\ng = 2.0",
            "x = { shape = [1] }",
            f"x = {[[-9.0], [9.0], *([0.0],) * 8]}",
        ),
        1,
    ),
    "a norm of what does not vary": (
        model(NORM, "w = 1.0\ng = 2.0", "x = { shape = [1] }", "x = [[3.0], [3.0]]"),
        1,
    ),
    **{
        f"past a block of {size}, {bias}": (past(size, bias), 1)
        for size in (0.01, 5.0)
        for bias in ("[0.0, 0.0]", "[-2.0, -2.0]", "[2.0, 2.0]")
    },
    "heads": (
        model(
            HEADS,
            'Wq = { shape = [4, 4], init = "normal" }',
            "x = { shape = [2, 4] }",
            f"x = {[[[0.5, 1.0, -1.0, 0.2]] * 2]}",
        ),
        1,
    ),
    "dropout": (
        model(
            "h = relu(w * x)\nd = dropout(h, 0.5)\nL = sum(d ** 2)", "w = 2.0", "x = { shape = [2] }", "x = [1.0, 2.0]"
        ),
        2,
    ),
    "a running mean": (
        model(
            "z = w * x - m\nL = mean(z ** 2)",
            "w = 2.0",
            "x = { shape = [1] }",
            "x = [[1.0], [2.0]]",
            "given = { m = [[0.5]] }\nupdate = 'm = 0.9 * m + 0.1 * mean(z, axis=1)'",
        ),
        2,
    ),
}
