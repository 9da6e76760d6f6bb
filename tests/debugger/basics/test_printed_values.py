"""The article's eleven published values, each beside what is computed; and its notes."""

from functools import partial
from typing import Any

import msgspec
import numpy as np
import pytest

from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.scenario import load
from tests.debugger.scenarios import article

# name, where, as printed, which elements agree: the table of worked-examples.md
VERDICTS: list[tuple[str, str, str, Any]] = [
    ("z1", "section 2", "[−0.15 1.8]", [[False], [False]]),
    ("h1", "section 2", "[0 1.8]", [[True], [False]]),
    ("z2", "section 2", "−1.6", [[False]]),
    ("y_hat", "section 2", "0.167", [[False]]),
    ("L", "section 3", "1.79", False),
    ("L", "section 6, beside the updated parameters", "1.463", True),
    ("delta2", "section 4", "−0.83", [[False]]),
    ("W2", "section 6", "[0.5 −0.892]", [[True, True]]),
    ("b2", "section 6", "0.277", [[True]]),
    ("W1", "section 6", "[[0.2 −0.4 0.1] [0.623 0.262 −0.385]]", [[True, True, True], [True, True, True]]),
    ("b1", "section 6", "[0.1 −0.277]", [[True], [True]]),
]


def moments(iterations: int) -> list[Moment]:
    debugger = Debugger(article(iterations))
    found = []
    for step in range(iterations * debugger.timeline.length + 1):
        debugger.seek(step)
        found.append(debugger.moment())
    return found


def test_every_verdict_at_the_operation_that_it_is_about() -> None:
    found = [
        (moment.position, verdict.published.where, verdict.printed, verdict.agrees.tolist(), verdict.holds)
        for moment in moments(1)
        for verdict in moment.verdicts
    ]
    assert found == [
        (f"1:{name}", where, printed, agrees, bool(np.all(agrees))) for name, where, printed, agrees in VERDICTS
    ]


def test_a_verdict_has_the_computed_value() -> None:
    for moment in moments(1):
        for verdict in moment.verdicts:
            assert verdict.computed is moment.value(verdict.published.name)
            assert verdict.agrees.shape == verdict.computed.shape


def test_a_claim_about_one_element() -> None:
    debugger = Debugger(load("mazur"))
    debugger.seek("1:dL_dW2")
    moment = debugger.moment()
    (verdict,) = moment.verdicts
    assert verdict.computed == moment.frame["dL_dW2"][0, 0]
    assert (verdict.printed, verdict.agrees.tolist(), verdict.holds) == ("0.082167041", True, True)
    claims = [verdict.published.claim((0, place)) for place in (0, 1)]
    assert [claim and claim.text for claim in claims] == ["0.082167041", None]


def test_the_loss_after_a_step_is_that_of_the_next_iteration() -> None:
    debugger = Debugger(load("mazur"))
    debugger.seek("2:L")
    (verdict,) = debugger.moment().verdicts
    assert (verdict.printed, verdict.holds) == ("0.291027924", False)
    debugger.seek("1:")
    assert debugger.moment().next_loss == verdict.computed


def test_a_claim_is_about_its_own_iteration() -> None:
    assert not any(moment.verdicts for moment in moments(2)[20:])
    second = article(2)
    claims = tuple(msgspec.structs.replace(claim, iteration=2) for claim in second.published)
    debugger = Debugger(msgspec.structs.replace(second, published=claims))
    debugger.seek("1:W1")
    assert debugger.moment().verdicts == ()
    debugger.seek("2:W1")
    (verdict,) = debugger.moment().verdicts
    assert not verdict.holds


def test_a_value_that_is_not_finite_agrees_with_nothing() -> None:
    (claim,) = [claim for claim in load("article").published if claim.where == "section 3"]
    assert [bool(claim.agrees(np.float64(value))) for value in (1.79, np.nan, np.inf)] == [True, False, False]


@pytest.mark.parametrize("iterations", [1, 3])
def test_notes_are_shown_where_they_belong(iterations: int) -> None:
    noted = {moment.position: [note.text for note in moment.notes] for moment in moments(iterations) if moment.notes}
    assert list(noted) == ["1:z1", "1:delta2", "1:W2"]
    assert "without its bias 0.1" in noted["1:z1"][0]


def test_a_note_without_an_iteration_is_shown_in_every_one() -> None:
    replace = partial(msgspec.structs.replace, iteration=None)
    scenario = article(2)
    debugger = Debugger(msgspec.structs.replace(scenario, notes=tuple(map(replace, scenario.notes))))
    for position in ("1:delta2", "2:delta2", "9:delta2"):
        debugger.seek(position)
        assert len(debugger.moment().notes) == 1
