"""What is wrong where a text is not TOML, in words that say what to write: other formats, and common slips."""

import re
from collections.abc import Callable

from backprop_tui.scenario.format.key_places import lists_of_tables
from backprop_tui.scenario.format.numpy_print import written
from backprop_tui.text import clean

LONGEST = 400  # characters of a line that are looked at

# Other formats, by how a text of theirs begins.
FORMATS = {
    "JSON": re.compile(r'\s*(?://[^\n]*\s*)?(?:\{\s*["}]|\[\s*(?:[{"\d-]|\[\s*[\[{\d-]))'),
    "a dict of Python's": re.compile(r"\s*(?:\w+\s*=\s*)?(?:\{\s*'|dict\()"),
    "Python": re.compile(r"(?:\s|#[^\n]*\n)*(?:import|from)\s+\w"),
    "a csv file": re.compile(r"(?:[^\n=,\[\]#]+,)+[^\n=,\[\]#]+\n"),
    "YAML": re.compile(r"(?:\s|#[^\n]*\n)*(?:---|-\s|[\w-]+:(?:\s|$))"),
}

NAME, NUMBER = r"[\w.-]+", r"[+-]?[0-9]+(?:\.[0-9]+)?"
Say = Callable[[re.Match[str]], str]

# Slips, by the line that has one, and what to say of it.
SLIPS: dict[re.Pattern[str], Say] = {
    re.compile(rf"{NAME}\s*=\s*([+-]?[0-9]+),([0-9]+)\s*(?:#.*)?"): lambda found: (
        f"is written with a comma, expected {found[1]}.{found[2]}"
    ),
    re.compile(rf"{NAME}\s*=\s*({NUMBER}\s*(?:[/%*^+]|-\s*[0-9]).*)"): lambda found: (
        f"has to be worked out, expected one number: '{clean(found[1], 40)}'"
    ),
    re.compile(r"[^\"'#]*([\u2010-\u2015\u2212])\s*[0-9.].*"): lambda found: (
        f"has {found[1]} before a number, expected -, which looks like it"
    ),
    re.compile("[^\"'#]*?([\u2018-\u201f\u00ab\u00bb]).*"): lambda found: f'has {found[1]}, expected "',
    re.compile(rf"(?:-\s*)?({NAME}):\s+\S.*"): lambda found: f"is written as in YAML, expected {found[1]} = …",
    re.compile(rf"(?:-\s*)?({NAME}):"): lambda found: f"is written as in YAML, expected [{found[1]}]",
}
HEADER = re.compile(rf"(\[\[?)\s*({NAME})\s*\]\]?\s*(?:#.*)?")


def other_format(text: str) -> str:
    """What a text is that is not TOML from its beginning; empty where it may be."""
    found = next((name for name, beginning in FORMATS.items() if beginning.match(text)), "")
    return f"is {found}, expected TOML: 'backprop-tui new' writes a scenario to change" if found else ""


def slip(text: str, offset: int) -> str:
    """What is wrong at an error of the syntax, where that is a slip that people make; empty otherwise."""
    start, end = text.rfind("\n", 0, offset) + 1, text.find("\n", offset)
    line = text[start : end if end >= 0 else len(text)][:LONGEST].strip()
    if header := HEADER.fullmatch(line):
        return _given_twice(header[2], text[:start])
    if said := written(text, offset):
        return said
    return next((say(found) for pattern, say in SLIPS.items() if (found := pattern.fullmatch(line))), "")


def _given_twice(name: str, before: str) -> str:
    """What is wrong with a header, if that is that the table has one already."""
    other = re.search(rf"^[ \t]*\[\[?\s*{re.escape(name)}\s*\]", before, re.MULTILINE)
    if other is None:
        return ""
    line = before.count("\n", 0, other.start()) + 1
    many = f": expected [[{name}]] for each" if name in lists_of_tables() else ""
    return f"[{name}] is given twice, in line {line} already{many}"
