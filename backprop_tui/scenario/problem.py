"""A problem: what is wrong with a scenario, and where."""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

import msgspec

from backprop_tui.text import clean

Path = tuple[str | int, ...]
Finding = tuple[Path, str]  # what is wrong with the value at a path, before its line is known

SHOWN = 50  # problems; a file of numbers that are all wrong has more
LISTED = 15  # names
BARE = re.compile(r"[A-Za-z0-9_-]+")


class Problem(msgspec.Struct, frozen=True):
    """One problem, `file:line:column: key: message`. Lines and columns count from 1; 0 stands for all of them."""

    file: str
    message: str
    key: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return ": ".join(part for part in (place, self.key, self.message) if part)


class ScenarioError(Exception):
    """Every problem of a scenario, in the order of the file; as a string, one line each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            lines.append(f"{self.problems[0].file}: and {len(self.problems) - SHOWN:,} more")
        return "\n".join(lines)


def key(path: Path) -> str:
    """A path as it is printed, `network.layers[1].units`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{_name(part)}" for part in path)
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
    """The way out of an unknown name, in brackets: the one that was meant, or else all there are."""
    plain = {name.lower().replace("_", "-"): name for name in names}
    near = get_close_matches(word[:60].lower().replace("_", "-"), plain, n=1)
    return f"(did you mean {quote(plain[near[0]])}?)" if near else f"(known: {listing(names)})"
