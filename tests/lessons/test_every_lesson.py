"""What can be done with a run can be done with that of every lesson, networks of layers and models alike."""

import io
import json
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from backprop_tui.cli import main
from backprop_tui.debugger.audit.audit import check
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.quiz.answers.attempt import sides
from backprop_tui.debugger.quiz.questions.question import Question
from backprop_tui.engine.mistakes.mistaken_program import possible
from backprop_tui.engine.mistakes.overlay import Overlay
from backprop_tui.engine.program.program import Frame, Program
from backprop_tui.engine.sensitivity.sample_shares import ShareError
from backprop_tui.engine.statements.variable import Phase, Role
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.values.element import evaluate
from backprop_tui.scenario import Scenario, load
from backprop_tui.scenario.library import names
from tests.debugger.mistakes.diagnosis.sources import IN_FULL, published
from tests.debugger.scenarios import bits
from tests.sampled import some

LESSONS = names()
QUESTIONS = 12  # that are answered, of a lesson
MISTAKES = 6  # that are made, of those that are possible
TOLERANCE = 1e-9

lessons = pytest.mark.parametrize("lesson", some(LESSONS, 6))


@cache
def scenario(lesson: str) -> Scenario:
    """A lesson, read once, of an iteration or two."""
    found = load(lesson)
    return replace(found, iterations=min(found.iterations, 2), published=(), notes=())


@cache
def timeline(lesson: str) -> Timeline:
    """Its run."""
    return Timeline(Program.of(scenario(lesson).network))


def debugger(lesson: str) -> Debugger:
    """A debugger of its own."""
    return Debugger(scenario(lesson))


def value(frame: Frame, name: str) -> Any:
    """What an iteration computed under a name."""
    return np.asarray(frame[frame.program.by_name[name].key])


def written(program: Program) -> list[str]:
    """The gradients of the parameters, whole or of a step, and L."""
    return ["L", *(o.name for o in program.operations if o.variable.role is Role.GRADIENT and o.variable.parameter)]


@lessons
def test_an_edit_is_followed_by_what_follows_from_it(lesson: str) -> None:
    now = debugger(lesson)
    program, frame = now.program, timeline(lesson).frame(1)
    *_, last = (o for o in program.operations if o.variable.phase is Phase.FORWARD and o.name != "L" and not o.lazy)
    place = (0,) * len(last.shape)
    new = float(value(frame, last.name)[place]) * 0.5 + 0.125
    now.seek(f"1:{last.name}")
    before = {name: bits(now[name]) for name in now}
    now.assign(f"{last.name}[{','.join(map(str, place))}]" if place else last.name, new)
    assert now[last.name][place] == new
    edited = now.timeline.frame(1)
    values = {name: edited[key] for o in program.operations for name, key in o.keys.items() if key in edited}
    values[last.name] = now[last.name]
    for operation in program.operations[last.index + 1 :]:
        if operation.variable.phase is Phase.UPDATE:
            break
        values[operation.name] = evaluate(operation.tree, values)
        now.seek(f"1:{operation.name}")
        np.testing.assert_allclose(now[operation.name], values[operation.name], rtol=TOLERANCE, atol=TOLERANCE)
    now.undo()
    now.seek(f"1:{last.name}")
    assert {name: bits(now[name]) for name in now} == before


@lessons
def test_a_session_is_taken_up_where_it_was_left(lesson: str, tmp_path: Path) -> None:
    now = debugger(lesson)
    gradient = written(now.program)[-1]
    now.watches.add("L")
    now.watches.add(f"norm({gradient})")
    now.breakpoints.add(gradient)
    now.seek(f"1:{gradient}")
    now.save(tmp_path / "session")
    other = debugger(lesson)
    assert not other.load(tmp_path / "session").lost
    assert (other.position, {*other.breakpoints.names()}) == (now.position, {gradient})
    assert [reading.shown for reading in other.readings()] == [reading.shown for reading in now.readings()]
    assert [bits(other[name]) for name in now] == [bits(now[name]) for name in now]


