"""Graphs that were looked at and found good.

After a deliberate change: python -m tests.tui.panes.network.test_graph_golden.
"""

from pathlib import Path

import pytest

from backprop_tui.scenario import load
from tests.tui.harness import DATA as SCENARIOS
from tests.tui.panes.drawn import Drawn

DATA = Path(__file__).parent / "data"
# scenario, position, width, height, ASCII alone
CASES: tuple[tuple[str, str, int, int, bool], ...] = (
    ("article", "start", 64, 10, False),
    ("article", "1:z1", 42, 10, False),
    ("article", "1:delta2", 64, 10, False),
    ("article", "1:dL_dW2", 78, 20, False),
    ("article", "1:dL_dh1", 108, 23, False),
    ("article", "1:W2", 64, 10, False),
    ("article", "1:dL_dW2", 78, 20, True),
    ("article", "1:delta1", 198, 56, False),
    ("adam", "1:m_hat_W2", 64, 10, False),
    ("adam", "1:W2", 118, 32, False),
    ("adam", "1:m_W1", 42, 10, True),
    ("adamw", "1:W1", 118, 32, False),
    ("momentum", "1:m_W1", 78, 20, False),
    ("regularisation", "1:dL_dW1", 78, 20, False),
    ("clipping", "1:grad_norm", 64, 10, False),
    ("vanishing-gradient", "1:delta5", 118, 32, False),
    ("norm-batch", "1:dL_dcentered1", 118, 32, False),
    ("norm-batch", "1:dL_dcentered1", 118, 32, True),
    ("norm-layer", "1:dL_dstd1", 78, 20, False),
)


def name(case: tuple[str, str, int, int, bool]) -> str:
    """The file of a case."""
    scenario, position, width, height, ascii_only = case
    operation = position.rpartition(":")[2]
    return f"graph-{scenario}-{operation}-{width}x{height}{'-ascii' if ascii_only else ''}.txt"


def drawn(case: tuple[str, str, int, int, bool]) -> str:
    """The graph as text, without the spaces at the ends of lines."""
    scenario, position, width, height, ascii_only = case
    file = SCENARIOS / f"{scenario}.toml"
    found = Drawn(load(file if file.exists() else scenario), width, height, ascii_only=ascii_only)
    found.debugger.seek(0 if position == "start" else position)
    return "\n".join(line.rstrip() for line in found.lines()) + "\n"


@pytest.mark.parametrize("case", CASES, ids=map(name, CASES))
def test_golden(case: tuple[str, str, int, int, bool]) -> None:
    assert drawn(case) == (DATA / name(case)).read_text(encoding="utf-8")


if __name__ == "__main__":
    DATA.mkdir(exist_ok=True)
    for each in CASES:
        (DATA / name(each)).write_text(drawn(each), encoding="utf-8")
