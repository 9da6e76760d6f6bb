"""What `show` prints: a file as it is, or layers as formulas."""

from pathlib import Path

import pytest

from backprop_tui.cli import main
from backprop_tui.scenario import library, parse


def test_a_scenario_as_it_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "article"]) == 0
    file = library.find("article")
    assert file is not None
    assert capsys.readouterr().out == file.read_text("utf-8")


def test_its_layers_as_formulas(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["show", "article", "--as-model", "--set", "optimizer.learning_rate=0.5"]) == 0
    text = capsys.readouterr().out
    assert "    h1 = relu(z1)\n" in text
    model = parse(text.encode(), "model.toml")
    assert model.network.settings == {"learning_rate": 0.5}
    file = tmp_path / "model.toml"
    file.write_text(text, "utf-8")
    assert main(["check", str(file)]) == 1  # what the article printed is as wrong as it was
    assert main(["gradcheck", str(file)]) == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["attention", "--as-model"], "'attention' is a model already"),
        (["article", "--set", "optimizer.learning_rate=0.5"], "only a file can be shown as it is written"),
    ],
)
def test_what_it_cannot_show(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", *words]) == 2
    assert message in capsys.readouterr().err
