"""Which classic mistakes are behind wrong answers: the search for causes, over the answers so far."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

import numpy as np

from backprop_tui.debugger.mistakes.diagnosis.diagnose import slips_behind
from backprop_tui.debugger.mistakes.diagnosis.printed_array import PrintedArray
from backprop_tui.debugger.mistakes.diagnosis.search import Search
from backprop_tui.debugger.quiz.answers.answers_in_numbers import EXACT, Given
from backprop_tui.debugger.quiz.prediction import Prediction
from backprop_tui.debugger.quiz.questions.question import Question
from backprop_tui.engine.mistakes.overlay import Overlay
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.values.element import Shape
from backprop_tui.scenario import Claim


class SlipsOf:
    """The mistakes in one run, each made once and kept with what it ran."""

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self._singles: Sequence[Overlay] | None = None

    def behind(
        self, asked: Question, wrong: Mapping[Shape, Given], before: Iterable[Prediction]
    ) -> Generator[int, None, dict[Shape, list[str]]]:
        """What gives each wrong number, in words. An answer `before` that was right rules out what would have changed
        it; what followed an answer was computed from what was shown then.
        """
        printed = [*_answered(asked, wrong, 0), *self._right(asked, before)]
        search = Search(self.timeline, printed, self._singles)
        yield from search.gathering()
        self._singles = search.singles
        found: dict[Shape, list[str]] = {}
        for one in [*printed]:
            if one.is_root:
                found[one.at] = yield from slips_behind(search, one)
        return found

    def _right(self, asked: Question, before: Iterable[Prediction]) -> Iterator[PrintedArray]:
        for place, prediction in enumerate(before):
            question, first = prediction.question, prediction.attempts[:1]
            if (
                not first
                or not first[0].right
                or question.aspect != "value"
                or question.event.iteration != asked.event.iteration
            ):
                continue
            given = {part.at: part.given for part in first[0].parts if part.at is not None and part.given}
            yield from _answered(question, given, 1000 * (place + 1))


def _answered(asked: Question, given: Mapping[Shape, Given], place: int) -> Iterator[PrintedArray]:
    """Numbers of an answer, each as something printed."""
    own = asked.operation
    between = frozenset([own.name])  # all before it was shown
    for at, one in given.items():
        right = np.asarray(asked.value[at], dtype=float)
        claim = one.claim or Claim(one.text, one.value, max(one.half_width, EXACT * abs(one.value)), 0, 0.0)
        claims = np.array(claim, dtype=object)
        wrong = np.asarray(not one.says(float(right)))
        yield PrintedArray(place, own.name, asked.event.iteration, at, claims, right, wrong, between=between)
        place += 1
