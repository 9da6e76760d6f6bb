"""What lines are by their structure: the same whatever they are called, and nothing where they only look like it."""

import numpy as np
import pytest
from msgspec.structs import replace

from backprop_tui.engine.model.line_kinds import line_kinds
from backprop_tui.engine.model.model import Model
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Role
from backprop_tui.formula.language.tree import Name, substitute
from backprop_tui.formula.values.element import shape
from backprop_tui.scenario import bundled, load
from tests.engine.model.written import model


def kinds(
    forward: str, parameters: str, inputs: str = "", data: str = "", more: str = ""
) -> dict[str, tuple[str, str]]:
    """The kind of each line, with what it is about, and of each parameter."""
    variables = Program.of(model(forward, parameters, inputs, data, more).network).variables
    found = {n: (v.kind, v.of) for n, v in variables.items() if v.role is Role.VALUE}
    return found | {n: (v.kind, "") for n, v in variables.items() if v.role is Role.PARAMETER}


TWO = "[[1.0, 2.0], [0.5, 1.0]]"
X = ("x = { shape = [2, 2] }", f"x = {TWO}")
LOOP = "sizes = { T = 3 }\ngiven = { h0 = [0.0, 0.0], c0 = [0.0, 0.0] }"
STEPS = ('x = { shape = ["T", 2] }', "x = [[1.0, 2.0], [0.5, 1.0], [0.1, 0.2]]")


def attention(shares: str) -> dict[str, tuple[str, str]]:
    text = f"""
    anna = Wa @ x
    otto = Wo @ x
    n = anna.T @ otto
    {shares}
    m = (Wv @ x) @ p
    L = sum(m ** 2)
    """
    return kinds(text, f"Wa = {TWO}\nWo = {TWO}\nWv = {TWO}", *X)


@pytest.mark.parametrize(
    "shares",
    [
        "p = softmax(n)",
        "e = exp(n)\n    p = e / sum(e, axis=0)",
        "e = exp(n - max(n, axis=0))\n    z = sum(e, axis=0)\n    p = e / z",
        "p = exp(n) / sum(exp(n), axis=0)",
        "e = exp(n)\n    z = sum(e, axis=1)\n    r = z ** -1\n    p = e * r",
    ],
)
def test_shares_that_weight_values_are_attention_however_they_are_written(shares: str) -> None:
    found = attention(shares)
    assert found["p"][0] == "attention"
    assert found["m"] == ("mixed", "p")
    assert (found["anna"], found["Wa"]) == (("weighted", "Wa"), ("weights", ""))


def test_what_is_no_softmax_is_no_attention() -> None:
    assert attention("p = n / sum(n, axis=0)")["p"] == ("", "")
    assert attention("p = sigmoid(n)")["p"] == ("", "")


def test_a_softmax_that_parameters_weight_is_no_attention() -> None:
    found = kinds("p = softmax(W @ x)\nz = V @ p\nL = sum(z ** 2)", f"W = {TWO}\nV = {TWO}", *X)
    assert (found["p"], found["z"]) == (("shares", ""), ("weighted", "V"))


GATES = {
    "u[t] * h[t-1] + (1 - u[t]) * n[t]": ("keeps", "h1"),
    "(1 - u[t]) * n[t] + u[t] * h[t-1]": ("keeps", "h1"),
    "(1 - u[t]) * h[t-1] + u[t] * n[t]": ("lets go", "h1"),
    "h[t-1] + u[t] * n[t]": ("gate", "n2"),
    "n[t] * (2 * u[t]) + h[t-1]": ("gate", ""),
    "u[t] * c0 + n[t] + h[t-1]": ("gate", "c0"),
    "2 * u[t] + n[t] + h[t-1]": ("", ""),
    "u[t] + n[t] * h[t-1]": ("", ""),
}


@pytest.mark.parametrize("state", GATES)
def test_a_sigmoid_that_multiplies_something_is_a_gate(state: str) -> None:
    text = f"""
    for t in 1..T:
        u[t] = sigmoid(W @ x[t] + b)
        n[t] = tanh(V @ x[t])
        h[t] = {state}
    L = sum(h[T] ** 2)
    """
    found = kinds(text, f"W = {TWO}\nV = {TWO}\nb = [0.0, 0.0]", *STEPS, LOOP)
    assert found["u2"] == GATES[state]
    assert {found[f"u{t}"][0] for t in (1, 2, 3)} == {GATES[state][0]}  # in the first step and the last too
    assert found["h3"][0] in ("state", "residual")
    assert (found["W"], found["b"]) == (("weights", ""), ("bias", ""))


