"""What explains a number."""

from typing import TYPE_CHECKING

from backprop_tui.debugger.basics.address import Address, first
from backprop_tui.formula.language.errors import ExpressionError
from backprop_tui.tui.main.actions.commanding import Commanding
from backprop_tui.tui.main.actions.selecting import Selecting

if TYPE_CHECKING:
    from backprop_tui.tui.dialogs.views.tree_view import Answer


class Explaining(Commanding, Selecting):
    """The commands that explain the selected number, or what was computed last."""

    def chosen(self) -> Address | None:
        """The number that is meant: the selected one, or the first of what was computed last."""
        moment = self.debugger.moment()
        operation = moment.operation
        return moment.selection or (first(operation.name, operation.shape) if operation else None)

    def action_gradcheck(self) -> None:
        self.pending = ""
        chosen = self.chosen()
        if chosen is not None:
            self.command(f"gradcheck {chosen}")
        else:
            self.say("select a gradient, or what has one")
            self.show()

    def action_glossary(self) -> None:
        self.pending = ""
        chosen = self.chosen()
        if chosen is not None:
            self.command(f"glossary {chosen.name}")
        else:
            self.say("select a number, and K says what its symbol stands for")
            self.show()

    async def action_why(self) -> None:
        await self._ask("why")

    async def action_touches(self) -> None:
        await self._ask("touches")

    async def _ask(self, what: str) -> None:
        self.pending, self.said = "", ""
        chosen = self.chosen()
        if chosen is None:
            self.say("select a number first")
            self.show()
            return
        from backprop_tui.debugger.explain.ask import spot_of
        from backprop_tui.debugger.explain.origin import History
        from backprop_tui.tui.dialogs.views.tree_view import TreeScreen

        moment = self.debugger.moment()
        try:
            spot = spot_of(moment, chosen)
        except ExpressionError as error:
            self.say(str(error))
            self.show()
            return
        self.show()
        history = History(moment.scenario, moment.timeline)
        await self.app.push_screen(TreeScreen(what, history, spot, self.notation, self.paint), self._answered)

    def _answered(self, answer: "Answer | None") -> None:
        """Go where the tree says."""
        if answer is not None:
            self.go(answer.step, jump=True)
            if answer.address is not None:
                self.select(answer.address)
