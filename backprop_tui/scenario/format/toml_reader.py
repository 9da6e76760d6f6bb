"""Reading TOML: tomllib, within limits that keep it linear in the size of a text, and a place for all that is wrong."""

import re
import tomllib
from collections.abc import Iterator
from decimal import Context, Decimal
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from backprop_tui.text import clean

if TYPE_CHECKING:
    from backprop_tui.scenario.format.toml_positions import Place


LARGEST = 16 * 2**20  # bytes; 784-512-512-10 with all digits takes 15 million, and 670,000 commas

# How many there may be of what a text is made of. tomllib takes 4 to 25 µs for each: together, some seconds.
MOST = {
    ",": (700_000, "commas"),
    "\n": (700_000, "lines"),
    "=": (200_000, "equals signs"),
    "[": (200_000, "opening brackets"),
}
DOTS = 100_000  # in keys of three parts and more, of which each makes a table
DEEPEST = 20  # brackets in brackets: the format needs six
PARTS = 20  # of a dotted key: the format needs three
LONGEST = 400  # characters of a number or of a name without quotes, fewer than the digits that Python always reads

# One that is never closed reaches to the end, of its line or of the text: so each character is looked at once.
STRINGS = (
    r'"""(?:[^"\\]++|\\.|"(?!""))*+"*',
    r"'{3}(?:[^']++|'(?!''))*+'*",
    r'"(?:[^"\\\n]++|\\[^\n])*+"?',
    r"'[^'\n]*+'?",
)
PART = rf"(?:[A-Za-z0-9_-]++|{STRINGS[2]}|{STRINGS[3]})"
TOKEN = re.compile(
    rf"(?P<dotted>(?<![\w-]){PART}(?:[ \t]*\.[ \t]*{PART}){{{PARTS}}})"
    rf"|(?P<joined>(?<![\w-]){PART}(?:[ \t]*\.[ \t]*{PART}){{2,}}+)"
    rf"|(?P<long>(?<![\w+-])[\w+-]{{{LONGEST + 1}}})"
    rf"|{'|'.join(STRINGS)}|#[^\n]*+|(?P<opened>[\[{{])|(?P<closed>[\]}}])",
    re.DOTALL,
)
SYNTAX = r"(?s)(.*) \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)"

NEXT = r"(?<![^\n])[ \t]*(?:[\w.\"'-]+[ \t]*=|\[\[?[A-Za-z_])|\s*\Z"  # after a list: a key, a header, the end

# What tomllib says, in words that say what to do.
SAID = {
    "Invalid value": "is not a value: text stands in quotes, and it is 0.5 and true, not .5 and True",
    "Cannot overwrite a value": "is given twice",
    "Unclosed array": "is not what comes next in a list, expected , or ]",
    "Illegal character '\\n'": "is a text that ends on its line, or goes on for several between ''' and '''",
    "Expected newline or end of document after a statement": "comes after a value; a number has a point, as in 0.5",
}

# Decimal keeps the digits as written; an exponent beyond it becomes NaN, which is refused like any other.
WRITTEN = partial(Decimal, context=Context(traps=[]))


class TomlError(ValueError):
    """A text that is not TOML, or too much of it: what is wrong, and where."""

    def __init__(self, message: str, place: "Place") -> None:
        super().__init__(message)
        self.message, self.place = message, place


def read_toml(text: str) -> dict[str, Any]:
    """What a text says, with Decimal for floats. Raises TomlError."""
    from backprop_tui.scenario.format.toml_positions import place_of

    for message, offset in _too_much(text):
        raise TomlError(message, place_of(text, offset))
    try:
        return tomllib.loads(text, parse_float=WRITTEN)
    except tomllib.TOMLDecodeError as error:
        raise _syntax(str(error), text) from None


def _too_much(text: str) -> Iterator[tuple[str, int]]:
    """What is beyond a limit, and its offset."""
    yield from _too_many(text)
    depth = dots = 0
    for token in TOKEN.finditer(text):
        match token.lastgroup:
            case "opened":
                depth += 1
                if depth > DEEPEST:
                    yield f"is nested too deeply, expected at most {DEEPEST} brackets within each other", token.start()
            case "closed":
                depth = max(0, depth - 1)
            case "dotted":
                yield f"is a key of too many parts, expected at most {PARTS}", token.start()
            case "joined":
                dots += token.group().count(".")
                if dots > DOTS:
                    yield f"has more than {DOTS:,} dots in its keys", token.start()
            case "long":
                yield f"is a number or a name of more than {LONGEST} characters", token.start()


def _too_many(text: str) -> Iterator[tuple[str, int]]:
    """The signs of which there are too many, and the offset of the first that is."""
    for sign, (most, what) in MOST.items():
        if text.count(sign) > most:
            found = next(islice(re.finditer(re.escape(sign), text), most, None))
            yield f"has more than {most:,} {what}; a csv file can hold samples", found.start()


def _syntax(message: str, text: str) -> TomlError:
    """What tomllib says, at its place; it stops at the first error."""
    from backprop_tui.scenario.format.syntax_words import other_format, slip
    from backprop_tui.scenario.format.toml_positions import Place, end, offset_of, place_of

    found = re.fullmatch(SYNTAX, message)
    if found is None:
        return TomlError(clean(message), Place(1, 1))
    if said := other_format(text):
        return TomlError(said, Place(1, 1))
    place = Place(int(found[2]), int(found[3])) if found[2] else end(text)
    offset = offset_of(text, place)
    said = slip(text, offset)
    if not said and found[1] == "Unclosed array" and re.compile(NEXT).match(text, offset):
        return TomlError("is never closed: a ] is missing", place_of(text, _opened(text, offset)))
    return TomlError(said or SAID.get(found[1]) or clean(found[1]), place)


def _opened(text: str, offset: int) -> int:
    """Where the value begins whose brackets are open at an offset."""
    opened: list[int] = []
    for token in TOKEN.finditer(text, 0, offset):
        if token.lastgroup == "opened":
            opened.append(token.start())
        elif token.lastgroup == "closed" and opened:
            opened.pop()
    return opened[0] if opened else offset
