"""The words that say where to stop."""

from collections.abc import Callable
from functools import partial

from backprop_tui.debugger.breakpoints.breakpoint import Breakpoint
from backprop_tui.debugger.breakpoints.breakpoints import Breakpoints
from backprop_tui.debugger.breakpoints.named_events import HAPPENINGS
from backprop_tui.debugger.console import complete
from backprop_tui.debugger.console.command import LineError, Reply, Word, number
from backprop_tui.debugger.console.console import LineSession

FEW = 3  # breakpoints that a reply names


def _break(session: LineSession, text: str, *, temporary: bool = False) -> Reply:
    operation = session.debugger.moment().operation
    if not text and operation is None:
        raise LineError("there is no operation at step 0; name one, as in break delta1")
    here = operation.name if operation else ""
    return _told(session, session.debugger.breakpoints.add_typed(text, here=here, temporary=temporary))


def _watch(session: LineSession, text: str) -> Reply:
    if not text:
        raise LineError("watch what? a number or an expression, such as W1[0,1]; display shows one at each step")
    return _told(session, session.debugger.breakpoints.add_typed(f"change {text}"))


def _told(session: LineSession, bp: Breakpoint) -> Reply:
    """What a breakpoint does, in a line."""
    symbol = session.debugger.program.symbols.symbol(bp.name)
    where = {"operation": f"on {symbol}", "change": f"on a change of {symbol}", "event": f"on {symbol}"}[bp.kind]
    terms = bp.typed.removeprefix("change ").removeprefix(bp.name).strip()
    log = " (prints and goes on)" if bp.log else ""
    return Reply(f"breakpoint {bp.number} {where}{' ' if terms else ''}{terms}{log}")


def _which(breakpoints: Breakpoints, text: str) -> list[str | int]:
    """The breakpoints that are meant: by number or place, or all of them where nothing is named."""
    if not text:
        return [bp.number for bp in breakpoints]
    return [text] if any(text == bp.name for bp in breakpoints) else [*text.split()]


def _change(do: Callable[[Breakpoints, str | int], None], done: str, session: LineSession, text: str) -> Reply:
    """Do something with some breakpoints, or with all; what was done to which."""
    breakpoints = session.debugger.breakpoints
    before = {bp.number: bp for bp in breakpoints}
    for which in _which(breakpoints, text):
        do(breakpoints, which)
    after = {bp.number: bp for bp in breakpoints}
    changed = [bp.typed for number, bp in before.items() if after.get(number) != bp]
    if not before:
        return Reply("there are no breakpoints")
    more = f" and {len(changed) - FEW} more" if len(changed) > FEW else ""
    return Reply(f"{done}: {', '.join(changed[:FEW])}{more}" if changed else f"{done} already")


def _breakpoints(session: LineSession, _: str) -> Reply:
    return Reply("\n".join(map(str, session.debugger.breakpoints)) or "there are no breakpoints")


def _numbered(session: LineSession, text: str) -> tuple[int, str]:
    first, _, rest = text.partition(" ")
    found = number(first, "number of the breakpoint")
    if found is None:
        raise LineError("of which breakpoint? its number, as 'breakpoints' lists it")
    session.debugger.breakpoints[found]  # raises where there is none
    return found, rest.strip()


def _condition(session: LineSession, text: str) -> Reply:
    which, condition = _numbered(session, text)
    return _told(session, session.debugger.breakpoints.set_terms(which, when=condition.removeprefix("if ")))


def _ignore(session: LineSession, text: str) -> Reply:
    which, count = _numbered(session, text)
    passed = 0 if count in ("", "0") else number(count) or 0
    return _told(session, session.debugger.breakpoints.set_terms(which, hit=passed + 1 if passed else 0))


def _log(session: LineSession, text: str) -> Reply:
    which, expression = _numbered(session, text)
    return _told(session, session.debugger.breakpoints.set_terms(which, log=expression))


def _messages(session: LineSession, _: str) -> Reply:
    return Reply("\n".join(map(str, session.debugger.travel.messages)) or "no log point has printed anything")


PLACES = (
    "PLACE is an operation (delta1, or its number in the list), a stage (forward), change EXPRESSION, or an event:",
    *(
        f"  {row.name}{'' if row.threshold is None else f' {row.threshold:g}'}: {row.says}"
        for row in HAPPENINGS.values()
    ),
    "Without PLACE, the current operation. It stops when that has just been computed, forwards and back.",
    "if EXPRESSION: only where that is true. hit N: only the n-th time in the run. log EXPRESSION: print it and go on.",
    "break delta1 if abs(delta1).max() < 1e-6 · break change W1[0,1] · break vanishing 1e-9 · break L log norm(dW1)",
)

WORDS = (
    Word(
        ("break", "b"),
        "[PLACE] [if EXPRESSION] [hit N] [log EXPRESSION]",
        "stop at an operation, a stage, a change or a named event",
        _break,
        complete.stops,
        PLACES,
    ),
    Word(
        ("tbreak", "tb"),
        "[PLACE] [if EXPRESSION] [hit N]",
        "the same, but removed once it has stopped",
        partial(_break, temporary=True),
        complete.stops,
        PLACES,
    ),
    Word(
        ("watch", "wa"),
        "EXPRESSION [if EXPRESSION] [hit N] [log EXPRESSION]",
        "stop where its value changes, as in gdb; display shows a value at each step",
        _watch,
        complete.variables,
    ),
    Word(
        ("delete", "d", "clear", "cl"),
        "[NUMBER or PLACE ...]",
        "remove breakpoints; alone, all",
        partial(_change, Breakpoints.remove, "removed"),
        complete.breakpoints,
    ),
    Word(
        ("enable", "en"),
        "[NUMBER or PLACE ...]",
        "stop at them again; alone, at all",
        partial(_change, Breakpoints.enable, "on"),
        complete.breakpoints,
    ),
    Word(
        ("disable", "dis"),
        "[NUMBER or PLACE ...]",
        "keep them without stopping; alone, all",
        partial(_change, Breakpoints.disable, "off"),
        complete.breakpoints,
    ),
    Word(
        ("condition", "cond"),
        "NUMBER [EXPRESSION]",
        "give a breakpoint a condition, or none",
        _condition,
        complete.conditions,
    ),
    Word(
        ("ignore",),
        "NUMBER COUNT",
        "pass a breakpoint COUNT times, counted from the start of the run; 0: stop every time",
        _ignore,
        complete.breakpoints,
    ),
    Word(
        ("log",),
        "NUMBER [EXPRESSION]",
        "have a breakpoint print an expression and go on; with none, stop again",
        _log,
        complete.conditions,
    ),
    Word(("breakpoints", "bl"), "", "all breakpoints", _breakpoints),
    Word(("messages",), "", "what log points have printed", _messages),
)
