"""The words that print."""

from backprop_tui.debugger.basics.address import read_address
from backprop_tui.debugger.console import complete
from backprop_tui.debugger.console.command import LineError, Reply, Word, number
from backprop_tui.debugger.console.console import LineSession
from backprop_tui.debugger.expressions.quantity import read_quantity, shown

AROUND = 5  # operations that `list` shows before and after the current one


def _where(session: LineSession, _: str) -> Reply:
    return Reply(session.where())


def _list(session: LineSession, text: str) -> Reply:
    debugger = session.debugger
    middle = max(debugger.index, 0)
    rows, stops = number(text) or AROUND, debugger.breakpoints.names()
    lines = []
    for operation in debugger.program.operations[max(0, middle - rows) : middle + rows + 1]:
        mark = "●" if operation.name in stops else " "
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


def _select(session: LineSession, text: str) -> Reply:
    debugger = session.debugger
    if not text:
        debugger.selection = None
        return Reply()
    debugger.selection = read_address(text, debugger.program.symbols)
    return Reply()


def _display(session: LineSession, text: str) -> Reply:
    if not text:
        return Reply("\n".join(session.displayed()) or "nothing is displayed")
    number = session.debugger.watches.add(text)
    return Reply(next(one.line(session.digits) for one in session.debugger.readings() if one.number == number))


def _undisplay(session: LineSession, text: str) -> Reply:
    watches = session.debugger.watches
    if not text:
        watches.clear()
        return Reply("nothing is displayed any more")
    return Reply(f"{watches.remove(' '.join(text.split()))} is no longer displayed")


def _info(session: LineSession, text: str) -> Reply:
    found = next((name for name in INFO if name.startswith(text)), None)
    if found is None:
        raise LineError(f"info of what? {', '.join(INFO)}")
    return session.words.find(INFO[found]).do(session, "")


# what gdb and others call it -> the word that lists it; where two begin alike, the first is meant
INFO = {
    "breakpoints": "breakpoints",
    "watchpoints": "breakpoints",
    "display": "display",
    "branches": "branches",
    "edits": "edits",
    "marks": "marks",
    "messages": "messages",
    "line": "where",
    "args": "args",
    "program": "where",
}


WORDS = (
    Word(("where", "w", "bt"), "", "where we are and what was computed there", _where),
    Word(("list", "l", "ll"), "[COUNT]", "the program around the current operation", _list),
    Word(("print", "p", "pp"), "EXPRESSION", "the value of an expression now", _print, complete.variables),
    Word(("select", "sel"), "[NUMBER]", "select a number in every pane; alone, none", _select, complete.variables),
    Word(("args", "a"), "", "what the current operation read", _arguments),
    Word(("whatis", "ptype"), "EXPRESSION", "the shape of an expression's value", _whatis, complete.variables),
    Word(
        ("display", "disp"),
        "[EXPRESSION]",
        "watch an expression: shown after every step; alone, all; watch EXPRESSION stops where it changes",
        _display,
        complete.variables,
    ),
    Word(
        ("undisplay", "undisp"),
        "[NUMBER or EXPRESSION]",
        "stop displaying an expression; alone, all",
        _undisplay,
        complete.displays,
    ),
    Word(("info",), "[WHAT]", f"lists: {', '.join(INFO)}", _info, lambda _, __: INFO),
)
