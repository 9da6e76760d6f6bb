"""What the equation pane says of a prediction: the question with its hints, what was answered, why that is wrong."""

from collections.abc import Iterator, Sequence

import numpy as np

from backprop_tui.debugger.quiz.answers.attempt import Attempt, truth
from backprop_tui.debugger.quiz.hints import STEPS, Hints
from backprop_tui.debugger.quiz.prediction import Prediction
from backprop_tui.debugger.quiz.questions.kinds import SIDES
from backprop_tui.debugger.quiz.questions.question import Question
from backprop_tui.formula.values.with_numbers import MATRIX, matrix_cells
from backprop_tui.tui.drawing.glyphs import ASKED
from backprop_tui.tui.shared.styled_line import Run, wrap
from backprop_tui.tui.shared.view import View

NEXT = ("Try again: Tab gives a hint, Esc the result.", "Try again, or Esc for the result.")
OF_A_NUMBER = ("value", *SIDES)  # what is asked of numbers themselves
SMALL = 12  # numbers of a matrix that has room beside its question
OUTCOMES = {"first": "right first time", "hinted": "right, with hints", "wrong": "it will be asked again"}


def prediction_lines(prediction: Prediction, view: View, width: int) -> Iterator[Sequence[Run]]:
    """The lines of a question that is open, or of how it went, above its operation."""
    styles, asked, write = view.styles, prediction.question, view.notation.text
    kind = f"{asked.kind.name}, again" if asked.again else asked.kind.name
    if prediction.open:
        yield [(write(kind), styles.muted)]
        yield from ([(line, styles.strong)] for line in wrap(write(asked.text), width))
        hints = Hints(asked, view.notation)
        for number in range(1, prediction.hints + 1):
            yield from ([(line, styles.text)] for line in wrap(f"{number}. {hints.step(number)}", width))
    if prediction.last is not None:
        yield from _attempt(prediction.last, view, width)
        if prediction.open:
            said = NEXT[prediction.hints == STEPS]
            yield from ([(line, styles.muted)] for line in wrap(write(said), width))
    if prediction.open:
        yield from _where(asked, view)
    else:
        said = f"{kind}: {OUTCOMES[prediction.outcome]}"
        if not prediction.right:
            said += f"; {truth(asked, _value(asked, view))}"
        yield from ([(line, styles.muted)] for line in wrap(write(said), width))
        yield []


def _where(asked: Question, view: View) -> Iterator[Sequence[Run]]:
    """The matrix of one number that is asked for, with a question mark where that will stand."""
    own = np.shape(asked.value)
    if asked.aspect not in OF_A_NUMBER or len(own) != MATRIX or not 1 < np.size(asked.value) <= SMALL:
        return
    notation, styles = view.notation, view.styles
    yield []
    for line in matrix_cells(np.ma.MaskedArray(np.zeros(own), mask=True), notation.digits, notation.minus, own):
        open_places = [at is not None and asked.at in (None, at) for _, at in line]
        yield [
            (ASKED, styles.accent) if is_open else (text, styles.muted)
            for (text, _), is_open in zip(line, open_places, strict=True)
        ]


def _value(asked: Question, view: View) -> str:
    return view.notation.array(asked.value) if asked.at is None else view.notation.number(asked.true(asked.at))


def _attempt(attempt: Attempt, view: View, width: int) -> Iterator[Sequence[Run]]:
    """Each part with its mark, in as few lines as there is room for, and the reasons."""
    styles, notation = view.styles, view.notation
    line: list[Run] = []
    room = width
    for part in attempt.parts:
        mark, style = ("agrees", styles.good) if part.mark == "right" else ("differs", styles.bad)
        said = f"{notation.mark(mark)} {notation.text(f'{part.of} = {part.text}')}"
        if line and len(said) + 2 > room:
            yield line
            line, room = [], width
        line += [("  ", styles.text), (said, style)] if line else [(said, style)]
        room -= len(said) + 2
    yield line
    for reason in attempt.reasons:
        yield from ([(one, styles.text)] for one in wrap(notation.text(reason), width))