@lessons
def test_what_it_computes_itself_agrees_and_a_misprint_does_not(lesson: str) -> None:
    run = timeline(lesson)
    printed = {
        (name, 1): value(run.frame(1), name) for name in written(run.program) if value(run.frame(1), name).size <= 64
    }
    own = scenario(lesson)
    assert check(replace(own, published=published(printed, IN_FULL))).agrees
    wrong = Debugger(replace(own, published=published({("L", 1): printed["L", 1] + 1.0}, IN_FULL)))
    wrong.seek("1:L")
    assert [verdict.holds for verdict in wrong.moment().verdicts] == [False]


def right_answer(asked: Question) -> str:
    """What is right, as people type it."""
    match asked.aspect:
        case "shape":
            return "×".join(map(str, np.shape(asked.value))) or "a number"
        case "off":
            return " ".join(str(at[0]) for at in asked.places if asked.true(at) == 0) or "none"
    return "-=+"[sides(asked)[0] + 1]


@lessons
def test_the_right_answers_are_right(lesson: str) -> None:
    quiz = debugger(lesson).predict(level=1)
    for _ in range(QUESTIONS):
        asked = quiz.ask()
        assert asked is not None
        result = quiz.answer(right_answer(asked))
        assert not result.open
        assert not result.shown
        assert quiz.debugger.step == asked.step


@lessons
def test_mistakes_can_be_made(lesson: str) -> None:
    run = timeline(lesson)
    found = possible(run.program)
    assert len(found) > MISTAKES
    for slip in found[:: max(1, len(found) // MISTAKES)]:
        overlay = Overlay(run.program, (slip,))
        assert slip.when(run.program)
        assert np.shape(overlay.at_end("L", overlay.frame(1, run))) == ()


@lessons
def test_a_series_and_a_watch_have_the_numbers_of_the_run(lesson: str) -> None:
    now, run = debugger(lesson), timeline(lesson)
    expected = [float(run.frame(iteration)["L"]) for iteration in (1, 2)]
    assert now.series("L", 2).tolist() == expected
    gradient = written(now.program)[-1]
    sizes = [float(np.linalg.norm(value(run.frame(iteration), gradient))) for iteration in (1, 2)]
    np.testing.assert_allclose(now.series(f"norm({gradient})", 2), sizes, rtol=1e-12)


@lessons
def test_a_breakpoint_is_stopped_at_on_and_back(lesson: str) -> None:
    now = debugger(lesson)
    gradient = written(now.program)[1]
    number = now.breakpoints.add_typed(gradient).number
    assert now.resume().number == number
    assert now.position == f"1:{gradient}"
    here = bits(now[gradient])
    now.end()
    while now.resume(back=True).number == number and now.iteration > 1:
        pass
    assert (now.position, bits(now[gradient])) == (f"1:{gradient}", here)


@lessons
def test_a_trace_has_every_operation_once_with_its_numbers(lesson: str) -> None:
    out = io.StringIO()
    with redirect_stdout(out):
        assert main(["trace", lesson, "--iterations", "1", "--format", "jsonl"]) == 0
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    run = timeline(lesson)
    traced = {line["name"]: line["value"] for line in lines if "value" in line}
    assert [*traced] == [operation.name for operation in run.program.operations]
    for name in written(run.program):
        np.testing.assert_allclose(np.array(traced[name], dtype=float), value(run.frame(1), name), rtol=1e-12)


@lessons
def test_why_is_answered_with_the_number_that_is_there(lesson: str) -> None:
    now, frame = debugger(lesson), timeline(lesson).frame(1)
    now.seek("1:L")
    now.seek(f"1:{written(now.program)[-1]}")
    for name in ("L", written(now.program)[-1]):
        at = (0,) * np.ndim(value(frame, name))
        found = now.explain(f"{name}[{','.join(map(str, at))}]" if at else name)
        assert found.value == value(frame, name)[at]
        assert found.children


@lessons
def test_the_shares_of_samples_add_up(lesson: str) -> None:
    now, frame = debugger(lesson), timeline(lesson).frame(1)
    gradient = written(now.program)[-1]
    now.seek(f"1:{gradient}")
    try:
        shares = now.per_sample(gradient)
    except ShareError:  # what is no sum over samples, such as that of a single one
        assert now.program.feed.total == 1
        return
    rest = shares.rest
    total = sum(shares) + (0.0 if rest is None else rest)
    np.testing.assert_allclose(total, value(frame, gradient), rtol=1e-9, atol=1e-12)
