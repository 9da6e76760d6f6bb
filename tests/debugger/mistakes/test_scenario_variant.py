"""A variant of the scenario beside the run: its values, what has no counterpart, edits, sessions, and back."""

from pathlib import Path

import numpy as np
import pytest

from backprop_tui.debugger.console.command import LineError
from backprop_tui.debugger.console.commands.word_table import WORDS
from backprop_tui.debugger.console.complete import candidates
from backprop_tui.debugger.console.console import LineSession
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.mistakes.scenario_variant import VariantError
from backprop_tui.debugger.reload import reloaded
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.scenario import load

DEEPER = (
    "published=",
    "note=",
    "network.layers[0].units=3",
    "network.layers[0].weights=[[1, 0, 0], [0, 1, 0], [0, 0, 1]]",
    "network.layers[0].bias=[0, 0, 0]",
    "network.layers[1].weights=[[1, 1, 1]]",
)


def test_both_values_are_those_of_both_runs() -> None:
    debugger = Debugger(load("article"))
    beside = debugger.vary("optimizer.name=adam")
    run = Timeline(Program.of(load("article", ["optimizer.name=adam"]).network))
    for position in ("1:z1", "1:b2", "1:b1", "2:L", "3:W1"):
        debugger.seek(position)
        side, name = debugger.moment().side, position.partition(":")[2]
        assert side is not None
        frame = run.frame(debugger.iteration)
        np.testing.assert_array_equal(side.value(name), frame[frame.program.by_name[name].key])
        assert side.next_loss == frame.program.loss_after(frame)
    first = beside.first(100)
    assert first is not None
    assert (str(first.address), first.step) == ("W2[0,1]", 16)
    assert [a != b for _, a, b in beside.losses(1, 3)] == [False, True, True]


@pytest.mark.parametrize("back", [False, True])
def test_an_optimizer_with_more_or_fewer_operations(back: bool) -> None:
    ours, theirs = ("adam", "sgd") if back else ("sgd", "adam")
    debugger = Debugger(load("article", [f"optimizer.name={ours}"]))
    debugger.vary(f"optimizer.name={theirs}")
    for step in range(2 * debugger.timeline.length + 1):
        debugger.seek(step)
        moment = debugger.moment()
        assert moment.side is not None
        for name in moment.program.shapes:
            there = moment.side.value(name)
            assert there is None or np.shape(there) == moment.program.shapes[name]
            assert moment.side.differs(name) is None or there is not None


def test_what_has_another_shape_is_not_compared() -> None:
    debugger = Debugger(load("article"))
    debugger.vary(*DEEPER)
    debugger.seek("2:L")
    side = debugger.moment().side
    assert side is not None
    assert side.value("W1") is None
    assert side.differs("z1") is None
    assert side.differs("L") is not None
    assert side.operation("z1") is not None


def test_edits_go_along_where_they_have_a_place() -> None:
    debugger = Debugger(load("article"))
    debugger.seek("1:z1")
    debugger.assign("z1[1]", "2")
    debugger.assign("eta", "0.5")
    debugger.seek("2:z1")
    debugger.assign("W1[0,0]", "3")
    beside = debugger.vary("optimizer.name=adam")
    assert [(edit.name, edit.value) for edit in beside.b.edits] == [("z1", 2.0), ("eta", 0.5), ("W1", 3.0)]
    debugger.seek("2:h1")
    assert beside.b.frame(1)[beside.b.frame(1).program.key("z1", 0) or ""][1, 0] == 2
    assert [edit.name for edit in debugger.vary(*DEEPER).b.edits] == ["eta"]


def test_it_is_checked_as_the_file_is() -> None:
    debugger = Debugger(load("article"))
    with pytest.raises(VariantError, match=r"optimizer.name=adm: unknown 'adm' \(did you mean 'adam'\?\)"):
        debugger.vary("optimizer.name=adm")
    assert debugger.beside is None


def test_a_file_that_has_changed_is_not_compared_with_what_it_was(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    text = (Path(__file__).parents[3] / "scenarios" / "article.toml").read_text("utf-8")
    file.write_text(text, "utf-8")
    debugger = Debugger(load(file))
    file.write_text(text.replace("0.7", "0.8"), "utf-8")
    with pytest.raises(VariantError, match="the file has changed since it was read: :reload first"):
        debugger.vary("optimizer.name=adam")


def test_the_words() -> None:
    session = LineSession(Debugger(load("article")), WORDS)
    with pytest.raises(LineError, match="which keys of the scenario"):
        session.run("variant")
    said = "beside it runs the same with optimizer.name=adam optimizer.learning_rate=0.01"
    assert session.run("variant optimizer.name=adam optimizer.learning_rate=0.01") == said
    assert session.run("variant") == said
    with pytest.raises(LineError, match="did you mean 'adam'"):
        session.run("variant optimizer.name=adm")
    assert session.run("variant off") == "the run alone"
    assert session.debugger.beside is None
    assert session.debugger.purpose.toggle() is not None
    assert session.debugger.purpose.toggle() is None


def test_completing() -> None:
    session = LineSession(Debugger(load("article")), WORDS)
    assert "variant optimizer.name=" in candidates(session, "variant opt")
    assert "variant network.layers[1].activation=" in candidates(session, "variant network.l")
    assert "variant optimizer.name=adam" in candidates(session, "variant optimizer.name=a")
    assert "variant data.y=1 loss.reduction=sum" in candidates(session, "variant data.y=1 loss.reduction=")


def test_a_session_keeps_it_and_a_reload_too(tmp_path: Path) -> None:
    debugger = Debugger(load("article"))
    debugger.vary("optimizer.name=adam")
    new, _, lost = reloaded(debugger, load("article"))
    assert lost == []
    assert new.beside is not None
    assert new.beside.changes == ("optimizer.name=adam",)
    debugger.save(tmp_path / "s.json")
    other = Debugger(load("article"))
    other.load(tmp_path / "s.json")
    assert other.beside is not None
    assert other.beside.name == "optimizer.name=adam"
