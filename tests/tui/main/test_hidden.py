"""With a question open, the whole screen is searched for the hidden numbers: every size, watches, graph, bug mode."""

import re
from collections.abc import Iterable, Iterator

import numpy as np
import pytest

from backprop_tui.debugger.quiz.questions.question import Question
from backprop_tui.formula.writing.numbers import MINUS, format_number
from tests.sampled import crossed
from tests.tui.harness import Session, asynchronous, opened
from tests.tui.main.test_predict import looks, the_quiz

SIZES = [(60, 15), (80, 24), (120, 36), (200, 60)]
WATCHES = ("z1", "loss", "norm(dW1)", "W1[0,1]", "delta1", "y_hat")
DIGITS = range(3, 11)
TELLING = 3  # significant digits, of a number that is no other by chance
NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[−-]?\d+)?")


def written(arrays: Iterable[np.ndarray]) -> Iterator[str]:
    """How the numbers of arrays may stand on a screen, without their signs."""
    for array in arrays:
        for number in np.ravel(array):
            for digits in DIGITS:
                text = format_number(abs(float(number)), digits).replace(MINUS, "-")
                if len(text.replace(".", "").strip("0")) >= TELLING:
                    yield text


def hidden(s: Session, asked: Question) -> set[str]:
    """What the operation and all after it compute, in the right run and the mistaken one, and nothing before it is."""
    frame, index = asked.frame, asked.operation.index
    operations = frame.program.operations
    known = [frame[operation.key] for operation in operations[:index]]
    known += [frame[name] for name in frame.program.start]
    later = [frame[operation.key] for operation in operations[index:]]
    if s.debugger.beside is not None:
        wrong = s.debugger.beside.b.frame(asked.event.iteration)
        first = wrong.program.by_name[asked.operation.name].index
        later += [wrong[operation.key] for operation in wrong.program.operations[first:]]
    return {*written(later)} - {*written(known)}


async def search(s: Session, step: int) -> None:
    """Ask for the result of a step, and look for it, and for all that follows, in every pane."""
    s.debugger.quiz = None
    s.debugger.seek(step - 1)
    s.debugger.predict(level=1 + step % 3)
    await s.press("n")
    prediction = the_quiz(s).open
    assert prediction is not None
    secret = hidden(s, prediction.question)
    assert secret
    for text in await looks(s):
        numbers = {found.replace(MINUS, "-") for found in NUMBER.findall(text)}
        assert not numbers & secret, f"{prediction.question.text} {numbers & secret}\n{text}"
    await s.press("escape")
    shown = {found.replace(MINUS, "-") for text in await looks(s) for found in NUMBER.findall(text)}
    assert step % 3 == 0 or shown & secret or not {*written([prediction.question.value])} & secret


@pytest.mark.parametrize(("size", "graph"), crossed(2, SIZES, [False, True]))
@asynchronous
async def test_no_hidden_number_is_on_the_screen(size: tuple[int, int], graph: bool) -> None:
    async with opened(size=size, mistake="gradient-ascent" if graph else None) as s:
        for watch in WATCHES:
            s.debugger.watches.add(watch)
        await s.press("4", "d", *("V" * graph))
        for step in (2, 4, 15, 24) if graph else (4, 5, 13, 23, 36):
            await search(s, step)


@pytest.mark.parametrize("name", ["adam", "mazur"])
@asynchronous
async def test_nor_is_it_in_another_scenario(name: str) -> None:
    async with opened(name, mistake="updates-first") as s:
        for watch in WATCHES:
            s.debugger.watches.add(watch)
        await s.press("4", "d")
        for step in range(2, s.debugger.timeline.length, 9):
            await search(s, step)


@asynchronous
async def test_nor_is_it_when_it_is_asked_again() -> None:
    """Of what was shown once, and went wrong, the result is hidden again, and so is all after it."""
    async with opened(first="predict 2") as s:
        s.debugger.watches.add("z1")
        await s.press("n", "escape")
        for _ in range(3):
            await s.press("n", "escape")
        await s.press("n")
        prediction = the_quiz(s).open
        assert prediction is not None
        assert prediction.question.again
        secret = hidden(s, prediction.question)
        for text in await looks(s):
            assert not {found.replace(MINUS, "-") for found in NUMBER.findall(text)} & secret, text
