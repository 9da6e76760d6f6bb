"""What explains a number."""

from asyncio import sleep
from collections.abc import Generator
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from textual.worker import Worker

from backprop_tui.debugger.moment import Moment
from backprop_tui.tui.actions.commanding import Commanding
from backprop_tui.tui.background import go_on

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
        chosen = moment.selection
        operation = moment.operation
        name = chosen.name if chosen else operation.name if operation else ""
        gradient = gradient_at(name, moment.program)
        if gradient is None:
            what = f"{self.notation.symbol(name)} has no gradient here" if name else "nothing is computed yet"
            self.say(f"{what}: select a gradient, or what has one")
        elif moment.value(gradient) is None:
            self.say(f"{self.notation.symbol(gradient)} is not computed yet")
        else:
            work = check(moment.frame, gradient, moment.index, chosen.at if chosen and chosen.name == name else None)
            if self._compare(work, moment):
                return
            self.checking = go_on(self, partial(self._compare_on, work, moment), "gradcheck")
        self.show()

    def _compare(self, work: Generator[int, None, "Check"], moment: Moment) -> bool:
        """Compare for so long; whether that was all."""
        limit = perf_counter() + SLICE
        try:
            for done in work:
                self.compared = done
                if perf_counter() > limit:
                    return False
        except StopIteration:
            return True
        return True

    async def _compare_on(self, work: Generator[int, None, "Check"], moment: Moment) -> None:
        while not self._compare(work, moment):
            self.say(f"{self.compared} entries compared; Esc stops")
            self._show_footer()
            await sleep(0)
        self.checking = None

    def stop_checking(self) -> None:
        """Leave a check that goes on in the background."""
        if self.checking is not None:
            self.checking.cancel()
            self.checking = None
            self.say("stopped comparing")
