"""Gradients beside finite differences: right ones agree, wrong ones are found, kinks are said."""

from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings

from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.basics.slices import run_out
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.explain.gradient_check import MOST, Check, check, gradcheck, gradient_at, gradients
from backprop_tui.debugger.explain.gradient_check_text import details, summary
from backprop_tui.engine.network.network import Layer, Network
from backprop_tui.engine.program.program import Program
from backprop_tui.formula.language.primitives import PRIMITIVES
from backprop_tui.scenario import Scenario, bundled, load
from tests.debugger.scenarios import scenarios, training
from tests.engine.networks import CASES, Case
from tests.engine.options import IN_BATCHES, NETWORKS
from tests.sampled import some


def text(scenario: Scenario, checks: tuple[Check, ...]) -> str:
    program = Program.of(scenario.network)
    return "\n".join(summary(checks, Writing(program.symbols, digits=10), program))


def agree(scenario: Scenario, iteration: int = 1) -> None:
    """Every gradient agrees, of intermediates too, and all of each can be told but where it is the rounding of L, as
    behind a batch norm of two samples, which are always −1 and 1.
    """
    checks = gradcheck(scenario, iteration, every=True)
    for one in checks:
        assert one.agrees, text(scenario, (one,))
        assert one.counts["unknown"] == 0 or one.largest <= 1e-11 * max(1.0, one.loss), text(scenario, (one,))
    assert [one.gradient for one in checks] == [o.name for o in gradients(Program.of(scenario.network))]


@pytest.mark.parametrize("name", some([name for name, _ in bundled()], 5))
def test_every_bundled_scenario_agrees(name: str) -> None:
    scenario = load(name)
    agree(scenario)
    assert all(one.agrees for one in gradcheck(scenario, 2, every=True))


@pytest.mark.parametrize("name", some([*NETWORKS, *IN_BATCHES], 6))
def test_with_every_option(name: str) -> None:
    agree(training((NETWORKS | IN_BATCHES)[name]), 2)


@pytest.mark.parametrize("case", some(CASES.values(), 8, 120), ids=str)
def test_of_rows_of_the_tables(case: Case) -> None:
    agree(training(case.network()))


def right_and_seen(scenario: Scenario) -> None:
    """No gradient differs, and each would if it were off by 1 % and that is more than what may be rounding; where no
    slope is found, such as behind a norm of next to nothing, nothing is told.
    """
    for one in gradcheck(scenario, scenario.iterations, every=True):
        assert one.agrees, text(scenario, (one,))
        for entry in one.entries:
            if entry.numeric is not None and entry.left is None and 0.01 * abs(entry.analytic) > 2 * entry.allowed:
                off = msgspec.structs.replace(entry, analytic=entry.analytic * 1.01)
                assert one.outcome(off) == "differs", (one.gradient, entry)


@settings(max_examples=5)
@given(scenarios)
def test_of_random_networks(scenario: Scenario) -> None:
    right_and_seen(scenario)


@pytest.mark.exhaustive
@settings(max_examples=60)
@given(scenarios)
def test_of_many_random_networks(scenario: Scenario) -> None:
    right_and_seen(scenario)


def behind_a_norm(x: list[float], y: list[float]) -> Scenario:
    """One unit with a batch norm, whose z is 0.7x + 0.1."""
    layers = (
        Layer(np.array([[0.7]]), np.array([[0.1]]), "tanh", norm="batch"),
        Layer(np.array([[1.0]]), np.array([[0.0]]), "identity"),
    )
    return training(Network(layers, np.array([x]), np.array([y]), "sum-squared-error", "sgd", {"learning_rate": 0.1}))


@pytest.mark.parametrize(
    ("x", "y", "analytic"),
    [
        ([0.3, 0.3 + 1e-3], [1.0, 2.0], 4192.17),
        ([0.3, 0.3 + 1e-6], [1.0, 2.0], 5.53276),
        ([0.3, 0.3 + 1e-12, 0.3], [1.0, 2.0, 4.0], -2.4634e-6),
        ([0.3, 0.3 + 1e-14], [1.0, 2.0], 5.5296e-8),
        ([0.3, 0.3 + 1e-15], [1.0, 2.0], 4.3885e-9),
    ],
)
def test_behind_a_norm_of_nearly_equal_samples(x: list[float], y: list[float], analytic: float) -> None:
    """L bends within 1e-5, what the norm adds to the variance, and so little that a wide step sees a slope of 0."""
    found = {one.gradient: one for one in gradcheck(behind_a_norm(x, y), every=True)}
    assert found["dL_dvar1"].entries[0].analytic == pytest.approx(analytic, rel=1e-3)
    for one in found.values():
        assert one.agrees
        for entry in one.entries:
            assert entry.numeric is not None
            assert abs(entry.analytic - entry.numeric) <= entry.error + entry.rounding, one.gradient


@contextmanager
def mistaken(primitive: str, **changes: str) -> Iterator[None]:
    """A row of the primitives that is wrong."""
    right = PRIMITIVES[primitive]
    PRIMITIVES[primitive] = msgspec.structs.replace(right, **changes)
    try:
        yield
    finally:
        PRIMITIVES[primitive] = right


