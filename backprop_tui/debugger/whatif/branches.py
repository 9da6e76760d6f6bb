"""Branches: the timelines that edits made, by name, and taking changes of them back."""

from collections.abc import Iterable, Iterator

import msgspec

from backprop_tui.debugger.basics.moment import MAIN
from backprop_tui.debugger.whatif.edits import EditError, again
from backprop_tui.engine.program.edit import Edit, Place
from backprop_tui.engine.program.program import Program
from backprop_tui.text import clean

LONGEST = 40  # characters of a name
MOST_UNDONE = 200  # changes that can be taken back
# A change of a branch looks at all of them and their edits, so these say how long it takes too.
MOST_BRANCHES = 100
MOST_EDITS = 1000  # of a branch


class Branch(msgspec.Struct, frozen=True):
    """A timeline with all its edits, in order; from `since_step` on, it may differ from its parent."""

    name: str
    parent: str | None = None
    since_step: int = 0
    edits: tuple[Edit, ...] = ()


class Snapshot(msgspec.Struct, frozen=True):
    """All branches in the order in which they were made, and the name of the one that is looked at."""

    found: tuple[Branch, ...] = (Branch(MAIN),)
    name: str = MAIN


class Branches:
    """The branches of a debugger. Every change gives a new snapshot, so that undo is going back to one."""

    def __init__(self, program: Program, snapshot: Snapshot | None = None) -> None:
        self._program = program
        self._length = len(program.operations)
        self.snapshot = snapshot or Snapshot()
        self._undone: list[Snapshot] = []
        self._done: list[Snapshot] = []

    def __iter__(self) -> Iterator[Branch]:
        return iter(self.snapshot.found)

    def __len__(self) -> int:
        return len(self.snapshot.found)

    def __getitem__(self, name: str) -> Branch:
        for branch in self:
            if branch.name == name:
                return branch
        known = ", ".join(branch.name for branch in self)
        raise EditError(f"there is no branch '{clean(name, LONGEST)}' (there are {clean(known, 200)})")

    @property
    def current(self) -> Branch:
        """The branch that is looked at."""
        return self[self.snapshot.name]

    def add(self, edit: Edit) -> Branch:
        """Make an edit: on a branch of its own, or on that of the edit before it if that was made at the same step.

        What was to come after the step, later edits among it, is left behind on the branch that was there.
        """
        now, place = self.current, self._place(edit)
        past = [one for one in now.edits if self._place(one) <= place]
        spot = (edit.name, edit.at)
        joins = bool(now.edits) and past == [*now.edits] and self._place(now.edits[-1]) == place
        if joins:  # the second of two edits of a number at one place holds
            past = [one for one in past if self._place(one) != place or (one.name, one.at) != spot]
        name, parent = (now.name, self._parent(now)) if joins else (self._free(), now)
        if len(past) >= MOST_EDITS:
            raise EditError(f"{now.name} has {MOST_EDITS:,} edits, which is as many as there can be")
        branch = self._branch(name, parent, [*past, edit])
        if joins:
            found = [branch if one.name == branch.name else one for one in self]
        else:
            found = [*self._without_oldest(now), branch]
        self._change(Snapshot(tuple(found), branch.name))
        return branch

    def _without_oldest(self, now: Branch) -> list[Branch]:
        """The branches with room for one more: the oldest goes, except the run itself and the current one, and its
        children then come from its parent.
        """
        if len(self) < MOST_BRANCHES:
            return [*self]
        gone = next(one for one in self if one.name not in (MAIN, now.name))
        parent = self._parent(gone)
        moved = (self._branch(one.name, parent, one.edits) if one.parent == gone.name else one for one in self)
        return [one for one in moved if one.name != gone.name]

    def rerun(self, iteration: int) -> Branch:
        """Move the edits of an iteration of the current branch to where they take effect first in it."""
        now = self.current
        if not any(self._place(edit)[0] == iteration for edit in now.edits):
            raise EditError(f"nothing was edited in iteration {iteration:,} of {now.name}")
        moved = [again(edit, self._program) if self._place(edit)[0] == iteration else edit for edit in now.edits]
        branch = self._branch(now.name, self._parent(now), self._last_of_each(moved))
        if branch != now:
            self._change(Snapshot(tuple(branch if one is now else one for one in self), now.name))
        return branch

    def switch(self, name: str) -> None:
        """Look at another branch. Raises EditError where there is none of that name."""
        self.snapshot = msgspec.structs.replace(self.snapshot, name=self[name].name)

    def rename(self, name: str, to: str) -> None:
        """Rename a branch. Raises EditError."""
        old, to = self[name], to.strip()
        if old.name == MAIN:
            raise EditError(f"{MAIN} is the run without edits, and keeps its name")
        if (reason := misnamed(to)) or (to != name and any(one.name == to for one in self)):
            raise EditError(reason or f"there is a branch '{to}' already")
        new = msgspec.structs.replace
        found = (new(b, name=to) if b is old else new(b, parent=to) if b.parent == name else b for b in self)
        self._change(Snapshot(tuple(found), to if self.snapshot.name == name else self.snapshot.name))

    def undo(self) -> None:
        """Take back the last assign, rerun or rename; the branch is then that of before it. Raises EditError."""
        self._back(self._done, self._undone, "undo")

    def redo(self) -> None:
        """Do again what was taken back last. Raises EditError."""
        self._back(self._undone, self._done, "redo")

    def become(self, other: "Branches") -> None:
        """Take over the branches of another object, for the same program, with what can be taken back of them."""
        self.snapshot, self._undone, self._done = other.snapshot, other._undone, other._done  # noqa: SLF001 - of its own kind

    def restored(self, found: Iterable[tuple[str, str, Iterable[Edit]]], name: str) -> "Branches":
        """Other branches of the same program, from names, parents (each before its children) and edits."""
        by_name = {MAIN: Branch(MAIN)}
        for own, parent, edits in found:
            if (reason := misnamed(own)) or own in by_name:
                raise EditError(reason or f"there are two branches '{own}'")
            if parent not in by_name:
                raise EditError(f"there is no branch '{clean(parent, LONGEST)}' before {own}")
            edits = tuple(edits)
            if len(by_name) >= MOST_BRANCHES or len(edits) > MOST_EDITS:
                raise EditError(f"there can be {MOST_BRANCHES} branches, of {MOST_EDITS:,} edits each")
            by_name[own] = self._branch(own, by_name[parent], edits)
        branches = Branches(self._program, Snapshot(tuple(by_name.values())))
        branches.switch(name)
        return branches

    def _parent(self, branch: Branch) -> Branch | None:
        return self[branch.parent] if branch.parent else None

    def _branch(self, name: str, parent: Branch | None, edits: Iterable[Edit]) -> Branch:
        ordered = tuple(sorted(edits, key=self._place))
        own = {*ordered} ^ {*(parent.edits if parent else ())}
        return Branch(name, parent.name if parent else None, min((edit.step for edit in own), default=0), ordered)

    def _last_of_each(self, edits: list[Edit]) -> list[Edit]:
        """The edits, with only the last of those to the same number at the same place."""
        return list({(self._place(edit), edit.name, edit.at): edit for edit in edits}.values())

    def _free(self) -> str:
        """A default name that no branch has."""
        taken = {branch.name for branch in self}
        return next(name for number in range(1, len(taken) + 2) if (name := f"branch-{number}") not in taken)

    def _place(self, edit: Edit) -> Place:
        return edit.place(self._length)

    def _change(self, snapshot: Snapshot) -> None:
        self._done.append(self.snapshot)
        del self._done[:-MOST_UNDONE]
        self._undone.clear()
        self.snapshot = snapshot

    def _back(self, from_: list[Snapshot], to: list[Snapshot], what: str) -> None:
        if not from_:
            raise EditError(f"there is nothing to {what}")
        to.append(self.snapshot)
        self.snapshot = from_.pop()


def misnamed(name: str) -> str:
    """Why a text cannot be the name of a branch or a mark; empty where it can."""
    if not name or len(name) > LONGEST or clean(name, LONGEST) != name or any(c.isspace() for c in name):
        return f"a name has 1 to {LONGEST} characters and no spaces, not '{clean(name, LONGEST)}'"
    return ""
