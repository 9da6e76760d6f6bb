"""What the lessons about models written as formulas say."""

from typing import Any

import numpy as np

from backprop_tui.debugger.debugger import Debugger
from tests.lessons.saying import Says, other, value


def of_readers(debugger: Debugger, name: str) -> int:
    """How many lines of the text read a variable."""
    return sum(name in o.reads for o in debugger.program.operations if o.stage in ("forward", "loss"))


def least_squares(debugger: Debugger) -> list[float]:
    """The line that least squares gives, slope first."""
    x, y = (np.asarray(debugger[name]).ravel() for name in "xy")
    return [round(float(number), 4) for number in np.polyfit(x, y, 1)]


def unscaled(debugger: Debugger) -> dict[str, Any]:
    """What the attention of a lesson gives without its scale."""
    X, Y = debugger["X"], debugger["Y"]
    Q, K, V = (X @ debugger.program.parameters[f"W_{name}"] for name in "QKV")
    P = np.exp(Q @ K.T)
    P /= P.sum(axis=1, keepdims=True)
    A = P @ V
    dP = (A - Y) @ V.T
    dS = P * (dP - (P * dP).sum(axis=1, keepdims=True))
    gradients = {"Q": dS @ K, "K": dS.T @ Q, "V": P.T @ (A - Y)}
    return {"A": A, "L": ((A - Y) ** 2).sum() / 2} | {f"dL_dW_{name}": X.T @ g for name, g in gradients.items()}


def times_larger(debugger: Debugger, name: str, times: float, tolerance: float) -> bool:
    """Whether every number of a gradient is about so many times larger without the scale."""
    return np.allclose(unscaled(debugger)[name] / array_at(debugger, f"1:{name}", name), times, rtol=tolerance)


def agreeing(debugger: Debugger, values: dict[str, Any]) -> np.ndarray:
    """Which of all numbers that a source printed are those of some values."""
    published = debugger.scenario.published
    return np.concatenate([np.ravel(one.agrees(values[one.name])) for one in published])


def looked_up(debugger: Debugger, *inputs: str) -> list[int]:
    """How often the third word stands in each input."""
    return [int((debugger[name] == 2).sum()) for name in inputs]


def cosine(table: np.ndarray, one: int, two: int) -> float:
    """That of two words' columns."""
    a, b = table[:, one], table[:, two]
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def array_at(debugger: Debugger, position: str, name: str) -> np.ndarray:
    """A variable at another position of the run."""
    debugger.seek(position)
    return np.asarray(debugger[name])


