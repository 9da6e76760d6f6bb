"""The timeline: random access to the steps of a run, with the edits that a person made.

What was computed is kept as long as it fits: whole iterations, and every `stride`-th iteration's starting values as a
checkpoint from which the rest is replayed. Replay is bit-identical at a fixed number of BLAS threads.
"""

import operator
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from backprop_tui.engine.program.edit import Edit
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.program import Frame, Program
from backprop_tui.engine.timeline.edited_program import edited_program
from backprop_tui.engine.timeline.frame_store import Home, Store

RECENT_BYTES = 100_000_000
CHECKPOINT_BYTES = 100_000_000


class Timeline:
    """Events by step, computed when they are asked for. Steps count from 1 and step 0 is before anything ran.

    An edit of a parameter or a slot is carried on, as its values are. An edit of a setting, of something that is not
    trained, or of data that all iterations share, holds from then on. An edit of a batch's samples, or of a value that
    an operation computes, holds only in its own iteration.
    """

    def __init__(
        self,
        program: Program,
        recent_bytes: int = RECENT_BYTES,
        checkpoint_bytes: int = CHECKPOINT_BYTES,
        *,
        edits: Iterable[Edit] = (),
        store: Store | None = None,
    ) -> None:
        self.program = program
        self.length = len(program.operations)
        self.store = store or Store(program, recent_bytes, checkpoint_bytes)
        self.edits = tuple(sorted(edits, key=lambda edit: edit.place(self.length)))
        self._firsts, self._lineages = [1], [0]
        self._edited: dict[int, list[tuple[int, Edit]]] = {}
        self._settings: list[dict[str, Any]] = [{}]  # what differs from the program after the edits of a lineage
        for iteration, found in groupby(self.edits, key=lambda edit: edit.place(self.length)[0]):
            edits = list(found)
            self._firsts.append(iteration)
            self._lineages.append(self.store.lineage(self._lineages[-1], tuple(edits)))
            self._edited[iteration] = [(edit.place(self.length)[1], edit) for edit in edits]
            self._settings.append(self._after(edits, self._settings[-1]))

    def edited(self, edits: Iterable[Edit]) -> "Timeline":
        """The timeline of the same run with these edits; it shares everything that has been computed."""
        return Timeline(self.program, edits=edits, store=self.store)

    @property
    def lineages(self) -> tuple[int, ...]:
        """All lineages of its iterations."""
        return tuple(self._lineages)

    def lineage(self, iteration: int) -> int:
        """The lineage of an iteration."""
        return self.home(iteration)[0]

    def locate(self, step: int) -> tuple[int, int]:
        """The iteration of a step, from 1, and its operation's index, from 0; (1, -1) for step 0."""
        if step == 0:
            return 1, -1
        iteration, index = divmod(step - 1, self.length)
        return iteration + 1, index

    def step_at(self, iteration: int, index: int) -> int:
        """The step of an operation in an iteration."""
        return (iteration - 1) * self.length + index + 1

    def edits_at(self, iteration: int, index: int) -> tuple[Edit, ...]:
        """The edits of an iteration up to its operation at an index."""
        return tuple(edit for at, edit in self._edited.get(iteration, ()) if at <= index)

    def entered(self, iteration: int) -> frozenset[str]:
        """The variables that were edited before an iteration's first operation."""
        return frozenset(edit.name for at, edit in self._edited.get(iteration, ()) if at < 0)

    def event(self, step: int) -> Event | None:
        """What happened at a step; None for step 0."""
        iteration, index = self.locate(step)
        if index < 0:
            return None
        frame = self.frame(iteration)
        return Event(step, iteration, frame.program.operations[index], frame)

    def frame(self, iteration: int) -> Frame:
        """The values of an iteration, all of them."""
        for _ in self.reach(iteration):
            pass
        return self.store.recent[self.home(iteration)]

    def kept(self, iteration: int) -> Frame | None:
        """The values of an iteration if they are kept, else None; unlike `frame`, this does not keep them longer."""
        return self.store.recent.get(self.home(iteration))

    def has(self, step: int) -> bool:
        """Whether the values of a step are kept, so that showing it needs no computation."""
        return self.kept(self.locate(step)[0]) is not None

    def reach(self, iteration: int) -> Iterator[int]:
        """Compute what is missing up to an iteration, yielding each iteration that was computed.

        Raises ValueError for an iteration below 1: they count from 1.
        """
        if not operator.index(iteration) >= 1:
            raise ValueError(f"there is no iteration {iteration}: they count from 1")
        store, home = self.store, self.home(iteration)
        if home in store.recent:
            store.recent.move_to_end(home)
            return
        at, frame = self._nearest(iteration)
        while True:
            if self.edits:
                frame = self._with_edits(frame, at)
            frame.program.fill(frame)
            store.remember(self.home(at), frame)
            yield at
            if at == iteration:
                return
            at, frame = at + 1, frame.program.following(frame)

    def home(self, iteration: int) -> Home:
        """What a frame is kept under: its lineage and the iteration."""
        return self._lineages[bisect_right(self._firsts, iteration) - 1], iteration

    def _nearest(self, iteration: int) -> tuple[int, Frame]:
        """The latest iteration up to this one that can be started at once, and its frame, without its edits."""
        store, at = self.store, iteration
        while at > 1:
            segment = bisect_right(self._firsts, at) - 1
            lineage, first = self._lineages[segment], self._firsts[segment]
            at = min(at, max(first, store.furthest.get(lineage, 0) + 1))  # nothing beyond was ever computed
            checkpoint = store.checkpoints.get((lineage, at))
            if checkpoint is not None:
                return at, self.program.resumed(at, checkpoint)
            before = store.recent.get(self.home(at - 1))
            if before is not None:
                return at, before.program.following(before)
            at -= 1
        return 1, self.program.first()

    def _with_edits(self, frame: Frame, iteration: int) -> Frame:
        """A frame that is about to be computed, with the edits that hold at its start, and those to come."""
        segment = max(0, bisect_right(self._firsts, iteration - 1) - 1)
        frame.update(self._settings[segment])
        own = self._edited.get(iteration, ())
        for index, edit in own:
            if index < 0:
                frame[edit.name] = edit.of(frame[edit.name])
        between = [(index, edit) for index, edit in own if index >= 0]
        given = self.program.assumed & {*self._settings[segment], *(edit.name for index, edit in own if index < 0)}
        if not between and not given:
            return frame
        lineage, _ = self.home(iteration)
        key = lineage, bool(between)  # what is edited before anything runs stays so in later iterations
        edition = self.store.edition(key, lambda: edited_program(self.program, between, given))
        return Frame(edition, frame, iteration)

    def _after(self, edits: Iterable[Edit], settings: dict[str, Any]) -> dict[str, Any]:
        """What differs from the program from the next iteration on."""
        found = dict(settings)
        program = self.program
        for edit in edits:
            if edit.name in program.start and edit.name not in program.carried and not self._enters(edit.name):
                found[edit.name] = edit.of(found.get(edit.name, program.start[edit.name]))
        return found

    def _enters(self, name: str) -> bool:
        """Whether each iteration has a value of its own, as with a batch's samples."""
        return name in self.program.entering(1)
