"""What runs over the samples, and what only looks like it."""

import numpy as np
import pytest

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.sensitivity.sample_shares import ShareError
from tests.engine.model.written import model

# one sample, a column; its three states side by side are no three samples
LOOKS = model(
    """
    for t in 1..3:
        h[t] = tanh(W * x[t])
    H = beside(beside(h1, h2), h3)
    e = tanh(U @ H + V @ h3)
    n = H[:, 0:2]
    L = sum(e ** 2) + sum(n ** 2)
    """,
    "W = 0.5\nU = [[1.0, 0.5], [0.2, 0.1]]\nV = [[0.5, 0.5], [0.1, 0.3]]",
    "x = { shape = [3, 2] }",
    "x = [[1.0, 2.0], [0.5, -1.0], [0.3, 0.1]]",
)


def test_values_side_by_side_are_no_samples() -> None:
    program = Program.of(LOOKS.network)
    axes, labels = program.sample_axes, program.labels
    assert {name: axes.get(name) for name in ("h1", "H", "e", "n")} == {"h1": 1, "H": None, "e": None, "n": None}
    assert {name: "sample" in labels[name] for name in ("h1", "H", "e", "n", "dL_dH")} == {
        "h1": True, "H": False, "e": False, "n": False, "dL_dH": False
    }  # fmt: skip


@pytest.mark.parametrize("gradient", ["dL_dU", "dL_dV", "dL_dW"])
def test_so_they_have_no_shares(gradient: str) -> None:
    debugger = Debugger(LOOKS)
    debugger.seek("1:")
    try:
        found = debugger.per_sample(gradient)
    except ShareError:
        return
    np.testing.assert_allclose(found[0], debugger[gradient], rtol=1e-12)  # there is one sample
