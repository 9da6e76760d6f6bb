"""Running what is typed on the `:` line, and files of commands."""

from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from textual.worker import WorkerCancelled, WorkerFailed

from backprop_tui.debugger.moving.task import Outcome
from backprop_tui.tui.main.parts.host import Host
from backprop_tui.tui.main.parts.travelling import Travelling
from backprop_tui.tui.shared.background import PATIENCE, SLICE, go_on, rest
from backprop_tui.tui.terminal import line_history

if TYPE_CHECKING:
    from backprop_tui.debugger.console.command import Reply
    from backprop_tui.debugger.console.console import Script

PANEL = 6  # cells that the border, the padding and the scroll bar of a panel take


class LineRunner:
    """The lines typed before, and the script that is run: one line, or what a file has."""

    def __init__(self, host: Host, travel: Travelling) -> None:
        self.host, self.travel = host, travel
        self.script: Script | None = None
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
        from backprop_tui.debugger.console.console import Script

        host = self.host
        if self.travel.going_home():
            return
        if self.travel.under_way:
            host.stop()
        host.said = ""
        host.debugger.view = host.kept_view()
        host.session.digits, host.session.ascii = host.notation.digits, host.notation.ascii
        host.session.width = host.size.width - PANEL
        self.script = Script(host.session, text)
        if not self._run(self.script, PATIENCE):
            go_on(host, partial(self._run_on, self.script), "script")

    def drop(self) -> None:
        """Run no further line."""
        if self.script is not None:
            self.script.waiting.clear()

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
            script.say(str(error))
        self.script = None
        self.host.take_view()  # of a session that was loaded
        self.host.tell("\n".join(script.said))
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
        if reply.task is not None and not reply.key:
            self.host.do(reply.task, jump=reply.jump)
        else:
            self.host.perform(reply.key, reply.count, reply.arguments)
