"""`new --from FILE.npz`: a scenario file of arrays."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import backprop_tui as bt
from backprop_tui.arrays.scenario_text import GUESSED, scenario_text
from backprop_tui.cli import main
from backprop_tui.scenario import parse
from tests.arrays.own import B1, B2, LABELS, W1, W2, X, Y, right

START = {"X": X, "W1": W1, "b1": B1, "W2": W2, "b2": B2}


def built(**arrays: Any) -> tuple[str, bt.Scenario]:
    text = scenario_text({name: np.asarray(array) for name, array in arrays.items()}, "a.npz")
    return text, parse(text.encode(), "a.toml")


def test_what_the_arrays_tell_is_written() -> None:
    text, scenario = built(**START, y=LABELS, activations=["tanh", "softmax"], lr=0.1, **right())
    assert text.count(GUESSED) == 2
    audit = bt.check(scenario)
    assert audit.agrees, str(audit)
    assert len(list(audit)) == len(right())


@pytest.mark.parametrize(
    ("y", "output", "loss"),
    [
        (LABELS, "softmax", "categorical-cross-entropy"),
        (Y, "softmax", "categorical-cross-entropy"),
        (Y + 0.5, "identity", "mean-squared-error"),
    ],
)
def test_what_they_do_not_tell_is_guessed(y: Any, output: str, loss: str) -> None:
    text, scenario = built(**START, y=y)
    network: Any = scenario.network
    assert [layer.activation for layer in network.layers] == ["relu", output]
    assert network.loss == loss
    assert text.count(GUESSED) == 5


def test_layers_from_0_without_biases_or_targets() -> None:
    _, scenario = built(x=X, W0=W1, W1=W2)
    network: Any = scenario.network
    assert [layer.bias for layer in network.layers] == [None, None]
    assert network.loss == "output"


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"W1": W1}, "a.npz: has no x; its names are W1"),
        ({"x": X}, "a.npz: has no W1; its names are x"),
        ({"x": X, "W1": W1, "W3": W2}, "a.npz: has no W2"),
        ({**START, "y": LABELS, "foo": X}, "'foo' is not a variable"),
        ({**START, "y": LABELS, "activations": np.array(["tanh"])}, "has 1 activations for 2 layers"),
    ],
)
def test_what_is_missing(arrays: Any, said: str) -> None:
    with pytest.raises(bt.GivenError) as caught:
        built(**arrays)
    assert said in str(caught.value)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(tmp_path / "a.npz", **START, y=LABELS)  # type: ignore[arg-type]
    target = tmp_path / "a.toml"
    assert main(["new", str(target), "--from", str(tmp_path / "a.npz")]) == 0
    (*_, said) = capsys.readouterr().out.splitlines()
    guessed = [number for number, line in enumerate(target.read_text().splitlines(), 1) if GUESSED in line]
    assert len(guessed) == 5
    assert f"lines {', '.join(map(str, guessed))}: change" in said
    assert main(["check", str(target)]) == 0
    assert main(["new", str(target), "--from", str(tmp_path / "a.npz")]) == 2
    assert main(["new", "--from", str(tmp_path / "absent.npz")]) == 2
    assert "absent.npz: no such file" in capsys.readouterr().err
