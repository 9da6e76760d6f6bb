"""Why an answer is wrong: the first of these that gives exactly that number, at the precision it was written with.

Cut off instead of rounded; a classic mistake; carried over from one's own earlier wrong answer; the sign; the value of
a different element; the point in the wrong place.
"""

from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any

import msgspec
import numpy as np

from backprop_tui.debugger.quiz.answers.answers_in_numbers import Given
from backprop_tui.debugger.quiz.answers.attempt import Attempt, Part
from backprop_tui.debugger.quiz.questions.known_values import SAME
from backprop_tui.debugger.quiz.questions.question import Question
from backprop_tui.engine.program.operation import QUIET, Operation
from backprop_tui.engine.program.program import Frame
from backprop_tui.formula.values.compile import compiled
from backprop_tui.formula.values.element import Shape
from backprop_tui.formula.writing.symbols import indices

# The mistakes that give numbers of an operation: in slices, which yield the iteration reached
Search = Callable[[Question, Mapping[Shape, Given]], Generator[int, None, Mapping[Shape, list[str]]]]
MOST = 2000  # numbers among which a different element is looked for
DIGITS = 3  # digits of a number that is looked for in what an operation reads
POINTS = (1, -1, 2, -2, 3, -3)  # places by which a decimal point may be off, the likeliest first


class OwnRun(Mapping[str, Any]):
    """The values of an iteration by key, by the textbook formulas from the `answered` ones; computed when asked for."""

    def __init__(self, frame: Frame, answered: Mapping[str, Any]) -> None:
        self.frame = frame
        self.answered = answered
        self._values: dict[str, Any] = {}
        self._from: dict[str, tuple[str, ...]] = {}

    def __getitem__(self, key: str) -> Any:
        if key in self.answered:
            return self.answered[key]
        operation = self.frame.program.by_key.get(key)
        if operation is None or not self.comes_from(operation):
            return self.frame[key]
        if key not in self._values:
            self._values[key] = self.following(operation)
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.frame)

    def __len__(self) -> int:
        return len(self.frame)

    def following(self, operation: Operation) -> Any:
        """What an operation gives for the answered values."""
        return QUIET(compiled(operation.tree, operation.keys))(self)

    def comes_from(self, operation: Operation) -> tuple[str, ...]:
        """The keys of answered values that an operation's result comes from, without what lies behind them."""
        if operation.key not in self._from:
            by_key, found = self.frame.program.by_key, dict[str, None]()
            for name in operation.reads:
                key = operation.keys[name]
                before = by_key.get(key)
                found |= dict.fromkeys([key] if key in self.answered else self.comes_from(before) if before else [])
            self._from[operation.key] = tuple(found)
        return self._from[operation.key]


class Wrong(msgspec.Struct, frozen=True):
    """A wrong number of an answer."""

    at: Shape
    given: Given
    part: Part

    def says(self, number: float) -> bool:
        """Whether a number is the one that was given; one digit says little, so it is taken to be exact."""
        if not self.given.is_coarse:
            return self.given.says(number)
        return abs(number - self.given.value) <= SAME * abs(number)

    @property
    def exact(self) -> Given:
        """It as it is searched for."""
        if not self.given.is_coarse:
            return self.given
        return msgspec.structs.replace(self.given, claim=None, half_width=SAME * abs(self.given.value))


def diagnosed(
    attempt: Attempt, asked: Question, own: Mapping[str, Any], search: Search
) -> Generator[int, None, Attempt]:
    """An attempt with the reasons for what is wrong in it, in slices. `own` are one's own wrong results, by key."""
    if asked.aspect == "shape":
        turned = [
            p for p in attempt.parts if p.mark == "wrong" and p.text == "×".join(map(str, asked.value.shape[::-1]))
        ]
        reasons = ["rows and columns are the other way round"] if turned else []
        return msgspec.structs.replace(attempt, reasons=tuple(reasons))
    wrong = [Wrong(p.at, p.given, p) for p in attempt.parts if p.mark == "wrong" and p.given and p.at is not None]
    told: dict[str, list[Part]] = {}
    cut = {one.at for one in wrong if one.given.claim is not None and _is_cut(one.given, asked.true(one.at))}
    fitting = yield from search(asked, {one.at: one.exact for one in wrong if one.at not in cut})
    for one in wrong:
        found = ["cut off instead of rounded"] if one.at in cut else list(fitting.get(one.at, ()))
        for reason in found or list(_others(one, asked, own))[:1]:
            told.setdefault(reason, []).append(one.part)
    return msgspec.structs.replace(attempt, reasons=tuple(_sentence(reason, parts) for reason, parts in told.items()))


def _others(one: Wrong, asked: Question, own: Mapping[str, Any]) -> Iterator[str]:
    """What else gives a number, the likeliest first."""
    true, says = asked.true(one.at), one.says
    yield from _carried(one, asked, own)
    if not np.isfinite(true) or not np.isfinite(one.given.value) or one.given.value == 0:
        return
    if says(-true):
        yield "right but for its sign"
    yield from _elsewhere(one, asked)
    for points in POINTS:
        if says(true * 10.0**points):
            yield "right but for the place of its decimal point"


def _carried(one: Wrong, asked: Question, own: Mapping[str, Any]) -> Iterator[str]:
    if not own:
        return
    run = OwnRun(asked.frame, own)
    behind = run.comes_from(asked.operation)
    if behind and one.says(float(run.following(asked.operation)[one.at])):
        by_key, symbol = asked.frame.program.by_key, asked.operation.symbols.symbol
        names = " and ".join(symbol(by_key[key].name) for key in behind)
        yield f"right from the wrong {names} answered before: carried over"


def _elsewhere(one: Wrong, asked: Question) -> Iterator[str]:
    """The value of a different element, in the result or in what the operation reads."""
    operation, address = asked.operation, asked.operation.symbols.symbol
    for at, value in _elements(asked.value):
        if at != one.at and one.says(value):
            yield f"the value of {asked.address(at)}"
            return
    if one.given.claim is None or one.given.half_width > 5 * 10.0**-DIGITS * abs(one.given.value):
        return
    for name, array in asked.event.inputs.items():
        for at, value in _elements(array):
            if one.says(value) and value not in (0.0, 1.0, -1.0):
                place = "" if np.size(array) == 1 else indices(at, np.shape(array))
                before = " before its update" if name == operation.name else ""
                yield f"the value of {address(name)}{place}{before}"
                return


def _elements(array: Any) -> Iterator[tuple[Shape, float]]:
    if np.size(array) <= MOST:
        yield from ((at, float(value)) for at, value in np.ndenumerate(array))


def _is_cut(given: Given, true: float) -> bool:
    """Whether a number begins with what is written, cut off there: two digits of it at least."""
    return not given.is_coarse and given.claim is not None and given.claim.cut_off(true)


def _sentence(reason: str, parts: list[Part]) -> str:
    """`z₁[0] = −0.15 is what you get when …`; several numbers share a sentence."""
    said = [f"{part.of} = {part.text}" for part in parts]
    if len(said) == 1:
        return f"{said[0]} is {reason}"
    return f"{', '.join(said[:-1])} and {said[-1]} are {reason}"
