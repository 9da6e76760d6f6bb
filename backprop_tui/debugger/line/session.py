"""What the commands of the `:` line work on: a debugger, marks, and the expressions that are shown after each move."""

from collections import deque
from typing import Any

import numpy as np

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.line.moves import MOVES
from backprop_tui.debugger.line.word import LineError, Reply, Typed, Words
from backprop_tui.debugger.marks import Marks
from backprop_tui.debugger.position import write_position
from backprop_tui.debugger.stop import Stop
from backprop_tui.engine.timeline import Timeline
from backprop_tui.formula.compile import compiled
from backprop_tui.formula.errors import ExpressionError
from backprop_tui.formula.numbers import DIGITS, format_array
from backprop_tui.formula.parse import parse
from backprop_tui.formula.symbols import Symbols
from backprop_tui.formula.tree import Tree, names
from backprop_tui.text import clean

MOST_LINES = 10_000  # that one `source` may run, so that a file that reads itself ends
ROWS, COLUMNS = 40, 12  # of a matrix that is printed


class Session:
    """Runs lines. Whatever goes wrong is a LineError, and the position stays."""

    def __init__(self, debugger: Debugger, words: Words) -> None:
        self.debugger = debugger
        self.words = words
        self.displays: list[str] = []
        self.digits = DIGITS

    @property
    def marks(self) -> Marks:
        """The marks of the debugger."""
        return self.debugger.marks

    # running

    def reply(self, line: Typed) -> Reply:
        """What a line answers; nothing has moved yet. Raises LineError, with the place of a line of a file."""
        text = line.text.strip()
        if not text or text.startswith("#"):
            return Reply()
        name, _, rest = text.partition(" ")
        try:
            return self.words.find(name).do(self, rest.strip())
        except (ValueError, KeyError) as error:  # of positions, expressions, names
            message = clean(str(error.args[0] if error.args else error))
            raise LineError(f"{line.where}: {message}" if line.where else message) from None

    def run(self, text: str) -> str:
        """Run a line, and all that a `source` in it reads; what is printed. Raises LineError."""
        waiting = deque([Typed(text)])
        said: list[str] = []
        for _ in range(MOST_LINES):
            if not waiting:
                return "\n".join(said)
            line = waiting.popleft()
            reply = self.reply(line)
            waiting.extendleft(reversed(reply.lines))
            if reply.key == "quit":
                return "\n".join(said)
            said += [text for text in (reply.text, self._done(reply, line)) if text]
        raise LineError(f"more than {MOST_LINES:,} commands: does a file read itself?")

    def _done(self, reply: Reply, line: Typed) -> str:
        if reply.step is not None:
            self.debugger.seek(reply.step)
        elif reply.key in MOVES:
            stop = MOVES[reply.key](self.debugger, reply.count)
            if isinstance(stop, Stop) and stop.which:
                return "\n".join([f"stopped: {stop.reason} {stop.which}", self.where(), *self.displayed()])
        elif reply.key:
            raise LineError(f"{line.where + ': ' if line.where else ''}'{clean(line.text, 40)}' needs the screen")
        else:
            return ""
        return "\n".join([self.where(), *self.displayed()])

    # looking

    def where(self) -> str:
        """Where we are: the position, the epoch where there is one, and what was computed."""
        event, epoch = self.debugger.event, self.debugger.moment().epoch
        if event is None:
            return "start  step 0"
        value = format_array(event.value, self.digits)
        at = "  ".join(part for part in (event.position, f"step {event.step:,}", epoch) if part)
        return f"{at}  {event.symbol} = {event.formula} = {value}"

    def position(self, timeline: Timeline, step: int) -> str:
        """A step in both forms."""
        return f"{write_position(step, timeline)}  step {step:,}"

    def displayed(self) -> list[str]:
        """The expressions that are shown after each move, with their values."""
        return [self._display(text) for text in self.displays]

    def _display(self, text: str) -> str:
        try:
            return f"{text} = {self.short(self.evaluate(text))}"
        except ValueError as error:
            return f"{text}: {error}"

    def short(self, value: Any) -> str:
        """A value on one line."""
        return str(value) if isinstance(value, bool | np.bool_) else format_array(np.asarray(value), self.digits)

    def long(self, value: Any) -> str:
        """A value, a row of a matrix on a line of its own."""
        array = np.asarray(value)
        if array.ndim != 2 or 1 in array.shape or array.dtype == bool:
            return self.short(value) if array.size <= 60 or array.dtype == bool else format_array(array, self.digits)
        rows = [format_array(row[np.newaxis], self.digits, most=COLUMNS) for row in array[:ROWS]]
        left_out = len(array) - len(rows)
        return "\n".join([*rows, *([f"… {left_out:,} more rows"] if left_out else [])])

    def evaluate_later(self, text: str) -> None:
        """Make sure that an expression can be read; its variables need not be computed yet. Raises ExpressionError."""
        read_expression(text, self.debugger.program.symbols)

    def evaluate(self, text: str) -> Any:
        """The value of an expression now. Raises ExpressionError."""
        program, moment = self.debugger.program, self.debugger.moment()
        found: dict[str, Any] = {}
        tree, meant = read_expression(text, program.symbols)
        for name, resolved in meant.items():
            value = moment.value(resolved)
            if value is None:
                raise ExpressionError(f"{resolved} is not computed yet")
            found[name] = value
        return value_of(tree, found)


def read_expression(text: str, symbols: Symbols) -> tuple[Tree, dict[str, str]]:
    """The tree of an expression, and which variable each of its names means. Raises ExpressionError."""
    tree = parse(symbols.ascii(text))
    meant = {name: symbols.resolve(name) for name in names(tree)}
    for name, resolved in meant.items():
        if resolved is None:
            raise ExpressionError(f"there is no variable '{clean(name, 40)}'")
    return tree, {name: resolved for name, resolved in meant.items() if resolved}


def value_of(tree: Tree, values: dict[str, Any]) -> Any:
    """An expression's value. Raises ExpressionError where shapes or indices do not fit."""
    try:
        with np.errstate(all="ignore"):
            return compiled(tree)(values)
    except (ValueError, TypeError, IndexError, ArithmeticError, NameError, AttributeError, MemoryError) as error:
        raise ExpressionError(clean(str(error) or type(error).__name__, 200)) from None
