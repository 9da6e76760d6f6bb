"""Watches: the value now, what the step changed, and the iterations before."""

from typing import Any

import numpy as np
import pytest

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.formula.language.tree import ExpressionError
from tests.debugger.scenarios import article, forgetful


def watching(*texts: str, at: str = "start") -> Debugger:
    debugger = Debugger(article(5))
    for text in texts:
        debugger.watches.add(text)
    debugger.seek(at)
    return debugger


def test_a_reading_is_of_now() -> None:
    debugger = watching("loss", "W1[1, 0]", "max(W₁) > 9", "dead units", at="2:z1")
    shown = [(reading.number, reading.text, reading.shown) for reading in debugger.readings()]
    first = debugger["W1"][1, 0]
    assert shown == [
        (1, "loss", "not computed yet"),
        (2, "W1[1, 0]", f"{first:.4f}"),
        (3, "max(W₁) > 9", "false"),
        (4, "dead units", "not computed yet"),
    ]
    debugger.seek("2:W1")
    before = float(first)
    loss, weight, _, dead = debugger.readings()
    assert loss.value == debugger["L"]
    assert loss.change is None
    assert weight.change == pytest.approx(debugger["W1"][1, 0] - before)
    assert dead.value == 1


def test_a_series_is_of_the_iterations_that_are_over() -> None:
    debugger = watching("loss", "W1[1,0]", "W1", at="4:delta2")
    values = {
        name: [(k, float(np.mean(debugger.timeline.frame(k).at_end(name)[at]))) for k in (1, 2, 3, 4)]
        for name, at in (("L", ()), ("W1", (1, 0)))
    }
    assert debugger.watches.series("loss", debugger.timeline, debugger.step) == values["L"][:3]
    debugger.end()
    assert debugger.watches.series(1, debugger.timeline, debugger.step) == values["L"]
    assert debugger.watches.series(2, debugger.timeline, debugger.step, 2) == values["W1"][2:]
    whole = debugger.watches.series(3, debugger.timeline, debugger.step)
    assert whole[-1][1] == pytest.approx(np.mean(debugger["W1"]))
    debugger.seek(0)
    assert debugger.watches.series(1, debugger.timeline, debugger.step) == []


def test_a_series_computes_nothing() -> None:
    debugger = forgetful(article(50))
    debugger.watches.add("loss")
    debugger.seek("50:L")
    kept = [at for at in range(1, 50) if debugger.timeline.has(debugger.timeline.step_at(at, 0))]
    found = debugger.watches.series(1, debugger.timeline, debugger.step)
    assert [at for at, _ in found] == kept
    assert len(kept) < 49


def test_kept_by_number_and_saved() -> None:
    debugger = watching("loss", "W1", "loss")
    watches = debugger.watches
    assert list(watches) == [(1, "loss"), (2, "W1")]
    watches.remove(1)
    watches.add("b1")
    assert list(watches) == [(2, "W1"), (3, "b1")]
    other = watching("L").watches
    other.load_plain(watches.to_plain())
    assert other.to_plain() == ["W1", "b1"]
    watches.remove("b1")
    with pytest.raises(KeyError, match="there is no watch 'b1'"):
        watches.remove("b1")


@pytest.mark.parametrize(
    ("plain", "message"),
    [(3, "watches: Expected `array`"), (["L", "nope"], "watch 2: there is no variable 'nope'"), ([3], "watches: ")],
)
def test_what_cannot_be_loaded_changes_nothing(plain: Any, message: str) -> None:
    watches = watching("loss").watches
    with pytest.raises(ExpressionError, match=message):
        watches.load_plain(plain)
    assert watches.to_plain() == ["loss"]


def test_watching_a_step_changes_nothing_of_it() -> None:
    debugger = watching("W1 + 1", at="1:W1")
    (reading,) = debugger.readings()
    assert np.asarray(reading.value).tolist() == (debugger["W1"] + 1).tolist()


def test_a_series_knows_what_was_computed_and_let_go_of() -> None:
    debugger = Debugger(article(50))
    debugger.timeline.store.most_recent = 2
    debugger.watches.add("loss")
    debugger.seek("50:L")
    assert not debugger.timeline.has(1)
    found = debugger.watches.series(1, debugger.timeline, debugger.step)
    losses = [float(debugger.timeline.frame(at)["L"]) for at in range(1, 50)]
    assert found == list(zip(range(1, 50), losses, strict=True))
