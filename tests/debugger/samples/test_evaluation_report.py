"""Evaluations in words, on the `:` line: predictions by class, and how the data fare."""

from typing import Any

import msgspec
import numpy as np
import pytest

from backprop_tui.debugger.console.command import LineError
from backprop_tui.debugger.console.commands.word_table import WORDS
from backprop_tui.debugger.console.console import LineSession
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.samples.evaluation_report import Report
from backprop_tui.debugger.samples.typed_samples import EvaluationError
from backprop_tui.scenario import load
from backprop_tui.text import width
from tests.debugger.scenarios import article, state, training
from tests.engine.networks import Case
from tests.engine.options import IN_BATCHES
from tests.scenario.data.test_datasets import scenario

IRIS = scenario('dataset = "iris"\nheld_out = 0.2\n[training]\niterations = 60', 4, 3)


def session(debugger: Debugger | None = None) -> LineSession:
    return LineSession(debugger or Debugger(IRIS), WORDS)


SAYS: tuple[tuple[Any, str, str], ...] = (
    (article(), "evaluate", "training: L = 1.4633, 1 sample"),
    (article(), "eval 1 2 3", "ŷ = 0.5498, predicted 1"),
    (article(), "eval 1 0.5 −1.5 = 1", "ŷ = 0.2315, predicted 0, but it is 1\nL = 1.4633"),
    (article(), "eval 1, 0.5, -1.5 = 0", "ŷ = 0.2315, predicted 0, which is right\nL = 0.2633"),
    (article(), "eval 1 2 3; 1 .5 -1.5 = 1; 1", "1 of 2 right (50.0%)"),
    (load("momentum"), "eval 1 2", "ŷ = "),
)


@pytest.mark.parametrize(("of", "line", "says"), SAYS)
def test_the_line(of: Any, line: str, says: str) -> None:
    assert says in session(Debugger(of)).run(line)


def test_both_parts_of_the_data() -> None:
    s = session()
    s.debugger.resume()
    before = state(s.debugger)
    first, second, *table = [line for line in s.run("eval").splitlines() if line]
    held_out = s.debugger.evaluate_held_out()
    trained = s.debugger.evaluate()
    assert first.startswith(f"training: L = {trained.loss:.4f}".rstrip("0"))
    assert second.startswith(f"held out: L = {held_out.loss:.4f}".rstrip("0"))
    assert held_out.confusion is not None
    assert [[int(n) for n in line.split()[-3:]] for line in table[2:]] == held_out.confusion.tolist()
    assert held_out.confusion.sum() == 30
    assert state(s.debugger) == before


def test_held_out_samples_are_no_part_of_training() -> None:
    debugger = Debugger(IRIS)
    held_out = IRIS.held_out
    assert held_out is not None
    found = debugger.evaluate_held_out()
    assert held_out.y is not None
    again = debugger.evaluate(held_out.x.T, held_out.y.T)
    np.testing.assert_array_equal(found.y_hat, again.y_hat)
    assert found.loss == again.loss
    with pytest.raises(EvaluationError, match="no samples are held out"):
        Debugger(article()).evaluate_held_out()


@pytest.mark.parametrize("typed", ["setosa; virginica", " setosa ;virginica", "1 0 0; 0 0 1"])
def test_targets_by_the_names_of_classes(typed: str) -> None:
    found = Debugger(IRIS).evaluate("5 3 1 0; 6 3 5 2", typed)
    assert found.values["y"].T.tolist() == [[1, 0, 0], [0, 0, 1]]


def test_two_classes_by_name_and_number() -> None:
    debugger = Debugger(scenario('dataset = "moons"', activation="identity", loss="hinge"))
    for typed in ("upper; lower", "-1; 1", "-1 1"):
        assert debugger.evaluate("0 1; 1 -1", typed).values["y"].tolist() == [[-1, 1]]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("eval 5 3 1 0 = rose", "there is no class 'rose' (known: setosa, versicolor, virginica)"),
        ("eval 5 3 1 0 = setos", "there is no class 'setos' (did you mean 'setosa'?)"),
        ("eval 5 3 1 0; 5 3 1 0 = setosa", "y has 1 sample, x has 2"),
        ("eval 5 3 1 0 =", "y is empty"),
        ("eval = setosa", "x is empty"),
        ("eval 5 3", "x has 2 numbers, expected 4 (the inputs)"),
    ],
)
def test_what_does_not_fit(line: str, says: str) -> None:
    with pytest.raises(LineError) as raised:
        session().run(line)
    assert says in str(raised.value)


def test_many_classes_in_little_room() -> None:
    debugger = Debugger(scenario('dataset = "digits"\nsamples = 300', 64, 10))
    report = Report(debugger.scenario, debugger.evaluator)
    found = debugger.evaluate()
    assert len(report.confusion(found, 80)) == 11
    lines = report.confusion(found, 30)
    assert 1 <= len(lines) <= 5
    assert found.confusion is not None
    largest = int((found.confusion * (1 - np.eye(10, dtype=int))).max())
    assert lines[0].endswith(f"{largest} times")


def test_a_network_that_predicts_numbers_says_no_class() -> None:
    debugger = Debugger(training(Case(("tanh", "identity"), "mean-squared-error", batch=4).network()))
    report = Report(debugger.scenario, debugger.evaluator)
    found = debugger.evaluate()
    assert report.predicted(found.y_hat[:, :1]) == ""
    assert report.confusion(found, 80) == []
    assert report.summary("training", found).endswith("4 samples")


def test_edited_data_are_evaluated_as_edited() -> None:
    debugger = Debugger(load("xor"))
    before = debugger.evaluate().loss
    debugger.seek("1:L")
    debugger.assign("y[0,0]", 1.0)
    debugger.seek("2:L")
    assert debugger.evaluate().loss != before
    assert debugger.evaluate().values["y"].tolist() == [[1, 1, 1, 0]]


@pytest.mark.parametrize("network", IN_BATCHES.values(), ids=IN_BATCHES)
def test_training_data_are_all_batches(network: Any) -> None:
    found = Debugger(training(network)).evaluate()
    np.testing.assert_array_equal(found.values["x"], network.x)


def test_the_map_is_that_of_an_evaluation() -> None:
    from backprop_tui.debugger.samples.decision_map import decision

    network = msgspec.structs.replace(load("xor").network, seed=3)
    hidden, output = network.layers
    hidden = msgspec.structs.replace(hidden, norm="batch", dropout=0.5)
    debugger = Debugger(training(msgspec.structs.replace(network, layers=(hidden, output)), 30))
    debugger.seek("30:L")
    found = decision(debugger.evaluator, debugger.moment(), 5, 4)
    left, right, low, high = found.extent
    points = [(a, b) for b in np.linspace(high, low, 4) for a in np.linspace(left, right, 5)]
    np.testing.assert_array_equal(found.values.ravel(), debugger.evaluate(points).y_hat[0])


def test_a_table_of_wide_names_lines_up() -> None:
    scenario = msgspec.structs.replace(IRIS, classes=("花びら", "setosa", "a name that is much too long"))
    debugger = Debugger(scenario)
    lines = Report(scenario, debugger.evaluator).confusion(debugger.evaluate(), 80)
    assert len({width(line) for line in lines}) == 1
    assert "花びら" in lines[0]
    assert "a name that…" in lines[0]
