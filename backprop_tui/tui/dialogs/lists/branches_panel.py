"""The branches: switched between, renamed, compared; and their edits."""

from collections.abc import Sequence

from textual.binding import Binding

from backprop_tui.debugger.basics.moment import MAIN
from backprop_tui.debugger.basics.position import write_position
from backprop_tui.debugger.whatif.branches import Branch
from backprop_tui.tui.dialogs.basics.panel import Panel
from backprop_tui.tui.shared.styled_line import Run


class BranchesScreen(Panel):
    """The list of branches."""

    title_text = "Branches"
    KEYS = (
        ("Enter", "switch"),
        ("c", "compare"),
        ("r", "rename"),
        ("z", "undo"),
        ("Z", "redo"),
        ("Esc", "close"),
    )
    BINDINGS = [
        Binding("enter", "switch", "switch", show=False),
        Binding("c", "compare", "compare", show=False),
        Binding("r", "rename", "rename", show=False),
        Binding("z,ctrl+z", "undo", "undo", show=False),
        Binding("Z,ctrl+y", "redo", "redo", show=False),
        Binding("E", "dismiss", "close", show=False),
    ]

    def on_mount(self) -> None:
        self.at = self.found.index(self.desk.debugger.branches.current)
        super().on_mount()

    @property
    def found(self) -> list[Branch]:
        """The branches in the order of the rows."""
        return list(self.desk.debugger.branches)

    def rows(self) -> Sequence[Sequence[Run]]:
        debugger, paint = self.desk.debugger, self.desk.paint
        current = debugger.branches.current
        wide = max(len(branch.name) for branch in self.found)
        rows = []
        for branch in self.found:
            mark = self.desk.notation.mark("breakpoint") if branch is current else " "
            if branch.parent is None:
                rest = "the run without edits"
            else:
                since = write_position(branch.since_step, debugger.timeline)
                count = len(debugger.whatif.own_edits(branch))
                rest = f"from {branch.parent} since {since}, {count} edit{'' if count == 1 else 's'}"
            style = paint.strong if branch is current else paint.text
            rows.append([(f"{mark} ", paint.accent), (f"{branch.name:<{wide}}  ", style), (rest, paint.muted)])
        return rows

    def details(self) -> Sequence[str]:
        debugger, digits = self.desk.debugger, self.desk.notation.digits
        if len(self.found) == 1:
            return ["An edit makes a branch: e edits the selected number, or a setting such as eta."]
        return [debugger.whatif.told_edit(edit, digits) for edit in debugger.whatif.own_edits(self.found[self.at])]

    def action_switch(self) -> None:
        """Close, and go to the same step of the branch."""
        self.dismiss()
        self.desk.command(f"switch {self.found[self.at].name}")

    def action_rename(self) -> None:
        name = self.found[self.at].name
        if name == MAIN:
            self.say(f"{MAIN} is the run without edits, and keeps its name")
            return
        rename = self.desk.debugger.branches.rename
        self.ask(f"rename {name} to", lambda text: rename(name, text), "rename", name)

    def action_compare(self) -> None:
        """Close, and compare the branch with the current one; the current one with its parent."""
        branches = self.desk.debugger.branches
        chosen, current = self.found[self.at], branches.current
        other = chosen.name if chosen is not current else current.parent
        if other is None:
            self.say("there is nothing to compare it with: an edit makes a branch")
            return
        self.dismiss()
        self.desk.perform("compare", arguments=(other, current.name))

    def action_undo(self) -> None:
        self._settled("undo")

    def action_redo(self) -> None:
        self._settled("redo")

    def _settled(self, word: str) -> None:
        self.dismiss()
        self.desk.command(word)
