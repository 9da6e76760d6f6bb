"""What-if: editing a number, doing the iteration again, taking back, branches; and who last changed a number."""

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.moving.task import Outcome
from backprop_tui.tui.main.actions.commanding import Commanding
from backprop_tui.tui.shared import bars

Traced = tuple[int, Address | None, int]  # where it was asked, of what, and the step that changed it


class Editing(Commanding):
    """The commands of what-if. What they do goes through the words of the `:` line, which say the same."""

    traced: Traced | None = None
    """The last answer to who changed a number."""

    async def action_edit(self) -> None:
        from backprop_tui.tui.dialogs.basics.ask_until_right import AskScreen

        if self.going_home():
            return
        if self.travel is not None:  # an edit belongs to one step
            self.stop()
        self.pending, self.said = "", ""
        selection, moment = self.debugger.selection, self.debugger.moment()
        now = moment.scalar(selection) if selection else None
        sign = f"{self.notation.address(selection)} =" if selection else "set"
        settings = [name for name in moment.program.constants if not moment.program.shapes[name]]
        others = f"ADDRESS = VALUE sets another number, such as {settings[0]} = 0.5" if settings else ""
        worth = f"now {self.notation.number(now)}; a number or an expression" if now is not None else ""
        say = "; ".join(part for part in (worth, others) if part)
        screen = AskScreen(sign, self._take, self.session, word="set", say=self.notation.text(say))
        await self.app.push_screen(screen, self._taken)

    def _take(self, typed: str) -> None:
        """Make the edit that was typed: a value for the selected number, or of another."""
        from backprop_tui.debugger.console.commands.changing import EQUALS, VARIABLE

        found = EQUALS.search(typed)
        address: str | Address | None = self.debugger.selection
        if found:
            address, typed = VARIABLE.sub("", typed[: found.start()].strip()), typed[found.end() :].strip()
        if not address:
            raise ValueError("which number? ADDRESS = VALUE, such as W1[0,1] = 0.5")
        self.debugger.assign(address, typed)

    def _taken(self, typed: str | None) -> None:
        if typed is not None:
            branch = self.debugger.branches.current
            text = f"{self.debugger.whatif.told_edit(branch.edits[-1], self.notation.digits)}, on {branch.name}"
            self.do(self.debugger.travel.settling(text, self.debugger.whatif.stale_now))

    def action_rerun(self) -> None:
        self._what_if("rerun")

    def action_undo(self) -> None:
        self._what_if("undo")

    def action_redo(self) -> None:
        self._what_if("redo")

    def _what_if(self, word: str) -> None:
        self.pending = ""
        self.command(word)

    def action_branches(self) -> None:
        from backprop_tui.tui.dialogs.lists.branches_panel import BranchesScreen

        self.pending, self.said = "", ""
        self.app.push_screen(BranchesScreen(self))

    def action_last_change(self) -> None:
        self.pending = ""
        selection = self.debugger.selection
        if selection is None:
            self.say("select a number first, with the arrows or the mouse")
            self.show()
        elif self.traced is not None and self.traced[:2] == (self.debugger.step, selection):
            self.go(self.traced[2], jump=True)
        else:
            self.do(self.debugger.travel.tracing(selection, self.notation.digits))

    def finished(self, outcome: Outcome) -> None:
        """Say where an answer about a step leads to."""
        super().finished(outcome)
        self.traced = None
        if outcome.about is not None and outcome.about != self.debugger.step:
            self.traced = (self.debugger.step, self.debugger.selection, outcome.about)
            if self.said:
                self.said += f"; {bars.key_of('last-change', self.rows)} again goes there"
