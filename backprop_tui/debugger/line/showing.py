"""The words that print, and those that are about the line itself."""

from pathlib import Path

from backprop_tui.debugger.line import complete
from backprop_tui.debugger.line.line_session import LineSession
from backprop_tui.debugger.line.script import MOST_LINES
from backprop_tui.debugger.line.word import LineError, Reply, Typed, Word, number
from backprop_tui.debugger.quantity import read_quantity, shown
from backprop_tui.text import clean

AROUND = 5  # operations that `list` shows before and after the current one
LARGEST = 1_000_000  # characters of a file of commands


def _where(session: LineSession, _: str) -> Reply:
    return Reply(session.where())


def _list(session: LineSession, text: str) -> Reply:
    debugger = session.debugger
    middle = max(debugger.index, 0)
    rows = number(text) or AROUND
    lines = []
    for operation in debugger.program.operations[max(0, middle - rows) : middle + rows + 1]:
        mark = "●" if operation.name in debugger.breakpoints else " "
        here = "▶" if operation.index == debugger.index else " "
        lines.append(f"{mark}{here}{operation.index + 1:>3} {operation.symbol} = {operation.formula}")
    return Reply("\n".join(lines))


def _print(session: LineSession, text: str) -> Reply:
    if not text:
        raise LineError("print what? an expression, such as W1[0,1] or sum(dL_dW1)")
    return Reply(session.long(session.debugger.value(text)))


def _arguments(session: LineSession, _: str) -> Reply:
    event = session.debugger.event
    if event is None:
        return Reply("nothing is computed yet")
    symbol = session.debugger.program.symbols.symbol
    return Reply("\n".join(f"{symbol(name)} = {shown(value, session.digits)}" for name, value in event.inputs.items()))


def _whatis(session: LineSession, text: str) -> Reply:
    expression = read_quantity(text, session.debugger.program).expression
    if expression.kind == "shape":
        return Reply("a shape")
    if not expression.shape:
        return Reply("true or false" if expression.kind == "truth" else "a number")
    of = ", true or false each" if expression.kind == "truth" else ""
    return Reply(f"an array of shape {list(expression.shape)}{of}")


def _display(session: LineSession, text: str) -> Reply:
    if text:
        session.debugger.watches.add(text)
    return Reply("\n".join(session.displayed()) or "nothing is displayed")


def _undisplay(session: LineSession, text: str) -> Reply:
    watches = session.debugger.watches
    if text:
        watches.remove(text)
    else:
        watches.clear()
    return Reply("\n".join(session.displayed()) or "nothing is displayed any more")


def _source(_: LineSession, text: str) -> Reply:
    if not text:
        raise LineError("source which file?")
    try:
        with Path(text).expanduser().open(encoding="utf-8") as file:
            written = file.read(LARGEST + 1)
    except (OSError, ValueError, RuntimeError) as error:  # not UTF-8, a NUL in the name, no home
        reason = getattr(error, "strerror", None) or "cannot be read as text"
        raise LineError(f"{clean(text, 200)}: {reason.lower()}") from None
    lines = written.splitlines()
    if len(written) > LARGEST or len(lines) > MOST_LINES:
        raise LineError(f"{clean(text, 200)}: is longer than {MOST_LINES:,} lines")
    return Reply(lines=tuple(Typed(line, f"{text}:{row}") for row, line in enumerate(lines, 1)))


def _help(session: LineSession, text: str) -> Reply:
    if text:
        word = session.words.find(text)
        others = f"\nalso: {', '.join(word.names[1:])}" if word.names[1:] else ""
        return Reply("\n".join([f"{word.synopsis}\n{word.text}{others}", *word.more]))
    width = max(len(word.synopsis) for word in session.words.rows)
    return Reply("\n".join(f"{word.synopsis:<{width}}  {word.text}" for word in session.words.rows))


def _quit(_: LineSession, __: str) -> Reply:
    return Reply(key="quit")


def _reload(_: LineSession, __: str) -> Reply:
    return Reply(key="reload")


def _autoplay(_: LineSession, text: str) -> Reply:
    return Reply(key="autoplay", count=number(text, "speed"))


def _plot(session: LineSession, text: str) -> Reply:
    if text:
        session.debugger.watches.add(text)
    return Reply(key="plot")


WORDS = (
    Word(("where", "w", "bt"), "", "where we are and what was computed there", _where),
    Word(("list", "l", "ll"), "[COUNT]", "the program around the current operation", _list),
    Word(("print", "p", "pp"), "EXPRESSION", "the value of an expression now", _print, complete.variables),
    Word(("args", "a"), "", "what the current operation read", _arguments),
    Word(("whatis", "ptype"), "EXPRESSION", "the shape of an expression's value", _whatis, complete.variables),
    Word(
        ("display", "disp"),
        "[EXPRESSION]",
        "show an expression after every move; alone, what is displayed",
        _display,
        complete.variables,
    ),
    Word(("undisplay", "undisp"), "[EXPRESSION]", "display it no more; alone, none", _undisplay, complete.displays),
    Word(("plot",), "[EXPRESSION]", "plots of the loss, gradients, and what is displayed", _plot, complete.variables),
    Word(("play", "autoplay"), "[SPEED]", "autoplay, so many operations a second", _autoplay),
    Word(("reload", "run"), "", "read the scenario's file again, and stay at this position", _reload),
    Word(("source", "so"), "FILE", "run a file of commands, a line each; # begins a comment", _source, complete.files),
    Word(("help", "h"), "[COMMAND]", "all commands, or one of them", _help, complete.words),
    Word(("quit", "q", "exit"), "", "quit", _quit),
)
