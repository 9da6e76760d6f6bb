"""Names as people have them."""

import pytest

from backprop_tui.arrays.own_names import OwnNames
from backprop_tui.engine.program.program import Program
from backprop_tui.scenario import load

NAMES = {
    "W1": "W1 w1 W_1 W[1] weight1 theta1 W₁",
    "b2": "b2 bias2 B2",
    "dL_dW1": "dW1 dL_dW1 dJdW1 dJ_dW1 dL/dW1 ∂L/∂W₁ W1.grad W1_grad grad_W1 gradW1 grads_W1 nabla_W1 gW1 d_W1 dw1",
    "dL_db1": "db1 b1.grad grad_b1",
    "z1": "z1 Z1 net1",
    "h1": "A1 a1 h h1 out1",
    "y_hat": "A2 AL yhat y_hat Y_hat y_pred pred probs",
    "z2": "Z2 logits scores ZL",
    "delta2": "dZ2 delta2 δ₂ dz2",
    "delta1": "dZ1 delta1",
    "dL_dh1": "dA1 dh1 dh",
    "dL_dy_hat": "dAL dA2 dyhat",
    "L": "L loss cost J error",
    "x": "x X A0 inputs",
    "y": "y Y t targets y_true",
}


@pytest.mark.parametrize(("name", "typed"), [(name, one) for name, typed in NAMES.items() for one in typed.split()])
def test_what_is_meant(name: str, typed: str) -> None:
    found = OwnNames(Program.of(load("article").network), [typed]).meant(typed)
    assert found is not None
    assert (found.name, found.after) == (name, None)


@pytest.mark.parametrize("typed", ["W1_after", "W1_new", "new_W1", "W1_updated", "W1'", "updated_w1"])
def test_after_the_update(typed: str) -> None:
    assert OwnNames(Program.of(load("article").network), [typed]).meant(typed) == ("W1", True)


@pytest.mark.parametrize("typed", ["W3", "foo", "dfoo", "d", "dL_dx", "A9", "", "W1[0,1", "vdW1"])
def test_what_means_nothing(typed: str) -> None:
    names = OwnNames(Program.of(load("article").network), [typed])
    assert names.meant(typed) is None
    assert "is not a variable of this network" in names.unknown(typed)


@pytest.mark.parametrize(
    ("typed", "name"), [("m_W1", "m_W1"), ("v_W1", "v_W1"), ("vdW1", "m_W1"), ("sdW1", "v_W1"), ("s_W1", "v_W1")]
)
def test_what_an_optimizer_keeps(typed: str, name: str) -> None:
    found = OwnNames(Program.of(load("adam").network), [typed]).meant(typed)
    assert found is not None
    assert found.name == name


def test_layers_may_be_counted_from_0() -> None:
    names = OwnNames(Program.of(load("article").network), ["W0", "b0", "dW1"])
    assert [(found := names.meant(one)) and found.name for one in ("W0", "dW1", "A0", "W2")] == [
        *("W1", "dL_dW2", "h1"),
        None,
    ]
