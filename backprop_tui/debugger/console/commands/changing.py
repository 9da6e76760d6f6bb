"""The words of what-if: editing a number, doing an iteration again, taking back, branches."""

import re

from backprop_tui.debugger.basics.moment import MAIN
from backprop_tui.debugger.console import complete
from backprop_tui.debugger.console.command import LineError, Reply, Word
from backprop_tui.debugger.console.console import LineSession
from backprop_tui.debugger.moving.task import Outcome, Slices, Task
from backprop_tui.debugger.whatif.comparison import Comparison
from backprop_tui.formula.writing.numbers import format_number
from backprop_tui.scenario.format.number_layout import plural
from backprop_tui.text import clean

EQUALS = re.compile(r"(?<![=<>!])=(?!=)")
VARIABLE = re.compile(r"var(iable)?\s+")  # as gdb has it: set var x = 1
MOST = 12  # numbers that differ, and iterations, that `compare` lists


def _set(session: LineSession, text: str) -> Reply:
    found = EQUALS.search(text)
    address = VARIABLE.sub("", text[: found.start()].strip()) if found else ""
    if not found or not address:
        raise LineError("set what? a number, such as set W1[0,1] = 0.5 or set eta = eta / 2")
    debugger, value = session.debugger, text[found.end() :].strip()
    if not value:
        raise LineError(f"set it to what? a number or an expression, such as set {clean(address, 40)} = 0.5")
    branch = debugger.assign(address, value)
    return _on(session, f"{debugger.whatif.told_edit(branch.edits[-1], session.digits)}, on {branch.name}")


def _on(session: LineSession, text: str) -> Reply:
    """What was done; the same step of what is now the timeline is to be computed."""
    return Reply(task=session.debugger.travel.settling(text, session.debugger.whatif.stale_now))


def _rerun(session: LineSession, _: str) -> Reply:
    branch = session.debugger.rerun()
    return _on(session, f"iteration {session.debugger.iteration:,} is done again with its edits, on {branch.name}")


def _current(session: LineSession) -> str:
    return session.debugger.whatif.described(session.debugger.branches.current, session.digits)


def _undo(session: LineSession, _: str) -> Reply:
    session.debugger.undo()
    return _on(
        session, f"undone; on {session.debugger.whatif.described(session.debugger.branches.current, session.digits)}"
    )


def _redo(session: LineSession, _: str) -> Reply:
    session.debugger.redo()
    return _on(
        session, f"redone; on {session.debugger.whatif.described(session.debugger.branches.current, session.digits)}"
    )


def _branches(session: LineSession, text: str) -> Reply:
    if text:
        return _switch(session, text)
    debugger = session.debugger
    current = debugger.branches.current
    lines = [
        f"{'▶' if branch is current else ' '} {debugger.whatif.described(branch, session.digits)}"
        for branch in debugger.branches
    ]
    return Reply("\n".join(lines) if len(lines) > 1 else f"there is only {MAIN}: an edit makes a branch")


def _switch(session: LineSession, text: str) -> Reply:
    if not text:
        raise LineError("switch to which branch? 'branches' lists them")
    debugger = session.debugger
    debugger.branches[text]  # raises where there is none
    debugger.switch(text)
    return _on(session, f"on {debugger.whatif.described(debugger.branches.current, session.digits)}")


def _rename(session: LineSession, text: str) -> Reply:
    branches, words = session.debugger.branches, text.split()
    if len(words) not in (1, 2):
        raise LineError("rename to what? rename NEW, or rename OLD NEW")
    old, new = words if len(words) == 2 else (branches.current.name, words[0])
    branches.rename(old, new)
    return Reply(f"{old} is {new} now")


def _compare(session: LineSession, text: str) -> Reply:
    names, current = text.split(), session.debugger.branches.current
    if len(names) > 2 or (not names and current.name == MAIN):
        raise LineError("compare which branches? compare OTHER, or compare A B; 'branches' lists them")
    a, b = names if len(names) == 2 else (names[0] if names else current.parent or MAIN, current.name)
    comparison = session.debugger.compare(a, b)

    def slices() -> Slices:
        yield from comparison.gather()
        return Outcome(text="\n".join(_compared(session, comparison, a, b)))

    def leave(_: int) -> Outcome:
        return Outcome(text="\n".join(_compared(session, comparison, a, b)) + "\nstopped early")

    task = Task(slices(), leave, start=1, goal=session.debugger.iteration)
    return Reply(task=task, key="compare", arguments=(a, b))


