"""An answer as people type it: numbers, fractions, expressions; lists and matrices of them; how exact each is meant."""

import re
from decimal import Decimal
from math import inf, isfinite, isnan, nan
from unicodedata import normalize

import msgspec
import numpy as np

from backprop_tui.debugger.quiz.answers.answer_entries import entries, rows_of, unwrapped, with_points
from backprop_tui.debugger.quiz.questions.known_values import SAME, Known
from backprop_tui.debugger.quiz.questions.question import Question
from backprop_tui.formula.language.tree import ExpressionError
from backprop_tui.scenario import Claim
from backprop_tui.scenario.format.number_layout import plural
from backprop_tui.text import clean

LONGEST = 1000  # characters of an answer
EXPONENT = 400  # the largest exponent that is read: a float64 ends long before
EXACT = 1e-9  # relative: an expression of exact numbers may be off by rounding errors
COARSE = 0.05  # relative: half a unit of a number's second digit, at most
TYPED = str.maketrans({"−": "-", "–": "-", "½": "(1/2)", "¼": "(1/4)", "¾": "(3/4)", "∞": "inf", "^": "**"})
LITERAL = re.compile(r"[+-]?\s*(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?(\d+))?")
WITHIN = re.compile(r"(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])")  # a number within an expression
NOT_FINITE = {"inf": inf, "+inf": inf, "infinity": inf, "-inf": -inf, "-infinity": -inf, "nan": nan}


class AnswerError(ValueError):
    """What cannot be read as an answer: one line that says why."""


class Given(msgspec.Struct, frozen=True):
    """One number of an answer as written, and how far off it may be: half a unit of its last digit.

    `claim` is there for a number, not for an expression.
    """

    text: str
    value: float
    half_width: float
    claim: Claim | None = None

    @property
    def is_coarse(self) -> bool:
        """Whether it has fewer than two significant digits."""
        return self.half_width > COARSE * abs(self.value) * (1 + SAME)

    def says(self, number: float) -> bool:
        """Whether a number is the one that is meant, at the precision given."""
        if not (isfinite(self.value) and isfinite(number)):
            return self.value == number or (isnan(self.value) and isnan(number))
        if self.claim is not None:
            return self.claim.agrees(number)
        return abs(self.value - number) <= self.half_width + EXACT * abs(number)


def read_answer(text: str, asked: Question) -> tuple[Given, ...]:
    """The numbers of an answer, one for each place that is asked about. Raises AnswerError."""
    typed = typed_of(text)
    reader = Reader(asked)
    try:
        return (reader.one(typed),) if reader.count == 1 else reader.several(typed)
    except ExpressionError as error:  # its column is that of an entry, in other characters
        raise AnswerError(str(error).removeprefix(f"column {error.column}: ")) from None


def typed_of(text: str) -> str:
    """What was typed, in characters that can be read. Raises AnswerError where it is nothing, or too much."""
    if len(text) > LONGEST:
        raise AnswerError(f"longer than {LONGEST:,} characters")
    typed = normalize("NFC", text).strip().translate(TYPED)
    if not typed:
        raise AnswerError("an answer is missing")
    return typed


class Reader:
    """Reads numbers where a question asks for them."""

    def __init__(self, asked: Question) -> None:
        self.asked = asked
        self.known = Known(asked)
        self.count = len(asked.places)
        self.shape = np.shape(asked.value)

    def one(self, typed: str) -> Given:
        """A single number. Raises ExpressionError or AnswerError."""
        entry = with_points(unwrapped(typed))
        try:
            return self.given(entry)
        except ExpressionError:
            if (count := len(entries(entry))) > 1:
                raise AnswerError(f"one number is asked for, not {count}") from None
            raise

    def several(self, typed: str) -> tuple[Given, ...]:
        """All numbers of a result: as one expression, or as entries one after the other.

        A comma between digits is that of a decimal where the count then fits. Raises ExpressionError or AnswerError.
        """
        try:
            found = np.asarray(self.known.evaluate(typed), dtype=float)
        except ExpressionError as error:
            return self._listed(typed, error)
        if found.size == 1:
            return self._listed(typed, None)
        if found.shape != self.shape:
            raise AnswerError(f"that is {_by(found.shape)}, and {self.asked.subject} has a different shape")
        pairs = zip(found.ravel().tolist(), self._width(typed, found).ravel().tolist(), strict=True)
        return tuple(Given(_shown(typed), value, half) for value, half in pairs)

    def _listed(self, typed: str, error: ExpressionError | None) -> tuple[Given, ...]:
        layouts = [rows_of(typed), rows_of(typed, decimal=True)]
        for rows in layouts:
            if self._fits(rows):
                return tuple(self.given(entry) for row in rows for entry in row)
        count = sum(map(len, layouts[0]))
        if count == 1 and error is not None:
            raise error
        if count == self.count:
            raise AnswerError(f"{self.asked.subject} has {plural(self.shape[-2], 'row')} of {self.shape[-1]}")
        raise AnswerError(f"{self.count} numbers are asked for, not {count:,}")

    def _fits(self, rows: list[list[str]]) -> bool:
        """Whether there are as many entries as are asked for, in one row, or in rows as the value has them."""
        lengths = {len(row) for row in rows}
        column = len(self.shape) == 2 and 1 in self.shape
        fits = len(rows) == 1 or lengths == {self.shape[-1]} or (column and lengths == {1})
        return fits and sum(map(len, rows)) == self.count

    def given(self, entry: str) -> Given:
        """One entry. Its precision is that of how it is written, or what its own numbers leave of it."""
        shown = _shown(entry)
        if entry.lower() in NOT_FINITE:
            return Given(shown, NOT_FINITE[entry.lower()], 0.0)
        if found := LITERAL.fullmatch(entry):
            if len(entry) > 60 or (found[1] and int(found[1][:9]) > EXPONENT):
                raise AnswerError(f"{clean(entry, 40)} is more than a float64 holds")
            claim = Claim.of(Decimal("".join(entry.split())))
            return Given(shown, claim.value + 0.0, claim.half_width, claim)
        value = np.asarray(self.known.evaluate(entry), dtype=float)
        if value.size != 1:
            raise AnswerError(f"{clean(entry, 40)} is {_by(value.shape)}, where one number is asked for")
        return Given(shown, float(value.reshape(())), float(self._width(entry, value).reshape(())))

    def _width(self, text: str, value: np.ndarray) -> np.ndarray:
        """How far an expression may be off because its numbers are rounded: each is varied by half a unit.

        Whole numbers, and those that stand in what the operation reads, are exact.
        """
        width = np.zeros(value.shape)
        plain = self.known.program.symbols.ascii(text)
        for found in WITHIN.finditer(plain):
            number = float(found[0])
            if number.is_integer() or self.known.has(number):
                continue
            varied = repr(number + Claim.of(Decimal(found[0])).half_width)
            other = self.known.evaluate(f"{plain[: found.start()]}{varied}{plain[found.end() :]}")
            with np.errstate(all="ignore"):
                width += np.abs(np.nan_to_num(np.asarray(other, dtype=float) - value))
        return width


def _by(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))


def _shown(entry: str) -> str:
    return clean(" ".join(entry.split()), 60).replace("-", "−")
