"""What may stand next on the `:` line: candidates for the word that is being typed."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backprop_tui.debugger.line.line_session import LineSession

MOST = 200  # of a large folder


def operations(session: "LineSession", _: str) -> Iterable[str]:
    """The names of operations."""
    return session.debugger.program.by_name


def positions(session: "LineSession", text: str) -> Iterable[str]:
    """Operations and stages, with the iteration that was typed before a colon."""
    iteration, colon, _ = text.rpartition(":")
    program = session.debugger.program
    return [f"{iteration}{colon}{name}" for name in dict.fromkeys((*program.by_name, *program.stages, "start"))]


def variables(session: "LineSession", text: str) -> Iterable[str]:
    """The names of variables, where the last word of an expression is one."""
    kept = len(text)
    while kept and (text[kept - 1].isalnum() or text[kept - 1] == "_"):
        kept -= 1
    return [text[:kept] + name for name in session.debugger.program.shapes]


def breakpoints(session: "LineSession", _: str) -> Iterable[str]:
    """What has a breakpoint."""
    return sorted(session.debugger.breakpoints.names())


def marks(session: "LineSession", _: str) -> Iterable[str]:
    """The letters of marks."""
    return [letter for letter, _ in session.debugger.marks.items()]


def files(_: "LineSession", text: str) -> Iterable[str]:
    """The names of files."""
    folder, slash, start = text.rpartition("/")
    try:
        within = Path(f"{folder}{slash}").expanduser()
        found = sorted(p for p in within.iterdir() if p.name.startswith(start) and (start or p.name[0] != "."))
        return [f"{folder}{slash}{p.name}{'/' if p.is_dir() else ''}" for p in found[:MOST]]
    except (OSError, RuntimeError, ValueError):  # RuntimeError: there is no home
        return []


def candidates(session: "LineSession", line: str) -> list[str]:
    """All lines that this one may become by completing its last word, in order."""
    name, space, rest = line.lstrip().partition(" ")
    if not space:
        return [f"{word.name} " for word in session.words.rows if word.name.startswith(name)]
    word = session.words.by_name.get(name)
    if word is None or word.complete is None:
        return []
    return [f"{name} {one}" for one in word.complete(session, rest.lstrip()) if one.startswith(rest.lstrip())]


def words(session: "LineSession", _: str) -> Iterable[str]:
    """The names of commands."""
    return [word.name for word in session.words.rows]


def displays(session: "LineSession", _: str) -> Iterable[str]:
    """The expressions that are displayed."""
    return [text for _, text in session.debugger.watches]


def beginning(found: list[str]) -> str:
    """What all candidates begin with."""
    first, last = min(found), max(found)
    return next((first[:place] for place, c in enumerate(first) if last[place : place + 1] != c), first)
