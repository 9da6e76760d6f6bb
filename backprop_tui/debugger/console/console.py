"""What the commands of the `:` line work on: a debugger, and how numbers are written."""

import textwrap
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.basics.position import write_position
from backprop_tui.debugger.console.command import LineError, Reply, Typed, Words
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.expressions.quantity import shown
from backprop_tui.debugger.moving.task import Outcome
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.values.element import Shape
from backprop_tui.formula.writing.numbers import DIGITS, format_array
from backprop_tui.text import clean

LEAST = 20  # cells of a column of text
WIDTH = 80  # cells of a line of output, unless a screen says otherwise
ROWS, COLUMNS = 40, 12  # rows of a matrix that are printed
SAMPLES = 4  # samples whose matrices are printed
MOST_LINES = 10_000  # commands that one script may run, so that a file that reads itself ends


class LineSession:
    """Runs lines. Whatever goes wrong is a LineError, and the position stays."""

    def __init__(self, debugger: Debugger, words: Words) -> None:
        self.debugger = debugger
        self.words = words
        self.digits = DIGITS
        self.ascii = False
        self.width = WIDTH
        self.sought = ""  # what was searched for last

    def with_debugger(self, debugger: Debugger) -> "LineSession":
        """A session of another debugger that writes as this one does."""
        other = LineSession(debugger, self.words)
        other.digits, other.ascii, other.width = self.digits, self.ascii, self.width
        return other

    def table(self, rows: Sequence[tuple[str, str]]) -> str:
        """Terms and what is said of each, side by side; what is too long for the width goes on under its beginning."""
        before = min(max(len(term) for term, _ in rows), self.width // 3) + 2
        lines = []
        for term, text in rows:
            first, *rest = textwrap.wrap(text, max(self.width - before, LEAST)) or [""]
            if len(term) + 2 > before:
                lines += textwrap.wrap(term, self.width)
                term = ""
            lines += [f"{term:<{before}}{first}".rstrip(), *(" " * before + line for line in rest)]
        return "\n".join(lines)

    # running

    def reply(self, line: str) -> Reply:
        """What a line answers; nothing has moved yet. Raises LineError."""
        text = line.strip()
        if not text or text.startswith("#"):
            return Reply()
        name, _, rest = text.partition(" ")
        word = self.words.find(name)
        if rest and not word.usage:
            raise LineError(f"{word.name} stands alone, without '{clean(rest.strip(), 40)}'")
        try:
            return word.do(self, rest.strip())
        except (ValueError, KeyError) as error:  # of positions, expressions, names
            raise LineError(self.message(error)) from None

    def run(self, text: str) -> str:
        """Run a line, and all that a `source` in it reads; what is said. Raises LineError."""
        script = Script(self, [Typed(text)])
        for reply in script:
            if reply.task is not None:
                since, printed = self.debugger.step, self.debugger.travel.printed
                try:
                    self.debugger.travel.arrive(outcome := reply.task.finish())
                except (ValueError, KeyError) as error:
                    raise script.error(error) from None
                lines = [*self.logged(printed), *self.told(outcome, since), *self.here(outcome)]
                script.say("\n".join(lines))
            elif reply.key != "quit":
                raise script.error(LineError(f"'{clean(script.line.text, 40)}' needs the screen"))
        return "\n".join(script.said)

    def logged(self, printed: int) -> list[str]:
        """What log points have printed since a number of messages."""
        return [str(message) for message in self.debugger.travel.messages_since(printed)]

    def told(self, outcome: Outcome, since: int, more: str = "continue 10") -> list[str]:
        """What a task found: why it stopped, or an answer. `more` is how one asks for ten iterations more."""
        stop = outcome.stop
        told = "" if stop is None else self.debugger.travel.told(stop, since, digits=self.digits, more=more)
        return [text for text in (told, outcome.text) if text]

    def here(self, outcome: Outcome) -> list[str]:
        """After a move, where we are and what is displayed."""
        return [] if outcome.step is None else [self.where(), *self.displayed()]

    def message(self, error: Exception) -> str:
        """What an error says, in one line: of several that it has, the first, and how many more."""
        first, *more = str(error.args[0] if error.args else error).splitlines() or [""]
        return clean(first) + (f" (and {len(more):,} more)" if more else "")

    # looking

    def where(self) -> str:
        """Where we are: the position, the epoch where there is one, and what was computed, or what element of it."""
        moment = self.debugger.moment()
        event, place = moment.event, moment.place
        if event is None:
            return "start  step 0"
        at = "  ".join(part for part in (event.position, f"step {event.step:,}", moment.epoch) if part)
        if place is not None:
            return f"{at}  element {(moment.element or 0) + 1:,}/{event.value.size:,}  {self.worked(moment, place)}"
        edited = moment.result_edited(event.operation)
        now = f", set to {format_array(moment.value(event.name), self.digits)}" if edited else ""
        return f"{at}  {event.symbol} = {event.formula} = {format_array(event.value, self.digits)}{now}"

    def worked(self, moment: Moment, at: Shape) -> str:
        """One number of what was computed, as its terms."""
        from backprop_tui.debugger.basics.scalar_terms import terms

        operation, writing = moment.program.operations[moment.index], self.writing
        found = terms(operation, moment.frame, at)
        address = writing.address(Address(operation.name, at))
        return f"{address} = {writing.numbers(found.expansion)} = {writing.number(found.value)}"

    @property
    def writing(self) -> Writing:
        """How variables and numbers are written."""
        return Writing(self.debugger.program.symbols, self.digits, self.ascii)

    def position(self, timeline: Timeline, step: int) -> str:
        """A step in both forms."""
        return f"{write_position(step, timeline)}  step {step:,}"

    def displayed(self) -> list[str]:
        """The expressions that are shown after each move, with their values."""
        return [reading.line(self.digits) for reading in self.debugger.readings()]

    def long(self, value: Any) -> str:
        """A value, a row of a matrix on a line of its own."""
        array = np.asarray(value)
        if array.ndim > 2:  # a matrix for each sample
            if len(array) == 1:
                return self.long(array[0])
            lines = [f"sample {place}\n{self.long(one)}" for place, one in enumerate(array[:SAMPLES])]
            return "\n".join([*lines, *([f"… {len(array) - SAMPLES:,} more samples"] if len(array) > SAMPLES else [])])
        if array.ndim != 2 or 1 in array.shape or array.dtype == bool:
            return shown(value, self.digits)
        rows = [format_array(row[np.newaxis], self.digits, most=COLUMNS) for row in array[:ROWS]]
        left_out = len(array) - len(rows)
        return "\n".join([*rows, *([f"… {left_out:,} more rows"] if left_out else [])])


class Script:
    """Runs lines, as far as that takes no time; iterating it gives each reply with more to be done before the next.

    `before` is done first. One that `waits` gives a lecture to whoever runs it, who waits at its pauses; else all of a
    file is run at once.
    """

    def __init__(
        self, session: "LineSession", lines: Iterable[Typed], *, before: Iterable[Reply] = (), waits: bool = False
    ) -> None:
        self.session, self.waits = session, waits
        self.waiting = deque(lines)
        self.said: list[str] = []
        self.line = Typed("")  # that is run
        self.is_trying = False  # the lines of a lecture, before it begins
        self._replies = chain(before, self._run())

    def __iter__(self) -> Iterator[Reply]:
        return self._replies

    def __next__(self) -> Reply:
        return next(self._replies)

    def say(self, text: str) -> None:
        """Add to what was said."""
        if text:
            self.said.append(text)

    def error(self, error: Exception) -> LineError:
        """What went wrong in the line that is run, with its place in a file."""
        message = self.session.message(error)
        return LineError(f"{self.line.where}: {message}" if self.line.where else message)

    def _run(self) -> Iterator[Reply]:
        for _ in range(MOST_LINES):
            if not self.waiting:
                return
            self.line, *more = parted(self.waiting.popleft())
            self.waiting.extendleft(reversed(more))
            try:
                reply = self.session.reply(self.line.text)
            except LineError as error:
                raise self.error(error) from None
            self.say(reply.text)
            if reply.lecture is not None:
                self.is_trying = True
                yield Reply(task=reply.lecture.trying(self.session))
                self.is_trying = False
                if reply.lecture.wrong:
                    raise LineError(reply.lecture.told)
                if self.waits and reply.lecture.waits:
                    yield reply
                    return  # what stands behind it on its line has no place in it
            self.waiting.extendleft(reversed(reply.lines))
            if reply.task is not None or reply.key:
                yield reply
            if reply.key == "quit":
                return
        raise LineError(f"more than {MOST_LINES:,} commands: does a file read itself?")


def parted(line: Typed) -> list[Typed]:
    """The commands of a line, separated by `;;` as in pdb."""
    if line.text.lstrip().startswith("#"):
        return [line]
    return [Typed(text, line.where) for text in line.text.split(";;")]
