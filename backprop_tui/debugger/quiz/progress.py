"""What was seen and answered on one branch of a run."""

from collections import defaultdict
from typing import Any

import msgspec
import numpy as np

from backprop_tui.debugger.quiz.prediction import Prediction
from backprop_tui.debugger.quiz.score import TWICE

KEPT = 50  # predictions, and iterations with wrong answers, that are kept: each holds all values of its iteration
GAP = 3  # questions until what went wrong is asked again


class Again(msgspec.Struct, frozen=True):
    """What went wrong at a step: asked again at its level, from a number of questions on, until it was right twice."""

    level: int
    due: int
    right: int = 0


class Track:
    """The furthest step that was seen, the predictions by step, what is to be asked again, and wrong results by key."""

    def __init__(self, furthest: int) -> None:
        self.furthest = furthest
        self.closed: dict[int, Prediction] = {}
        self.again: dict[int, Again] = {}
        self.own: defaultdict[int, dict[str, Any]] = defaultdict(dict)  # by iteration

    def branched(self, step: int) -> "Track":
        """A track that is the same up to a step."""
        new = Track(min(step, self.furthest))
        new.closed = {at: found for at, found in self.closed.items() if at <= step}
        new.again = {at: found for at, found in self.again.items() if at <= step}
        for iteration, values in self.own.items():
            new.own[iteration] = dict(values)
        return new

    def close(self, prediction: Prediction, asked: int) -> None:
        """Keep how a question went, the one that is the `asked`-th of the session."""
        question = prediction.question
        step, before = question.step, self.again.get(question.step)
        self.keep(prediction)
        if prediction.outcome == "wrong":
            self.again[step] = Again(question.level, asked + GAP)
        elif before is not None:
            right = before.right + (prediction.outcome == "first")
            self.again[step] = Again(before.level, asked + GAP, right)
            if right >= TWICE:
                del self.again[step]
        self._keep_own(prediction)

    def keep(self, prediction: Prediction) -> None:
        """Keep a prediction; where there are too many, the oldest goes."""
        self.closed.pop(prediction.question.step, None)
        self.closed[prediction.question.step] = prediction
        if len(self.closed) > KEPT:
            del self.closed[next(iter(self.closed))]

    def due(self, asked: int) -> int | None:
        """The step that has waited longest to be asked again; None where none is due."""
        waiting = [(again.due, step) for step, again in self.again.items() if again.due <= asked]
        return min(waiting)[1] if waiting else None

    def _keep_own(self, prediction: Prediction) -> None:
        """The first answer's wrong numbers in the place of the right ones: what one may go on with by mistake."""
        question = prediction.question
        parts = prediction.attempts[0].parts if prediction.attempts else ()
        wrong = [(part.at, part.given.value) for part in parts if part.given is not None and part.mark == "wrong"]
        own = self.own[question.event.iteration]
        own.pop(question.operation.key, None)
        if len(self.own) > KEPT:
            del self.own[next(iter(self.own))]
        if wrong:
            value = np.array(question.value, dtype=float)
            for at, number in wrong:
                value[at or ()] = number
            own[question.operation.key] = value
