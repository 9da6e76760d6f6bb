"""The words that go somewhere else in the run."""

from collections.abc import Callable

from backprop_tui.debugger.line import complete
from backprop_tui.debugger.line.session import Session
from backprop_tui.debugger.line.word import LineError, Reply, Word, number
from backprop_tui.debugger.position import read_position


def _move(key: str) -> Callable[[Session, str], Reply]:
    def do(_: Session, text: str) -> Reply:
        return Reply(key=key, count=number(text))

    return do


def _iteration(session: Session, text: str) -> Reply:
    iteration = number(text, "iteration")
    if iteration is None:
        return Reply(key="later")
    debugger = session.debugger
    index = max(debugger.index, 0)
    return Reply(step=read_position(debugger.timeline.step_at(iteration, index), debugger.timeline, iteration))


def _epoch(session: Session, text: str) -> Reply:
    debugger = session.debugger
    feed = debugger.program.feed
    epoch = number(text, "epoch") or feed.epoch(debugger.iteration) + 1
    step = debugger.timeline.step_at(feed.first_of(epoch), max(debugger.index, 0))
    return Reply(step=read_position(step, debugger.timeline, debugger.iteration))


def _goto(session: Session, text: str) -> Reply:
    if not text:
        raise LineError("where to? a step number, 3:delta2, delta2, start")
    return Reply(step=read_position(text, session.debugger.timeline, session.debugger.iteration))


def _mark(session: Session, text: str) -> Reply:
    session.marks.add(text, session.debugger.step)
    return Reply(f"mark {text} is step {session.debugger.step:,}")


def _marks(session: Session, text: str) -> Reply:
    if text:
        return Reply(step=session.marks[text])
    timeline = session.debugger.timeline
    lines = [f"{letter}  {session.position(timeline, step)}" for letter, step in sorted(session.marks.items())]
    return Reply("\n".join(lines) or "there are no marks; 'mark a' sets one here")


WORDS = (
    Word(("next", "n", "stepi", "si"), "[COUNT]", "the next operation, or so many on", _move("advance")),
    Word(
        ("back", "rn", "reverse-next", "prev"),
        "[COUNT]",
        "the operation before, or so many back",
        _move("rewind"),
    ),
    Word(("finish", "fin", "return", "r"), "[COUNT]", "to the end of the stage", _move("finish")),
    Word(("reverse-finish", "rfin"), "[COUNT]", "back to the end of the stage before", _move("unfinish")),
    Word(
        ("continue", "c", "cont"),
        "[ITERATIONS]",
        "on to the next stop, or the end of the run; with a number at most so many iterations",
        _move("resume"),
    ),
    Word(("rc", "reverse-continue"), "", "back to the stop before, or step 0", _move("resume-back")),
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
    Word(("earlier", "ri"), "[COUNT]", "the same operation so many iterations before", _move("earlier")),
    Word(
        ("goto", "g", "jump", "j", "until", "unt"),
        "POSITION",
        "to a step number, or to 3:delta2, delta2, start",
        _goto,
        complete.positions,
    ),
    Word(("mark", "m"), "LETTER", "mark this step with a letter", _mark),
    Word(("marks", "'"), "[LETTER]", "to a mark, or the list of all", _marks, complete.marks),
)
