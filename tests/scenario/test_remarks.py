"""Notes for the speaker alone: read from the file, and shown and written nowhere else."""

from pathlib import Path

import pytest

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.engine.program.program import Program
from backprop_tui.export.handout import Form
from backprop_tui.export.jsonl import lines as jsonl
from backprop_tui.export.markdown import lines as markdown
from backprop_tui.export.plain_text import lines as plain_text
from backprop_tui.scenario import Note, Scenario, load, run

SECRET = "tell them the joke about the gradient"


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    text = (Path(__file__).parents[2] / "scenarios" / "xor.toml").read_text("utf-8").partition("[[note]]")[0]
    file = tmp_path / "own.toml"
    file.write_text(
        f'{text}\n[[note]]\nat = "L"\ntext = "for all"\nspeaker = "{SECRET}"\n'
        f'[[note]]\nat = "2:delta2"\nspeaker = " {SECRET} "\n',
        "utf-8",
    )
    return load(file)


def test_they_are_read(scenario: Scenario) -> None:
    assert scenario.notes == (Note("L", "for all", None),)
    assert scenario.remarks == (Note("L", SECRET, None), Note("delta2", SECRET, 2))


def test_they_are_in_no_handout_and_are_not_found(scenario: Scenario) -> None:
    program = Program.of(scenario.network)
    for lines, form in ((plain_text, [Form(4)]), (markdown, [Form(4)]), (jsonl, [])):
        text = "\n".join(lines(scenario, program, run(scenario, 2), program.stages, *form))
        assert SECRET not in text
        assert "for all" in text or lines is jsonl
    debugger = Debugger(scenario)
    assert debugger.find("joke") is None
    debugger.seek("2:delta2")
    assert debugger.moment().notes == ()