def test_a_norm_by_hand_by_its_columns_and_by_its_rows() -> None:
    text = """
    q = mean(x, axis=1)
    w = x - q
    e = w ** 2
    r = 1 / (n - 1) * sum(e, axis=1)
    z = (r + 1e-5) ** -0.5
    y = w * z
    u = G * y + B
    L = sum(u ** 2)
    """
    found = kinds(text, "G = [[1.0], [1.0]]\nB = [[0.0], [0.0]]", *X, "sizes = { n = 2 }")
    assert [found[name][0] for name in "qwerzyu"] == [
        *("mean", "centered", "", "variance", "deviation", "normalised", "stretched")
    ]
    assert {found[name][1] for name in "qwrzyu"} == {"x"}
    assert (found["G"], found["B"]) == (("stretch", ""), ("shift", ""))


def test_a_sum_in_which_something_goes_past_is_one_of_both() -> None:
    found = kinds("h = tanh(W @ x)\nr = V @ h + x\ns = r + h\nL = sum(s ** 2)", f"W = {TWO}\nV = {TWO}", *X)
    assert (found["r"], found["s"]) == (("residual", "x"), ("residual", "h"))
    found = kinds("h = W @ x\nk = V @ x\nr = h + k\nL = sum(r ** 2)", f"W = {TWO}\nV = {TWO}", *X)
    assert found["r"] == ("", "")


def test_what_a_mask_leaves() -> None:
    found = kinds("h = W @ x\nd = dropout(h, 0.5)\nL = sum(d ** 2)", f"W = {TWO}", *X)
    assert (found["mask_d"], found["d"]) == (("mask", "noise_d"), ("dropped", "h"))
    found = kinds("h = W @ x\nd = dropout(h, 0.5) * 2\nL = sum(d ** 2)", f"W = {TWO}", *X)
    assert found["d"] == ("", "")


def test_what_parameters_weight_in_the_end_are_no_scores() -> None:
    text = "h = (x @ x.T) @ (x @ V)\np = softmax(h, axis=1)\nL = sum(p ** 2)"
    assert kinds(text, f"V = {TWO}", *X)["h"][0] == "scores"
    text = "h = x @ x.T @ V\np = softmax(h, axis=1)\nL = sum(p ** 2)"
    assert kinds(text, f"V = {TWO}", *X)["h"] == ("weighted", "V")


def test_what_is_added_up_to_the_loss() -> None:
    text = "for t in 1..T:\n    h[t] = W @ x[t]\n    l[t] = sum(h[t] ** 2)\nL = sum(l[t] for t in 1..T)"
    assert kinds(text, f"W = {TWO}", *STEPS, "sizes = { T = 3 }")["l2"] == ("part of L", "L")


def test_a_parameter_that_is_read_in_several_ways_is_of_no_kind() -> None:
    found = kinds("h = W @ x + W\nL = sum(h ** 2)", f"W = {TWO}", *X)
    assert found["W"] == ("", "")


@pytest.mark.parametrize("name", [name for name, _ in bundled() if isinstance(load(name).network, Model)])
def test_names_have_no_say(name: str) -> None:
    """Each line stays what it is where everything is called something else."""
    whole = load(name).network
    assert isinstance(whole, Model)
    start = whole.parameters() | whole.constants()
    shapes = {n: np.shape(value) for n, value in start.items()}
    for line in whole.lines:
        shapes[line.name] = shape(line.tree, shapes)
    new = {n: n if n == "L" else f"v{k}" for k, n in enumerate(shapes)}
    lines = [
        replace(o, name=new[o.name], tree=substitute(o.tree, {n: Name(v) for n, v in new.items()})) for o in whole.lines
    ]
    found = line_kinds(
        lines, {new[n]: own for n, own in shapes.items()}, [new[n] for n in whole.start], [new[n] for n in whole.drawn]
    )
    assert found == {new[n]: (kind, new.get(about, "")) for n, (kind, about) in whole.line_kinds.items()}
