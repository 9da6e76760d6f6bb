"""Every function of models beside PyTorch, in float64: what it gives, and what flows back through it."""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pytest

from backprop_tui.engine.model.functions import PRIMITIVE, functions
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.scenario import load
from tests.formula.torch_counterparts import COUNTERPARTS

torch: Any = pytest.importorskip("torch")
pytestmark = pytest.mark.reference
F: Any = torch.nn.functional

Tensors = dict[str, Any]
SHAPES: dict[str, tuple[int, ...]] = {
    "A": (4, 6),
    "B": (4, 6),
    "E": (5, 4),
    "D": (4, 5),
    "K": (2, 1, 3, 3),
    "M": (3, 3),
    "g": (4, 1),
    "s": (4, 1),
    "r": (1, 4),
    "c": (1, 4),
}
SAMPLES, CLASSES, CHANNELS, SIZE = 3, 5, 1, 6


class Case(NamedTuple):
    """A formula, and what PyTorch makes of the same. `inputs` are the shapes of a sample, `layout` how samples lie."""

    text: str
    beside: Callable[[Tensors], Any]
    inputs: Mapping[str, tuple[int, ...]] = {}
    layout: str = ""


def plain(function: Callable[..., Any]) -> Callable[[Tensors], Any]:
    return lambda t: function(t["A"])


def positive(function: Callable[..., Any]) -> Callable[[Tensors], Any]:
    return lambda t: function(t["A"] * t["A"] + 0.5)


def ids(value: Any) -> Any:
    return value.flatten().long()


def picked(logs: Any, y: Any) -> Any:
    """Of the logarithms of every sample, a row each, the one of its class; PyTorch's loss is their negative mean."""
    return logs.gather(1, ids(y)[:, None])


def attention(t: Tensors, *, causal: bool) -> Any:
    """Two heads of PyTorch's attention on tokens as rows, whose queries, keys and values are the tokens themselves."""
    q = t["x"].view(SAMPLES, 3, 2, 2).transpose(1, 2)
    mixed = F.scaled_dot_product_attention(q, q, q, is_causal=causal)
    return mixed.transpose(1, 2).reshape(SAMPLES, 3, 4)


