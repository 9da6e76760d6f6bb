"""The lessons of models beside PyTorch: each written in PyTorch independently, float64, gradients within 1e-12."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from backprop_tui.engine.program.program import Frame, Program
from backprop_tui.scenario import load

torch: Any = pytest.importorskip("torch")
pytestmark = pytest.mark.reference

Tensors = dict[str, Any]
Forward = Callable[[Any, Tensors], Tensors]


def layer_norm(x: Any, scale: Any, shift: Any) -> Any:
    """The norm of every column."""
    return torch.nn.functional.layer_norm(x.T, (x.shape[0],), scale[:, 0], shift[:, 0], 1e-5).T


def micrograd(_: Any, t: Tensors) -> Tensors:
    a, b = t["a"], t["b"]
    c, d = a + b, a * b + b**3
    c = c + c + 1
    c = c + 1 + c - a
    d = d + d * 2 + (b + a).relu()
    d = d + 3 * d + (b - a).relu()
    f = (c - d) ** 2
    return {"L": f / 2 + 10 / f}


def circuit(_: Any, t: Tensors) -> Tensors:
    q = t["x"] + t["y"]
    return {"q": q, "L": q * t["z"]}


def linear(_: Any, t: Tensors) -> Tensors:
    y_hat = t["w"] * t["x"] + t["b"]
    return {"y_hat": y_hat, "L": torch.nn.functional.mse_loss(y_hat, t["y"])}


def logistic(_: Any, t: Tensors) -> Tensors:
    z = t["w"] @ t["x"] + t["b"]
    return {"z": z, "L": torch.nn.functional.binary_cross_entropy_with_logits(z, t["y"])}


def residual(_: Any, t: Tensors) -> Tensors:
    h1 = (t["W1"] @ t["x"] + t["b1"]).relu()
    r = t["x"] + t["W2"] @ h1 + t["b2"]
    return {"h1": h1, "r": r, "L": ((t["W3"] @ r - t["y"]) ** 2).sum()}


def attention(_: Any, t: Tensors) -> Tensors:
    q, k, v = (t[f"W{c}"] @ t["x"] for c in "qkv")
    o = torch.nn.functional.scaled_dot_product_attention(q.T[None], k.T[None], v.T[None])[0].T
    return {"q": q, "k": k, "v": v, "o": o, "L": torch.nn.functional.mse_loss(o, t["y"])}


def recurrent(_: Any, t: Tensors) -> Tensors:
    found: Tensors = {}
    h, total = t["h0"], 0.0
    for k in (1, 2):
        h = found[f"h{k}"] = (t["Wx"] * t[f"x{k}"] + t["Wh"] * h + t["b"]).tanh()
        total = total + (t["Wy"] * h - t[f"y{k}"]) ** 2 / 2
    return found | {"L": total}


def lstm(_: Any, t: Tensors) -> Tensors:
    found: Tensors = {}
    h, c, total = t["h0"], t["c0"], 0.0
    for k in (1, 2):
        x = t[f"x{k}"]
        a, i, f, o = (t[f"W{g}"] @ x + t[f"U{g}"] @ h + t[f"b{g}"] for g in "aifo")
        c = found[f"c{k}"] = a.tanh() * i.sigmoid() + f.sigmoid() * c
        h = found[f"h{k}"] = c.tanh() * o.sigmoid()
        total = total + ((h - t[f"y{k}"]) ** 2).sum() / 2
    return found | {"L": total}


def gru(_: Any, t: Tensors) -> Tensors:
    weights = torch.cat([t["Wr"], t["Wu"], t["Wn"]]), torch.cat([t["Ur"], t["Uu"], t["Un"]])
    biases = torch.cat([t["br"], t["bu"], t["bn"]])[:, 0]
    found: Tensors = {}
    h = t["h0"].T
    for k in (1, 2, 3):
        x = t[f"x{k}"].T
        (xr, xu, xn), (hr, hu, _) = ((v @ w.T).chunk(3, 1) for v, w in ((x, weights[0]), (h, weights[1])))
        br, bu, bn = biases.chunk(3)
        r, u = (xr + hr + br).sigmoid(), (xu + hu + bu).sigmoid()
        n = (xn + (r * h) @ t["Un"].T + bn).tanh()
        h = torch.lerp(n, h, u)
        found[f"h{k}"] = h.T
    return {"L": ((t["Wy"] @ h.T - t["y"]) ** 2).sum()}


def heads(_: Any, t: Tensors) -> Tensors:
    count, tokens, width = t["x"].shape
    q, k, v = ((t["x"] @ t[f"W{c}"]).view(count, tokens, 2, width // 2).transpose(1, 2) for c in "qkv")
    z = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    o = z.transpose(1, 2).reshape(count, tokens, width) @ t["Wo"]
    return {"q": q, "v": v, "o": o, "L": torch.nn.functional.mse_loss(o, t["y"])}


def convolution(_: Any, t: Tensors) -> Tensors:
    z = torch.nn.functional.conv2d(t["x"], t["K"], padding=1) + t["b"]
    p = torch.nn.functional.max_pool2d(z.relu(), 2)
    logits = p.flatten(1) @ t["W"].T + t["c"].T
    return {"z": z, "p": p, "L": torch.nn.functional.cross_entropy(logits, t["y"].flatten().long())}


def makemore(_: Any, t: Tensors) -> Tensors:
    emb = t["C"][t["X"].long()]
    hprebn = emb.flatten(1) @ t["W1"] + t["b1"]
    mean, var = hprebn.mean(0, keepdim=True), hprebn.var(0, keepdim=True)
    h = (t["bngain"] * (hprebn - mean) / (var + 1e-5).sqrt() + t["bnbias"]).tanh()
    logits = h @ t["W2"] + t["b2"]
    loss = torch.nn.functional.cross_entropy(logits, t["Y"].flatten().long())
    return {"emb": emb, "hprebn": hprebn, "h": h, "L": loss}


def gpt(_: Any, t: Tensors) -> Tensors:
    tokens, targets = (t[name].flatten().long() for name in ("tokens", "targets"))
    x0 = t["wte"][:, tokens] + t["wpe"]
    n1 = layer_norm(x0, t["g1"], t["s1"])
    q, k, v = ((t[f"W{c}1"] @ n1).T[None] for c in "qkv")
    mixed = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)[0].T
    r1 = x0 + t["Wo1"] @ mixed
    m1 = layer_norm(r1, t["g21"], t["s21"])
    x1 = r1 + t["W21"] @ torch.nn.functional.gelu(t["W11"] @ m1 + t["b11"]) + t["b21"]
    loss = torch.nn.functional.cross_entropy((t["wte"].T @ x1).T, targets)
    return {"x0": x0, "n1": n1, "r1": r1, "x1": x1, "L": loss}


def unscaled_in_its_source(_: Any, t: Tensors) -> Tensors:
    q, k, v = (t["X"] @ t[f"W_{c}"] for c in "QKV")
    out = torch.nn.functional.scaled_dot_product_attention(q[None], k[None], v[None])[0]
    return {"Q": q, "K": k, "V": v, "A": out, "L": torch.nn.functional.mse_loss(out, t["Y"], reduction="sum") / 2}


def vae(_: Any, t: Tensors) -> Tensors:
    mu, logvar = (t[f"W{c}"] @ t["x"] + t[f"b{c}"] for c in "mv")
    encoder = torch.distributions.Normal(mu, (logvar / 2).exp())
    z = encoder.loc + encoder.scale * t["epsilon"]
    r = t["Wd"] @ z + t["bd"]
    rec = torch.nn.functional.mse_loss(r, t["x"], reduction="none").sum(0).mean()
    kl = torch.distributions.kl_divergence(encoder, torch.distributions.Normal(0.0, 1.0)).mean()
    return {"mu": mu, "z": z, "r": r, "rec": rec, "kl": kl, "L": rec + kl}


def word2vec(_: Any, t: Tensors) -> Tensors:
    look = torch.nn.functional.embedding
    v = look(t["word"].flatten().long(), t["V"].T).T
    found: Tensors = {"v": v}
    total = torch.tensor(0.0, dtype=torch.float64)
    for name, ids, sign in (("s", "context", 1), ("r1", "negative1", -1), ("r2", "negative2", -1)):
        own = look(t[ids].flatten().long(), t["U"].T).T
        found[name] = (v * own).sum(0, keepdim=True)
        total = total - torch.nn.functional.logsigmoid(sign * found[name]).mean()
    return found | {"L": total}


LESSONS: dict[str, Forward] = {
    "micrograd": micrograd,
    "cs231n-circuit": circuit,
    "linear-regression": linear,
    "logistic-regression": logistic,
    "residual-block": residual,
    "attention": attention,
    "attention-unscaled": unscaled_in_its_source,
    "vae": vae,
    "word2vec": word2vec,
    "rnn-through-time": recurrent,
    "lstm": lstm,
    "gru": gru,
    "multi-head-attention": heads,
    "convolution": convolution,
    "makemore": makemore,
    "gpt-block": gpt,
}


def run(lesson: str) -> tuple[Program, Frame]:
    program = Program.of(load(lesson).network)
    return program, program.fill(program.first())


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_gradient_of_a_lesson_is_pytorchs(lesson: str) -> None:
    program, frame = run(lesson)
    leaves = {name: torch.tensor(np.array(value), dtype=torch.float64) for name, value in program.start.items()}
    for name in program.gradients:
        if name in leaves:
            leaves[name].requires_grad_(requires_grad=True)
    found = LESSONS[lesson](None, leaves)
    for name, tensor in found.items():
        if tensor.requires_grad and not tensor.is_leaf:
            tensor.retain_grad()
        np.testing.assert_allclose(frame[name], tensor.detach().numpy(), rtol=1e-12, atol=1e-12)
    found["L"].backward()
    compared = 0
    for name, gradient in program.gradients.items():
        tensor = leaves.get(name, found.get(name))
        if tensor is not None and name != "L" and tensor.grad is not None:
            np.testing.assert_allclose(frame[gradient], tensor.grad.numpy(), rtol=1e-12, atol=1e-12, err_msg=gradient)
            compared += 1
    assert compared >= len(program.parameters)
