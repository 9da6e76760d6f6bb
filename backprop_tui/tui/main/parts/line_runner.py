"""Running what is typed on the `:` line, and files of commands."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Literal

from textual.worker import WorkerCancelled, WorkerFailed

from backprop_tui.debugger.moving.task import Outcome
from backprop_tui.tui.main.parts.host import Host
from backprop_tui.tui.main.parts.travelling import Travelling
from backprop_tui.tui.shared import bars
from backprop_tui.tui.shared.background import PATIENCE, SLICE, go_on, rest
from backprop_tui.tui.terminal import line_history

if TYPE_CHECKING:
    from backprop_tui.debugger.console.command import Reply, Typed
    from backprop_tui.debugger.console.console import Script
    from backprop_tui.debugger.console.lecture import Lecture
    from backprop_tui.debugger.console.snapshot import Snapshot

MOST_CLICKS = 20  # that are done after a part that takes long
PANEL = 6  # cells that the border, the padding and the scroll bar of a panel take


class LineRunner:
    """The lines typed before, and the script that is run: one line, or what a file has."""

    def __init__(self, host: Host, travel: Travelling) -> None:
        self.host, self.travel = host, travel
        self.script: Script | None = None
        self.lecture: Lecture | None = None
        """The file of commands that is gone through from pause to pause."""
        self.going: Literal["", "begin", "on", "back"] = ""
        """Whether what runs begins it, is a part of it, or is the way back to a pause."""
        self.clicks: deque[Callable[[], None]] = deque(maxlen=MOST_CLICKS)
        """What the clicker asked for while a part ran."""
        self._recalled: list[str] | None = None

    @property
    def recalled(self) -> list[str]:
        """The lines typed before, read when the line is first opened."""
        if self._recalled is None:
            self._recalled = line_history.read()
        return self._recalled

    def typed(self, text: str | None) -> None:
        """Keep a line, and run it."""
        if not text:
            return
        if self.recalled[-1:] != [text]:
            self.recalled.append(text)
            line_history.keep(self.recalled)
        self.run(text)

    def run(self, text: str) -> None:
        """Run a line; what takes long goes on in the background."""
        from backprop_tui.debugger.console.command import Typed

        if not self.travel.going_home():
            self._start([Typed(text)])

    def _start(self, lines: "Iterable[Typed]", before: "Iterable[Reply]" = ()) -> None:
        from backprop_tui.debugger.console.console import Script

        host = self.host
        if self.travel.under_way:
            host.stop()
        host.said = ""
        host.debugger.view = host.kept_view()
        host.session.digits, host.session.ascii = host.notation.digits, host.notation.ascii
        host.session.width = host.size.width - PANEL
        self.script = Script(host.session, lines, before=before, waits=True)
        if not self._run(self.script, PATIENCE):
            go_on(host, partial(self._run_on, self.script), "script")

    def drop(self) -> None:
        """Run no further line."""
        self.going = ""
        self.clicks.clear()
        if self.script is not None:
            self.script.waiting.clear()

    # a lecture

    @property
    def has_lecture(self) -> bool:
        """Whether a lecture is on, or about to begin."""
        return self.lecture is not None or (self.script is not None and self.script.is_trying)

    def on(self) -> None:
        """To the next pause: what was done by hand since the last one is undone before the lines run."""
        if self._waits(self.on) or self.lecture is None:
            return
        lecture = self.lecture
        part = lecture.on()
        if part is None:
            self.host.tell(f"the end of {lecture.name}: {self._key('page-back')} goes back, ':source off' leaves it")
            return
        self.going = "on"
        self._start(part.lines, self._restoring(lecture.here))

    def back(self) -> None:
        """Back to the pause before."""
        if self._waits(self.back) or self.lecture is None:
            return
        lecture = self.lecture
        snapshot = lecture.back()
        if snapshot is None:
            self.host.tell(f"the beginning of {lecture.name}: {self._key('page-on')} goes on")
        else:
            self.going = "back"
            self._start((), self._restoring(snapshot))

    def end(self) -> None:
        """Leave the lecture, and be where it began."""
        lecture, self.lecture = self.lecture, None
        if lecture is None or lecture.before is None:
            self.host.tell("no lecture is on: 'source FILE' begins one")
        else:
            self.host.call_later(self._start, (), self._restoring(lecture.before))

    @property
    def before(self) -> "Snapshot | None":
        """Where somebody was before the lecture that is on: what a session keeps."""
        return self.lecture.before if self.lecture is not None else None

    @property
    def notice(self) -> str:
        """What is said of the lecture in the footer: its name, and which pause it is."""
        lecture = self.lecture
        return "" if lecture is None else f"{lecture.name} {lecture.done}/{len(lecture.parts) - 1}"

    def _waits(self, click: "Callable[[], None]") -> bool:
        """Whether a part still runs; then the click is for afterwards."""
        if self.script is not None:
            self.clicks.append(click)
        return self.script is not None

    def _restoring(self, snapshot: "Snapshot") -> "Iterator[Reply]":
        from backprop_tui.debugger.console.command import Reply

        self.host.take_look(snapshot.look)
        yield Reply(task=snapshot.restoring(self.host.debugger))

    def _key(self, row: str) -> str:
        return bars.key_of(row, self.host.rows)

    def _begin(self, lecture: "Lecture") -> None:
        self.lecture = lecture
        lecture.begin(self.host.debugger, self.host.look())
        self.going = "begin"
        self.host.perform("speak")

    def _arrived(self, script: "Script") -> None:
        """A pause of the lecture is reached."""
        lecture, going, self.going = self.lecture, self.going, ""
        if lecture is None or not going:
            return
        if going == "on":
            self.host.debugger.view = self.host.kept_view()
            lecture.arrived(self.host.debugger, self.host.look())
        if lecture.title:  # what the commands said is not for the audience then
            script.said = [lecture.title]

    def finished(self, outcome: Outcome) -> bool:
        """Gather what a task of the script found; whether there is a script."""
        if self.script is not None:
            self.script.say("\n".join([*self.travel.logged(), *self.travel.told(outcome)]))
        return self.script is not None

    def _run(self, script: "Script", seconds: float) -> bool:
        """Run lines for a time, or until one goes on in the background; returns whether that was all."""
        from backprop_tui.debugger.console.command import LineError

        limit = perf_counter() + seconds
        try:
            for reply in script:
                self._do(reply)
                if self.travel.under_way or perf_counter() > limit:
                    return False
        except LineError as error:
            self.going = ""
            script.say(str(error))
            if self.lecture is None:  # none began, so nothing goes on
                self.clicks.clear()
        self.script = None
        self.host.take_view()  # of a session that was loaded
        if self.going == "begin":
            self.on()
        else:
            self._arrived(script)
            self.host.tell("\n".join(script.said))
            if self.clicks:
                self.clicks.popleft()()
        return True

    async def _run_on(self, script: "Script") -> None:
        while True:
            try:
                await self.travel.ended()
            except (WorkerCancelled, WorkerFailed):
                script.waiting.clear()
            if self._run(script, SLICE):
                return
            await rest(self.host)

    def _do(self, reply: "Reply") -> None:
        if reply.lecture is not None:
            self._begin(reply.lecture)
        elif reply.task is not None and not reply.key:
            self.host.do(reply.task, jump=reply.jump)
        else:
            self.host.perform(reply.key, reply.count, reply.arguments)