IMAGE, TOKENS, COLUMN, LABEL = (
    {"x": (CHANNELS, SIZE, SIZE)},
    {"x": (3, 4)},
    {"x": (4,)},
    {"x": (CLASSES,), "y": ()},
)
CASES: dict[str, tuple[Case, ...]] = {
    **{
        name: (Case(f"{name}(A * A + 0.5)", positive(COUNTERPARTS[name])),)
        for name, count in PRIMITIVE.items()
        if count == 1
    },
    **{
        row.primitive: (Case(f"{row.primitive}(A)", plain(COUNTERPARTS[row.primitive])),)
        for row in ACTIVATIONS.values()
    },
    "leaky_relu": (
        Case("leaky_relu(A)", lambda t: F.leaky_relu(t["A"])),
        Case("leaky_relu(A, 0.3)", lambda t: F.leaky_relu(t["A"], 0.3)),
    ),
    "size": (Case("A / size(A)", lambda t: t["A"] / t["A"].numel()),),
    "samples": (Case("sum(A, axis=1) / samples(A)", lambda t: t["A"].mean(1, keepdim=True)),),
    "units": (Case("sum(A, axis=0) / units(A)", lambda t: t["A"].mean(0, keepdim=True)),),
    "only": (Case("only(sum(sum(A, axis=0), axis=1)) * B", lambda t: t["A"].sum() * t["B"]),),
    "min": (Case("min(A, B)", lambda t: torch.minimum(t["A"], t["B"])),),
    "max": (
        Case("max(A, B)", lambda t: torch.maximum(t["A"], t["B"])),
        Case("max(A, axis=0)", lambda t: t["A"].max(0, keepdim=True).values),
        Case("max(A, axis=-1)", lambda t: t["A"].max(1, keepdim=True).values),
    ),
    "where": (
        Case("where(A > B, A * B, exp(B))", lambda t: torch.where(t["A"] > t["B"], t["A"] * t["B"], t["B"].exp())),
    ),
    "sum": (
        Case("sum(A)", lambda t: t["A"].sum()),
        Case("sum(A, axis=0)", lambda t: t["A"].sum(0, keepdim=True)),
        Case("sum(x * M[0, 1], axis=1)", lambda t: (t["x"] * t["M"][0, 1]).sum(-1, keepdim=True), TOKENS),
    ),
    "mean": (
        Case("mean(A)", lambda t: t["A"].mean()),
        Case("mean(A, axis=1)", lambda t: t["A"].mean(1, keepdim=True)),
        Case("mean(x * M[0, 1], axis=0)", lambda t: (t["x"] * t["M"][0, 1]).mean(-2, keepdim=True), TOKENS),
    ),
    "softmax": (
        Case("softmax(A)", lambda t: torch.softmax(t["A"], 0)),
        Case("softmax(M @ x, axis=1)", lambda t: torch.softmax(t["M"] @ t["x"], -1), TOKENS),
    ),
    "log_softmax": (
        Case("log_softmax(A, axis=1)", lambda t: torch.log_softmax(t["A"], 1)),
        Case("log_softmax(M @ x)", lambda t: torch.log_softmax(t["M"] @ t["x"], -2), TOKENS),
    ),
    "concat": (Case("concat(A, A * B)", lambda t: torch.vstack([t["A"], t["A"] * t["B"]])),),
    "beside": (Case("beside(A, A * B)", lambda t: torch.hstack([t["A"], t["A"] * t["B"]])),),
    "causal": (
        Case(
            "softmax(M + causal(3), axis=1)",
            lambda t: torch.softmax(t["M"].masked_fill(torch.ones(3, 3).triu(1).bool(), -torch.inf), 1),
        ),
    ),
    "mse": (Case("mse(A, B)", lambda t: F.mse_loss(t["A"], t["B"])),),
    "cross_entropy": (
        Case(
            "cross_entropy(D.T @ x, y)",
            lambda t: F.cross_entropy((t["D"].T @ t["x"]).T, ids(t["y"])),
            {**COLUMN, "y": ()},
        ),
        Case(
            "cross_entropy(x @ D, y)",
            lambda t: F.cross_entropy(t["x"] @ t["D"], ids(t["y"])),
            {**COLUMN, "y": ()},
            "rows",
        ),
        Case(
            "cross_entropy(D.T @ x, softmax(D.T @ x * 0.5))",
            lambda t: F.cross_entropy((t["D"].T @ t["x"]).T, torch.softmax(t["D"].T @ t["x"] / 2, 0).T),
            COLUMN,
        ),
    ),
    "embed": (
        Case("embed(E, y)", lambda t: F.embedding(ids(t["y"]), t["E"]), {"y": ()}, "rows"),
        Case("embed(D, y)", lambda t: F.embedding(ids(t["y"]), t["D"].T).T, {"y": ()}),
        Case("embed(E, y)", lambda t: F.embedding(t["y"].squeeze(1).long(), t["E"]), {"y": (2,)}),
    ),
    "pick": (
        Case(
            "pick(log_softmax(D.T @ x), y)",
            lambda t: picked(torch.log_softmax(t["D"].T @ t["x"], 0).T, t["y"]).T,
            {**COLUMN, "y": ()},
        ),
        Case("pick(x @ D, y)", lambda t: picked(t["x"] @ t["D"], t["y"]), {**COLUMN, "y": ()}, "rows"),
    ),
    "layer_norm": (
        Case("layer_norm(A, g, s)", lambda t: F.layer_norm(t["A"].T, (4,), t["g"][:, 0], t["s"][:, 0]).T),
        Case("layer_norm(x, r, c)", lambda t: F.layer_norm(t["x"], (4,), t["r"][0], t["c"][0]), TOKENS),
    ),
    "batch_norm": (
        Case(
            "batch_norm(x, g, s)",
            lambda t: F.batch_norm(t["x"].T, None, None, t["g"][:, 0], t["s"][:, 0], training=True).T,
            COLUMN,
        ),
        Case(
            "batch_norm(x, r, c)",
            lambda t: F.batch_norm(t["x"], None, None, t["r"][0], t["c"][0], training=True),
            COLUMN,
            "rows",
        ),
    ),
    "dropout": (
        Case("dropout(A, 0.3)", lambda t: t["A"] * (t["noise_v"] >= 0.3) / 0.7),
        Case("dropout(x, 0.5) * r.T", lambda t: t["x"] * (t["noise_v"] >= 0.5) / 0.5 * t["r"].T, COLUMN),
    ),
    "heads": (
        Case(
            "join(softmax(heads(x, 2) @ heads(x, 2).T / sqrt(2), axis=1) @ heads(x, 2)) * M[0, 0]",
            lambda t: attention(t, causal=False) * t["M"][0, 0],
            TOKENS,
            "rows",
        ),
    ),
    "join": (
        Case(
            "join(softmax(heads(x, 2) @ heads(x, 2).T / sqrt(2) + causal(3), axis=1) @ heads(x, 2)) * M[0, 0]",
            lambda t: attention(t, causal=True) * t["M"][0, 0],
            TOKENS,
            "rows",
        ),
    ),
    "conv": (
        Case("conv(x, K)", lambda t: F.conv2d(t["x"], t["K"]), IMAGE),
        Case("conv(x, K, pad=2, stride=2)", lambda t: F.conv2d(t["x"], t["K"], padding=2, stride=2), IMAGE),
    ),
    "max_pool": (Case("max_pool(conv(x, K), 2)", lambda t: F.max_pool2d(F.conv2d(t["x"], t["K"]), 2), IMAGE),),
    "avg_pool": (Case("avg_pool(conv(x, K), 2)", lambda t: F.avg_pool2d(F.conv2d(t["x"], t["K"]), 2), IMAGE),),
    "flatten": (
        Case("flatten(conv(x, K))", lambda t: F.conv2d(t["x"], t["K"]).flatten(1)[..., None], IMAGE),
        Case("flatten(conv(x, K))", lambda t: F.conv2d(t["x"], t["K"]).flatten(1), IMAGE, "rows"),
    ),
}
EVERY = [pytest.param(case, id=f"{case.text} {case.layout}") for cases in CASES.values() for case in cases]


