"""A snapshot: where somebody is, with all that was set and edited, to come back to later in the same program."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from backprop_tui.debugger.moving.task import Outcome, Slices, Task
from backprop_tui.debugger.sessions.session import Resumed, saved_of
from backprop_tui.debugger.sessions.session_file import Saved

if TYPE_CHECKING:
    from backprop_tui.debugger.debugger import Debugger
    from backprop_tui.debugger.quiz.quiz import Quiz


Look = Mapping[str, int]


class Snapshot(msgspec.Struct, frozen=True, eq=False):
    """What a session would keep, and what it would not: the element stepped into, the sample, the quiz."""

    saved: Saved
    step: int = 0
    element: int | None = None
    sample: int = 0
    quiz: "Quiz | None" = None
    look: Look = {}

    @classmethod
    def of(cls, debugger: "Debugger", look: Look = {}) -> "Snapshot":  # noqa: B006 - nobody changes it
        """Where a debugger is, and what a screen keeps of how its panes lie."""
        return cls(saved_of(debugger), debugger.step, debugger.element, debugger.sample, debugger.quiz, look)

    @property
    def is_untouched(self) -> bool:
        """Whether nothing was done yet that a session would keep."""
        saved = self.saved
        made = (self.step, saved.selection, saved.marks, saved.breakpoints, saved.watches, saved.branches)
        return not any(made)

    def restoring(self, debugger: "Debugger") -> Task:
        """Back to it, as a task: what was edited, set or begun since is gone."""
        before = debugger.iteration

        def slices() -> Slices:
            Resumed(debugger, self.saved, strict=True).swap()
            debugger.quiz, debugger.focus.sample = self.quiz, self.sample
            iteration = debugger.timeline.locate(self.step)[0]
            yield from debugger.timeline.reach(iteration)
            yield from debugger.purpose.reach(iteration)
            return Outcome(self.step, element=self.element)

        def leave(iteration: int) -> Outcome:
            return Outcome(debugger.timeline.step_at(min(iteration, before), 0))

        return Task(slices(), leave, start=1, goal=debugger.timeline.locate(self.step)[0])
