"""The words about what the source printed."""

from backprop_tui.debugger.line.line_session import LineSession
from backprop_tui.debugger.line.word import Reply, Word


def _check(session: LineSession, _: str) -> Reply:
    return Reply(task=session.debugger.auditing(), key="audit")


WORDS = (Word(("check", "audit"), "", "every number that the source printed, with its verdict", _check),)
