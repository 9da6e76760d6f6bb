"""The audit of what the source printed: made for the iteration that is shown, after it is shown; and its screen."""

from collections.abc import Iterator
from functools import partial

from backprop_tui.tui.main.actions.moving import Moving
from backprop_tui.tui.shared.background import PATIENCE, go_on, in_slices, work_for


class Auditing(Moving):
    """Looks at what was published for the iteration at hand as soon as it is on the screen."""

    looking: Iterator[int] | None = None
    """The audit that is under way."""

    def show(self) -> None:
        super().show()
        published, iteration = self.debugger.scenario.published, self.debugger.iteration
        if self.debugger.step == 0:  # nothing that was published is seen yet, and a start takes no longer
            return
        if self.looking is not None or not any(one.iteration == iteration for one in published):
            return
        audit = self.debugger.audit
        if any(one.iteration == iteration and audit.of(one) is None for one in published):
            self.looking = audit.reach(iteration)
            self.call_after_refresh(self._look)

    def _look(self) -> None:
        if self.looking is None or work_for(self.looking, PATIENCE):
            self._looked()
        else:
            go_on(self, partial(self._look_on, self.looking), "audit")

    async def _look_on(self, looking: Iterator[int]) -> None:
        async for _ in in_slices(self, looking):
            pass
        self._looked()

    def _looked(self) -> None:
        self.looking = None
        self.show()

    def action_audit(self) -> None:
        from backprop_tui.tui.dialogs.views.audit_view import AuditScreen

        self.pending = ""
        if not self.debugger.scenario.published:
            self.say("this scenario has no published values to audit")
            self.show()
        else:
            self.app.push_screen(AuditScreen(self.debugger.audit, self.notation), self._go_to)
