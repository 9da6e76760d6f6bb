"""The words about what the source printed."""

from backprop_tui.debugger.line.line_session import LineSession
from backprop_tui.debugger.line.word import Reply, Word


def _check(session: LineSession, _: str) -> Reply:
    from backprop_tui.export.audit import text

    audit = session.debugger.audit
    for _ in audit.reach():
        pass
    return Reply("\n".join(text(audit)))


WORDS = (Word(("check", "audit"), "", "audit every number that the source printed", _check),)
