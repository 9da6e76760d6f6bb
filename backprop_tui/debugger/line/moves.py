"""The moves that a key does too, as calls of the debugger."""

from collections.abc import Callable

from backprop_tui.debugger.debugger import Debugger

# id of the key that does the same -> what does it; the count is None where none was given
MOVES: dict[str, Callable[[Debugger, int | None], object]] = {
    "advance": lambda debugger, count: debugger.advance(count or 1),
    "rewind": lambda debugger, count: debugger.rewind(count or 1),
    "finish": lambda debugger, count: debugger.finish(count or 1),
    "unfinish": lambda debugger, count: debugger.unfinish(count or 1),
    "later": lambda debugger, count: debugger.skip(count or 1),
    "earlier": lambda debugger, count: debugger.skip(-(count or 1)),
    "resume": lambda debugger, count: debugger.resume(iterations=count),
    "resume-back": lambda debugger, _: debugger.resume(back=True),
}
