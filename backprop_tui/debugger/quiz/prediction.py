"""A prediction: a question with the hints that were given and the answers that were tried."""

from typing import Literal

import msgspec

from backprop_tui.debugger.quiz.answers.attempt import Attempt
from backprop_tui.debugger.quiz.questions.question import Question

# right at the first try, right with hints, or wrong (not known is wrong too)
Outcome = Literal["first", "hinted", "wrong"]
SHARE = 0.25  # share of the credit that a hint costs


class Prediction(msgspec.Struct, frozen=True, eq=False):
    """Open until it is answered right or the result is shown."""

    question: Question
    hints: int = 0
    attempts: tuple[Attempt, ...] = ()
    shown: bool = False

    @property
    def last(self) -> Attempt | None:
        """The last answer."""
        return self.attempts[-1] if self.attempts else None

    @property
    def right(self) -> bool:
        """Whether the last answer was right."""
        return self.last is not None and self.last.right

    @property
    def open(self) -> bool:
        """Whether the result is still hidden."""
        return not (self.shown or self.right)

    @property
    def outcome(self) -> Outcome:
        """How it went, once it is closed: the first answer counts."""
        if len(self.attempts) != 1 or not self.right:
            return "wrong"
        return "hinted" if self.hints else "first"

    @property
    def credit(self) -> float:
        """From 0 to 1: the share of the first answer that is right, less a quarter of it for each hint."""
        return self.attempts[0].share * (1 - SHARE * self.hints) if self.attempts else 0.0