MODELS: dict[str, tuple[Says, ...]] = {
    "micrograd": (
        Says("1:e", "e is −7", value("e")),
        Says("1:e", "f = e² = 49", lambda d: d["e"].item() ** 2),
        Says("1:dL_de", "0.4958", value("dL_df")),
        Says("1:dL_de", "∂L/∂e is −6.9417", value("dL_de")),
        Says("1:dL_da", "five lines", lambda d: of_readers(d, "a") == 5),
        Says("1:dL_da", "their sum is 138.8338", value("dL_da")),
        Says("1:dL_da", "b − a > 0 holds", lambda d: (d["b"] > d["a"]).item()),
    ),
    "cs231n-circuit": (
        Says("1:q", "an addition, 3", value("q")),
        Says("1:dL_dq", "which is −4", value("dL_dq")),
        Says("1:dL_dx", "the same −4", value("dL_dx")),
        Says("1:dL_dx", "from −2", value("x")),
        Says("1:dL_dx", "and 5", value("y")),
        Says("1:dL_dx", "L falls", lambda d: other("2:L", "L")(d) < -12),
    ),
    "linear-regression": (
        Says("1:y_hat", "prediction is 0", lambda d: np.abs(d["y_hat"]).max().item()),
        Says("1:dL_dw", "2/5 of its error", lambda d: np.allclose(d["dL_dy_hat"], 2 / 5 * (d["y_hat"] - d["y"]))),
        Says("1:dL_dw", "that is −27.88", value("dL_dw")),
        Says("1:dL_dw", "gives −14.4", lambda d: (d["dL_dy_hat"] * d["x"])[0, 4].item()),
        Says("60:w", "come to 1.9729", value("w")),
        Says("60:w", "b to 1.0518", value("b")),
        Says("60:w", "1.97 and 1.06", lambda d: least_squares(d) == [1.97, 1.06]),
    ),
    "logistic-regression": (
        Says("1:p", "gets 0.2689", value("p", 0, 1)),
        Says("1:dL_dp", "−0.9296", value("dL_dp", 0, 1)),
        Says("1:dL_dp", "the largest of the four", lambda d: np.abs(d["dL_dp"]).argmax() == 1),
        Says("1:dL_dz", "becomes −0.1828", value("dL_dz", 0, 1)),
        Says("1:dL_dz", "(p − y)/4", lambda d: np.allclose(d["dL_dz"], (d["p"] - d["y"]) / 4, rtol=1e-12)),
    ),
    "residual-block": (
        Says("1:r", "1 − 0.52", lambda d: -d["z2"][0, 0].item()),
        Says("1:r", "= 0.48", value("r", 0, 0)),
        Says("1:dL_dr", "−5.48 and 5.48", value("dL_dr", 1, 0)),
        Says("1:dL_dx", "0.9316", lambda d: (d["W1"].T @ d["dL_dz1"])[0, 0].item()),
        Says("1:dL_dx", "in all −4.5484", value("dL_dx", 0, 0)),
    ),
    "attention": (
        Says("1:s", "divided by √d", lambda d: np.allclose(d["s"], d["k"].T @ d["q"] / np.sqrt(2))),
        Says("1:a", "adds up to 1", lambda d: d["a"].sum(axis=0)[0].item()),
        Says("1:a", "with 0.5207", value("a", 1, 0)),
        Says("1:dL_dx", "three things", lambda d: of_readers(d, "x") == 3),
    ),
    "attention-unscaled": (
        Says("1:S", "which is 2", lambda d: np.sqrt(d["d_k"]).item()),
        Says("1:S", "was computed without", lambda d: bool(agreeing(d, unscaled(d)).all())),
        Says("1:P", "larger than 0.0041", lambda d: np.abs(d["S"]).max().item()),
        Says("1:P", "nearly a third", lambda d: (np.abs(d["P"] - 1 / 3) < 0.002).all()),
        Says("1:P", "printed: 0.0286", lambda d: unscaled(d)["L"]),
        Says(
            "1:P",
            "only the last digits of A",
            lambda d: np.abs(unscaled(d)["A"] - array_at(d, "1:A", "A")).max() < 2e-4,
        ),
        Says("1:dL_dW_Q", "prints, −0.000254", lambda d: unscaled(d)["dL_dW_Q"][0, 0].item()),
        Says("1:dL_dW_Q", "gives, −0.000127", value("dL_dW_Q", 0, 0)),
        Says("1:dL_dW_Q", "is twice", lambda d: times_larger(d, "dL_dW_Q", 2, 0.01)),
        Says("1:dL_dW_Q", "same for W_K", lambda d: times_larger(d, "dL_dW_K", 2, 0.04)),
        Says("1:dL_dW_Q", "hardly any", lambda d: times_larger(d, "dL_dW_V", 1, 0.01)),
    ),
    "vae": (
        Says("1:z", "ε is −0.3038", value("epsilon", 0, 0)),
        Says("1:z", "and z 0.7885", value("z", 0, 0)),
        Says("1:z", "another, 0.6502", other("2:z", "epsilon", 0, 0)),
        Says("1:kl", "Here it is 0.6813", value("kl")),
        Says("1:kl", "and 0.6806", lambda d: (d["mu"] ** 2).mean().item() / 2),
        Says("1:dL_dsigma", "reaches z, −0.3424", value("dL_dz", 0, 0)),
        Says("1:dL_dsigma", "makes 0.1040", lambda d: (d["dL_dz"] * d["epsilon"])[0, 0].item()),
        Says("1:dL_dsigma", "σ/4 = 0.2563", lambda d: d["sigma"][0, 0].item() / 4),
        Says("1:dL_dsigma", "together 0.3604", value("dL_dsigma", 0, 0)),
        Says("300:Wv", "was 1.0253", other("1:sigma", "sigma", 0, 0)),
        Says("300:Wv", "now 0.4844", value("sigma", 0, 0)),
    ),
    "word2vec": (
        Says("1:s", "it is −0.1999", value("s", 0, 0)),
        Says("1:s", "p makes 0.4502", other("1:p", "p", 0, 0)),
        Says(
            "1:q1",
            "The third pair was given cat beside car",
            lambda d: (d["negative1"][0, 2], d["word"][0, 2]) == (0, 3),
        ),
        Says("1:q1", "whose r is 1.7083", value("r1", 0, 2)),
        Says("1:q1", "only 0.1534", value("q1", 0, 2)),
        Says("1:dL_dv", "brings 0.1912", lambda d: (d["dL_ds"] * d["u"])[0, 0].item()),
        Says("1:dL_dv", "from car, −0.0566", lambda d: (d["dL_dr1"] * d["n1"])[0, 0].item()),
        Says("1:dL_dv", "from road, 0.0174", lambda d: (d["dL_dr2"] * d["n2"])[0, 0].item()),
        Says("1:dL_dv", "in all 0.1519", value("dL_dv", 0, 0)),
        Says("1:dL_dU", "four times", lambda d: looked_up(d, "context", "negative1", "negative2") == [2, 1, 1]),
        Says("1:dL_dU", "in the gradient of V", lambda d: not array_at(d, "1:dL_dV", "dL_dV")[:, 2].any()),
        Says("100:V", "was −0.36", lambda d: cosine(d.program.parameters["V"], 0, 1)),
        Says("100:V", "now 0.66", lambda d: cosine(d["V"], 0, 1)),
        Says("100:V", "is −0.73", lambda d: cosine(d["V"], 0, 3)),
    ),
    "rnn-through-time": (
        Says("1:h2", "tanh(1.04621)", value("a2")),
        Says("1:h2", "It is 0.7803", value("h2")),
        Says("1:dL_dh1", "Wh, 0.1", value("Wh")),
        Says("1:dL_dh1", "brings −0.0344", lambda d: (d["dL_da2"] * d["Wh"]).item()),
        Says("1:dL_dWx", "−0.1462", value("dL_dWx@1")),
        Says("1:dL_dWx", "−0.6873", value("dL_dWx@2")),
        Says("1:dL_dWx", "in all −0.8335", value("dL_dWx")),
    ),
    "lstm": (
        Says("1:c1", "which is 0", value("c0", 0, 0)),
        Says("1:dL_dc1", "f₂ = 0.8703", value("f2", 0, 0)),
        Says("1:Wa", "0.45267", value("Wa", 0, 0)),
        Says("1:Wa", "0.25922", value("Wa", 0, 1)),
    ),
    "gru": (
        Says("1:u1", "it is 0.9399", value("u1", 0, 0)),
        Says("1:dL_dh1", "which is 0.9048", value("u2", 0, 0)),
        Says("1:dL_dh0", "still −0.2994", value("dL_dh0", 0, 0)),
        Says("1:dL_dh0", "from −0.46", value("dL_dh3", 0, 0)),
        Says("1:dL_dh0", "keeps 0.0173", value("dL_dh0", 1, 0)),
    ),
    "multi-head-attention": (
        Says("1:q", "each head has 2", lambda d: d["q"].shape[-1]),
        Says("1:a", "all of its attention, 1", value("a", 0, 0, 0, 0)),
        Says("1:dL_ds", "all of it is 0", lambda d: np.abs(d["dL_ds"][:, :, 0]).max().item()),
        Says("1:dL_ds", "a is 0", lambda d: d["a"][0, 0, 0, 1].item()),
    ),
    "convolution": (
        Says("1:z", "4×4 again", lambda d: d["z"].shape == (2, 2, 4, 4)),
        Says("1:p", "four numbers", lambda d: d["p"][0, 0].size == 4),
        Says("1:dL_dK", "that is −0.0608", value("dL_dK", 0, 0, 1, 1)),
    ),
    "makemore": (
        Says("1:emb", "Three characters", lambda d: d["emb"].shape == (4, 3, 2)),
        Says("1:dL_dlogit_maxes", "0 but for rounding", lambda d: np.abs(d["dL_dlogit_maxes"]).max() < 1e-15),
        Says("1:dL_dC", "used five times", lambda d: (d["X"] == 3).sum() == 5),
        Says("1:dL_dC", "stay 0", lambda d: np.abs(d["dL_dC"][[2, 4, 5]]).max().item()),
    ),
    "gpt-block": (
        Says("1:a1", "no choice, 1", value("a1", 0, 0)),
        Says("1:dL_dr1", "read twice", lambda d: d.program.by_name["dL_dr1"].formula.endswith("+ ∂L/∂x₁")),
        Says("1:dL_dwte", "three times", lambda d: (d["tokens"] == 3).sum() == 3),
    ),
}
