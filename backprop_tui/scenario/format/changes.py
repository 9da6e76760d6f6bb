"""Changes of a scenario from outside of its file: `optimizer.name=adam` sets a key, `note=` takes one away."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from backprop_tui.scenario.format.problem import Finding, Path, Problem, ScenarioError, key, quote
from backprop_tui.scenario.format.toml_reader import TomlError, read_toml
from backprop_tui.text import clean

NAME = r"[A-Za-z_][A-Za-z0-9_-]*"
# Texts, which are compiled where there are changes: most starts have none.
KEY = rf"{NAME}(?:\[[0-9]{{1,6}}\])*(?:\.{NAME}(?:\[[0-9]{{1,6}}\])*)*"
PART = rf"{NAME}|[0-9]+"
WORD = r"[^\s\[\]{}\"'=,][^\"'\n]*"  # a value that needs no quotes: adam, points.csv
NEXT = rf"\s+(?={KEY}\s*=)"
DEEPEST = 10  # parts of a key: the format needs five


class ChangeError(ValueError):
    """A change that cannot be read or made: one line that says why."""


class Change(msgspec.Struct, frozen=True):
    """A value for the key at a path; without one, the key is taken away. `text` is how it was typed."""

    path: Path
    value: Any
    removes: bool
    text: str

    @property
    def shown(self) -> str:
        """How people see it: `optimizer.name = adam`."""
        name, _, value = self.text.partition("=")
        return f"without {name.strip()}" if self.removes else f"{name.strip()} = {value.strip()}"


def parted(text: str) -> list[str]:
    """The changes of a line, `optimizer.name=adam optimizer.learning_rate=0.01`; spaces within a value stay."""
    return [part for part in re.split(NEXT, text.strip()) if part]


def read_changes(texts: Iterable[str], before: str = "") -> list[Change]:
    """Changes as they are typed. `before` stands before each in messages, as `--set ` does.

    Raises ScenarioError, which lists all that is wrong with them.
    """
    found, problems = [], []
    for text in texts:
        try:
            found.append(_change(text))
        except ChangeError as error:
            problems.append(Problem(f"{before}{clean(text, 60)}", str(error)))
    if problems:
        raise ScenarioError(problems)
    return found


def _change(text: str) -> Change:
    name, equals, typed = (part.strip() for part in text.partition("="))
    if not equals:
        raise ChangeError("a change is KEY=VALUE, such as optimizer.name=adam; KEY= takes the key away")
    if not re.fullmatch(KEY, name):
        raise ChangeError(f"{quote(name)} is not a key, such as optimizer.name or network.layers[0].units")
    path = tuple(int(part) if part.isdecimal() else part for part in re.findall(PART, name))
    if len(path) > DEEPEST:
        raise ChangeError("is a key of too many parts")
    return Change(path, _value(typed), not typed, text.strip())


def _value(typed: str) -> Any:
    """A value of TOML; a word that is none is a text without its quotes."""
    if "\n" in typed:
        raise ChangeError("a value stands on one line")
    try:
        return read_toml(f"value = {typed}")["value"] if typed else None
    except TomlError:
        if re.fullmatch(WORD, typed):
            return typed
        raise ChangeError(f"{quote(typed)} is not a TOML value, such as 0.1, adam or [1, 2]") from None


def changed(document: dict[str, Any], changes: Sequence[Change], before: str = "") -> dict[str, Any]:
    """A document with some keys changed; what it was made from stays as it is. Raises ScenarioError."""
    problems = []
    found: Any = document
    for change in changes:
        try:
            found = _with(found, change, change.path, ())
        except ChangeError as error:
            problems.append(Problem(f"{before}{clean(change.text, 60)}", str(error)))
    if problems:
        raise ScenarioError(problems)
    return dict(found)


def _with(node: Any, change: Change, rest: Path, done: Path) -> Any:
    """A copy of a table or list with the change made in it; the other parts are shared."""
    part, *further = rest
    if isinstance(part, int):
        if not isinstance(node, list):
            raise ChangeError(f"{key(done)} is not a list")
        if part > len(node) or (part == len(node) and (further or change.removes)):
            count = f"has {len(node)} entr{'y' if len(node) == 1 else 'ies'}, counted from 0"
            raise ChangeError(f"{key(done)} {count}")
        items = [*node, None] if part == len(node) else [*node]
        if change.removes and not further:
            del items[part]
        else:
            items[part] = _with(items[part], change, tuple(further), (*done, part)) if further else change.value
        return items
    if not isinstance(node, dict):
        raise ChangeError(f"{key(done)} is {'a list: which entry?' if isinstance(node, list) else 'not a table'}")
    table = dict(node)
    if further:
        empty: Any = [] if isinstance(further[0], int) else {}
        table[part] = _with(table.get(part, empty), change, tuple(further), (*done, part))
    elif change.removes:
        if part not in table:
            raise ChangeError(f"there is no {key((*done, part))} to take away")
        del table[part]
    else:
        table[part] = change.value
    return table


class Changes:
    """All changes of a scenario; `before` stands before each in messages. Raises ScenarioError."""

    def __init__(self, texts: Sequence[str], before: str = "") -> None:
        self.texts, self.before = tuple(texts), before
        self.rows = read_changes(texts, before)
        self.digest = "".join(f"\n{text}" for text in texts).encode()

    @property
    def shown(self) -> str:
        """What is changed, for a title: ` (optimizer.name = adam)`; empty where nothing is."""
        told = ", ".join(clean(row.shown, 60) for row in self.rows)
        return f" ({told})" if told else ""

    def made(self, document: dict[str, Any]) -> dict[str, Any]:
        """A document with the changes made. Raises ScenarioError."""
        return changed(document, self.rows, self.before) if self.rows else document

    def blamed(self, findings: Iterable[Finding | Problem]) -> tuple[list[Problem], list[Finding | Problem]]:
        """What is wrong with the changes, as problems: they have no place in the file. And the other findings."""
        found, others = [], []
        for finding in findings:
            row = None if isinstance(finding, Problem) else self._of(finding[0])
            if row is None or isinstance(finding, Problem):
                others.append(finding)
                continue
            problem = Problem.of(finding, f"{self.before}{clean(row.text, 60)}", 0, 0)
            found.append(msgspec.structs.replace(problem, key="") if finding[0] == row.path else problem)
        return list(dict.fromkeys(found)), others

    def _of(self, path: Path) -> Change | None:
        """The change that a finding at a path is about: the last that set the value there, or something in it."""
        hits = (row for row in self.rows if row.path[: len(path)] == path or path[: len(row.path)] == row.path)
        return max(hits, key=self.rows.index, default=None)
