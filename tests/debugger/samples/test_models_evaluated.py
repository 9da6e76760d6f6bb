"""Models that declare their output are evaluated by themselves as networks are; of the others it is said why not."""

import numpy as np
import pytest

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.samples.decision_map import decision, has_map
from backprop_tui.debugger.samples.evaluation_report import Report
from backprop_tui.debugger.samples.typed_samples import EvaluationError
from backprop_tui.scenario import load
from tests.lessons.models import MODELS

DECLARED = {
    "linear-regression": ("y_hat", []),
    "logistic-regression": ("p", []),
    "makemore": ("logits", ["model.output=logits", "model.target=Y"]),  # rows, and targets that are classes
}


@pytest.mark.parametrize("lesson", DECLARED)
def test_the_samples_of_training_give_what_training_computed(lesson: str) -> None:
    output, changes = DECLARED[lesson]
    debugger = Debugger(load(lesson, changes))
    debugger.seek(debugger.program.by_name["L"].index + 1)
    found = debugger.evaluate()
    moment = debugger.moment()
    assert found.loss == pytest.approx(float(moment.frame["L"]), rel=1e-14)
    of = debugger.evaluator.of
    assert np.array_equal(found.outputs, of.columns(output, moment.frame[output]))
    one = debugger.evaluate(of.x[:, 0].tolist())
    if lesson != "makemore":  # whose batch norm ties the samples together
        assert np.allclose(one.outputs, found.outputs[:, :1], rtol=1e-14)
    assert one.loss is None
    assert of.target not in one.values


def test_classes_are_told_apart() -> None:
    debugger = Debugger(load("logistic-regression"))
    debugger.seek(debugger.last_step)
    report = Report(debugger.scenario, debugger.evaluator)
    lines = list(report.samples(debugger.evaluate("2 1; -2 0.5", "1; 1")))
    assert lines[0].startswith("1: p = ")
    assert lines[0].endswith("predicted 1, which is right")
    assert lines[1].endswith("predicted 0, but it is 1")
    assert debugger.evaluate().accuracy == 1.0
    output, changes = DECLARED["makemore"]
    rows = Debugger(load("makemore", changes))
    rows.seek("1:L")
    found = rows.evaluate()
    true, logits = rows.moment().frame["Y"][:, 0], rows.moment().frame[output]
    assert found.accuracy == np.mean(logits.argmax(axis=1) == true)
    assert found.confusion is not None
    assert found.confusion.sum() == len(true)


def test_a_model_of_two_inputs_has_a_decision_map() -> None:
    debugger = Debugger(load("logistic-regression"))
    debugger.seek(debugger.last_step)
    assert has_map(debugger.evaluator)
    assert not has_map(Debugger(load("linear-regression")).evaluator)
    found = decision(debugger.evaluator, debugger.moment(), 5, 4)
    w, b = debugger["w"][0], float(debugger["b"][0, 0])
    left, right, low, high = found.extent
    grid = [[w[0] * x + w[1] * y + b for x in np.linspace(left, right, 5)] for y in np.linspace(high, low, 4)]
    assert np.allclose(found.values, 1 / (1 + np.exp(-np.array(grid))), rtol=1e-12)


@pytest.mark.parametrize("lesson", sorted(set(MODELS) - set(DECLARED)))
def test_of_other_models_it_is_said_why_not(lesson: str) -> None:
    debugger = Debugger(load(lesson))
    with pytest.raises(EvaluationError, match="does not say which variable is its output"):
        debugger.evaluate()


@pytest.mark.parametrize(
    ("lesson", "changes", "why"),
    [
        ("attention", ["model.output=o", "model.target=y"], "samples that are columns or rows: x has none"),
        (
            "rnn-through-time",
            ["model.output=o2"],
            r"one input beside the target, and no noise \(here: x1, x2, y1, y2\)",
        ),
        ("vae", ["model.output=r"], r"one input beside the target, and no noise \(here: noise\)"),
    ],
)
def test_what_cannot_be_evaluated_says_what_is_missing(lesson: str, changes: list[str], why: str) -> None:
    with pytest.raises(EvaluationError, match=why):
        Debugger(load(lesson, changes)).evaluate()


@pytest.mark.parametrize("lesson", DECLARED)
def test_samples_that_are_held_out_are_evaluated_beside_those_of_training(lesson: str) -> None:
    _, changes = DECLARED[lesson]
    debugger = Debugger(load(lesson, [*changes, "data.held_out=0.25"]))
    debugger.seek("1:L")
    found, training = debugger.evaluate_held_out(), debugger.evaluate()
    assert found.loss is not None
    assert training.loss == pytest.approx(float(debugger["L"]), rel=1e-14)
    assert found.outputs.shape == (len(training.outputs), 1)
    assert not any(np.array_equal(found.inputs[:, 0], column) for column in training.inputs.T)