MISTAKES = {  # a primitive, what is wrong, a network that has it, the gradients that are then wrong
    "no gate": ("relu", {"derivative": "fill(1, a)"}, "article", {"dL_dW1", "dL_db1"}),
    "the sigmoid's derivative of its argument": (
        "sigmoid",
        {"derivative": "a * (1 - a)"},
        "vanishing-gradient",
        {f"dL_d{kind}{k}" for k in range(1, 8) for kind in "Wb"},  # the output has a stable form
    ),
    "a factor that is left out": ("tanh", {"derivative": "1 - ans"}, "xor", {"dL_dW1", "dL_db1"}),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_a_wrong_gradient_is_found(what: str) -> None:
    primitive, changes, name, wrong = MISTAKES[what]
    with mistaken(primitive, **changes):
        checks = gradcheck(load(name))
        said = text(load(name), checks)
    assert {one.gradient for one in checks if not one.agrees} == wrong
    assert "DIFFERS" in said
    assert said.splitlines()[-1].startswith("not what L does: ∂L/∂W")


def test_one_per_cent_is_found_and_what_rounding_hides_is_not_called_a_difference() -> None:
    for one in gradcheck(load("mazur"), every=True):
        for entry in one.entries:
            assert one.outcome(msgspec.structs.replace(entry, analytic=entry.analytic * 1.01)) == "differs"
            hidden = msgspec.structs.replace(
                entry, analytic=entry.analytic + 0.9 * entry.allowed, numeric=entry.analytic
            )
            assert one.outcome(hidden) == "agrees"
            noisy = msgspec.structs.replace(hidden, error=abs(entry.analytic) + one.largest)
            assert one.outcome(noisy) == "unknown"


def one_relu(x: float, weight: float = 0.0) -> Scenario:
    """A unit that is exactly on the kink where its weight is 0."""
    layers = (
        Layer(np.array([[weight]]), None, "relu"),
        Layer(np.array([[2.0]]), None, "identity"),
    )
    return training(
        Network(layers, np.array([[x]]), np.array([[1.0]]), "mean-squared-error", "sgd", {"learning_rate": 0.1})
    )


def test_a_kink_is_said_with_both_slopes() -> None:
    scenario = one_relu(3.0)
    found = {one.gradient: one for one in gradcheck(scenario, every=True)}
    for name, left, right in (("dL_dW1", 0.0, -12.0), ("delta1", 0.0, -4.0)):
        entry = found[name].entries[0]
        assert (entry.left, entry.right) == pytest.approx((left, right), abs=1e-6)
        assert (entry.numeric, entry.analytic) == (None, 0.0)
        assert entry.kink == ("h1", (0, 0))
        assert found[name].outcome(entry) == "kink"
        assert found[name].agrees
    assert found["dL_dh1"].counts["agrees"] == 1
    said = text(scenario, (found["dL_dW1"],))
    assert "∂L/∂W₁[0] lies on the kink of ReLU(z₁), at h[0]: the slope is 0 to the left and −12" in said
    assert "0 by the convention, which is PyTorch's" in said


def test_a_gradient_that_is_on_neither_side_of_a_kink_is_wrong() -> None:
    with mistaken("relu", derivative="3 * indicator(a >= 0)"):
        one = next(one for one in gradcheck(one_relu(3.0)) if one.gradient == "dL_dW1")
    assert one.entries[0].analytic == -36
    assert not one.agrees


@pytest.mark.parametrize("weight", [1e-12, -1e-12, 1e-7, -1e-4])
def test_beside_a_kink_the_slope_is_that_of_the_own_side(weight: float) -> None:
    for one in gradcheck(one_relu(3.0, weight), every=True):
        assert one.agrees
        assert one.counts["kink"] == 0
        assert one.counts["agrees"] == 1, one.worst


def test_where_only_the_curvature_jumps_there_is_no_kink() -> None:
    scenario = one_relu(3.0)
    first, last = scenario.network.layers
    smooth = msgspec.structs.replace(first, activation="elu")
    network = msgspec.structs.replace(scenario.network, layers=(smooth, last))
    assert all(one.counts["agrees"] == 1 for one in gradcheck(training(network), every=True))


def test_a_large_gradient_is_sampled_and_that_is_said() -> None:
    network = Case(("tanh", "identity"), "half-squared-error", batch=2, units=(60, 20)).network()
    debugger = Debugger(training(network))
    frame = debugger.timeline.frame(1)
    gradient = frame["dL_dW2"]
    one = run_out(check(frame, "dL_dW2", focus=(17, 33)))
    assert gradient.size > len(one.entries) >= MOST * 3 // 4
    assert one.agrees
    assert one[17, 33].analytic == gradient[17, 33]
    largest = np.unravel_index(np.abs(gradient).argmax(), gradient.shape)
    assert one[tuple(map(int, largest))].analytic == gradient[largest]
    lines = list(details(one, Writing(debugger.program.symbols), debugger.program))
    assert f"{len(one.entries)} of its 1,200 entries" in lines[0]


def test_after_an_edit_it_is_the_branch_that_is_compared() -> None:
    debugger = Debugger(load("article"))
    debugger.assign("W2[0,1]", 0.25)
    right = run_out(check(debugger.moment().frame, "dL_dW1"))
    assert right.agrees
    assert right[1, 0].analytic == debugger.timeline.frame(1)["dL_dW1"][1, 0] < 0
    debugger.undo()
    debugger.seek("1:L")
    debugger.assign("W2[0,1]", 0.25)  # L is that of the old value, the gradients come from the new one
    stale = run_out(check(debugger.moment().frame, "dL_dW1"))
    assert not stale.agrees
    assert stale.edited == ("W2[0,1]",)
    lines = "\n".join(details(stale, Writing(debugger.program.symbols), debugger.program))
    assert "edited between the operations of this iteration: W2[0,1]; :rerun" in lines
    debugger.rerun()
    assert run_out(check(debugger.moment().frame, "dL_dW1")).agrees


def test_an_edited_gradient_is_the_one_that_is_compared() -> None:
    debugger = Debugger(load("article"))
    debugger.seek("1:dL_dW2")
    debugger.assign("dL_dW2[0,0]", 5.0)
    here = debugger.moment()
    one = run_out(check(here.frame, "dL_dW2", here.index))
    assert one[0, 0].analytic == 5.0
    assert one.outcome(one[0, 0]) == "differs"
    assert one.outcome(one[0, 1]) == "agrees"


def test_what_is_too_large_to_be_seen_is_no_disagreement() -> None:
    scenario = load("exploding-gradient")
    checks = gradcheck(scenario, 3)
    assert any(one.counts["unknown"] for one in checks)
    assert all(one.agrees for one in checks)
    said = text(scenario, checks)
    assert "∂L/∂b₂: nothing can be told of 2: L is not finite there, or so large beside its slope" in said
    assert said.endswith("every gradient agrees, as far as can be told")


@pytest.mark.parametrize(
    ("variable", "gradient"), [("z1", "delta1"), ("W1", "dL_dW1"), ("y_hat", "dL_dy_hat"), ("z_hat1", "dL_dz_hat1")]
)
def test_names(variable: str, gradient: str) -> None:
    program = Program.of(Case(("tanh", "sigmoid"), "mean-squared-error", norms=("layer",)).network())
    assert program.gradients[variable] == gradient
    assert program.variables[gradient].wrt == variable
    assert not program.variables[variable].wrt


def test_the_gradient_that_is_meant() -> None:
    program = Program.of(load("article").network)
    assert [gradient_at(name, program) for name in ("W1", "dL_dW1", "z1", "delta1", "h1", "x", "eta", "dh1_dz1")] == [
        *("dL_dW1", "dL_dW1", "delta1", "delta1", "dL_dh1"),
        *(None, None, None),
    ]


def test_what_a_step_adds_is_a_slope_of_a_parameter_that_moves_in_that_step_alone() -> None:
    checks = {one.gradient: one for one in gradcheck("rnn-through-time", every=True)}
    assert {"dL_dWh@1", "dL_dWh@2"} <= checks.keys()
    one, two, both = (checks[name].entries[0] for name in ("dL_dWx@1", "dL_dWx@2", "dL_dWx"))
    assert one.numeric == pytest.approx(-0.1461970749, rel=1e-8)
    assert two.numeric == pytest.approx(-0.6872820806, rel=1e-8)
    assert both.numeric == pytest.approx(-0.1461970749 - 0.6872820806, rel=1e-8)
    assert [one.gradient for one in gradcheck("rnn-through-time")] == ["dL_dWx", "dL_dWh", "dL_db", "dL_dWy"]


def test_a_wrong_part_of_a_step_is_found() -> None:
    debugger = Debugger(load("rnn-through-time"))
    debugger.seek("1:dL_dWx@2")
    debugger.assign("dL_dWx@2", -0.7)
    debugger.seek("1:dL_dWx")
    frame = debugger.moment().frame
    found = run_out(check(frame, "dL_dWx@2"))
    assert not found.agrees
    assert run_out(check(frame, "dL_dWx@1")).agrees


def test_what_is_stopped_in_a_step_stays_where_it_is() -> None:
    forward = """
for t in 1..T:
    a[t] = x * (stop(w) - 3 * w) ** 2
L = sum(a[t] for t in 1..T)
"""
    model = {"forward": forward, "sizes": {"T": 2}, "parameters": {"w": 0.5}, "inputs": {"x": {"shape": []}}}
    file = {"format": 1, "model": model, "data": {"x": 2.0}, "optimizer": {"name": "sgd", "learning_rate": 0.1}}
    checks = {check.gradient: check for check in gradcheck(load(file), every=True)}
    assert all(check.agrees for check in checks.values())
    assert checks["dL_dw@2"].worst.numeric == pytest.approx(2.0 * 2 * (0.5 - 1.5) * -3)
