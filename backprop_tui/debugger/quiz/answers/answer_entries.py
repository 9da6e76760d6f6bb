"""A text as rows of entries: `1 -2; 3 4`, `[[1, -2], [3, 4]]`, a line each. What an entry says is left open."""

import re
from itertools import pairwise

from backprop_tui.formula.language.tree import ExpressionError

OPERATORS = "+-*/@=<>"
OPENING, CLOSING = "([", ")]"
DEEPEST = 10  # brackets within brackets


def unwrapped(text: str) -> str:
    """A text without brackets around all of it."""
    text = text.strip()
    while text.startswith("[") and _closing(text) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def rows_of(text: str, *, decimal: bool = False) -> list[list[str]]:
    """The rows of a text, each with its entries. With `decimal` a comma between two digits is that of a number.

    Raises ExpressionError where brackets are nested too deep.
    """
    if _depth(text) > DEEPEST:
        raise ExpressionError(f"nested deeper than {DEEPEST}")
    return _rows(text, decimal=decimal) or [[]]


def _rows(text: str, *, decimal: bool) -> list[list[str]]:
    text = unwrapped(text)
    if text.startswith("["):  # rows in brackets of their own
        rows, rest = [], text
        while rest.startswith("[") and (end := _closing(rest)) > 0:
            rows += _rows(rest[: end + 1], decimal=decimal)
            rest = rest[end + 1 :].lstrip(" ,;\n\t")
        if not rest:
            return rows
    lines = (with_points(line) if decimal else line for line in _split(text, ";\n"))
    return [found for line in lines if (found := entries(line))]


def with_points(line: str) -> str:
    """A line with a point for each comma between two digits, but for what stands in brackets."""
    parts, start = [], 0
    for place, depth in _outside(line, ","):
        if depth == 0 and re.match(r"\d,\d", line[max(0, place - 1) : place + 2]):
            parts.append(line[start:place])
            start = place + 1
    return ".".join([*parts, line[start:]])


def entries(line: str) -> list[str]:
    """The entries of a row: between commas, and between blanks unless an operator stands there: `1 -2`, not `1 - 2`."""
    found: list[str] = []
    for part in _split(line, ","):
        entry = ""
        for word in _split(" ".join(part.split()), " "):
            if entry and (entry[-1] in OPERATORS or word in OPERATORS or word[0] in "*/@"):
                entry += f" {word}"
            else:
                found += [entry] if entry else []
                entry = word
        found += [entry] if entry else []
    return found


def _split(text: str, at: str) -> list[str]:
    """A text in parts, at any of some characters outside of brackets."""
    places = [-1, *(place for place, depth in _outside(text, at) if depth == 0), len(text)]
    return [text[a + 1 : b] for a, b in pairwise(places)]


def _outside(text: str, of: str) -> list[tuple[int, int]]:
    """Where some characters stand, and in how many brackets."""
    found, depth = [], 0
    for place, character in enumerate(text):
        depth += (character in OPENING) - (character in CLOSING)
        if character in of:
            found.append((place, depth))
    return found


def _closing(text: str) -> int:
    """Where the bracket closes that a text begins with; -1 where it does not."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character in OPENING) - (character in CLOSING)
        if depth == 0:
            return place
    return -1


def _depth(text: str) -> int:
    depth = deepest = 0
    for character in text:
        depth += (character in OPENING) - (character in CLOSING)
        deepest = max(deepest, depth)
    return deepest
