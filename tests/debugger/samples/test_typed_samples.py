"""Samples typed in, with the parameters of the moment."""

from typing import Any

import msgspec
import numpy as np
import pytest

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.samples.typed_samples import EvaluationError
from backprop_tui.scenario import load
from tests.debugger.scenarios import article, state, training
from tests.engine.networks import Case
from tests.engine.options import IN_BATCHES

ARTICLE = (1.0, 0.5, -1.5)


@pytest.mark.parametrize(
    "x",
    [
        ARTICLE,
        [*ARTICLE],
        [[*ARTICLE]],
        [ARTICLE],
        np.array(ARTICLE),
        "1, 0.5, -1.5",
        " 1 .5 −1.5 ",
    ],
)
def test_one_sample(x: Any) -> None:
    debugger = Debugger(article())
    found = debugger.evaluate(x)
    debugger.seek("1:y_hat")
    assert np.array_equal(found.y_hat, debugger["y_hat"])
    assert found["ŷ"] is found.y_hat
    assert found.loss is None


@pytest.mark.parametrize(
    "x", [[ARTICLE, (0, 0, 0)], "1 0.5 -1.5; 0 0 0", "1, 0.5, -1.5\n0, 0, 0\n", np.array([ARTICLE, (0, 0, 0)])]
)
@pytest.mark.parametrize("y", [[1, 0], [[1], [0]], "1; 0", "1 0", np.array([1, 0])])
def test_several_samples(x: Any, y: Any) -> None:
    found = Debugger(article()).evaluate(x, y)
    assert found.y_hat.shape == (1, 2)
    assert found.values["y"].tolist() == [[1, 0]]
    assert found.loss is not None
    assert found.confusion is not None
    assert found.confusion.sum() == 2


def test_the_parameters_are_those_of_the_moment() -> None:
    debugger = Debugger(article(2))
    before = debugger.evaluate().loss
    debugger.seek("1:W2")
    half = debugger.evaluate().loss
    debugger.seek("1:b1")
    after = debugger.evaluate().loss
    assert before == pytest.approx(1.4632824673, abs=1e-9)
    assert after == pytest.approx(1.0792030650, abs=1e-9)
    assert half not in (before, after)
    debugger.seek("2:L")
    assert debugger.evaluate().loss == after


def test_nothing_of_the_run_changes() -> None:
    debugger = Debugger(training(IN_BATCHES["dropout, batch norm"], 3))
    debugger.seek("2:delta2")
    before = state(debugger)
    found = debugger.evaluate()
    assert found.y_hat.shape[1] == 5
    assert state(debugger) == before


WRONG: list[tuple[Any, Any, str]] = [
    ("", None, "x is empty"),
    ([], None, "x is empty"),
    ("1 2", None, "x has 2 numbers, expected 3 (the inputs)"),
    ("1 2 3; 4 5", None, "x[1] has 2 numbers, expected 3 (the inputs)"),
    ("1 2 zebra", None, "x has 'zebra', which is not a number"),
    ("1 2 \x1b[2J", None, "x has '\\x1b[2J', which is not a number"),
    ("1 2 1e999", None, "x has '1e999', expected a finite number"),
    ([1, 2, None], None, "x has 'None', which is not a number"),
    ([1, 2, [3]], None, "x[0] has 1 number, expected 3 (the inputs)"),
    ([1, 2, True], None, "x has 'True', expected a finite number"),
    ([[1, 2, 3], [1, 2, 10**5000]], None, "x[1] has a number too large, expected a finite number"),
    (ARTICLE, "1 1", "y has 2 numbers, expected 1 (the outputs)"),
    ([ARTICLE, ARTICLE], "1", "y has 1 sample, x has 2"),
    (ARTICLE, "2", "y has 2, binary-cross-entropy wants 0 to 1"),
    (None, 1, "y is given without x"),
]


@pytest.mark.parametrize(("x", "y", "message"), WRONG)
def test_what_does_not_fit_is_said_in_a_line(x: Any, y: Any, message: str) -> None:
    with pytest.raises(EvaluationError) as raised:
        Debugger(article()).evaluate(x, y)
    assert str(raised.value).startswith(message)
    assert "\n" not in str(raised.value)
    assert "\x1b" not in str(raised.value)


def test_targets_of_a_hinge() -> None:
    network = Case(("tanh", "identity"), "hinge", batch=4, units=(2, 1)).network()
    with pytest.raises(EvaluationError, match="y has 0, hinge wants -1 or 1"):
        Debugger(training(network)).evaluate(network.x.T, [0, 1, 1, -1])


IRIS = training(Case(("tanh", "softmax"), "categorical-cross-entropy", batch=4, units=(2, 3)).network())


@pytest.mark.parametrize("y", ["0 2 1", [0, 2, 1], "1 0 0; 0 0 1; 0 1 0", [[1, 0, 0], [0, 0, 1], [0, 1, 0]]])
def test_targets_that_are_classes(y: Any) -> None:
    x = np.arange(9.0).reshape(3, 3)
    found = Debugger(IRIS).evaluate(x, y)
    assert found.values["y"].tolist() == [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
    assert found.loss == pytest.approx(-np.log(found.y_hat[[0, 2, 1], [0, 1, 2]]).mean())
    assert found.confusion is not None
    assert found.confusion.sum(axis=1).tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ("0 1 3", "y has class 3, expected a whole number from 0 to 2"),
        ("0 1 0.5", "y has class 0.5, expected a whole number from 0 to 2"),
        (
            "1 0 0; 0 0 0; 0 1 0",
            "y has to be a class for each sample, or a 1 for it and 0 for the others, or shares of 1",
        ),
        ("0 1", "y[0] has 1 number, expected 3 (the outputs)"),
    ],
)
def test_targets_that_are_none(y: Any, message: str) -> None:
    with pytest.raises(EvaluationError) as raised:
        Debugger(IRIS).evaluate(np.arange(9.0).reshape(3, 3), y)
    assert str(raised.value) == message


def test_a_loss_without_targets() -> None:
    debugger = Debugger(training(Case(("tanh",), "output", batch=4, units=(1,)).network()))
    assert debugger.evaluate().loss is not None
    found = debugger.evaluate("1 2 3")
    assert found.loss == found.y_hat.item()
    with pytest.raises(EvaluationError, match="y is given, but the loss is the output itself"):
        debugger.evaluate("1 2 3", "1")


def test_a_published_scenario() -> None:
    found = Debugger(msgspec.structs.replace(load("article"), iterations=3)).evaluate()
    assert found.accuracy == 0.0
    assert found.confusion is not None
    assert found.confusion.tolist() == [[0, 0], [1, 0]]
