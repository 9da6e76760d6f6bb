"""The `:` line."""

from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from textual.worker import WorkerCancelled, WorkerFailed

from backprop_tui.debugger.moving.task import Outcome
from backprop_tui.tui.main.actions.moving import Moving
from backprop_tui.tui.shared import bars
from backprop_tui.tui.shared.background import PATIENCE, SLICE, go_on, rest
from backprop_tui.tui.terminal import line_history

if TYPE_CHECKING:
    from backprop_tui.debugger.console.command import Reply
    from backprop_tui.debugger.console.script import Script

PANEL = 6  # cells that the border, the padding and the scroll bar of a panel take


class Commanding(Moving):
    """Typed commands, and files of them."""

    recalled: list[str] | None = None
    """The history, read when the line is opened first."""
    script: "Script | None" = None
    """What is run."""

    async def action_line(self) -> None:
        from backprop_tui.tui.dialogs.typing.command_line import LineScreen

        self.pending = ""
        if self.recalled is None:
            self.recalled = line_history.read()
        await self.app.push_screen(LineScreen(self.session, self.recalled), self._typed)  # keys that follow are for it

    def _typed(self, text: str | None) -> None:
        if not text:
            return
        recalled = self.recalled if self.recalled is not None else []
        if recalled[-1:] != [text]:
            recalled.append(text)
            line_history.keep(recalled)
        self.command(text)

    def command(self, text: str) -> None:
        """Run a line; what takes long goes on in the background."""
        from backprop_tui.debugger.console.script import Script

        if self.going_home():
            return
        if self.travel is not None:
            self.stop()
        self.said = ""
        self.debugger.view = self.kept_view()
        self.session.digits, self.session.ascii = self.notation.digits, self.notation.ascii
        self.session.width = self.size.width - PANEL
        self.script = Script(self.session, text)
        if not self._run(self.script, PATIENCE):
            go_on(self, partial(self._run_on, self.script), "script")

    def _run(self, script: "Script", seconds: float) -> bool:
        """Run lines for so long, or until one goes on in the background; whether that was all."""
        from backprop_tui.debugger.console.command import LineError

        limit = perf_counter() + seconds
        try:
            for reply in script:
                self._do(reply)
                if self.travel is not None or perf_counter() > limit:
                    return False
        except LineError as error:
            script.say(str(error))
        self.script = None
        self.take_view()  # of a session that was loaded
        self._answer(script)
        return True

    async def _run_on(self, script: "Script") -> None:
        while True:
            if self.travel is not None:
                try:
                    await self.travel.wait()
                except (WorkerCancelled, WorkerFailed):
                    script.waiting.clear()
            if self._run(script, SLICE):
                return
            await rest(self)

    def _do(self, reply: "Reply") -> None:
        if reply.task is not None and not reply.key:
            self.do(reply.task, jump=reply.jump)
        else:
            self.pending = str(reply.count or "")
            getattr(self, f"action_{reply.key.replace('-', '_')}")(*reply.arguments)
            self.pending = ""

    def finished(self, outcome: Outcome) -> None:
        """Of a script, gather what a task found."""
        if self.script is None:
            super().finished(outcome)
            return
        more = f"10{bars.key_of('resume', self.rows)}"
        told = self.session.told(outcome, self.since, more=more)
        self.script.say("\n".join([*self.session.logged(self.printed), *told]))

    def stop(self) -> None:
        """End what goes on, and a script with it."""
        if self.script is not None:
            self.script.waiting.clear()
        super().stop()

    def _answer(self, script: "Script") -> None:
        """Show what was said: a line in the footer, more in a panel."""
        self.tell("\n".join(script.said))

    def action_open_page(self) -> None:
        """Open the page of the scenario's source."""
        from backprop_tui.tui.terminal.browser import open_page

        self.tell(open_page(self.app, self.debugger.scenario.url))

    def action_compare(self, a: str, b: str) -> None:
        """Show two branches side by side."""
        from backprop_tui.tui.dialogs.views.compare_view import CompareScreen

        self.app.push_screen(CompareScreen(self, a, b))

    def tell(self, text: str) -> None:
        """Show a text in the footer, or in a panel where it is too long for that."""
        text = self.notation.text(text)
        if not text:
            self.show()
        elif "\n" not in text and len(text) < self.size.width - 1:
            self.say(text)
            self.show()
        else:
            from backprop_tui.tui.dialogs.views.output_view import OutputScreen

            self.show()
            self.app.push_screen(OutputScreen(text))
