"""The page "Debug your own NumPy backprop in two minutes" does what it says."""

import io
import re
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backprop_tui as bt
from backprop_tui.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "debug-your-own.md").read_text("utf-8")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PARTS: dict[str, list[str]] = {}
for language, part in FENCE.findall(PAGE):
    PARTS.setdefault(language, []).append(part)


def test_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}
    said = io.StringIO()
    with redirect_stdout(said):
        exec(compile("\n".join(PARTS["python"]), "debug-your-own.md", "exec"), names)
    first, sentence = PARTS["text"][0].splitlines()
    assert said.getvalue().splitlines()[0] == first
    assert sentence in said.getvalue().splitlines()

    monkeypatch.chdir(tmp_path)
    own = {name: names[name] for name in ("x", "y", "W1", "b1", "W2", "b2")}
    np.savez("arrays.npz", **own, activations=["tanh", "softmax"])
    np.savez("grads.npz", **names["arrays"])
    monkeypatch.setattr(sys, "stdin", io.StringIO("dW1 = " + str(names["arrays"]["dW1"])))
    calls = [line.partition("#")[0].partition("<")[0].split()[2:] for line in PARTS["console"][0].splitlines()]
    assert [main(words) for words in calls] == [0, 0, 0], capsys.readouterr().out


def test_what_is_wrong_is_told_in_the_words_of_the_call() -> None:
    """Whoever calls it has written no dict, nor a file."""
    with pytest.raises(bt.ScenarioError) as caught:
        bt.network(
            [[1.0], [2.0]],
            [[1.0]],
            [([[1.0, 2.0]], [0.0], "sigmoid")],
            loss="mean-squared-error",
            foo=1,
            optimizer="sgdd",
        )
    lines = str(caught.value).splitlines()
    assert "optimizer.name: unknown 'sgdd' (did you mean 'sgd'?)" in lines
    assert all(line.startswith(("optimizer", "foo")) for line in lines)
