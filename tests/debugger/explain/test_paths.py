"""The paths from a number to L: their products add up to the gradient, and each factor is a slope."""

import numpy as np
import pytest
from hypothesis import given

from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.explain.explanation_text import paths as lines_of
from backprop_tui.debugger.explain.forward_graph import Forward
from backprop_tui.debugger.explain.gradient_check import gradients
from backprop_tui.debugger.explain.paths import LISTED, Paths, paths
from backprop_tui.engine.program.program import Frame
from backprop_tui.formula.values.compile import compiled
from backprop_tui.scenario import Scenario, bundled, load
from tests.debugger.scenarios import scenarios, training
from tests.engine.model.written import model
from tests.engine.networks import CASES, Case
from tests.engine.options import IN_BATCHES, NETWORKS
from tests.sampled import some


def text(found: Paths, debugger: Debugger) -> str:
    return "\n".join(lines_of(found, Writing(debugger.program.symbols)))


def adds_up(scenario: Scenario, iteration: int = 1, most: int = 3) -> None:
    """For every gradient: the paths add up to it, their factors are their formulas, and so does every layer."""
    debugger = Debugger(scenario)
    frame = debugger.timeline.frame(iteration)
    forward = Forward(frame)
    for operation in gradients(frame.program):
        gradient = frame[operation.key]
        if not np.isfinite(gradient).all():
            continue
        scale = float(np.abs(gradient).max())
        places = list(np.ndindex(np.shape(gradient)))
        for at in places[: most - 1] + places[-1:]:
            found = paths(forward, operation.name, at)
            assert found.agrees, (operation.name, at, text(found, debugger))
            assert found.gradient == gradient[at]
            np.testing.assert_allclose(found.total, gradient[at], rtol=1e-6, atol=1e-9 * max(1.0, scale))
            assert bool(found.listed) == (0 < found.count <= LISTED)
            assert len(found.listed) in (0, found.count)
            for path in found.listed:
                assert path.addresses[0] == found.start
                assert path.addresses[-1].name == "L"
                for factor in path.factors:
                    if factor.expansion is not None:
                        np.testing.assert_allclose(factor.expansion.value, factor.value, rtol=1e-9, atol=1e-12)
            firsts = {layer.first for layer in found.layers}
            if firsts == {""}:
                for layer in found.layers:
                    np.testing.assert_allclose(layer.total, gradient[at], rtol=1e-6, atol=1e-8 * max(1.0, scale))
            assert text(found, debugger)


@pytest.mark.parametrize("name", some([name for name, _ in bundled()], 5))
def test_of_every_bundled_scenario(name: str) -> None:
    adds_up(load(name))
    adds_up(load(name), 2)


@pytest.mark.parametrize("name", some([*NETWORKS, *IN_BATCHES], 6))
def test_with_every_option(name: str) -> None:
    adds_up(training((NETWORKS | IN_BATCHES)[name]), 2, most=2)


@pytest.mark.parametrize("case", some(CASES.values(), 6, 120), ids=str)
def test_of_rows_of_the_tables(case: Case) -> None:
    adds_up(training(case.network()), most=2)


@given(scenarios)
def test_of_random_networks(scenario: Scenario) -> None:
    debugger = Debugger(scenario)
    frame = debugger.timeline.frame(1)
    if all(np.isfinite(frame[o.key]).all() for o in frame.program.operations) and "std" not in str([*frame]):
        adds_up(scenario, most=2)


