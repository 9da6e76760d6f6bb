"""A problem: what is wrong with a scenario, and where."""

import re
from collections.abc import Callable, Iterable, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import NamedTuple

import msgspec

from backprop_tui.scenario.format.aliases import BESIDE, MEANT, plain
from backprop_tui.text import clean


class Inside(NamedTuple):
    """The last part of a path that leads into a text of several lines: a line and a column of it, from 1."""

    line: int
    column: int


Path = tuple[str | int | Inside, ...]
Message = str | Callable[[], str]  # a function where the text is slow to make: called only if it is shown
Finding = tuple[Path, Message]  # what is wrong with the value at a path, before its line is known

SHOWN = 50  # problems: a file whose numbers are all wrong has thousands
MANY = 1_000_000  # problems that are counted; more than these are so many at least
LISTED = 15  # names: still one line or two
COMPARED = 1000  # names that a word is compared with: a hundred thousand would take seconds
BARE = re.compile(r"[A-Za-z0-9_-]+")


class Problem(msgspec.Struct, frozen=True):
    """One problem, `file:line:column: key: message`. Lines and columns count from 1; 0 means no particular one."""

    file: str
    message: str
    key: str = ""
    line: int = 0
    column: int = 0

    @classmethod
    def of(cls, finding: Finding, file: str, line: int, column: int) -> "Problem":
        """A finding whose place is known."""
        path, message = finding
        return cls(file, message if isinstance(message, str) else message(), key(path), line, column)

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return ": ".join(part for part in (place, self.key, self.message) if part)


class ScenarioError(ValueError):
    """The problems of a scenario, in the order of the file; as a string, one line each.

    If there are a great many, `problems` has the first ones, and `more` is the number of the others, or MANY.
    """

    def __init__(self, problems: Iterable[Problem], more: int = 0) -> None:
        self.problems, self.more = tuple(problems), more
        super().__init__(self.problems)

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        if more := len(self.problems) - len(lines) + self.more:
            count = f"{more:,}" if more < MANY else f"at least {MANY:,}"
            lines.append(": ".join(filter(None, (self.problems[0].file, f"and {count} more"))))
        return "\n".join(lines)


def key(path: Path) -> str:
    """A path as it is printed, `network.layers[1].units`."""
    parts = (
        f"[{part}]" if isinstance(part, int) else f".{_name(part)}" for part in path if not isinstance(part, Inside)
    )
    return "".join(parts).removeprefix(".")


def _name(part: str) -> str:
    return part if BARE.fullmatch(part) and len(part) <= 60 else f'"{clean(part, 60)}"'


def quote(text: str) -> str:
    """Outside text as a message shows it."""
    return f"'{clean(text, 60)}'"


def listing(names: Iterable[str]) -> str:
    """Names as a message lists them, the first of them if there are many."""
    distinct = list(dict.fromkeys(names))
    return ", ".join(distinct[:LISTED] + ["…"] * (len(distinct) > LISTED))


def hint(word: str, names: Sequence[str]) -> str:
    """Help with an unknown name, in brackets: the name that was probably meant, or else all there are."""
    found = meant(word, names)
    if not found:
        return f"(known: {listing(names)})" if names else "(there are none)"
    beside = f", {BESIDE[short]}" if (short := plain(word[:60])) in BESIDE else ""
    return f"(did you mean {' or '.join(map(quote, found))}{beside}?)"


def meant(word: str, names: Sequence[str]) -> list[str]:
    """The names that an unknown one was probably meant for: what people call so, else what is spelled like it."""
    short = plain(word[:60])
    if found := [name for name in MEANT.get(short, ()) if name in names]:
        return found
    spelled = {plain(name): name for name in islice(names, COMPARED)}
    return [spelled[near] for near in get_close_matches(short, spelled, n=1)]
