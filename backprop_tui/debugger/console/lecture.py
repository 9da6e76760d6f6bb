"""A lecture: a file of commands with `pause` between them. One goes from pause to pause, forwards and back.

Before anything runs, all lines are tried on a copy of the debugger, and what is wrong is told with file and line. Each
part begins where the pause before it was reached, whatever was done by hand meanwhile: so it replays the same.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from backprop_tui.debugger.console.command import LineError, Typed, Words
from backprop_tui.debugger.console.snapshot import Look, Snapshot
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.moving.task import Outcome, Slices, Task
from backprop_tui.text import clean

if TYPE_CHECKING:
    from backprop_tui.debugger.console.console import LineSession

PAUSE, SOURCE = "pause", "source"
SLICE = 0.005  # seconds of a task that is tried, at a time
MOST_WRONG = 20  # lines that are told to be wrong


class Part(msgspec.Struct, frozen=True):
    """What runs up to a pause, or up to the end; what the pause says; and what the file says to its reader, in comments
    after the pause before: what to say meanwhile.
    """

    lines: tuple[Typed, ...] = ()
    title: str = ""
    remarks: tuple[str, ...] = ()


class Lecture:
    """A file of commands, and where somebody is in it: how many of its parts are done."""

    def __init__(self, name: str, lines: Iterable[Typed], words: Words) -> None:
        self.name = clean(name, 60)
        self.parts = list(_parts(lines, words))
        self.done = 0
        self.before: Snapshot | None = None
        """Where somebody was before it began."""
        self.reached: list[Snapshot] = []
        """Where its beginning and each pause were reached, as far as it has got."""
        self.wrong: list[str] = []
        """What is wrong with its lines, once they were tried."""

    @property
    def waits(self) -> bool:
        """Whether there is a pause in it."""
        return len(self.parts) > 1

    @property
    def title(self) -> str:
        """What the pause says that it waits at."""
        return self.parts[self.done - 1].title if self.done else ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What to say at the pause that it waits at: the comments after it."""
        return self.parts[self.done].remarks if self.done < len(self.parts) else ()

    @property
    def coming(self) -> tuple[Typed, ...]:
        """The commands that run next."""
        return self.parts[self.done].lines if self.done < len(self.parts) else ()

    @property
    def told(self) -> str:
        """What is wrong, a line each; if there is much, its beginning."""
        more = len(self.wrong) - MOST_WRONG
        return "\n".join([*self.wrong[:MOST_WRONG], *([f"and {more:,} more"] if more > 0 else [])])

    def begin(self, debugger: Debugger, look: Look) -> None:
        """Keep where somebody is, and begin with a run that nobody has touched."""
        self.before, self.done = Snapshot.of(debugger, look), 0
        fresh = Debugger(debugger.scenario)
        fresh.view = dict(debugger.view)
        self.reached = [Snapshot.of(fresh, look)]

    def on(self) -> Part | None:
        """The part that runs next; None at the end, which the last pause may be."""
        left = self.parts[self.done :]
        return left[0] if left and (len(left) > 1 or left[0].lines) else None

    def arrived(self, debugger: Debugger, look: Look) -> None:
        """A part is done: keep where it has led to."""
        self.done += 1
        del self.reached[self.done :]
        self.reached.append(Snapshot.of(debugger, look))

    def back(self) -> Snapshot | None:
        """Go one pause back; where that is, or None at the first."""
        if self.done <= 1:
            return None
        self.done -= 1
        return self.reached[self.done]

    @property
    def here(self) -> Snapshot:
        """Where the pause was reached that it waits at."""
        return self.reached[self.done]

    def trying(self, session: "LineSession") -> Task:
        """All lines, tried on a copy of the debugger; what is `wrong` with which is kept."""
        self.wrong = []

        def slices() -> Slices:
            yield 0
            copy = session.with_debugger(_copy(session.debugger, fresh=self.waits))
            count = 0
            for part in self.parts:
                for typed in part.lines:
                    count += 1
                    try:
                        for _ in _tried(copy, typed):
                            yield count
                    except LineError as error:
                        self.wrong.append(f"{typed.where}: {error}")
            return Outcome()

        def leave(_: int) -> Outcome:
            self.wrong = ["stopped before it began"]
            return Outcome()

        return Task(slices(), leave, start=0, goal=sum(len(part.lines) for part in self.parts), unit="line")


def _copy(debugger: Debugger, *, fresh: bool) -> Debugger:
    """A debugger of the same run: as it begins, or where this one is. What is computed for one is there for both."""
    copy = Debugger(debugger.scenario)
    copy.cursor.timeline = debugger.timeline.edited(())
    if not fresh:
        Snapshot.of(debugger).restoring(copy).finish()
        copy.seek(debugger.step)
    return copy


def _tried(session: "LineSession", typed: Typed) -> Iterator[None]:
    """Run a line, unless it reaches beyond the debugger. Raises LineError."""
    name = typed.text.strip().partition(" ")[0]
    if not name or name.startswith("#"):
        return
    if session.words.find(name).reaches_out:
        return
    try:
        reply = session.reply(typed.text)
        if reply.task is not None:
            while not reply.task.go_on(SLICE):
                yield
            session.debugger.travel.arrive(reply.task.leave())
    except (ValueError, KeyError) as error:
        raise LineError(session.message(error)) from None
    yield


def _parts(lines: Iterable[Typed], words: Words) -> Iterator[Part]:
    """What stands between pauses; the comments at the head of a part are its remarks."""
    own: list[Typed] = []
    remarks: list[str] = []
    for typed in lines:
        text = typed.text.strip()
        name, _, rest = text.partition(" ")
        if text.startswith("#"):
            remarks.append(clean(text.lstrip("#").strip(), 1000))
        elif text and (word := words.meant(name)) is not None and word.name == PAUSE:
            yield Part(tuple(own), clean(rest.strip(), 200), tuple(remarks))
            own, remarks = [], []
        elif text:
            own.append(typed)
    yield Part(tuple(own), "", tuple(remarks))
