"""Random models: sizes first, then formulas that fit, loops, blocks, shared parameters, noise, batches among them."""

from typing import Any

import numpy as np
from hypothesis import strategies as st

from backprop_tui.scenario import Scenario, load

# What there is, besides x (a column of d numbers for each sample) and h0 (one column): e is at most d.
PARAMETERS: dict[str, tuple[str, ...]] = {"W": ("d", "d"), "V": ("e", "d"), "b": ("d", "one"), "T": ("d", "k"), "c": ()}
# formulas by the kind of what they give: m is d×n (a sample a column), p is e×n, a is n×n, s a number
FORMULAS = {
    "m": (
        *("W @ {m} + b", "tanh({m})", "{m} * {m}", "{m} + b", "relu({m} - 0.3)", "{m} * {s}", "softmax({m})"),
        *("softmax({m}, axis=1)", "W.T @ {m}", "{m} - mean({m}, axis=0)", "V.T @ {p}", "{m} @ {a}", "h0 + {m}"),
        *("{m} / sqrt(mean({m} ** 2, axis=1) + 1)", "where({m} > 0.1, {m}, {m} * 0.5)", "{m} * max({m}, axis=0)"),
        *("gelu({m}) - {m} / 2", "stop({m}) + {m}", "layer_norm({m}, b, b)", "embed(T, y)", "{m} + 0.1 * noise"),
        *("sigmoid(W @ {m} + W.T @ {m} + b)", "join(heads({m}, d) * {s})", "min({m}, W @ {m})", "elu({m})"),
    ),
    "p": (
        *("V @ {m}", "{p} * {s}", "{m}[0:e]", "sigmoid({p})", "exp({p} / 4)", "log_softmax({p})", "V @ (W @ {m})"),
        *("{p} - {m}[0, 0]", "silu({p}) / (1 + {p} ** 2)", "abs({p}) + sin({p})"),
    ),
    "a": ("softmax({m}.T @ {m} / sqrt(d))", "softmax({m}.T @ {m} + causal(n), axis=1)", "{a} @ {a}", "{a}.T / 2"),
    "s": (
        "mean({m} ** 2)",
        "sum({p}) / 4",
        "norm({m} + 2)",
        "sqrt({s} ** 2 + 1)",
        "{s} * c",
        "mean(pick(T.T @ {m}, y))",
    ),
}
WHOLE_BATCH = ("causal(n)",)  # what has the size of a batch in it: the last one would not fit


@st.composite
def models(draw: st.DrawFn, iterations: int = 3) -> Scenario:
    """A scenario with a model of a few lines, each of which L reads."""
    d, n, k = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    sizes = {"d": d, "e": draw(st.integers(1, d)), "k": k, "n": n, "one": 1}
    batch = draw(st.one_of(st.none(), st.integers(1, n)))
    lines = draw(_lines(whole=batch in (None, n)))
    random = np.random.default_rng(draw(st.integers(0, 99)))

    def array(*shape: str) -> Any:
        return random.normal(size=[sizes[one] for one in shape]).round(2).tolist()

    model = {
        "forward": "\n".join(lines),
        "sizes": sizes,
        "parameters": {name: array(*own) for name, own in PARAMETERS.items()},
        "given": {
            "h0": {"value": array("d"), "gradient": True},
            "noise": {"shape": ["d"], "noise": "normal", "gradient": True},
        },
        "inputs": {"x": {"shape": ["d"], "gradient": True}, "y": {"shape": [], "classes": "k"}},
    }
    training = {"iterations": iterations} | ({"batch_size": batch, "shuffle": True} if batch else {})
    data = {"x": array("n", "d"), "y": random.integers(k, size=n).tolist()}
    optimizer = {"name": draw(st.sampled_from(["sgd", "adam"])), "learning_rate": 0.01}
    return load({"format": 1, "model": model, "data": data, "optimizer": optimizer, "training": training})


@st.composite
def _lines(draw: st.DrawFn, *, whole: bool) -> list[str]:
    known = {"m": ["x"], "p": ["(V @ x)"], "a": ["softmax(x.T @ x)"], "s": ["c"]}
    lines: list[str] = []

    def formula(kind: str) -> str:
        ways = [way for way in FORMULAS[kind] if whole or not any(one in way for one in WHOLE_BATCH)]
        text = draw(st.sampled_from(ways))
        while "{" in text:
            which = text[text.index("{") + 1]
            text = text.replace(f"{{{which}}}", draw(st.sampled_from(known[which])), 1)
        return text

    for number in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from("mmmpas"))
        name = f"v{number}"
        match draw(st.integers(0, 5)):
            case 0:
                kind, name = "m", f"g{number}[1]"
                inside = f"g{number}[t] = tanh(W @ ({formula('m')}) * t + b)"
                lines += [f"for t in 1..{draw(st.integers(1, 3))}:", f"    {inside}"]
            case 1:
                lines += [f"block part{number}:", f"    {name} = {formula(kind)}"]
            case _:
                lines.append(f"{name} = {formula(kind)}")
        known[kind].append(name)
    if draw(st.booleans()):
        lines += ["for t in 1..2:", f"    h[t] = tanh(W @ h[t-1] + {known['m'][-1]})"]
        known["m"].append("h[2]")
    terms = [f"mean({name} ** 2)" for names in known.values() for name in names]
    every = " + ".join(f"sum({name} ** 2) / 8" for name in (*PARAMETERS, "h0", "noise"))
    return [*lines, f"L = {' + '.join(terms)} + {every}"]
