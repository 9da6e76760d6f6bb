"""Making text that came from outside safe to print, and fitting it into the cells of a terminal."""

from collections.abc import Callable
from functools import lru_cache
from unicodedata import category, east_asian_width

LIMIT = 500  # characters: about six lines of a terminal of 80 columns
MARKS = 2  # combining marks in a row: Vietnamese and IPA need two


def clean(text: str, limit: int = LIMIT, *, lines: bool = False) -> str:
    """The text with nothing in it that a terminal would act on: at most `limit` printable characters.

    Controls, escapes, bidirectional overrides, surrogates and unassigned characters become what Python would write
    for them (`\\x1b`, `\\u202e`); every separator becomes a space; marks that pile up are dropped, as are variation
    selectors, whose width terminals disagree about. With `lines`, newlines stay. Cleaning twice changes nothing.
    """
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    shown: list[str] = []
    length = marks = 0
    for character in text:
        marks = marks + 1 if category(character)[0] == "M" else 0
        if marks > MARKS or _selects_variation(character):
            continue
        shown.append(character if lines and character == "\n" else _visible(character))
        length += len(shown[-1])
        if length > limit:
            return "".join(shown)[: limit - 1] + "…"
    return "".join(shown)


def a_type(value: object) -> str:
    """The type of a value with its article: an int, a list."""
    name = type(value).__name__
    return f"{'an' if name[:1] in 'aeiou' else 'a'} {name}"


def width(text: str) -> int:
    """The number of terminal cells that a clean text takes: two for a wide character, none for a combining mark."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def beginning(text: str, cells: int, measure: Callable[[str], int] = width) -> str:
    """The longest beginning of a clean text that fits into this number of cells."""
    used = 0
    for place, character in enumerate(text):
        used += measure(character)
        if used > cells:
            return text[:place]
    return text


def fitted(text: str, cells: int) -> str:
    """A clean text cut, or filled up with spaces, to exactly this number of cells."""
    if width(text) > cells:
        text = f"{beginning(text, cells - 1).rstrip()}…"
    return text + " " * (cells - width(text))


def wrapped(text: str, cells: int, measure: Callable[[str], int] = width) -> list[str]:
    """Clean prose in lines of at most this number of cells, broken at spaces where there are any; an address that is
    longer than a line behind a slash.

    `measure` gives the cells of a text, for a terminal library that counts them in its own way.
    """
    lines, line = [], ""
    for word in text.split():
        while measure(word) > cells > 0:
            if line:
                lines.append(line)
                line = ""
            kept = beginning(word, cells, measure) or word[:1]
            slash = kept.rfind("/") + 1
            kept = kept[:slash] if 2 * slash > len(kept) else kept
            lines.append(kept)
            word = word[len(kept) :]
        if line and measure(line) + 1 + measure(word) > cells:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line and word else line or word
    return [*lines, line] if line else lines


@lru_cache(maxsize=1024)  # a text has few distinct characters
def _cells(character: str) -> int:
    if category(character) in ("Mn", "Me"):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    if category(character) == "Zs":
        return " "
    return character.encode("unicode_escape").decode("ascii")


def _selects_variation(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
