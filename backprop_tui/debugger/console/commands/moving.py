"""The words that go somewhere else in the run."""

from collections.abc import Callable
from functools import partial

from backprop_tui.debugger.basics.position import read_position
from backprop_tui.debugger.console import complete
from backprop_tui.debugger.console.command import LineError, Reply, Word, number
from backprop_tui.debugger.console.console import LineSession
from backprop_tui.debugger.console.number_listing import finding
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.expressions.find_by_value import Sought, is_number
from backprop_tui.text import clean


def _by(step: Callable[[Debugger, int], int]) -> Callable[[LineSession, str], Reply]:
    """A move by a count to the step that a function of it gives."""

    def do(session: LineSession, text: str) -> Reply:
        debugger = session.debugger
        return Reply(task=debugger.travel.going(step(debugger, number(text) or 1)))

    return do


def _to(session: LineSession, step: int) -> Reply:
    return Reply(task=session.debugger.travel.going(step), jump=True)


def _iteration(session: LineSession, text: str) -> Reply:
    iteration, debugger = number(text, "iteration"), session.debugger
    if iteration is None:
        return Reply(task=debugger.travel.going(debugger.cursor.after_skip(1)))
    return _to(session, debugger.timeline.step_at(iteration, max(debugger.index, 0)))


def _epoch(session: LineSession, text: str) -> Reply:
    debugger = session.debugger
    feed = debugger.program.feed
    epoch = number(text, "epoch") or feed.epoch(debugger.iteration) + 1
    return _to(session, debugger.timeline.step_at(feed.first_of(epoch), max(debugger.index, 0)))


def _goto(session: LineSession, text: str) -> Reply:
    if not text:
        raise LineError("where to? a step number, 3:delta2, delta2, start")
    return _to(session, read_position(text, session.debugger.timeline, session.debugger.iteration))


def _until(session: LineSession, text: str) -> Reply:
    debugger = session.debugger
    step = read_position(text, debugger.timeline, debugger.iteration) if text else debugger.cursor.iteration_steps()[-1]
    if step <= debugger.step:
        raise LineError("that is not ahead; goto goes there")
    return Reply(task=debugger.travel.continuing(until=step), jump=True)


def _continue(session: LineSession, text: str) -> Reply:
    return Reply(task=session.debugger.travel.continuing(iterations=number(text)), jump=True)


def _back(session: LineSession, _: str) -> Reply:
    return Reply(task=session.debugger.travel.continuing(back=True), jump=True)


def _search(session: LineSession, text: str, *, back: bool = False) -> Reply:
    session.sought = text or session.sought
    if not session.sought:
        raise LineError("search for what? an operation's name, symbol, stage or formula, or words of a note")
    sought = Sought.read(session.sought, session.digits) if is_number(session.sought) else None
    if text and sought is not None:
        task = finding(session.debugger, sought, session.writing)
        return Reply(task=task, key="find-number", arguments=(text,))
    step = session.debugger.find(session.sought, back=back)
    if step is None:
        raise LineError(f"no match for '{clean(session.sought, 40)}' {'before' if back else 'after'} this step")
    return _to(session, step)


def _mark(session: LineSession, text: str) -> Reply:
    session.debugger.marks.add(text, session.debugger.step)
    return Reply(f"mark {text} is step {session.debugger.step:,}")


def _marks(session: LineSession, text: str) -> Reply:
    debugger = session.debugger
    if text:
        return _to(session, debugger.marks[text])
    lines = [
        f"{letter}  {session.position(debugger.timeline, step)}" for letter, step in sorted(debugger.marks.items())
    ]
    return Reply("\n".join(lines) or "there are no marks; 'mark a' sets one here")


WORDS = (
    Word(
        ("next", "n", "stepi", "si"),
        "[COUNT]",
        "the next operation, or COUNT operations on",
        _by(lambda debugger, count: debugger.step + count),
    ),
    Word(
        ("back", "rn", "reverse-next", "prev"),
        "[COUNT]",
        "the previous operation, or COUNT operations back",
        _by(lambda debugger, count: max(0, debugger.step - count)),
    ),
    Word(
        ("finish", "fin", "return", "r"),
        "[COUNT]",
        "to the end of the stage",
        _by(lambda debugger, count: debugger.cursor.after_finish(count)),
    ),
    Word(
        ("reverse-finish", "rfin"),
        "[COUNT]",
        "back to the end of the previous stage",
        _by(lambda debugger, count: debugger.cursor.after_unfinish(count)),
    ),
    Word(
        ("continue", "c", "cont"),
        "[ITERATIONS]",
        "on to the next stop, or the end of the run; with ITERATIONS, after that many at the latest",
        _continue,
    ),
    Word(("rc", "reverse-continue"), "", "back to the previous stop, or step 0", _back),
    Word(
        ("iteration", "it"),
        "[NUMBER]",
        "the same operation of an iteration, or of the next one",
        _iteration,
    ),
    Word(
        ("epoch", "ep"),
        "[NUMBER]",
        "the same operation of the first iteration of an epoch, or of the next one",
        _epoch,
    ),
    Word(
        ("earlier", "ri"),
        "[COUNT]",
        "the same operation COUNT iterations earlier",
        _by(lambda debugger, count: debugger.cursor.after_skip(-count)),
    ),
    Word(
        ("goto", "g", "jump", "j"),
        "POSITION",
        "to a step number, or to 3:delta2, delta2, start",
        _goto,
        complete.positions,
    ),
    Word(
        ("until", "unt", "u"),
        "[POSITION]",
        "on to a position, or the end of the iteration, unless something stops it before",
        _until,
        complete.positions,
    ),
    Word(
        ("search", "find", "forward-search"),
        "[TEXT]",
        "to the next operation or note with a text in it; alone, to the next match; a value such as 0.7685 lists"
        " the numbers that read so",
        _search,
        complete.operations,
    ),
    Word(
        ("reverse-search", "rsearch"),
        "[TEXT]",
        "back to the previous operation or note with a text in it",
        partial(_search, back=True),
        complete.operations,
    ),
    Word(("mark", "m"), "LETTER", "mark this step with a letter", _mark),
    Word(("marks", "'"), "[LETTER]", "to a mark, or the list of all", _marks, complete.marks),
)
