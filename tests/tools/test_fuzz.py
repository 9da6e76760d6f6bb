"""The fuzzers find nothing in a short run, and find what is there to be found."""

from pathlib import Path

import pytest

from backprop_tui.scenario.checking import rules
from backprop_tui.scenario.checking.scenario_draft import Draft
from tools import fuzz

CASES = {"scenario": 2000, "model": 1500, "csv": 2000, "session": 1000, "config": 2000, "line": 1000}


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", fuzz.KINDS)
def test_nothing_is_found(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert not fuzz.fuzz(kind, CASES[kind], seed=1), capsys.readouterr().out


@pytest.mark.parametrize("kind", fuzz.KINDS)
def test_every_kind_runs(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    here = Path.cwd()
    assert not fuzz.fuzz(kind, 15, seed=2), capsys.readouterr().out
    assert Path.cwd() == here


def test_what_is_found_is_printed_with_how_to_play_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Draft) -> None:
        raise ZeroDivisionError("here")

    monkeypatch.setattr(rules, "RULES", [broken])
    said: list[str] = []
    assert fuzz.fuzz("scenario", 20, seed=3, say=said.append)
    assert said[0].startswith("./dev fuzz --kind scenario --seed 3 --round ")
    assert "ZeroDivisionError: here" in said[0]


def test_a_message_that_is_not_clean_is_found() -> None:
    with pytest.raises(fuzz.FailureError, match="not a clean line"):
        fuzz.told(ValueError("\x1b[2J"))
    with pytest.raises(fuzz.FailureError, match="does not say where"):
        fuzz.told(ValueError("wrong"), ["x.toml"])
    fuzz.told(ValueError("x.toml: wrong\nx.toml: so"), ["x.toml"])
