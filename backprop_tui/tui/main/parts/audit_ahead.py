"""The audit of what the source printed for the iteration that is shown: made once that is on the screen."""

from collections.abc import Iterator
from functools import partial

from backprop_tui.tui.main.parts.host import Host
from backprop_tui.tui.shared.background import PATIENCE, go_on, in_slices, work_for


class AuditAhead:
    """Judges what was printed for an iteration as soon as that is shown, so that its verdicts stand in the panes."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.looking: Iterator[int] | None = None
        """The audit that is under way."""

    def look(self) -> None:
        """Begin, where something was printed for this iteration and has no verdict yet."""
        if self.host.debugger.step:  # before that nothing that was printed is shown, and a start takes no longer
            self.look_ahead()

    def look_ahead(self) -> None:
        """Begin before any of it is shown."""
        debugger = self.host.debugger
        printed, iteration = debugger.scenario.published, debugger.iteration
        if self.looking is not None or not any(one.iteration == iteration for one in printed):
            return
        audit = debugger.audit
        if any(one.iteration == iteration and audit.of(one) is None for one in printed):
            self.looking = audit.reach(iteration)
            self.host.call_after_refresh(self._look)

    def _look(self) -> None:
        if self.looking is None or work_for(self.looking, PATIENCE):
            self._looked()
        else:
            go_on(self.host, partial(self._look_on, self.looking), "audit")

    async def _look_on(self, looking: Iterator[int]) -> None:
        async for _ in in_slices(self.host, looking):
            pass
        self._looked()

    def _looked(self) -> None:
        self.looking = None
        self.host.show()
