"""The commands that explain: what they print, and their exit status."""

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from backprop_tui.cli import FINE, FOUND
from backprop_tui.formula.primitives import PRIMITIVES
from backprop_tui.scenario import load
from tests.test_cli import ROOT, called


def test_gradcheck() -> None:
    status, out, err = called("gradcheck", "article", "xor")
    assert (status, err) == (FINE, "")
    lines = out.splitlines()
    assert lines[:2] == [load("article").title, "iteration 1, central differences of L"]
    assert re.match(r"∂L/∂W₂\[0,1\] +-1.0759346969 +-1.0759346969 +\S+ +2 of 2  agrees$", lines[3])
    assert lines.count("every gradient agrees") == 2
    assert load("xor").title in lines
    more = called("gradcheck", "article", "--every", "--iteration", "3")
    assert more.status == FINE
    assert "\nδ₁[1]" in more.out
    assert "iteration 3" in more.out


def test_gradcheck_of_a_wrong_gradient(monkeypatch: pytest.MonkeyPatch) -> None:
    row = PRIMITIVES["relu"]
    monkeypatch.setitem(PRIMITIVES, "relu", replace(row, derivative="fill(1, a)"))
    status, out, err = called("gradcheck", "article")
    assert (status, err) == (FOUND, "")
    assert out.endswith("not what L does: ∂L/∂W₁, ∂L/∂b₁\n")
    assert called("gradcheck", "xor").status == FINE


def test_gradcheck_of_nothing_that_is_trained(tmp_path: Path) -> None:
    text = (ROOT / "scenarios" / "article.toml").read_text("utf-8").split("[[published]]")[0]
    file = tmp_path / "frozen.toml"
    file.write_text(text.replace("activation =", 'freeze = ["weights", "bias"]\nactivation ='), "utf-8")
    status, out, _ = called("gradcheck", str(file))
    assert status == FINE
    assert out.endswith("there is no gradient: nothing is trained\n")
