"""Texts of models of every kind: each has a gradient for all that is computed, and these are the slopes of L."""

# ruff: noqa: E501 - a model is best read on a line of its own

from typing import NamedTuple

import numpy as np
import pytest

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.explain.gradient_check import gradcheck
from backprop_tui.engine.model.model import Model
from backprop_tui.engine.statements.variable import Phase
from backprop_tui.scenario import Scenario, parse

RANDOM = np.random.default_rng(0)
N = 'init = "normal"'


def numbers(*shape: int) -> list[float]:
    """Numbers for a file."""
    found: list[float] = RANDOM.normal(size=shape).round(2).tolist()
    return found


def classes(count: int, *shape: int) -> list[int]:
    """Classes for a file."""
    found: list[int] = RANDOM.integers(count, size=shape).tolist()
    return found


class Text(NamedTuple):
    """A model, and the rest of its file."""

    forward: str
    parameters: str
    inputs: str = ""
    data: str = ""
    model: str = ""
    rest: str = ""
    optimizer: str = "sgd"

    def scenario(self) -> Scenario:
        inputs = f"[model.inputs]\n{self.inputs}\n[data]\n{self.data}\n" if self.inputs else ""
        text = (
            f"format = 1\n[model]\n{self.model}\nforward = '''\n{self.forward}\n'''\n"
            f"[model.parameters]\n{self.parameters}\n{inputs}"
            f"[optimizer]\nname = '{self.optimizer}'\nlearning_rate = 0.1\n{self.rest}"
        )
        return parse(text.encode(), "text.toml")


