"""The position of each value in a TOML text. tomllib does not give it, so it is found here, only if there is a problem.

The text has been accepted by tomllib, so this reads just enough of TOML to keep track of where it is.
"""

import re
import tomllib
from bisect import bisect
from collections.abc import Container, Iterable
from typing import NamedTuple

from backprop_tui.scenario.format.problem import Inside, Path

BLANK = re.compile(r"(?:[ \t\r\n,]|#[^\n]*)*")  # between two values, comments included
KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*'""")
DOT = re.compile(r"[ \t]*\.?[ \t]*")
EQUALS = re.compile(r"=[ \t]*")
# Strings that may span lines can have up to two quotes of their own before the closing three.
SCALAR = re.compile(
    r'''"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}|'{3}.*?'{3,5}(?!')|"(?:[^"\\]++|\\.)*+"|'[^']*'|[^,\]}\n#]+''',
    re.DOTALL,
)


class Place(NamedTuple):
    """A line and a column, in characters, both counted from 1."""

    line: int
    column: int


def end(text: str) -> Place:
    """Where a text ends."""
    return place_of(text, len(text))


def place_of(text: str, offset: int) -> Place:
    """The place of an offset."""
    return Place(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def offset_of(text: str, place: Place) -> int:
    """The offset of a place."""
    offset = 0
    for _ in range(place.line - 1):
        offset = text.index("\n", offset) + 1
    return offset + place.column - 1


class Places:
    """The places of the values of a TOML text.

    A table stands where its header or brace does, an array at its bracket, an array of tables at its first header, a
    table that only a longer key implies at that key or header; the root at the beginning. With `wanted`, only those
    paths are looked for, which bounds the memory.
    """

    def __init__(self, text: str, wanted: Iterable[Path] | None = None) -> None:
        found = _Scanner(text)
        if wanted is not None:
            found.wanted = {path[:length] for path in wanted for length in range(len(path) + 1)}
        self.offsets = found.document()
        self._text = text
        self._lines = [0, *(newline.end() for newline in re.finditer("\n", text))]

    def __getitem__(self, path: Path) -> Place:
        """The position of the value at a path; if there is none, that of the table that it is missing from."""
        if path and isinstance(path[-1], Inside):
            return self._inside(path[:-1], path[-1])
        while path not in self.offsets:
            path = path[:-1]
        return self._place(self.offsets[path])

    def _inside(self, path: Path, at: Inside) -> Place:
        """A place in a text of several lines, whose own newline after the quotes is not part of it."""
        start = self.offsets[path]
        quotes = 3 if self._text[start : start + 3] in ("'''", '"""') else 1
        start += quotes
        if quotes == 3 and self._text[start : start + 1] == "\n":
            start += 1
        first = self._place(start)
        return Place(first.line + at.line - 1, at.column if at.line > 1 else first.column + at.column - 1)

    def _place(self, offset: int) -> Place:
        line = bisect(self._lines, offset)
        return Place(line, offset - self._lines[line - 1] + 1)


class _Scanner:
    """One pass over a text, noting the offset of every value."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.offsets: dict[Path, int] = {(): 0}
        self.counts: dict[Path, int] = {}  # of the arrays of tables
        self.wanted: Container[Path] | None = None

    def note(self, path: Path, offset: int, *, again: bool = False) -> None:
        """Record the offset of a path unless it is known already, or with `again` in any case."""
        if (again or path not in self.offsets) and (self.wanted is None or path in self.wanted):
            self.offsets[path] = offset

    def document(self) -> dict[Path, int]:
        table: Path = ()
        while self.skip_blank():
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)
        return self.offsets

    def header(self) -> Path:
        """Read `[a.b]` or `[[a.b]]`; the path of the table that it opens."""
        start = self.at
        brackets = 2 if self.text.startswith("[[", start) else 1
        self.at += brackets
        path: Path = ()
        for name in self.key():
            path = (*self.newest(path), name)
            self.note(path, start)
        self.at += brackets
        if brackets == 2:
            self.counts[path] = self.counts.get(path, 0) + 1
            path = self.newest(path)
        self.note(path, start, again=True)
        return path

    def newest(self, path: Path) -> Path:
        """The path itself or, of an array of tables, its last table so far."""
        return (*path, self.counts[path] - 1) if path in self.counts else path

    def pair(self, table: Path) -> None:
        """Read `a.b = value`."""
        start = self.at
        path = table
        for name in self.key():
            path = (*path, name)
            self.note(path, start)
        self.take(EQUALS)
        self.value(path)

    def value(self, path: Path) -> None:
        self.note(path, self.at, again=True)
        opening = self.text[self.at]
        if opening not in "[{":
            self.take(SCALAR)
            return
        self.at += 1
        count = 0
        while self.skip_blank() not in "]}":
            if opening == "[":
                self.value((*path, count))
                count += 1
            else:
                self.pair(path)
        self.at += 1

    def key(self) -> list[str]:
        """Read a dotted key and the space around it."""
        names = []
        self.take(DOT)
        while found := self.take(KEY):
            names.append(found if found[0] not in "\"'" else tomllib.loads(f"key = {found}")["key"])
            self.take(DOT)
        return names

    def take(self, pattern: re.Pattern[str]) -> str:
        """Move past a pattern, if it is here; what it matched."""
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return found[0] if found else ""

    def skip_blank(self) -> str:
        """Move to the next character that means something; that character, nothing at the end."""
        self.take(BLANK)
        return self.text[self.at : self.at + 1]
