"""The words about what the source printed, and about mistakes made on purpose."""

from collections.abc import Iterable

from backprop_tui.debugger.console.command import Reply, Word
from backprop_tui.debugger.console.console import LineSession

NONE = "off"


def _check(session: LineSession, _: str) -> Reply:
    return Reply(task=session.debugger.auditing(), key="audit")


def _mistake(session: LineSession, text: str) -> Reply:
    debugger = session.debugger
    if text == NONE:
        debugger.make_none()
        return Reply("the right run alone")
    if text:
        debugger.make_mistake(text)
    beside = debugger.beside
    if beside is None:
        return Reply("\n".join(["mistakes that can be made here:", _possible(session)]))
    return Reply(f"beside it: {beside.when} ({beside.name})")


def _possible(session: LineSession) -> str:
    from backprop_tui.engine.mistakes.mistaken_program import possible

    program = session.debugger.program
    return session.table([(slip.mistake.name, slip.when(program)) for slip in possible(program)])


def _names(session: LineSession, _: str) -> Iterable[str]:
    from backprop_tui.engine.mistakes.mistaken_program import possible

    return [*(slip.mistake.name for slip in possible(session.debugger.program)), NONE]


WORDS = (
    Word(("check", "audit"), "", "every number that the source printed, with its verdict", _check),
    Word(
        ("mistake", "bug"),
        "[NAME]",
        "run the same with a classic mistake beside it; 'off' ends that",
        _mistake,
        _names,
        (
            "'mistake' alone says which one, or lists those that can be made here;",
            "'mistake cut-off:2' has two decimals",
        ),
    ),
)
