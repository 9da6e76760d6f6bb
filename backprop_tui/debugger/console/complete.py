"""What may stand next on the `:` line: candidates for the word that is being typed."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from backprop_tui.debugger.breakpoints.breakpoint import CHANGE
from backprop_tui.debugger.breakpoints.named_events import HAPPENINGS
from backprop_tui.debugger.samples.per_sample import summed_gradients

if TYPE_CHECKING:
    from backprop_tui.debugger.console.console import LineSession

MOST = 200  # files of a large folder that are offered


def operations(session: "LineSession", _: str) -> Iterable[str]:
    """The names of operations."""
    return session.debugger.program.by_name


def gradients(session: "LineSession", _: str) -> Iterable[str]:
    """The gradients that are sums over samples."""
    return summed_gradients(session.debugger.program)


def positions(session: "LineSession", text: str) -> Iterable[str]:
    """Operations and stages, with the iteration that was typed before a colon."""
    iteration, colon, _ = text.rpartition(":")
    program = session.debugger.program
    return [
        f"{iteration}{colon}{name}"
        for name in dict.fromkeys((*program.by_name, *program.stages, *program.sections, "start"))
    ]


def variables(session: "LineSession", text: str) -> Iterable[str]:
    """The names of variables, where the last word of an expression is one."""
    kept = len(text)
    while kept and (text[kept - 1].isalnum() or text[kept - 1] == "_"):
        kept -= 1
    return [text[:kept] + name for name in session.debugger.program.shapes]


def assigned(session: "LineSession", text: str) -> Iterable[str]:
    """What can be set: parameters, slots, data and settings before the sign, variables after it."""
    if "=" in text:
        return variables(session, text)
    program = session.debugger.program
    return [name for name in program.shapes if name in program.start and name not in program.counters]


def stops(session: "LineSession", text: str) -> Iterable[str]:
    """Where to stop, or the variables of an expression where one is typed."""
    if " " in text:
        return variables(session, text)
    program = session.debugger.program
    return [*dict.fromkeys((*program.by_name, *program.stages, *program.sections)), *HAPPENINGS, CHANGE]


def conditions(session: "LineSession", text: str) -> Iterable[str]:
    """The number of a breakpoint, then the variables of an expression."""
    return variables(session, text) if " " in text else _numbers(session)


def breakpoints(session: "LineSession", text: str) -> Iterable[str]:
    """The numbers of breakpoints, or what has one."""
    before, space, _ = text.rpartition(" ")
    return [f"{before}{space}{one}" for one in (*_numbers(session), *sorted(session.debugger.breakpoints.names()))]


def _numbers(session: "LineSession") -> list[str]:
    return [str(bp.number) for bp in session.debugger.breakpoints]


def branches(session: "LineSession", text: str) -> Iterable[str]:
    """The names of branches."""
    before, space, _ = text.rpartition(" ")
    return [f"{before}{space}{branch.name}" for branch in session.debugger.branches]


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
    word = session.words.meant(name)
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
