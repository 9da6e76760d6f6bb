"""The words about what the source printed, and about what runs beside: a mistake made on purpose, or a variant."""

from collections.abc import Iterable

from backprop_tui.debugger.console.command import LineError, Reply, Word
from backprop_tui.debugger.console.console import LineSession
from backprop_tui.debugger.console.scenario_keys import changes
from backprop_tui.scenario.format.changes import parted

NONE = "off"


def _check(session: LineSession, _: str) -> Reply:
    return Reply(task=session.debugger.auditing(), key="audit")


def _mistake(session: LineSession, text: str) -> Reply:
    from backprop_tui.engine.mistakes.mistaken_program import Mistaken

    debugger = session.debugger
    if text == NONE:
        debugger.make_none()
        return Reply("the right run alone")
    if text:
        debugger.make_mistake(text)
    beside = debugger.beside
    if beside is None or not isinstance(beside.wrong, Mistaken):
        return Reply("\n".join(["mistakes that can be made here:", _possible(session)]))
    return _settled(session, f"beside it: {beside.wrong.slip.when(debugger.program)} ({beside.name})")


def _settled(session: LineSession, text: str) -> Reply:
    """What to say once the run beside is computed as far as the right one is."""
    return Reply(task=session.debugger.travel.catching_up(text))


def _variant(session: LineSession, text: str) -> Reply:
    debugger = session.debugger
    if text == NONE:
        debugger.make_none()
        return Reply("the run alone")
    if text:
        debugger.vary(*parted(text))
    beside = debugger.beside
    if beside is None or beside.is_mistake:
        raise LineError("which keys of the scenario? KEY=VALUE, such as variant optimizer.name=adam; 'off' ends it")
    return _settled(session, f"beside it runs {beside.wrong.told}")


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
    Word(
        ("variant", "vary"),
        "[KEY=VALUE ...]",
        "run the same with keys of the scenario changed beside it; 'off' ends that",
        _variant,
        lambda session, text: [*changes(session, text), NONE],
        (
            "Any key is checked as in the file: variant optimizer.name=adam optimizer.learning_rate=0.01;",
            "KEY= takes a key away; 'variant' alone says which it is",
        ),
    ),
)
