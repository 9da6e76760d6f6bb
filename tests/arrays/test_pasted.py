"""Arrays as people paste them."""

from decimal import Decimal

import numpy as np
import pytest

import backprop_tui as bt
from backprop_tui.arrays.pasted import pasted_values

TEXT = """\
dW2 = [[0.  -1.08]]
>>> print(dW1)
[[0. 0. 0.]
 [0.7685 0.3843 -1.1528]]
In [3]: db1
Out[3]: array([0.        , 0.76852478])
cost: 1.463
y_hat = tensor([[0.2315]], grad_fn=<SigmoidBackward0>)
W2.grad: np.array([[1e-3, -1.5E2],
                   [nan, inf]], dtype=float32)
"""


def test_what_python_and_numpy_print() -> None:
    found = pasted_values(TEXT)
    assert {name: array.shape for name, array in found.arrays.items()} == {
        "dW2": (1, 2),
        "dW1": (2, 3),
        "db1": (2,),
        "cost": (),
        "y_hat": (1, 1),
        "W2.grad": (2, 2),
    }
    assert found.written["cost"].item() == Decimal("1.463")
    np.testing.assert_array_equal(found.arrays["W2.grad"], [[1e-3, -150], [np.nan, np.inf]])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("db2 [0.1 0.2 0.3]", [0.1, 0.2, 0.3]),
        ("db2 [[0.1 0.2]\n [0.3 nan]]", [[0.1, 0.2], [0.3, np.nan]]),
        ("db2 -0.5", -0.5),
        ("db2 tensor([0.1, 0.2])", [0.1, 0.2]),
        ("db2 = (0.1, 0.2)", [0.1, 0.2]),
        ("db2 (0.1,)", [0.1]),
        ("db2 = ((1, 2), (3, 4))", [[1, 2], [3, 4]]),
        ("db2 = (np.float64(0.1), np.float64(0.2))", [0.1, 0.2]),
        ("db2 = [array([0.1, 0.2]), array([0.3, 0.4])]", [[0.1, 0.2], [0.3, 0.4]]),
    ],
)
def test_what_print_prints_beside_a_name_and_tuples(text: str, value: object) -> None:
    found = pasted_values(f"dW1 = 1.5\n{text}\ncost 0.25\n")
    assert list(found.arrays) == ["dW1", "db2", "cost"]
    np.testing.assert_array_equal(found.arrays["db2"], value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing was pasted"),
        ("[1 2 3]", "line 1: has no name before it"),
        ("dW1 = [[1 2]\n [3]]", "line 1: dW1: is neither a number nor an array"),
        ("\ndW1 = [0.1 0.2 ... 0.3]", "line 2: dW1: has numbers left out by NumPy"),
        ("loss after 3 steps", "line 1: has no name before it"),
        ("dW1 = hello", "line 1: dW1: is neither a number"),
        ("dW1 = []", "line 1: dW1: is"),
    ],
)
def test_what_cannot_be_read(text: str, said: str) -> None:
    with pytest.raises(bt.GivenError) as caught:
        pasted_values(text)
    assert said in str(caught.value)
