"""What-if: editing a run, and going between the branches that this makes."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.cursor import Cursor
from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.debugger.basics.position import write_position
from backprop_tui.debugger.whatif.branches import Branch, Branches
from backprop_tui.debugger.whatif.edits import edit_at
from backprop_tui.engine.program.edit import Edit
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.formula.writing.numbers import DIGITS, format_number

if TYPE_CHECKING:
    from backprop_tui.debugger.whatif.comparison import Comparison

FEW = 3  # edits, or stale values, that are named in a line


class WhatIf:
    """Edits a run. What cannot be done raises EditError (a ValueError) and changes nothing."""

    def __init__(self, cursor: Cursor, branches: Branches, moment: Callable[[], Moment]) -> None:
        self._cursor, self._branches, self._moment = cursor, branches, moment
        self._timelines: dict[str, tuple[tuple[Edit, ...], Timeline]] = {}

    def assign(self, address: str | Address, value: object) -> Branch:
        """Set a number here and now, `W2[0,1]` to −0.5: what runs after this step reads it, on a branch of its own.

        A further edit at the same step joins the branch. Parameters and slots are carried on as ever; a setting, or
        data that all iterations share, stays as edited from then on; a batch's samples, and what an operation computes,
        are edited in this iteration.
        """
        branch = self._branches.add(edit_at(self._moment(), address, value))
        self.follow()
        return branch

    def rerun(self) -> Branch:
        """Do the iteration again with its edits from its start; an edit of a computed number, from its computation."""
        branch = self._branches.rerun(self._cursor.timeline.locate(self._cursor.step)[0])
        self.follow()
        return branch

    def undo(self) -> None:
        """Take back the last assign, rerun or renaming of a branch."""
        self._branches.undo()
        self.follow()

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._branches.redo()
        self.follow()

    def switch(self, name: str) -> None:
        """To the same step of another branch."""
        self._branches.switch(name)
        self.follow()

    def compare(self, a: str, b: str) -> "Comparison":
        """Two branches side by side, at this step."""
        from backprop_tui.debugger.whatif.comparison import Comparison

        first, second = (self._cursor.timeline.edited(self._branches[name].edits) for name in (a, b))
        return Comparison(first, second, self._cursor.step)

    def described(self, branch: Branch, digits: int = DIGITS) -> str:
        """A branch in a line: where it comes from and its own edits."""
        if branch.parent is None:
            return branch.name
        position = write_position(branch.since_step, self._cursor.timeline)
        own = [self.told_edit(edit, digits) for edit in self.own_edits(branch)]
        more = f", {len(own) - FEW:,} more" if len(own) > FEW else ""
        return f"{branch.name} from {branch.parent} since {position}: {', '.join(own[:FEW]) or 'no edits'}{more}"

    def own_edits(self, branch: Branch) -> list[Edit]:
        """The edits that a branch has and where it comes from has not."""
        before = set(self._branches[branch.parent].edits) if branch.parent else set()
        return [edit for edit in branch.edits if edit not in before]

    def told_edit(self, edit: Edit, digits: int = DIGITS) -> str:
        """An edit: `W₂[0,1] = −0.5 at 1:z2`; one that an iteration starts with names that iteration."""
        symbols = self._cursor.timeline.program.symbols
        at = f"at {write_position(edit.step, self._cursor.timeline)}"
        if edit.entering:
            at = f"from the start of iteration {edit.place(self._cursor.timeline.length)[0]:,}"
        return f"{symbols.address(edit.name, edit.at)} = {format_number(edit.value, digits)} {at}"

    def stale_now(self) -> str:
        """What is stale here, and how it is done again; empty where nothing is."""
        symbol = self._cursor.timeline.program.symbols.symbol
        moment = self._moment()
        names = [symbol(operation.name) for operation in moment.program.operations if operation.name in moment.stale]
        if not names:
            return ""
        more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
        return f"stale: {', '.join(names[:FEW])}{more}; rerun does it again"

    def follow(self) -> None:
        """Follow the current branch, and drop what was computed for branches that no longer exist."""
        self._timelines = {branch.name: (branch.edits, self._timeline(branch)) for branch in self._branches}
        _, self._cursor.timeline = self._timelines[self._branches.current.name]
        living = (lineage for _, timeline in self._timelines.values() for lineage in timeline.lineages)
        self._cursor.timeline.store.keep(living)

    def _timeline(self, branch: Branch) -> Timeline:
        """The timeline of a branch, the same one while its edits are: making one with a thousand edits takes long."""
        edits, timeline = self._timelines.get(branch.name, ((), None))
        if timeline is not None and edits is branch.edits and timeline.store is self._cursor.timeline.store:
            return timeline
        return self._cursor.timeline.edited(branch.edits)
