"""What `debugger["W1[0,1]"]` gives, and what is said where it gives nothing."""

import numpy as np
import pytest

import backprop_tui as bt


def at(step: int) -> bt.Debugger:
    debugger = bt.Debugger("article")
    debugger.seek(np.int64(step))
    return debugger


def test_variables_and_single_numbers() -> None:
    debugger = at(1)
    assert debugger["W₁"] is debugger["W1"]
    assert debugger["W1[0,1]"] == debugger["W₁[0,1]"] == -0.4
    assert debugger["z1[1]"] == debugger["z1"][1, 0]
    assert isinstance(debugger["W1[0,1]"], np.float64)


def test_what_has_a_value_now() -> None:
    before, after = at(0), at(8)
    assert [*before] == ["W1", "b1", "W2", "b2", "eta"]
    assert {*after} == {*before, "x", "y", "z1", "h1", "z2", "y_hat", "L", "dL_dy_hat", "dy_hat_dz2", "delta2"}
    for name, has in (("W1", True), ("W1[0,1]", True), ("W1[0,9]", False), ("delta2", False), ("W", False), (3, False)):
        assert (name in before) is has
    assert "δ₂" in after


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Wl", "there is no variable 'Wl' (did you mean W1?)"),
        ("w1", "there is no variable 'w1' (did you mean W1?)"),
        ("W3", "there is no variable 'W3' (known: W1, b1, W2, b2, x, y, eta, z1, …)"),
        ("qqq", "there is no variable 'qqq' (known: W1, b1, W2, b2, x, y, eta, z1, …)"),
        ("lr", "there is no variable 'lr' (did you mean eta?)"),
        ("dL_dW9", "there is no variable 'dL_dW9' (did you mean dL_dW2?)"),
        ("delta2", "delta2 is not computed yet: step 8 (1:delta2) does that"),
        ("delta2[0]", "delta2 is not computed yet: step 8 (1:delta2) does that"),
        ("x", "x enters with the first operation"),
    ],
)
def test_what_has_none(name: str, said: str) -> None:
    with pytest.raises(KeyError) as caught:
        at(0)[name]
    assert isinstance(caught.value, bt.NoValueError)
    assert str(caught.value) == said


def test_a_place_that_there_is_not_is_told_with_the_shape() -> None:
    with pytest.raises(KeyError, match=r"W1 is 2×3, and indices count from 0"):
        at(0)["W1[0,7]"]


def test_a_number_is_no_name() -> None:
    with pytest.raises(KeyError, match="a name is text"):
        at(0)[0]  # type: ignore[index]