TEXTS: dict[str, Text] = {
    "rnn-batch": Text(
        "for t in 1..T:\n    h[t] = tanh(Wx @ x[t] + Wh @ h[t-1] + b)\nz = Wy @ h[T] + c\nL = cross_entropy(z, y)",
        f"Wx={{shape=[3,2],{N}}}\nWh={{shape=[3,3],{N},seed=2}}\nb=[0,0,0]\nWy={{shape=[4,3],{N}}}\nc=[0,0,0,0]",
        'x={shape=["T",2],gradient=true}\ny={shape=[],classes=4}',
        f"x={numbers(5, 3, 2)}\ny={classes(4, 5)}",
        "sizes={T=3}\ngiven={h0=[0.0,0.0,0.0]}",
        "[training]\nbatch_size=2\nshuffle=true\niterations=6\n",
    ),
    "rows-mlp": Text(
        "h = relu(x @ W1 + b1)\nz = h @ W2 + b2\nL = cross_entropy(z, y)",
        f'W1={{shape=[3,4],{N}}}\nb1={{shape=[1,4],{N}}}\nW2={{shape=[4,3],{N}}}\nb2={{shape=[1,3],init="zeros"}}',
        "x={shape=[3]}\ny={shape=[],classes=3}",
        f"x={numbers(6, 3)}\ny={classes(3, 6)}",
        'samples="rows"',
        "[training]\nbatch_size=4\niterations=5\n",
        "adam",
    ),
    "gpt-rows": Text(
        "e = embed(wte, ids)\nx = e + wpe\nn = layer_norm(x, g, s)\nq = heads(n @ Wq, 2)\nk = heads(n @ Wk, 2)\nv = heads(n @ Wv, 2)\na = softmax(q @ k.T / sqrt(2) + causal(T), axis=1)\nr = x + join(a @ v) @ Wo\nlogits = r @ wte.T\nL = cross_entropy(logits, y)",
        f'wte={{shape=[5,4],{N}}}\nwpe={{shape=[3,4],{N},seed=3}}\ng={{shape=[1,4],init="constant"}}\ns={{shape=[1,4],init="zeros"}}\nWq={{shape=[4,4],{N}}}\nWk={{shape=[4,4],{N},seed=5}}\nWv={{shape=[4,4],{N},seed=6}}\nWo={{shape=[4,4],{N},seed=7}}',
        'ids={shape=["T"],classes=5}\ny={shape=["T"],classes=5}',
        f"ids={classes(5, 2, 3)}\ny={classes(5, 2, 3)}",
        "sizes={T=3}",
    ),
    "conv-stride": Text(
        "z = conv(x, K, pad=1, stride=2) + b\nh = tanh(z)\np = avg_pool(h, 2)\nf = flatten(p)\nL = mse(W @ f, y)",
        f'K={{shape=[2,1,3,3],{N}}}\nb={{shape=[2,1,1],init="zeros"}}\nW={{shape=[1,2],{N}}}',
        "x={shape=[1,4,4],gradient=true}\ny={shape=[1]}",
        f"x={numbers(3, 1, 4, 4)}\ny={numbers(3, 1)}",
    ),
    "conv-one": Text(
        "z = conv(x, K)\nf = flatten(max_pool(relu(z), 2))\nL = sum((W @ f) ** 2)",
        f"K={{shape=[2,2,2,2],{N}}}\nW={{shape=[1,2],{N}}}",
        "x={shape=[2,3,3],gradient=true}",
        f"x={numbers(2, 3, 3)}",
    ),
    "batchnorm": Text(
        "z = W @ x\nn = batch_norm(z, g, s)\nL = mean((relu(n) - y) ** 2)",
        f"W={{shape=[3,2],{N}}}\ng=[1,1,1]\ns=[0.1,0.2,0.3]",
        "x={shape=[2]}\ny={shape=[3]}",
        f"x={numbers(5, 2)}\ny={numbers(5, 3)}",
    ),
    "slices": Text(
        "a = W[0:2] @ x\nb = W[2:4, 1:3] @ x[0:2]\nc = concat(a, b)\nd = beside(c, c * 2)\nL = sum(d ** 2) + W[0,1] * W[1,0]",
        f"W={{shape=[4,3],{N}}}",
        "x={shape=[3],gradient=true}",
        f"x={numbers(4, 3)}",
    ),
    "nested": Text(
        "for i in 1..2:\n    for j in 1..3:\n        a[i,j] = tanh(w * x + i * j)\nL = sum(sum(sum(a[i,j]) for j in 1..3) for i in 1..2)",
        "w=0.3",
        "x={shape=[]}",
        f"x={numbers(4)}",
    ),
    "two-loops": Text(
        "for t in 1..2:\n    h[t] = tanh(W @ h[t-1])\ns[0] = h[2] * 1\nfor t in 1..3:\n    s[t] = tanh(W @ s[t-1] + U @ h[2])\nL = sum(s[3] ** 2)",
        f"W={{shape=[2,2],{N}}}\nU={{shape=[2,2],{N},seed=4}}",
        "",
        "",
        "given={h0={value=[1.0,2.0],gradient=true}}",
    ),
    "vae": Text(
        "mu = We @ x\nlv = Wl @ x\nz = mu + exp(lv / 2) * eps0\nr = sigmoid(Wd @ z)\nkl = -0.5 * sum(1 + lv - mu ** 2 - exp(lv))\nL = sum((r - x) ** 2) + kl",
        f"We={{shape=[2,3],{N}}}\nWl={{shape=[2,3],{N},seed=2}}\nWd={{shape=[3,2],{N},seed=3}}",
        "x={shape=[3]}",
        f"x={numbers(2, 3)}",
        f"given={{eps0={numbers(2, 2)}}}",
    ),
    "stop": Text(
        "e = W @ x\nq = e + stop(floor(e) - e)\nL = mean((q - y) ** 2) + 0.25 * mean((e - stop(q)) ** 2)",
        f"W={{shape=[3,2],{N}}}",
        "x={shape=[2]}\ny={shape=[3]}",
        f"x={numbers(4, 2)}\ny={numbers(4, 3)}",
    ),
    "word2vec": Text(
        "v = embed(V, c)\nu = embed(U, o)\nn = embed(U, k)\ns = sum(v * u, axis=0)\nm = sum(v * n, axis=0)\nL = -mean(log(sigmoid(s)) + log(sigmoid(-m)))",
        f"V={{shape=[3,6],{N}}}\nU={{shape=[3,6],{N},seed=2}}",
        "c={shape=[],classes=6}\no={shape=[],classes=6}\nk={shape=[],classes=6}",
        f"c={classes(6, 4)}\no={classes(6, 4)}\nk={classes(6, 4)}",
    ),
    "stack-broadcast": Text(
        "a = x * g + m\nL = mean(a ** 2)",
        f"g={{shape=[1,3,4],{N}}}\nm={{shape=[2,1,4],{N}}}",
        "x={shape=[3,4]}",
        f"x={numbers(2, 3, 4)}",
    ),
    "acts": Text(
        "L = sum(gelu(w)+silu(w)+elu(w)+softplus(w)+leaky_relu(w)+selu(w)+gelu_tanh(w)+hard_sigmoid(w)+log_softmax(w)+max(w, v)+min(w, v)+where(w > v, w*v, v)+abs(w)+sin(w)*cos(w)+sqrt(w**2+1)+log1p(w**2)+erf(w)+norm(w)) + max_norm2",
        "w=[[0.3,-0.7],[1.2,-0.1]]\nv=[[0.1,0.5],[-0.4,0.2]]\nmax_norm2=2.0",
    ),
    "frozen": Text(
        "L = sum((W @ x + b - y)**2)",
        f"W={{shape=[2,2],{N},freeze=false}}\nb={{value=[1,2],freeze=true}}",
        "x={shape=[2]}\ny={shape=[2]}",
        f"x={numbers(2)}\ny={numbers(2)}",
        "",
        '[clip]\nnorm=1.0\n[schedule]\nname="step"\nstep_size=2\n[training]\niterations=3\n',
        "adamw",
    ),
    "names": Text(
        "alpha = W_h @ x\nbeta_1 = alpha * sigma\ns = beta_1 * 2\nL = sum(s)",
        f"W_h={{shape=[2,2],{N}}}\nsigma=0.5",
        "x={shape=[2]}",
        f"x={numbers(2)}",
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_every_gradient_is_the_slope_of_the_loss(name: str) -> None:
    scenario = TEXTS[name].scenario()
    for check in gradcheck(scenario, every=True):
        assert check.agrees, f"{check.gradient}\n{check}"
    program = Debugger(scenario).program
    computed = [o.name for o in program.operations if o.variable.phase is Phase.FORWARD and o.name != "L"]
    assert isinstance(scenario.network, Model)
    assert {*computed, *program.parameters} - scenario.network.frozen <= program.gradients.keys()


@pytest.mark.parametrize("name", TEXTS)
def test_a_run_goes_on_and_is_explained(name: str) -> None:
    debugger = Debugger(TEXTS[name].scenario())
    length = len(debugger.program.operations)
    debugger.seek(2 * length)
    for operation in debugger.program.operations[::3]:
        at = f"[{','.join('0' * len(operation.shape))}]" if operation.shape else ""
        assert debugger.explain(operation.name + at).value == debugger[operation.name][(0,) * len(operation.shape)]
        assert debugger.touches(operation.name + at).regions


def test_steps_of_a_second_loop_have_parts_of_their_own() -> None:
    program = Debugger(TEXTS["two-loops"].scenario()).program
    parts = [name for name in program.by_name if name.startswith("dL_dW@")]
    assert parts == ["dL_dW@3b", "dL_dW@2b", "dL_dW@1b", "dL_dW@2", "dL_dW@1"]


def test_what_is_pinned() -> None:
    debugger = Debugger(TEXTS["rnn-batch"].scenario())
    assert {"dL_dx1", "dL_dx3", "dL_dWh@2", "delta_h2", "dL_dh2"} <= debugger.program.by_name.keys()
    assert debugger.program.stages[:2] == ("forward", "loss")
    assert "backward t=2" in debugger.program.stages
    assert Debugger(TEXTS["names"].scenario()).program.stages == ("forward", "loss", "backward", "gradients", "update")
