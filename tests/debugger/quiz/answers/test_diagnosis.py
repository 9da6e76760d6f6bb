"""A number that a mistaken run gives gets the mistake's name."""

from collections.abc import Iterator

import msgspec
import numpy as np
import pytest

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.quiz.prediction import Prediction
from backprop_tui.debugger.quiz.quiz import Quiz
from backprop_tui.engine.mistakes.mistaken_program import Mistaken, default
from backprop_tui.engine.mistakes.mistakes import MISTAKES
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.values.element import Shape
from tests import sampled
from tests.debugger.quiz.asked_questions import rounded
from tests.debugger.scenarios import training
from tests.engine.mistakes.slips import MODELS, NETWORKS, program_of

DIGITS = 10
# where the first number that differs is one that another mistake gives as well, which may be named then
SHARED = {
    "mask-after-softmax": "mask-left-out",
    "gradient-through-time-cut": "last-step-only",
}
ENOUGH = 2 if sampled.everything else 1  # networks for each mistake


def first_difference(own: Quiz, wrong: Timeline) -> Iterator[tuple[int, Shape, str]]:
    """The first number of a mistaken run that is finite, not 0 and not the right one: the step, the place, the text."""
    run = own.debugger.timeline
    for step in range(1, 2 * run.length + 1):
        event = run.event(step)
        assert event is not None
        other = np.asarray(wrong.frame(event.iteration)[wrong.program.by_name[event.name].key], dtype=float)
        for at in np.ndindex(other.shape):
            text = rounded(float(other[at]), DIGITS)
            if np.isfinite(other[at]) and other[at] and rounded(float(event.value[at]), DIGITS) != text:
                yield step, at, text


@pytest.mark.parametrize("mistake", sampled.some(MISTAKES, 40))
def test_a_mistaken_runs_number_gets_the_mistakes_name(mistake: str) -> None:
    row, told = MISTAKES[mistake], 0
    for key, network in {**NETWORKS, **MODELS}.items():
        program = program_of(key)
        slip = default(program, row)
        if slip is None:
            continue
        wrong = Timeline(Mistaken.of(program, slip).program)
        own = Debugger(training(network)).predict(level=2)
        found = next(first_difference(own, wrong), None)
        if found is None:
            continue
        step, at, text = found
        own.debugger.seek(step - 1)
        asked = own.ask()
        assert asked is not None
        own._prediction = Prediction(msgspec.structs.replace(asked, at=at))
        last = own.answer(text).last
        assert last is not None
        expected = ["cut off instead of rounded", f"what you get when {slip.when(program)}"]
        if other := default(program, MISTAKES[SHARED.get(mistake, mistake)]):
            run = Timeline(Mistaken.of(program, other).program)
            alike = run.frame(asked.event.iteration)[run.program.by_name[asked.event.name].key]
            if rounded(float(np.asarray(alike)[at]), DIGITS) == text:
                expected.append(f"what you get when {other.when(program)}")
        assert any(reason.endswith((*expected,)) for reason in last.reasons), (asked.text, text, last.reasons)
        told += 1
        if told == ENOUGH:
            return
    assert told
