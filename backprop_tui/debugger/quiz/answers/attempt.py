"""An attempt: what was answered, and what of it is right."""

from collections.abc import Iterable
from math import prod
from typing import Literal

import msgspec

from backprop_tui.debugger.quiz.answers.answers_in_numbers import Given, read_answer
from backprop_tui.debugger.quiz.answers.answers_in_words import SHOWN, read_shape, read_side, read_units
from backprop_tui.debugger.quiz.questions.kinds import SIDES
from backprop_tui.debugger.quiz.questions.known_values import SAME
from backprop_tui.debugger.quiz.questions.question import Question
from backprop_tui.formula.values.element import Shape

# `coarse`: right as far as it goes, but of fewer than two digits
Mark = Literal["right", "wrong", "coarse"]


class Part(msgspec.Struct, frozen=True):
    """One thing that was answered, an element mostly: what it is of, how it was written, and whether it is right."""

    of: str
    text: str
    mark: Mark
    at: Shape | None = None
    given: Given | None = None


class Attempt(msgspec.Struct, frozen=True):
    """An answer with the mark of each part; `reasons` are sentences about what is wrong."""

    parts: tuple[Part, ...]
    reasons: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether all of it is right."""
        return all(part.mark == "right" for part in self.parts)

    @property
    def coarse(self) -> bool:
        """Whether nothing is wrong except that digits are missing."""
        marks = {part.mark for part in self.parts}
        return "coarse" in marks and "wrong" not in marks

    @property
    def share(self) -> float:
        """How much of it is right."""
        return sum(part.mark == "right" for part in self.parts) / len(self.parts)


def attempt(text: str, asked: Question) -> Attempt:
    """An answer to a question, without reasons. Raises AnswerError, one line, where it cannot be read."""
    if asked.aspect == "value":
        given = read_answer(text, asked)
        return Attempt(tuple(_part(one, asked, at) for one, at in zip(given, asked.places, strict=True)))
    if asked.aspect == "off":
        return Attempt(tuple(_units(read_units(text, asked), asked)))
    if asked.aspect == "shape":
        shape = read_shape(text, asked)
        return Attempt((Part(asked.subject, by(shape), _mark(shape == asked.value.shape)),))
    side = read_side(text, asked)
    return Attempt((Part(asked.subject, SHOWN[side], _mark(side in sides(asked)), asked.at),))


def mark(given: Given, true: float, slack: float) -> Mark:
    """The mark of a number: right where it rounds to what was written, with two significant digits or all there are.

    A result that is 0 except for rounding errors, which `slack` bounds, counts as 0.
    """
    if abs(true) <= slack and (given.value == 0 or (given.claim is None and abs(given.value) <= slack)):
        return "right"
    if not given.says(true):
        return "wrong"
    exact = given.value == true or abs(given.value - true) <= SAME * abs(true)
    return "right" if exact or not given.is_coarse else "coarse"


def sides(asked: Question) -> tuple[int, ...]:
    """On which side of what it is compared with the hidden number lies; 0 also if only rounding separates them."""
    difference = asked.true(asked.at or ()) - asked.against
    side = (difference > 0) - (difference < 0)
    return (side, 0) if side and abs(difference) <= asked.slack else (side,)


def by(shape: Shape) -> str:
    """A shape, `2×3`."""
    return "×".join(map(str, shape)) or "a number"


def truth(asked: Question, number: str) -> str:
    """What would have been right, in one line; `number` is what the value is written as."""
    if asked.aspect in SIDES:
        return f"{asked.subject}: {SHOWN[sides(asked)[0]]}"
    if asked.aspect == "shape":
        return f"{asked.subject} is {'a number' if prod(asked.value.shape) == 1 else by(asked.value.shape)}"
    if asked.aspect == "off":
        off = [str(at[0]) for at in asked.places if asked.true(at) == 0]
        return f"{asked.subject} is 0 in {', '.join(off) if off else 'none'}"
    return f"{asked.subject} = {number}"


def _part(given: Given, asked: Question, at: Shape) -> Part:
    return Part(asked.address(at), given.text, mark(given, asked.true(at), asked.slack), at, given)


def _units(named: frozenset[int], asked: Question) -> Iterable[Part]:
    for at in asked.places:
        says = at[0] in named
        yield Part(asked.address(at), "0" if says else "not 0", _mark(says == (asked.true(at) == 0)), at)


def _mark(right: bool) -> Mark:  # noqa: FBT001 - it is its only operand
    return "right" if right else "wrong"
