"""An axis can be said by the name that it is given; and what a mask drops is drawn for every sample."""

import numpy as np
import pytest

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.explain.gradient_check import gradcheck
from backprop_tui.scenario import Scenario, ScenarioError, parse


def scenario(line: str, *, samples: int = 2, more: str = "") -> Scenario:
    """A line about z, whose axes are features and tokens, or a stack of these."""
    x = np.random.default_rng(0).normal(size=(samples, 3, 4)).round(2).tolist()
    text = (
        f"format = 1\n[model]\nforward = '''\nz = W @ x\nm = {line}\nL = sum(m ** 2)\n'''\n"
        "sizes = { T = 4, feature = 1 }\n[model.parameters]\n"
        "W = { shape = [2, 3], init = 'normal', axes = ['feature', 'pixel'] }\n"
        "[model.inputs]\nx = { shape = [3, 4], axes = ['pixel', 'token'] }\n[data]\n"
        f"x = {x if samples > 1 else x[0]}\n"
        f"[optimizer]\nname = 'sgd'\nlearning_rate = 0.1\n{more}"
    )
    return parse(text.encode(), "text.toml")


def formulas(found: Scenario) -> list[str]:
    """What is computed, and how."""
    return [str(operation.tree) for operation in Debugger(found).program.operations]


@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("function", ["sum", "mean", "max", "softmax", "log_softmax"])
@pytest.mark.parametrize(("name", "axis"), [("token", 1), ("feature", 0)])
def test_a_name_means_the_axis_of_that_name(function: str, name: str, axis: int, samples: int) -> None:
    named = scenario(f"{function}(z, axis={name})", samples=samples)
    assert formulas(named) == formulas(scenario(f"{function}(z, axis={axis})", samples=samples))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "sum(z, axis=pixel)",
            "5:17: model.forward: no axis of it is called 'pixel' (it has sample, feature, token)",
        ),
        ("sum(z, axis=sample)", "5:17: model.forward: 'sample' is an axis of a stack, not of its matrices"),
        ("softmax(z.T @ z, axis=token)", "2 of its axes are called 'token': say axis=0 or axis=1"),
        ("sum(z, axis=T)", "axis is 4, expected 0 or 1"),
        ("sum(sum(z), axis=token)", "no axis of it is called 'token' (its axes have no names)"),
    ],
)
def test_another_name_is_refused_with_those_there_are(line: str, message: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        scenario(line)
    assert message in str(raised.value)


@pytest.mark.parametrize("line", ["dropout(z, 0.5)", "dropout(tanh(z), 0.25) * dropout(z, 0.5)"])
def test_a_mask_is_drawn_for_every_sample_of_every_iteration(line: str) -> None:
    now = Debugger(scenario(line, samples=5, more="[training]\nbatch_size = 2\nseed = 3\niterations = 6\n"))
    seen = set()
    for iteration in range(1, 4):  # the third batch is the one sample that is left
        now.seek(f"{iteration}:m")
        assert now["mask_m"].shape == now["z"].shape == (1 if iteration == 3 else 2, 2, 4)
        assert set(np.unique(now["mask_m"])) <= {0.0, 1.0}
        seen.add(now["mask_m"].tobytes())
    assert len(seen) == 3
    assert all(check.agrees for check in gradcheck(now.scenario, every=True))


def test_a_share_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"5:5: model.forward: dropout leaves out a share from 0 up to 1, not 1"):
        scenario("dropout(z, 1)")
