"""The `:` line."""

from asyncio import sleep
from collections import deque
from functools import partial
from time import perf_counter

from textual.worker import WorkerCancelled, WorkerFailed

from backprop_tui.debugger.line.session import MOST_LINES
from backprop_tui.debugger.line.word import LineError, Typed
from backprop_tui.tui import history
from backprop_tui.tui.actions.moving import Moving
from backprop_tui.tui.background import go_on

SLICE = 0.05  # seconds of running commands before the screen is painted


class Script:
    """Lines that wait to be run, and what those before them printed."""

    def __init__(self, text: str) -> None:
        self.waiting = deque([Typed(text)])
        self.said: list[str] = []
        self.run = 0
        self.moved = False


class Commanding(Moving):
    """Typed commands, and files of them."""

    recalled: list[str] | None = None
    """The history, read when the line is opened first."""

    async def action_line(self) -> None:
        from backprop_tui.tui.screens.line import LineScreen

        self.pending = ""
        if self.recalled is None:
            self.recalled = history.read()
        await self.app.push_screen(LineScreen(self.session, self.recalled), self._typed)  # keys that follow are for it

    def _typed(self, text: str | None) -> None:
        if not text:
            return
        recalled = self.recalled if self.recalled is not None else []
        if recalled[-1:] != [text]:
            recalled.append(text)
            history.keep(recalled)
        self.command(text)

    def command(self, text: str) -> None:
        """Run a line; what takes long goes on in the background."""
        self.said = ""
        self.session.digits = self.notation.digits
        script = Script(text)
        if not self._run(script):
            go_on(self, partial(self._run_on, script), "script")

    def _run(self, script: Script) -> bool:
        """Run lines until one takes long; whether that was all."""
        limit = perf_counter() + SLICE
        while script.waiting:
            script.run += 1
            try:
                self._do(script)
            except LineError as error:
                script.said.append(str(error))
                script.waiting.clear()
            if self.travel is not None or perf_counter() > limit:
                return False
        self._answer(script)
        return True

    async def _run_on(self, script: Script) -> None:
        while True:
            if self.travel is not None:
                try:
                    await self.travel.wait()
                except (WorkerCancelled, WorkerFailed):
                    return
            await sleep(0)
            if self._run(script):
                return

    def _do(self, script: Script) -> None:
        line = script.waiting.popleft()
        if script.run > MOST_LINES:
            raise LineError(f"more than {MOST_LINES:,} commands: does a file read itself?")
        reply = self.session.reply(line)
        script.waiting.extendleft(reversed(reply.lines))
        if reply.text:
            script.said.append(reply.text)
        if reply.step is not None:
            script.moved = True
            self.go(reply.step, jump=True)
        elif reply.key:
            script.moved = True
            self.pending = str(reply.count or "")
            getattr(self, f"action_{reply.key.replace('-', '_')}")()
            self.pending = ""

    def _answer(self, script: Script) -> None:
        """Show what was printed: a line in the footer, more in a panel."""
        said = [*script.said, *(self.session.displayed() if script.moved else [])]
        self.tell("\n".join(said))

    def tell(self, text: str) -> None:
        """Show a text in the footer, or in a panel where it is too long for that."""
        text = self.notation.text(text)
        if not text:
            self.show()
        elif "\n" not in text and len(text) < self.size.width - 1:
            self.say(text)
            self.show()
        else:
            from backprop_tui.tui.screens.output import OutputScreen

            self.show()
            self.app.push_screen(OutputScreen(text))
