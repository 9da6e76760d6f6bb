"""Conventions of a source are recognised, or declared, and are no error."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from backprop_tui.debugger.audit.audit import check
from backprop_tui.engine.mistakes.conventions import CONVENTIONS, KEYS
from backprop_tui.engine.mistakes.mistaken_program import Mistaken, Slip
from backprop_tui.engine.mistakes.mistakes import MISTAKES
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.scenario import ScenarioError, load
from backprop_tui.scenario.format.schema import Conventions
from tests.debugger.mistakes.diagnosis.sources import audited, names_of, of_run, published
from tests.engine.networks import Case
from tests.engine.options import optimizer

NET = Case(("tanh", "sigmoid"), "binary-cross-entropy", batch=4, units=(3, 2)).network()
ALL = ("delta2", "dL_dW2", "dL_db2", "delta1", "dL_dW1", "dL_db1")
FILE = """
format = 1
[network]
inputs = 2
[[network.layers]]
activation = "identity"
weights = [[0.5, -1.0]]
bias = [0.25]
[data]
x = [[1.0, 2.0], [3.0, 5.0]]
y = [1.0, 0.5]
[loss]
name = "half-squared-error"
[optimizer]
name = "sgd"
learning_rate = 0.1
[conventions]
layout = "rows"
[[published]]
name = "z1"
value = [[-1.25], [-3.25]]
[[published]]
name = "dL_dW1"
value = [[-6.75], [-11.625]]
"""


@pytest.mark.parametrize(("name", "factor"), [("delta-t-o", -1.0), ("mean-in-gradients", 4.0)])
def test_delta_in_another_convention(name: str, factor: float) -> None:
    program = Program.of(NET)
    printed = of_run(program, Timeline(program), ALL, (1,))
    turned = {key: value * (factor if key[0].startswith("delta") else 1) for key, value in printed.items()}
    audit = audited(NET, turned, 6)
    assert audit.agrees
    assert names_of(audit) == {name}
    (cause,) = audit.causes
    assert {*cause.at} == {"delta1", "delta2"}


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_two_conventions_of_a_source(momentum: float) -> None:
    """Of one array, δ = m(t − o), or of different ones."""
    program = Program.of(msgspec.structs.replace(NET, settings={"learning_rate": 0.1, "momentum": momentum}))
    printed = of_run(program, Timeline(program), (*ALL, *(("m_W1", "W1") if momentum else ())), (1, 2))
    factors = {"delta1": -4.0, "delta2": -4.0} if not momentum else {"delta1": -1.0, "delta2": -1.0, "m_W1": 0.1}
    audit = audited(program.network, {key: value * factors.get(key[0], 1.0) for key, value in printed.items()}, 7)
    assert audit.agrees
    assert names_of(audit) == {"delta-t-o", "velocity-with-rate" if momentum else "mean-in-gradients"}


CONFIDENT = {
    "format": 1,
    "network": {
        "inputs": 2,
        "layers": [
            {"activation": "tanh", "weights": [[0.6, -0.3], [0.2, 0.9]], "bias": [0.1, -0.2]},
            {"activation": "sigmoid", "weights": [[9.0, 6.5]], "bias": [0.4]},
        ],
    },
    "data": {"x": [[0.3, -0.8], [2.5, 1.9], [-0.4, 0.2], [-2.1, -3.0]], "y": [1, 1, 1, 0]},
    "loss": {"name": "binary-cross-entropy"},
    "optimizer": {"name": "sgd", "learning_rate": 0.5},
}
"""Its outputs for the second and the last sample are so sure that four decimals show no error there."""


@pytest.mark.parametrize("slips", [(), ("updates-first",)])
def test_what_prints_the_same_in_both_is_no_evidence_against_a_convention(slips: tuple[str, ...]) -> None:
    scenario = load(CONFIDENT)
    program = Program.of(scenario.network)
    own = Mistaken.of(program, *(Slip.of(MISTAKES[name]) for name in slips)).program if slips else program
    printed = of_run(program, Timeline(own), ALL, (1,))
    assert np.abs(printed["delta2", 1]).min() < 1e-5
    turned = {key: value * (4 if key[0].startswith("delta") else 1) for key, value in printed.items()}
    audit = check(msgspec.structs.replace(scenario, published=published(turned, 4)))
    assert names_of(audit, "is") == {"mean-in-gradients", *slips}
    assert audit.agrees is (not slips)


def test_a_sign_that_goes_on_into_the_gradients_is_no_convention() -> None:
    program = Program.of(NET)
    printed = of_run(program, Timeline(program), ALL, (1,))
    audit = audited(NET, {key: -value for key, value in printed.items()}, 6)
    assert not audit.agrees
    assert "delta-t-o" not in names_of(audit)


@pytest.mark.parametrize("mean", [1.0, 4.0])
@pytest.mark.parametrize("decimals", [4, 17])
def test_gradients_that_are_turned_and_added(mean: float, decimals: int) -> None:
    """δ = t − o all the way: what the parameters become is right. Some numbers of δ are close to 0."""
    program = Program.of(NET)
    printed = of_run(program, Timeline(program), (*ALL, "W1", "b1", "W2", "b2"), (1,))
    factors = {name: -mean if name.startswith("delta") else -1.0 for name in ALL}
    turned = {key: value * factors.get(key[0], 1.0) for key, value in printed.items()}
    audit = audited(NET, turned, decimals)
    assert audit.agrees
    assert names_of(audit) == {"delta-t-o", "gradients-added", *(["mean-in-gradients"] if mean > 1 else [])}


def test_turned_gradients_are_recognised_beside_what_is_declared(tmp_path: Path) -> None:
    """By hand: ŷ is 2.25 and 3.75 below y, so ∂L/∂W₁[0,0] = −(2.25·1 + 3.75·3)/2 = −6.75, and W₁[0,0] 1.175."""
    text = FILE.replace('layout = "rows"', 'layout = "rows"\ndelta = "t-o"').replace(
        "-6.75], [-11.625", "6.75], [11.625"
    )
    path = tmp_path / "turned.toml"
    path.write_text(f'{text}[[published]]\nname = "W1"\nvalue = [[1.175], [0.1625]]\n', "utf-8")
    audit = check(load(str(path)))
    assert audit.agrees, [finding.computed for finding in audit]
    assert "gradients-added" in names_of(audit)
    assert "not in the gradients" not in str(audit)


@pytest.mark.parametrize(("name", "sign"), [("velocity-with-rate", 1.0), ("velocity-step", -1.0)])
def test_a_velocity_with_the_rate_in_it(name: str, sign: float) -> None:
    of = optimizer("sgd", momentum=0.9)
    program = Program.of(of)
    printed = of_run(program, Timeline(program), ("m_W1", "W1"), (1, 2))
    turned = {key: value * (sign * 0.05 if key[0] == "m_W1" else 1) for key, value in printed.items()}
    audit = audited(of, turned, 8)
    assert audit.agrees
    assert names_of(audit) == {name}


def test_a_row_for_each_sample(tmp_path: Path) -> None:
    path = tmp_path / "rows.toml"
    path.write_text(FILE, "utf-8")
    audit = check(load(str(path)))
    assert audit.agrees, [finding.computed for finding in audit]
    assert [finding.published.claims.shape for finding in audit] == [(1, 2), (1, 2)]


def test_every_key_of_a_file_is_in_the_table() -> None:
    assert {*KEYS} == {*Conventions.__struct_fields__}
    assert len({row.name for row in CONVENTIONS}) == len(CONVENTIONS)
    assert np.all([row.said for row in CONVENTIONS])


def test_a_forgotten_half_and_a_setting_of_twice_its_value_cannot_be_told_apart() -> None:
    """By hand: λ = 0.2 and w = 3 and 1 add 0.6 and 0.2 to the gradient; both ways they add 1.2 and 0.4."""
    file = {
        "format": 1,
        "network": {"inputs": 2, "layers": [{"activation": "identity", "weights": [[3.0, 1.0]], "bias": False}]},
        "data": {"x": [1.25, 2.75], "y": 4.1},
        "loss": {"name": "half-squared-error"},
        "optimizer": {"name": "sgd", "learning_rate": 0.1},
        "regularization": {"l2": 0.2},
        "published": [{"name": "dL_dW1", "value": [[4.2, 7.0]], "digits": 6}],
    }
    audit = check(file)
    assert {(cause.name, cause.level) for cause in audit.causes} == {
        ("l2-half-left-out", "may be"),
        ("given-value", "may be"),
    }


WIDE = {
    "format": 1,
    "network": {"inputs": 3, "layers": [{"activation": "identity", "weights": [[1, 2, 3], [4, 5, 6]], "bias": False}]},
    "data": {"x": [[1, 2, 3], [0, 1, 0], [1, 0, 0], [0, 0, 1]], "y": [[0, 0], [0, 0], [0, 0], [0, 0]]},
    "loss": {"name": "half-squared-error"},
    "optimizer": {"name": "sgd", "learning_rate": 0.1},
}
ROWS = [[14, 32], [2, 5], [1, 4], [3, 6]]  # x Wᵀ by hand, a row for each sample


def test_matrices_that_are_all_transposed_have_a_row_for_each_sample() -> None:
    published = [{"name": "z1", "value": ROWS}, {"name": "y_hat", "value": ROWS}]
    audit = check(WIDE | {"published": published})
    assert audit.agrees
    assert "a row for each sample" in str(audit)


def test_one_that_is_transposed_or_one_that_is_not_is_a_slip() -> None:
    as_here = {"name": "y_hat", "value": [list(row) for row in zip(*ROWS, strict=True)]}
    for others in ([], [as_here], [as_here, {"name": "z1", "value": ROWS}]):
        with pytest.raises(ScenarioError, match="transpose it"):
            check(WIDE | {"published": [{"name": "z1", "value": ROWS}, *others]})
