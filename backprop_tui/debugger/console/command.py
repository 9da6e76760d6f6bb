"""A command of the `:` line, and what it answers."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

from msgspec import Struct

from backprop_tui.debugger.moving.task import Task
from backprop_tui.text import clean

if TYPE_CHECKING:
    from backprop_tui.debugger.console.console import LineSession
    from backprop_tui.debugger.console.lecture import Lecture


class LineError(ValueError):
    """A command that cannot be done: one line that says why."""


class Typed(Struct, frozen=True):
    """A line of commands and where it came from: `lecture.txt:3`, or nothing when somebody typed it."""

    text: str
    where: str = ""


class Reply(Struct, frozen=True):
    """What a command answers: a text to show, and what is still to be done.

    `task` is work in slices, which may end at another step; with `jump` there is a way back to where you were. `key`
    is the id of a command that a screen has, done with `count` and `arguments`; without a screen the task takes its
    place, where there is one. `lines` are to be run next; those of a `lecture` a screen goes through from pause to
    pause.
    """

    text: str = ""
    task: Task | None = None
    jump: bool = False
    key: str = ""
    count: int | None = None
    lines: tuple[Typed, ...] = ()
    arguments: tuple[str, ...] = ()
    lecture: "Lecture | None" = None


Completer = Callable[["LineSession", str], Iterable[str]]


class Word(Struct, frozen=True):
    """A row of the table: the names of a command (the first is shown), its arguments, what to say of it.

    `more` are lines that only its own help has. One that `reaches_out` writes or reads files, or leaves the scenario:
    it is not tried before a file of commands runs.
    """

    names: tuple[str, ...]
    usage: str
    text: str
    do: Callable[["LineSession", str], Reply]
    complete: Completer | None = None
    more: tuple[str, ...] = ()
    reaches_out: bool = False

    @property
    def name(self) -> str:
        """The name that is shown."""
        return self.names[0]

    @property
    def synopsis(self) -> str:
        """How it is written: `next [COUNT]`."""
        return f"{self.name} {self.usage}".strip()


def number(text: str, what: str = "count") -> int | None:
    """A whole number from 1; None if nothing was typed. Raises LineError."""
    if not text:
        return None
    if not (text.isdecimal() and text.isascii() and len(text) <= 12 and int(text)):
        raise LineError(f"the {what} is a whole number from 1")
    return int(text)


class Words:
    """A table of commands."""

    def __init__(self, *rows: Word) -> None:
        self.rows = rows
        self.by_name = {name: word for word in rows for name in word.names}

    def meant(self, name: str) -> Word | None:
        """The command with this name or with this unambiguous prefix; None if there is none."""
        begun = [word for word in self.rows if word.name.startswith(name)]
        return self.by_name.get(name) or (begun[0] if name and len(begun) == 1 else None)

    def find(self, name: str) -> Word:
        """The command with this name or with this unambiguous prefix. Raises LineError."""
        if meant := self.meant(name):
            return meant
        if several := [word.name for word in self.rows if word.name.startswith(name)]:
            raise LineError(f"'{clean(name, 40)}' may be {', '.join(several)}")
        close = get_close_matches(name, self.by_name, 1)
        hint = f" (did you mean {close[0]}?)" if close else "; 'help' lists all"
        raise LineError(f"there is no command '{clean(name, 40)}'{hint}")
