"""A script: lines that wait to be run, and what those before them said. A command that is typed is one of one line."""

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING

from backprop_tui.debugger.console.command import LineError, Reply, Typed

if TYPE_CHECKING:
    from backprop_tui.debugger.console.console import LineSession

MOST_LINES = 10_000  # that one script may run, so that a file that reads itself ends


class Script:
    """Runs lines, as far as that takes no time; iterating it gives each reply with more to be done before the next."""

    def __init__(self, session: "LineSession", text: str) -> None:
        self.session = session
        self.waiting = deque([Typed(text)])
        self.said: list[str] = []
        self.line = Typed(text)  # that is run
        self._replies = self._run()

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
            self.line, *more = _parted(self.waiting.popleft())
            self.waiting.extendleft(reversed(more))
            try:
                reply = self.session.reply(self.line.text)
            except LineError as error:
                raise self.error(error) from None
            self.waiting.extendleft(reversed(reply.lines))
            self.say(reply.text)
            if reply.task is not None or reply.key:
                yield reply
            if reply.key == "quit":
                return
        raise LineError(f"more than {MOST_LINES:,} commands: does a file read itself?")


def _parted(line: Typed) -> list[Typed]:
    """The commands of a line, parted by `;;` as in pdb."""
    if line.text.lstrip().startswith("#"):
        return [line]
    return [Typed(text, line.where) for text in line.text.split(";;")]