def slopes_of(frame: Frame, found: Paths) -> None:
    """Every factor of every path is the slope of its operation, by differences: nothing of the rules is used."""
    steps = {step.name: step for step in Forward(frame).steps}
    for path in found.listed:
        for factor in path.factors:
            step = steps[factor.of.name]
            values = {name: np.array(frame[key]) for key, name in step.reads.items()}
            outcome = []
            for by in (1e-6, -1e-6):
                moved = values[factor.by.name].copy()
                moved[factor.by.at] += by
                with np.errstate(all="ignore"):
                    outcome.append(compiled(step.tree)(values | {factor.by.name: moved})[factor.of.at])
            assert (outcome[0] - outcome[1]) / 2e-6 == pytest.approx(factor.value, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("name", ["article", "mazur", "xor", "regularisation", "saturation"])
def test_each_factor_is_a_slope(name: str) -> None:
    debugger = Debugger(load(name))
    frame = debugger.timeline.frame(1)
    for operation in gradients(frame.program):
        for at in list(np.ndindex(operation.shape))[:3]:
            slopes_of(frame, paths(Forward(frame), operation.name, at))


def test_of_the_article_there_is_one() -> None:
    debugger = Debugger(load("article"))
    debugger.seek("1:dL_dW1")
    found = debugger.explain("dL_dW1[1,0]").paths
    assert found is not None
    said = text(found, debugger).splitlines()
    assert said == [
        "1 path from W₁[1,0] to L, each with the product of its local derivatives",
        "  W₁[1,0] → z₁[1] → h[1] → z₂[0] → ŷ[0] → L",
        "    x[0] · f′(z₁)[1] · W₂[0,1] · ∂ŷ/∂z₂[0] · ∂L/∂ŷ[0] = 1 · 1 · (−1) · 0.1779 · (−4.3201) = 0.7685",
        "together 0.7685: that is the gradient",
    ]
    assert debugger.explain("z1[1]").paths is None


def test_two_outputs_are_two_paths() -> None:
    debugger = Debugger(load("mazur"))
    debugger.seek("1:")
    found = debugger.explain("dL_dW1[0,0]").paths
    assert found is not None
    assert [str(path.addresses[3]) for path in found.listed] == ["z2[0,0]", "z2[1,0]"]


def test_a_penalty_is_a_path_of_its_own() -> None:
    debugger = Debugger(load("regularisation"))
    debugger.seek("1:")
    found = debugger.explain("dL_dW1[0,0]").paths
    assert found is not None
    names = [[address.name for address in path.addresses] for path in found.listed]
    assert ["W1", "penalty", "L"] in names


def test_too_many_are_summed_by_layer_and_that_is_said() -> None:
    debugger = Debugger(load("vanishing-gradient"))
    debugger.seek("1:")
    found = debugger.explain("dL_dW1[0,0]").paths
    assert found is not None
    assert (found.count, found.listed) == (2**6, ())
    assert [layer.name for layer in found.layers] == [name for k in range(1, 8) for name in (f"z{k}", f"h{k}")] + [
        "z8",
        "y_hat",
    ]
    assert "64 paths from W₁[0,0] to L: too many to list, so they are summed by what they go through" in text(
        found, debugger
    )
    assert found.agrees


def test_what_an_edit_made_of_a_variable_is_told_apart() -> None:
    debugger = Debugger(load("attention"))
    debugger.seek("1:s")
    debugger.assign("s[0,0]", 3.0)
    debugger.seek("1:dL_dWq")
    found = debugger.explain("dL_dWq[0,0]").paths
    assert found is not None
    begun = [line.strip().partition(":")[0] for line in text(found, debugger).splitlines()]
    assert {"through s", "through s, as edited"} <= {*begun}
    assert len({*begun}) == len(begun)


def test_a_formula_that_nobody_would_read_is_named() -> None:
    scenario = model(
        "L = cross_entropy(A @ embed(E, c) + b, n)",
        'A = { shape = [6, 5], init = "normal" }\nE = { shape = [5, 6], init = "normal", seed = 2 }\nb = 0.5',
        "c = { shape = [], classes = 6 }\nn = { shape = [], classes = 6 }",
        "c = [0, 1]\nn = [1, 2]",
    )
    debugger = Debugger(scenario)
    debugger.seek("1:")
    found = debugger.explain("dL_dE[0,0]").paths
    assert found is not None
    lines = text(found, debugger).splitlines()
    assert lines[2].startswith("    ∂L/∂E[0,0] = ")
    assert max(map(len, lines)) < 100
    assert found.agrees


def test_of_many_steps_those_are_told_that_most_goes_through() -> None:
    steps = 30
    scenario = model(
        f"""
        for t in 1..{steps}:
            h[t] = tanh(W @ h[t-1] + x[t])
        L = sum(h{steps} ** 2)
        """,
        "W = [[0.5, -0.4], [0.3, 0.6]]",
        f"x = {{ shape = [{steps}, 2] }}",
        f"x = {[[0.1 * (k % 5), 0.2 - 0.1 * (k % 3)] for k in range(steps)]}",
        "given = { h0 = [0.1, 0.2] }",
    )
    debugger = Debugger(scenario)
    debugger.seek("1:")
    found = debugger.explain("dL_dW[0,1]").paths
    assert found is not None
    *told, left = found.layers
    parts = {f"h{k}": float(debugger[f"dL_dW@{k}"][0, 1]) for k in range(1, steps + 1)}
    large = sorted(parts, key=lambda name: -abs(parts[name]))[:16]
    assert [layer.name for layer in told] == [name for name in parts if name in large]
    np.testing.assert_allclose([layer.total for layer in told], [parts[layer.name] for layer in told], rtol=1e-9)
    assert (left.name, left.count) == ("", 14)
    np.testing.assert_allclose(left.total, sum(parts[name] for name in parts if name not in large), rtol=1e-9)
    assert text(found, debugger).splitlines()[-2].startswith("  by way of 14 others: ")
    assert found.agrees


def test_after_an_edit_in_between_they_do_not_add_up_and_that_is_said() -> None:
    debugger = Debugger(load("article"))
    debugger.seek("1:L")
    debugger.assign("W2[0,1]", 3.0)
    debugger.seek("1:dL_dW1")
    found = debugger.explain("dL_dW1[1,0]").paths
    assert found is not None
    assert not found.agrees
    assert "and the gradient is −2.3056: the iteration was edited" in text(found, debugger)
    debugger.rerun()
    again = debugger.explain("dL_dW1[1,0]").paths
    assert again is not None
    assert again.agrees


def test_through_an_edited_value_nothing_flows_from_before() -> None:
    debugger = Debugger(load("article"))
    debugger.seek("1:z1")
    debugger.assign("z1[1]", 2.0)
    frame = debugger.timeline.frame(1)
    assert paths(Forward(frame), "delta1", (1, 0)).agrees
    found = paths(Forward(frame), "dL_dW1", (1, 0))
    assert (found.total, found.agrees) == (0.0, False)  # it was set: the weight does not move it


def test_where_the_textbook_form_is_not_finite_paths_take_the_stable_one() -> None:
    debugger = Debugger(load("article"))
    debugger.assign("b2", -2000.0)
    frame = debugger.timeline.frame(1)
    found = paths(Forward(frame), "dL_dW1", (1, 0))
    assert found.agrees
    assert [str(address) for address in found.listed[0].addresses] == [
        "W1[1,0]",
        "z1[1,0]",
        "h1[1,0]",
        "z2[0,0]",
        "L",
    ]


def test_a_sum_that_nothing_moves_in_stays_as_a_factor() -> None:
    """A logit's way to a cross-entropy of labels has the sum of one sample's labels as a factor."""
    adds_up(load("convolution"), most=1)


def test_of_what_a_step_adds_they_begin_in_this_step() -> None:
    debugger = Debugger(load("rnn-through-time"))
    debugger.seek("1:Wy")
    found = {name: debugger.explain(name).paths for name in ("dL_dWx", "dL_dWx@1", "dL_dWx@2")}
    ways = {name: [path.addresses[1].name for path in of.listed] for name, of in found.items() if of is not None}
    assert ways == {"dL_dWx": ["a1", "a1", "a2"], "dL_dWx@1": ["a1", "a1"], "dL_dWx@2": ["a2"]}
    assert all(of is not None and of.agrees for of in found.values())