def file_of(case: Case) -> dict[str, Any]:
    """The scenario of a case."""
    random = np.random.default_rng(3)
    parameters = {
        name: random.normal(size=own).tolist() for name, own in SHAPES.items() if re.search(rf"\b{name}\b", case.text)
    }
    inputs: dict[str, Any] = {name: {"shape": list(own)} for name, own in case.inputs.items()}
    data: dict[str, Any] = {}
    for name, own in case.inputs.items():
        if name == "y":
            inputs[name]["classes"] = CLASSES
            data[name] = random.integers(CLASSES, size=(SAMPLES, *own)).tolist()
        else:
            inputs[name]["gradient"] = True
            data[name] = random.normal(size=(SAMPLES, *own)).tolist()
    forward = f"v = {case.text}\nL = sum(v * v) + {' + '.join(f'sum({name})' for name in parameters)}"
    model = {"forward": forward, "parameters": parameters, "inputs": inputs}
    if case.layout:
        model["samples"] = case.layout
    return {"format": 1, "model": model, "data": data, "optimizer": {"name": "sgd", "learning_rate": 0.1}}


def test_every_function_is_compared() -> None:
    assert functions().keys() <= CASES.keys()


@pytest.mark.parametrize("case", EVERY)
def test_a_function_is_pytorchs(case: Case) -> None:
    program = Program.of(load(file_of(case)).network)
    frame = program.fill(program.first())
    tensors = {name: torch.tensor(np.array(value), requires_grad=name != "y") for name, value in program.start.items()}
    expected = case.beside(tensors)
    np.testing.assert_allclose(frame["v"], expected.detach().numpy(), rtol=1e-12, atol=1e-12)
    if expected.requires_grad:  # nothing flows through a stop
        (expected**2).sum().backward()
    for name, gradient in program.gradients.items():
        if name in program.parameters or name in case.inputs:
            own = tensors[name].grad
            own = torch.zeros_like(tensors[name]) if own is None else own
            own = own + (name in program.parameters)  # each is added up in L too, so that L reads it
            np.testing.assert_allclose(frame[gradient], own.numpy(), rtol=1e-12, atol=1e-12, err_msg=gradient)