def _compared(session: LineSession, found: Comparison, a: str, b: str) -> list[str]:
    """What was gathered of two branches, in lines."""
    debugger, symbols = session.debugger, session.debugger.program.symbols

    def number(value: float) -> str:
        return format_number(value, session.digits)

    lines = [f"{a} and {b} at {session.position(debugger.timeline, found.step)}"]
    first = found.parting
    if first is None:
        lines.append("no number differs up to here")
    else:
        address, position = first.address.shown(symbols), session.position(debugger.timeline, first.step)
        lines.append(f"they part at {position}: {address} is {number(first.a)} and {number(first.b)}")
    differing = found.differs()
    if differing:
        parts = [f"{symbols.symbol(one.name)} {one.count:,} of {one.where.size:,}" for one in differing]
        total = sum(one.count for one in differing)
        lines.append(f"here {plural(total, 'number')} differ{'s' if total == 1 else ''}: {', '.join(parts)}")
    addresses = [(one, address) for one in differing for address in one.addresses]
    for one, differs in addresses[:MOST]:
        before, after = float(one.a[differs.at]), float(one.b[differs.at])
        lines.append(f"  {differs.shown(symbols)}  {number(before)}  {number(after)}  Δ {number(after - before)}")
    if len(addresses) > MOST:
        lines.append(f"  … {len(addresses) - MOST:,} more")
    every = max(1, -(-len(found.gathered) // MOST))
    for iteration, before, after in found.gathered[every - 1 :: every]:
        values = f"{number(before)}  {number(after)}  Δ {number(after - before)}"
        lines.append(f"loss of iteration {iteration:,}  {values}")
    return lines


def _edits(session: LineSession, _: str) -> Reply:
    debugger = session.debugger
    lines = [debugger.whatif.told_edit(edit, session.digits) for edit in debugger.branches.current.edits]
    return Reply("\n".join(lines) or "nothing is edited on this branch")


def _last_change(session: LineSession, text: str) -> Reply:
    address = text or str(session.debugger.selection or "")
    if not address:
        raise LineError("of what? a number, such as W1[0,1]")
    return Reply(task=session.debugger.travel.tracing(address, session.digits))


WORDS = (
    Word(
        ("set", "edit", "e"),
        "ADDRESS = VALUE",
        "set a number here and now, on a branch of its own",
        _set,
        complete.assigned,
        (
            "ADDRESS is a number of a parameter, an input, a target or a setting, or one that is computed.",
            "VALUE is a number, or an expression of what there is now: set W1[0,1] = 0.5, set eta = eta / 2.",
            "What runs later reads it. What was computed from the old value is stale; rerun does the iteration again.",
        ),
    ),
    Word(("rerun",), "", "do the iteration again with its edits, from its start", _rerun),
    Word(("undo",), "", "take back the last edit, rerun or renaming", _undo),
    Word(("redo",), "", "do again what was taken back", _redo),
    Word(("edits",), "", "what is edited on this branch", _edits),
    Word(
        ("branches", "branch", "br"), "[BRANCH]", "all branches; with a name, to that one", _branches, complete.branches
    ),
    Word(("switch", "sw"), "BRANCH", "to the same step of another branch", _switch, complete.branches),
    Word(("rename",), "[BRANCH] NAME", "rename a branch, by default the current one", _rename, complete.branches),
    Word(
        ("compare", "cmp"),
        "[BRANCH] [BRANCH]",
        "where two branches part, which numbers differ here, both losses; alone, this one and where it came from",
        _compare,
        complete.branches,
    ),
    Word(
        ("lastchange", "who", "lc"),
        "[EXPRESSION]",
        "what last changed a number, or the selected one",
        _last_change,
        complete.variables,
    ),
)
