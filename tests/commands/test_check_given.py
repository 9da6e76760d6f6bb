"""`check --given` and `check --paste`."""

import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from backprop_tui.cli import main

GRADIENTS = {
    "dW1": np.array([[0, 0, 0], [0.7685247834990176, 0.3842623917495088, -1.1527871752485264]]),
    "db1": np.array([0, 0.7685247834990176]),
    "cost": np.float32(1.4632825),
}

PASTED = "dW1 = [[0. 0. 0.]\n [0.7685 0.3843 -1.1528]]\ndb1: array([0., 0.5])"


@pytest.fixture
def grads(tmp_path: Path) -> str:
    np.savez(tmp_path / "grads.npz", **GRADIENTS)  # type: ignore[arg-type]
    return str(tmp_path / "grads.npz")


def test_a_file_of_gradients(grads: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "article", "--given", grads]) == 0
    assert capsys.readouterr().out.endswith("9 agree, 0 cut off, 0 carried over, 0 wrong\n")
    assert main(["check", "article", "--given", grads, "--format", "jsonl"]) == 0
    *rows, end = map(json.loads, capsys.readouterr().out.splitlines())
    assert [(row["name"], row["where"]) for row in rows] == [("dL_dW1", "given"), ("dL_db1", "given"), ("L", "given")]
    assert end["agrees"] == 9


def test_a_wrong_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(tmp_path / "a.npz", dW1=GRADIENTS["dW1"] * 2)  # type: ignore[operator]
    assert main(["check", "article", "--given", str(tmp_path / "a.npz")]) == 1
    assert main(["check", "article", "--given", str(tmp_path / "a.npz"), "--rtol", "2"]) == 0
    assert (
        main(["check", "article", "--given", str(tmp_path / "a.npz"), "--iteration", "2", "--layout", "columns"]) == 1
    )
    assert "✗ ∂L/∂W₁[1,0]" in capsys.readouterr().out


def test_what_is_pasted(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(PASTED))
    assert main(["check", "article", "--paste"]) == 1
    out = capsys.readouterr().out
    assert "✗ ∂L/∂b₁[1]: given 0.5, computed 0.7685" in out
    assert out.endswith("7 agree, 0 cut off, 0 carried over, 1 wrong\n")


def test_what_can_be_read_in_two_ways_is_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(tmp_path / "a.npz", dW1=np.arange(4.0).reshape(2, 2))
    assert main(["check", "mazur", "--given", str(tmp_path / "a.npz")]) == 2
    assert capsys.readouterr().err.endswith("as in W @ x? say --layout rows or --layout columns\n")
    assert main(["check", "mazur", "--given", str(tmp_path / "a.npz"), "--layout", "rows"]) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["article", "mazur", "--given", "x.npz"], "--given and --paste are for one scenario"),
        (["article", "--rtol", "1"], "--rtol is for arrays of your own"),
        (["article", "--paste", "--given", "x.npz"], "--paste reads standard input"),
        (["article", "--given", "absent.npz"], "absent.npz: no such file"),
        (["article", "--given", "absent.npz", "--atol", "nan"], "'nan' is not a number of at least 0"),
    ],
)
def test_a_wrong_call(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *words]) == 2
    assert said in capsys.readouterr().err
