"""The words that say where to stop."""

from backprop_tui.debugger.line import complete
from backprop_tui.debugger.line.line_session import LineSession
from backprop_tui.debugger.line.word import LineError, Reply, Word


def _break(session: LineSession, text: str) -> Reply:
    breakpoints, operation = session.debugger.breakpoints, session.debugger.moment().operation
    if not text and operation is None:
        raise LineError("there is no operation at step 0; name one, as in break delta1")
    found = breakpoints.add(text or (operation.name if operation else ""))
    return Reply(f"breakpoint on {session.debugger.program.symbols.symbol(found.name)}")


def _clear(session: LineSession, text: str) -> Reply:
    breakpoints = session.debugger.breakpoints
    if text and text not in breakpoints:
        raise LineError(f"there is no breakpoint on '{text}'")
    for name in [text] if text else sorted(breakpoints.names()):
        breakpoints.remove(name)
    return _breakpoints(session, "")


def _breakpoints(session: LineSession, _: str) -> Reply:
    symbol = session.debugger.program.symbols.symbol
    return Reply("\n".join(symbol(b.name) for b in session.debugger.breakpoints) or "there are no breakpoints")


WORDS = (
    Word(("break", "b"), "[OPERATION]", "stop at an operation, or at the current one", _break, complete.operations),
    Word(("clear", "cl", "delete"), "[OPERATION]", "no breakpoint there; alone, none", _clear, complete.breakpoints),
    Word(("breakpoints", "info"), "", "all breakpoints", _breakpoints),
)
