"""The commands that explain: what they print, and their exit status."""

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from backprop_tui.commands import FINE, FOUND, WRONG
from backprop_tui.formula.language.primitives import PRIMITIVES
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


def test_explain() -> None:
    status, out, err = called("explain", "article", "dL_dW1[1,0]")
    assert (status, err) == (FINE, "")
    lines = out.splitlines()
    assert lines[0] == "∂L/∂W₁[1,0] = δ₁[1]·x[0] = 0.768525·1 = 0.768525  (1:dL_dW1)"
    assert "      W₂[0,1] = −1  (as the run began)" in lines
    assert lines[-4] == "1 path from W₁[1,0] to L, each with the product of its local derivatives"
    assert lines[-1] == "together 0.768525: that is the gradient"


def test_explain_of_a_value_lists_the_numbers_that_read_so() -> None:
    status, out, err = called("explain", "article", "0.7685")
    assert (status, err) == (FINE, "")
    assert out.splitlines()[1] == "δ₁[1]        0.7685247835  now, computed at 1:delta1, step 13"
    status, out, _ = called("explain", "article", "-0.7685")
    assert status == FINE
    assert out.startswith("δ₂[0]")
    assert called("explain", "article", "0.9999") == (WRONG, "", "backprop-tui: no number reads 0.9999\n")


def test_explain_at_a_position_into_earlier_iterations() -> None:
    status, out, _ = called("explain", "article", "W₂[0,1]", "--at", "3:z2", "--depth", "2", "--digits", "3")
    assert status == FINE
    lines = out.splitlines()
    assert lines[0] == "W₂[0,1] = W₂[0,1] − η·∂L/∂W₂[0,1] = −0.892 − 0.1·(−0.696) = −0.823  (2:W2)"
    assert "    W₂[0,1] = −1  (as the run began)" in lines
    assert not any(line.startswith("      ") for line in lines)


def test_explain_what_a_number_touches() -> None:
    status, out, _ = called("explain", "article", "delta1", "--touches")
    assert status == FINE
    assert out.splitlines()[:2] == ["what is computed from δ₁[0]", "  ∂L/∂W₁[0,:], 3 numbers = δ₁xᵀ  (1:dL_dW1)"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nope",), "there is no variable 'nope'"),
        (("W1[7,7]",), "W1 is 2×3, and indices count from 0"),
        (("delta1", "--at", "1:z1"), "delta1 is not computed yet"),
        (("L", "--at", "1:nope"), "there is no operation 'nope'"),
        (("\x1b]0;x\x07",), r"\x1b]0;x\x07"),
    ],
)
def test_what_cannot_be_explained_is_a_line(words: tuple[str, ...], says: str) -> None:
    status, out, err = called("explain", "article", *words)
    assert (status, out) == (WRONG, "")
    assert err.count("\n") == 1
    assert err[:-1].isprintable()
    assert says in err or "not an expression" in err
