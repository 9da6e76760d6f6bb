"""What explains a number."""

from asyncio import sleep
from functools import partial
from typing import TYPE_CHECKING

from textual.worker import Worker

from backprop_tui.debugger.moment import Moment
from backprop_tui.tui.actions.commanding import Commanding
from backprop_tui.tui.background import Slices, go_on

if TYPE_CHECKING:
    from backprop_tui.debugger.gradcheck.check import Check

SLICE = 0.03  # seconds of comparing before keys are looked at


class Explaining(Commanding):
    """The commands that explain the selected number."""

    checking: Worker[None] | None = None
    """A gradient check that goes on in the background."""

    def action_gradcheck(self) -> None:
        from backprop_tui.debugger.gradcheck.check import check, gradient_at

        self.pending, self.said = "", ""
        moment = self.debugger.moment()
        chosen, operation = moment.selection, moment.operation
        name = chosen.name if chosen else operation.name if operation else ""
        gradient = gradient_at(name, moment.program)
        if gradient is None:
            what = f"{self.notation.symbol(name)} has no gradient" if name else "nothing is selected"
            self.say(f"{what}: select a gradient, or what has one")
        elif moment.value(gradient) is None:
            self.say(f"{self.notation.symbol(gradient)} is not computed yet")
        else:
            work = Slices(check(moment.frame, gradient, moment.index, chosen.at if chosen else None))
            if work.run(SLICE):
                self._compared(work, moment)
            else:
                self.checking = go_on(self, partial(self._compare_on, work, moment), "gradcheck")
            return
        self.show()

    async def _compare_on(self, work: "Slices[Check]", moment: Moment) -> None:
        while not work.run(SLICE):
            self.say(f"{work.reached} entries compared; Esc stops")
            self._show_footer()
            await sleep(0)
        self.checking = None
        self.said = ""
        self._compared(work, moment)

    def _compared(self, work: "Slices[Check]", moment: Moment) -> None:
        from backprop_tui.debugger.address import Address
        from backprop_tui.debugger.gradcheck.lines import details

        if work.result is not None:
            gradient, chosen = work.result.gradient, moment.selection
            focus = Address(gradient, chosen.at) if chosen else None
            self.tell("\n".join(details(work.result, self.notation, moment.program, focus)))

    def stop_checking(self) -> None:
        """Leave a check that goes on in the background."""
        if self.checking is not None:
            self.checking.cancel()
            self.checking = None
            self.say("stopped comparing")
