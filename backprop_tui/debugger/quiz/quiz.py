"""The quiz: hides the result of the next operation of a debugger and asks for it."""

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING

import msgspec

from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.debugger.basics.slices import run_out
from backprop_tui.debugger.quiz.answers.answers_in_numbers import AnswerError, Given
from backprop_tui.debugger.quiz.answers.attempt import attempt
from backprop_tui.debugger.quiz.answers.diagnosis import diagnosed
from backprop_tui.debugger.quiz.hints import STEPS, Hints
from backprop_tui.debugger.quiz.prediction import Prediction
from backprop_tui.debugger.quiz.progress import Track
from backprop_tui.debugger.quiz.questions.kinds import kind_of
from backprop_tui.debugger.quiz.questions.question import LEVELS, Question, question
from backprop_tui.debugger.quiz.score import Score
from backprop_tui.debugger.quiz.slips_of_answers import SlipsOf
from backprop_tui.debugger.whatif.branches import MOST_BRANCHES
from backprop_tui.engine.program.edit import Edit
from backprop_tui.formula.values.element import Shape

if TYPE_CHECKING:
    from backprop_tui.debugger.debugger import Debugger


class QuizError(ValueError):
    """What cannot be done in a quiz: one line that says why."""


class Quiz:
    """Asks for what a debugger computes next.

    The debugger stays before an operation while its result is asked for, and goes on to it when the question is
    closed: by the right answer, or by `show`. What was seen already is not asked about, unless it went wrong: then it
    is asked again a few questions later, until it was right twice. A fixed `level` (1 sign or shape, 2 one element,
    3 all of it) is that of every question, else it follows the score of its kind.
    """

    def __init__(self, debugger: "Debugger", score: Score | None = None, level: int | None = None) -> None:
        self.score = score or Score()
        self.session = Score()  # the score since the quiz began
        self.asked = 0
        self.set_level(level)
        self.follow(debugger)

    def __repr__(self) -> str:
        level = f"level {self.level}" if self.level else "levels that follow the score"
        asks = f", asks: {self.open.question.text}" if self.open else ""
        return f"<Quiz of {self.debugger.scenario.name} at {self.debugger.position}, {level}, {self.asked} asked{asks}>"

    def follow(self, debugger: "Debugger") -> None:
        """Ask for what a debugger computes; a debugger of a new version of the scenario keeps the score."""
        self.debugger = debugger
        debugger.quiz = self
        self._tracks: dict[tuple[Edit, ...], Track] = {}
        self._last: tuple[Edit, ...] = ()
        self._prediction: Prediction | None = None
        self._detour: tuple[int, int] | None = None  # a step that is asked again, and where to go on after it
        self._slips: SlipsOf | None = None

    def set_level(self, level: int | None) -> None:
        """Ask at a level, or (None) at the one that the score leads to. Raises QuizError."""
        if level is not None and level not in LEVELS:
            raise QuizError("a level is 1 (sign or shape), 2 (one element) or 3 (all of it)")
        self.level = level

    # asking

    @property
    def open(self) -> Prediction | None:
        """The question that is asked now with what was tried; None where there is none. Going elsewhere drops it."""
        found = self._prediction
        if found is None or not found.open or found.question.step != self.debugger.step + 1:
            return None
        return found if self._last == self.debugger.timeline.edits else None

    def ask(self) -> Question | None:
        """The question about the next operation; None where that needs none, and the debugger has gone on to it.

        With a batch, it is about the sample that is shown.
        """
        if self.open is not None:
            return self.open.question
        debugger, track = self.debugger, self.track
        here = debugger.step
        if self._detour is not None and self._detour[0] == here:
            here = self._detour[1]
        self._detour = None
        step = here + 1
        if step > track.furthest:
            due = track.due(self.asked)
            if due is not None and due != debugger.step:
                self._detour = (due, here)
                step = due
        elif step not in track.again:
            debugger.seek(step)
            return None
        debugger.seek(step - 1)
        self._prediction = Prediction(self._question(step))
        return self._prediction.question

    def _question(self, step: int) -> Question:
        event = self.debugger.timeline.event(step)
        assert event is not None  # noqa: S101 - steps from 1 on have one
        again = self.track.again.get(step)
        tally = self.score[kind_of(event.operation, self.debugger.program.variables).name]
        level = self.level or (again.level if again else tally.level)
        before = self.debugger.timeline.frame(event.iteration - 1) if event.iteration > 1 else None
        return question(
            event, level, turn=self.asked, sample=self.debugger.sample, before=before, again=again is not None
        )

    # answering

    def answer(self, text: str) -> Prediction:
        """Try an answer; what is wrong in it, and why, is in `last` of what comes back.

        Raises AnswerError where it cannot be read, or is right as far as it goes but has one digit only: then nothing
        counts. Raises QuizError where nothing is asked.
        """
        prediction = self.mark(text)
        run_out(self.explain())
        return self._prediction or prediction

    def mark(self, text: str) -> Prediction:
        """`answer` without the reasons for what is wrong, for which `explain` may take long."""
        prediction = self._opened()
        found = attempt(text, prediction.question)
        if found.coarse:
            short = next(part for part in found.parts if part.mark == "coarse")
            raise AnswerError(f"{short.of} = {short.text} is right as far as it goes; please give two digits")
        return self._become(msgspec.structs.replace(prediction, attempts=(*prediction.attempts, found)))

    def explain(self) -> Generator[int, None, None]:
        """Find the reasons for what is wrong in the last answer, in slices; nothing where it is right."""
        prediction = self._prediction
        if prediction is None or prediction.last is None or prediction.right:
            return
        asked = prediction.question
        own = self.track.own[asked.event.iteration]
        found = yield from diagnosed(prediction.last, asked, own, self._fits)
        now = self._prediction
        if now is not None and now.attempts == prediction.attempts:
            self._prediction = msgspec.structs.replace(now, attempts=(*prediction.attempts[:-1], found))
            if not now.open:
                self.track.keep(self._prediction)

    def hint(self) -> int:
        """Give the next hint; how many there are now. Raises QuizError after the third."""
        prediction = self._opened()
        if prediction.hints == STEPS:
            raise QuizError("there are three hints; an empty answer shows the result")
        self._prediction = msgspec.structs.replace(prediction, hints=prediction.hints + 1)
        return self._prediction.hints

    def hints(self) -> list[str]:
        """The hints that were given, a line each."""
        prediction = self._opened()
        hints = Hints(prediction.question)
        return [hints.step(number) for number in range(1, prediction.hints + 1)]

    def show(self) -> Prediction:
        """Give up: the result is shown, which counts as wrong."""
        return self._become(msgspec.structs.replace(self._opened(), shown=True))

    def farewell(self) -> str:
        """How it went since the quiz began, what to practise, and why nothing was kept, in one line."""
        return "; ".join(part for part in (self.session.summary(), self.score.problem) if part)

    def _become(self, prediction: Prediction) -> Prediction:
        """Go on with what became of the question; once it is closed, to its step."""
        self._prediction = prediction
        if not prediction.open:
            self.asked += 1
            asked = prediction.question
            result = (asked.kind.name, prediction.outcome, prediction.credit, asked.level)
            self.score.add(*result)
            self.session.add(*result)
            self.track.close(prediction, self.asked)
            self.debugger.seek(asked.step)
        return prediction

    def _opened(self) -> Prediction:
        if self.open is None:
            raise QuizError("nothing is asked")
        return self.open

    # what is seen

    def moment(self) -> Moment:
        """All that there is to show: where an operation is asked for, what there was before it."""
        debugger, track, new = self.debugger, self.track, msgspec.structs.replace
        now, asked = debugger.moment(), self.open
        if asked is None:
            return new(now, veil=track.furthest + 1, prediction=track.closed.get(now.step))
        event = asked.question.event
        known = {
            "element": None,
            "beside": None,
            "audit": None,
            "iteration": event.iteration,
            "index": event.operation.index - 1,
            "frame": asked.question.frame,
        }
        return new(now, step=event.step, veil=event.step, prediction=asked, **known)

    @property
    def track(self) -> Track:
        """What was seen on the branch that is current."""
        edits = self.debugger.timeline.edits
        if edits not in self._tracks:
            before = self._tracks.get(self._last)
            self._tracks[edits] = before.branched(self.debugger.step) if before else Track(self.debugger.step)
            if len(self._tracks) > MOST_BRANCHES:
                del self._tracks[next(iter(self._tracks))]
        self._last = edits
        return self._tracks[edits]

    def saw(self) -> None:
        """Take note of where the debugger is: what is shown need not be asked for any more."""
        track = self.track
        track.furthest = max(track.furthest, self.debugger.step)

    def _fits(self, asked: Question, wrong: Mapping[Shape, Given]) -> Generator[int, None, Mapping[Shape, list[str]]]:
        """The classic mistakes that give some numbers, and that the answers before do not rule out."""
        timeline = self.debugger.timeline
        if self._slips is None or self._slips.timeline is not timeline:
            self._slips = SlipsOf(timeline)
        found = yield from self._slips.behind(asked, wrong, self.track.closed.values())
        return found
