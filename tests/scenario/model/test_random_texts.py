"""Random texts of models: shapes first, then formulas that fit, loops and shared parameters among them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.explain.gradient_check import gradcheck
from backprop_tui.engine.model.model import Model
from backprop_tui.formula.language.parse import Limits, parse
from backprop_tui.formula.values.element import element, evaluate
from backprop_tui.formula.writing.printer import source
from backprop_tui.scenario import Scenario
from backprop_tui.scenario import parse as parse_file

# formulas by the kind of what they give: m is 3×2 (a sample a column), p is 2×2, s a number
FORMULAS = {
    "m": (
        *("W @ {m} + b", "tanh({m})", "{m} * {m}", "{m} + b", "relu({m} - 0.3)", "{m} * {s}", "softmax({m})"),
        *("softmax({m}, axis=1)", "W.T @ {m}", "concat({p}, {m}[0:1])", "{m} - mean({m}, axis=0)", "V.T @ {p}"),
        *("{m} / sqrt(mean({m} ** 2, axis=1) + 1)", "where({m} > 0.1, {m}, {m} * 0.5)", "{m} * max({m}, axis=0)"),
        *("gelu({m}) - {m} / 2", "stop({m}) + {m}", "layer_norm({m}, b, b)", "beside({m}[:, 0:1], {m}[:, 1:2])"),
    ),
    "p": ("V @ {m}", "{p} * {s}", "{m}[1:3]", "sigmoid({p})", "{p}.T @ {p}", "exp({p} / 4)", "log_softmax({p})"),
    "s": ("mean({m} ** 2)", "sum({p}) / 4", "norm({m} + 2)", "sqrt({s} ** 2 + 1)", "{s} * c"),
}
FILE = """
format = 1
[model]
forward = '''
{forward}
'''
given = {{ h0 = {{ value = [0.1, -0.2, 0.3], gradient = true }} }}
[model.parameters]
W = [[0.5, -0.4, 0.2], [0.1, 0.3, -0.6], [-0.2, 0.7, 0.4]]
V = [[0.3, 0.8, -0.1], [-0.5, 0.2, 0.6]]
b = [0.1, -0.3, 0.2]
c = 0.7
[model.inputs]
x = {{ shape = [3], gradient = true }}
[data]
x = [[0.4, -0.9, 0.3], [1.1, 0.2, -0.5]]
[optimizer]
name = "sgd"
learning_rate = 0.01
"""


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """A scenario with a model of a few lines, each of which L reads."""
    known = {"m": ["x"], "p": ["(V @ x)"], "s": ["c"]}
    lines: list[str] = []
    for number in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from("mmps"))
        formula = draw(st.sampled_from(FORMULAS[kind]))
        while "{" in formula:
            which = formula[formula.index("{") + 1]
            formula = formula.replace(f"{{{which}}}", draw(st.sampled_from(known[which])), 1)
        if kind == "m" and draw(st.integers(0, 3)) == 0:
            lines += [f"for t in 1..{draw(st.integers(1, 3))}:", f"    g{number}[t] = tanh(W @ ({formula}) * t + b)"]
            name = f"g{number}[1]"
        else:
            name = f"v{number}"
            lines.append(f"{name} = {formula}")
        known[kind].append(name)
    if draw(st.booleans()):
        lines += ["for t in 1..2:", f"    h[t] = tanh(W @ h[t-1] + {known['m'][-1]})"]
        known["m"].append("h[2]")
    terms = [f"mean({name} ** 2)" for kind in "mps" for name in known[kind]]
    lines.append(f"L = {' + '.join(terms)} + sum(W ** 2) / 8 + sum(V ** 2) + sum(b ** 2) + c ** 2")
    return parse_file(FILE.format(forward="\n".join(lines)).encode(), "random.toml")


@settings(max_examples=25, deadline=None)
@given(scenarios())
def test_a_random_model(scenario: Scenario) -> None:
    """Its gradients are slopes of L, its formulas read back, and its elements have the values of the whole."""
    model = scenario.network
    assert isinstance(model, Model)
    for check in gradcheck(scenario, every=True):
        assert check.agrees, f"{[line.name for line in model.lines]}\n{check}"
    debugger = Debugger(scenario)
    debugger.seek(len(debugger.program.operations))
    frame, program = debugger.moment().frame, debugger.program
    for operation in program.operations:
        if "@" not in source(operation.tree).replace(" @ ", ""):  # a step's part of a gradient has a name of its own
            assert parse(source(operation.tree), Limits(10_000, 2_000, 100)) == operation.tree
        at = (0,) * len(operation.shape)
        values = {name: frame[key] for name, key in operation.keys.items()}
        scalar = element(operation.tree, at, program.shapes)
        np.testing.assert_allclose(evaluate(scalar, values), frame[operation.key][at], rtol=1e-9, atol=1e-12)
