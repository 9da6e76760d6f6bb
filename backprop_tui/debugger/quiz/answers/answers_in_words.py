"""Answers in words: which side, which units, which shape."""

import re
from math import prod

from backprop_tui.debugger.quiz.answers.answers_in_numbers import AnswerError, Reader, typed_of
from backprop_tui.debugger.quiz.questions.question import Question
from backprop_tui.formula.language.tree import ExpressionError
from backprop_tui.text import clean

# a side of a number -> how people say so
SIDES = {
    1: "+ positive pos plus more larger greater bigger above up rises rise >",
    -1: "- negative neg minus less smaller lower below down falls fall <",
    0: "0 zero same equal stays stay unchanged =",
}
BY_WORD = {word: side for side, words in SIDES.items() for word in words.split()}
SHOWN = {1: "+", -1: "−", 0: "0"}
NONE = ("none", "no", "nothing", "-", "no unit", "none of them")
EVERY = ("all", "every", "both", "all of them")
UNIT = re.compile(r"(?:[^\W\d]\w*\[)?(\d{1,6})(?:,\d+)?\]?")
NUMBER = ("()", "number", "a number", "scalar", "one number", "1")
EXTENT = r"(?:\s*[x×*,\s]\s*(\d{1,9}))?"
EXTENTS = re.compile(rf"[\[(]?\s*(\d{{1,9}}){4 * EXTENT}\s*,?\s*[\])]?")


def read_side(text: str, asked: Question) -> int:
    """1, −1 or 0: a word for it, or a number on that side. Raises AnswerError."""
    typed = typed_of(text).lower()
    if typed in BY_WORD and not (typed == "0" and asked.aspect == "half"):
        return BY_WORD[typed]
    try:
        value = Reader(asked).one(typed_of(text)).value
    except ExpressionError:
        raise AnswerError(f"'{clean(text.strip(), 40)}' is none of +, − and 0") from None
    return (value > asked.against) - (value < asked.against)


def read_units(text: str, asked: Question) -> frozenset[int]:
    """The units that are named: `0 2`, `h[0], h[2]`, `none`, `all`. Raises AnswerError."""
    typed = " ".join(typed_of(text).lower().split())
    units = range(len(asked.places))
    if typed in NONE:
        return frozenset()
    if typed in EVERY:
        return frozenset(units)
    plain = asked.operation.symbols.ascii(typed)
    words = [word for word in re.split(r"\s*(?:,(?!\d+\])|;|\band\b|\s)\s*", plain) if word]
    found = [UNIT.fullmatch(word) for word in words]
    if not all(found):
        raise AnswerError(f"'{clean(text.strip(), 40)}' is not a list of units, such as 0 2, or none")
    named = frozenset(int(one[1]) for one in found if one)
    if not named <= {*units}:
        raise AnswerError(f"there are units 0 to {len(units) - 1}")
    return named


def read_shape(text: str, asked: Question) -> tuple[int, ...]:
    """Rows and columns, `2×3` or `2 3`; for a column of one sample, the rows alone are enough. Raises AnswerError."""
    typed = typed_of(text).lower().replace(" by ", " x ")
    shape = asked.value.shape
    if typed in NUMBER:
        return tuple(shape) if prod(shape) == 1 else ()
    found = EXTENTS.fullmatch(typed)
    if found is None:
        raise AnswerError(f"'{clean(text.strip(), 40)}' is not a shape, such as 2×3")
    given = tuple(int(extent) for extent in found.groups() if extent)
    shortened = len(given) < len(shape) and given == tuple(extent for extent in shape if extent > 1)
    return tuple(shape) if shortened else given
