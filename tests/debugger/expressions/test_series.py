"""Series over iterations, the decision map, finding, reloading."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from backprop_tui.debugger.console.commands.word_table import WORDS
from backprop_tui.debugger.console.console import LineSession
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.expressions import series
from backprop_tui.debugger.expressions.find_by_text import Finder
from backprop_tui.debugger.expressions.quantity import read_quantity
from backprop_tui.debugger.reload import reloaded
from backprop_tui.debugger.samples.decision_map import decision
from backprop_tui.engine.network.network import Layer
from backprop_tui.scenario import load
from backprop_tui.tui.drawing.plane import plane
from tests.debugger.scenarios import training
from tests.engine.networks import Case


def test_a_series_is_what_the_frames_say_and_is_gathered_once() -> None:
    debugger = Debugger(load("xor"))
    program = debugger.program
    wanted = (*series.loss(program), *series.gradient_norms(program), read_quantity("W1[0,1]", program))
    found = series.Series(debugger.timeline, wanted)
    assert list(found.gather(50)) == list(range(1, 51))
    assert list(found.gather(60)) == list(range(51, 61))
    for iteration in (1, 32, 60):
        frame = debugger.timeline.frame(iteration)
        expected = (frame["L"], *(np.linalg.norm(frame[n]) for n in ("dL_dW1", "dL_dW2")), frame["W1′"][0, 1])
        assert found.values[iteration - 1] == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("name", ["gpt-block", "lstm", "convolution", "micrograd", "word2vec", "linear-regression"])
def test_of_a_model_the_gradients_of_its_weights_are_plotted(name: str) -> None:
    program = Debugger(load(name)).program
    found = {quantity.text for quantity in series.gradient_norms(program)}
    left = {own for own in program.gradients if own in program.parameters} - {
        own for own in program.parameters if f"|{program.symbols.symbol(program.gradients[own])}|" in found
    }
    assert found
    assert all(program.variables[own].kind in series.BESIDE_WEIGHTS for own in left)


def test_the_map_says_at_a_sample_what_the_network_says() -> None:
    debugger = Debugger(load("xor"))
    debugger.seek("300:y_hat")
    found = decision(debugger.evaluator, debugger.moment(), 131, 131)
    places = np.rint(found.samples * 130).astype(int)
    on_the_map = found.values[places[1], places[0]]
    assert on_the_map == pytest.approx(debugger["y_hat"][0], abs=1e-12)
    assert found.targets.tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize("units", [1, 3])
def test_the_map_of_a_loss_without_targets(units: int) -> None:
    network = Case(("tanh",), "output", batch=4, units=(units,)).network()
    network = msgspec.structs.replace(network, x=network.x[:2], layers=(narrowed(network.layers[0]),))
    debugger = Debugger(training(network))
    debugger.seek("1:y_hat")
    found = decision(debugger.evaluator, debugger.moment(), 12, 8)
    assert np.isnan(found.targets).all()
    assert np.isfinite(found.values).all()
    assert np.ptp(found.values) > 0
    assert sum("x" in strip.text for strip in plane(found, ascii_only=True)) > 0


def narrowed(layer: Layer) -> Layer:
    """The layer without its last input."""
    return msgspec.structs.replace(layer, weights=layer.weights[:, :2])


@pytest.mark.parametrize(
    ("text", "step", "after", "before"),
    [("delta2", 8, 25, 7), ("σ", 4, 23, None), ("W₂h + b₂", 3, 22, None), ("zzz", 0, None, None)],
)
def test_finding(text: str, step: int, after: int | None, before: int | None) -> None:
    debugger = Debugger(load("article"))
    finder = Finder(debugger.scenario, debugger.timeline, text)
    assert finder.previous(step) == before
    if after is not None:
        assert step in {finder.next(step - 1), finder.previous(step + 1)}
    assert (finder.next(step) is None) == (after is None)


def test_finding_goes_through_notes_of_one_iteration() -> None:
    debugger = Debugger(load("xor"))
    finder = Finder(debugger.scenario, debugger.timeline, "it is solved")
    assert finder.next(0) == debugger.timeline.step_at(400, debugger.program.by_name["y_hat"].index)
    assert finder.previous(10**6) == finder.next(0)


def test_a_reload_keeps_what_it_finds_again_and_says_what_it_does_not(tmp_path: Path) -> None:
    text = Path("scenarios/article.toml").read_text("utf-8")
    file = tmp_path / "a.toml"
    file.write_text(text, "utf-8")
    session = LineSession(Debugger(load(file)), WORDS)
    for line in (
        "b delta1 if loss < 1 hit 2",
        "watch W2[0,1]",
        "goto 2:z2",
        "set W2[0,1] = -0.25",
        "rerun",
        "rename mine",
        "goto 3:delta2",
        "mark a",
        "display W2[0,1]",
        "disable 2",
    ):
        session.run(line)
    before = float(session.debugger["L"])
    file.write_text(text.replace('name = "sgd"', 'name = "adam"'), "utf-8")
    new, step, lost = reloaded(session.debugger, load(file))
    assert not lost
    new.seek(step)
    assert new.position == "3:delta2"
    assert [str(bp) for bp in new.breakpoints] == ["1 delta1 if loss < 1 hit 2", "2 change W2[0,1], disabled"]
    assert new.marks["a"] == step
    assert [text for _, text in new.watches] == ["W2[0,1]"]
    assert new.branches.current.name == "mine"
    assert [(edit.address, edit.value, edit.entering) for edit in new.branches.current.edits] == [
        ("W2[0,1]", -0.25, True)
    ]
    assert float(new["L"]) != before
    other, step, lost = reloaded(session.debugger, load("clipping"))
    assert other.scenario.name == "clipping"
    assert "the mark a" not in lost


def test_what_a_reload_has_no_place_for_is_told(tmp_path: Path) -> None:
    session = LineSession(Debugger(load("article")), WORDS)
    for line in ("b dL_db1", "watch W1[1,2]", "display x[2]", "set x[2] = 1", "goto 1:delta1", "mark a"):
        session.run(line)
    _, step, lost = reloaded(session.debugger, load("xor"))
    assert lost == ["the breakpoint on W1[1,2]", "the watch x[2]", "the edit of x[2,0] at start in branch-1"]
    assert step == 13
