"""Sessions: where somebody is in a scenario, with breakpoints, watches, marks and branches, in a file.

The file is JSON that people can read. It holds no computed values: a run is computed again, to the last bit, from the
scenario and the edits. Where the scenario has changed since, what still fits is taken up and the rest is reported.
"""

from collections.abc import Callable, Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import msgspec

from backprop_tui.debugger.basics import user_files
from backprop_tui.debugger.basics.address import Address, read_address
from backprop_tui.debugger.basics.moment import MAIN
from backprop_tui.debugger.basics.position import PositionError, read_position, write_position
from backprop_tui.debugger.basics.state_file import StateError
from backprop_tui.debugger.breakpoints.breakpoints import Breakpoints
from backprop_tui.debugger.expressions.watches import Watches
from backprop_tui.debugger.mistakes.making import mistaken
from backprop_tui.debugger.sessions.bookmarks import Marks
from backprop_tui.debugger.sessions.session_file import (
    KIND,
    SESSION,
    VERSION,
    Saved,
    SavedBranch,
    SavedEdit,
    SavedScenario,
    SessionError,
    read,
)
from backprop_tui.debugger.whatif.branches import Branches
from backprop_tui.debugger.whatif.edits import edit_of
from backprop_tui.engine.program.edit import Edit
from backprop_tui.scenario import Scenario
from backprop_tui.text import clean

if TYPE_CHECKING:
    from backprop_tui.debugger.debugger import Debugger

BEGINS = "start of "  # before the number of an iteration that begins with an edit
Found = TypeVar("Found")
P = ParamSpec("P")


def saved_of(debugger: "Debugger") -> Saved:
    """The session of a debugger."""
    scenario, timeline, beside = debugger.scenario, debugger.timeline, debugger.beside
    return Saved(
        kind=KIND,
        version=VERSION,
        scenario=SavedScenario(scenario.name, scenario.digest),
        branch=debugger.branches.current.name,
        position=debugger.position,
        selection=str(debugger.selection) if debugger.selection else None,
        marks={letter: write_position(step, timeline) for letter, step in debugger.marks.items()},
        breakpoints=debugger.breakpoints.to_plain(),
        watches=debugger.watches.to_plain(),
        branches=[
            SavedBranch(branch.name, branch.parent or MAIN, [_saved_edit(edit, debugger) for edit in branch.edits])
            for branch in debugger.branches
            if branch.name != MAIN
        ],
        mistake=beside.name if beside is not None and beside.is_mistake else None,
        variant=[*beside.changes] if beside is not None else [],
        shown=debugger.focus.shown,
        view=debugger.view,
    )


def _saved_edit(edit: Edit, debugger: "Debugger") -> SavedEdit:
    timeline = debugger.timeline
    at = write_position(edit.step, timeline)
    if edit.entering:
        at = f"{BEGINS}{edit.place(timeline.length)[0]}"
    return SavedEdit(at, edit.address, edit.value)


class Resumed:
    """A session built for a debugger before any of it is put in place.

    What does not fit raises ValueError or KeyError; unless `strict`, it is left out and listed in `lost`.
    """

    def __init__(self, debugger: "Debugger", saved: Saved, *, strict: bool) -> None:
        self.debugger, self.saved, self.strict = debugger, saved, strict
        self.lost: list[str] = []
        program = debugger.program
        self.breakpoints = Breakpoints(program, debugger.scenario)
        for plain in saved.breakpoints:
            name = clean(str(plain.get("name", "")), 40)
            self._fit(f"the breakpoint on {name}", self.breakpoints.put_plain, plain)
        self.watches = Watches(program)
        for text in saved.watches:
            self._fit(f"the watch {clean(text, 40)}", self.watches.add, text)
        self.marks = Marks()
        for letter, position in saved.marks.items():
            self._fit(f"the mark {clean(letter, 9)}", self._mark, letter, position)
        self.branches: Branches = debugger.branches.restored(self._branches(), saved.branch)
        self.selection = self._fit("", self._selected)
        self.mistake = self._fit(f"the mistake {clean(saved.mistake or '', 40)}", self._mistake)
        self.variant = self._fit(f"the variant {clean(' '.join(saved.variant), 40)}", self._variant)
        self.step = self._fit(f"the position {clean(saved.position, 40)}", self._step, saved.position) or 0

    def swap(self) -> None:
        """Put it in the place of what the debugger has."""
        debugger = self.debugger
        debugger.branches.become(self.branches)
        debugger.marks.become(self.marks)
        debugger.breakpoints.become(self.breakpoints)
        debugger.watches.become(self.watches)
        debugger.focus.shown = self.saved.shown
        debugger.selection, debugger.view = self.selection, dict(self.saved.view)
        debugger.cursor.step, debugger.cursor.element = 0, None
        debugger.make_none()
        debugger.whatif.follow()
        if self.mistake is not None:
            debugger.make_mistake(self.mistake)
        elif self.variant:
            debugger.vary(*self.variant)

    def _fit(self, what: str, make: Callable[P, Found], *arguments: P.args, **more: P.kwargs) -> Found | None:
        """What `make` gives; None where it does not fit and may be left out."""
        try:
            return make(*arguments, **more)
        except (ValueError, KeyError):
            if self.strict:
                raise
            if what:
                self.lost.append(what)
            return None

    def _mark(self, letter: str, position: str) -> None:
        self.marks.add(letter, self._step(position))

    def _step(self, position: str) -> int:
        return read_position(position, self.debugger.timeline, 1)

    def _selected(self) -> Address | None:
        selection = self.saved.selection
        return read_address(selection, self.debugger.program.symbols) if selection else None

    def _mistake(self) -> str | None:
        """The mistake that is made on purpose. Raises MistakeError where it cannot be made here."""
        name = self.saved.mistake
        if name is not None:
            mistaken(self.debugger.program, name)
        return name

    def _variant(self) -> list[str]:
        """The changes of the variant that runs beside. Raises VariantError where they cannot be made here."""
        if self.saved.variant:
            from backprop_tui.debugger.mistakes.scenario_variant import Variant

            Variant.of(self.debugger.program, self.debugger.scenario, self.saved.variant)
        return self.saved.variant

    def _branches(self) -> Iterator[tuple[str, str, list[Edit]]]:
        for branch in self.saved.branches:
            made = []
            for edit in branch.edits:
                what = f"the edit of {clean(edit.address, 40)} at {clean(edit.at, 40)} in {clean(branch.name, 40)}"
                made.append(self._fit(what, self._edit, edit))
            yield branch.name, branch.parent, [edit for edit in made if edit is not None]

    def _edit(self, edit: SavedEdit) -> Edit:
        program, entering = self.debugger.program, edit.at.startswith(BEGINS)
        if not entering:
            return edit_of(self._step(edit.at), edit.address, edit.value, program, entering=False)
        number = edit.at.removeprefix(BEGINS)
        if not (number.isdecimal() and number.isascii() and 0 < int(number[:18]) == int(number)):
            raise PositionError(f"'{clean(edit.at, 40)}' is not an iteration")
        step = self._step(str((int(number) - 1) * self.debugger.timeline.length))
        return edit_of(step, edit.address, edit.value, program, entering=True)


class Loaded(msgspec.Struct, frozen=True):
    """What was resumed: the step that the session was at, and what had no place in a `changed` scenario."""

    step: int
    changed: bool = False
    lost: tuple[str, ...] = ()


def place(name: str, path: Path | None, digest: str, changes: Sequence[str] = ()) -> Path:
    """Where the session of a scenario is: by its file and what was changed of it from outside, or by its digest where
    it came from no file. Raises SessionError.
    """
    of = "\n".join([str(path.resolve()), *changes]) if path else digest
    if not of:
        raise SessionError("this scenario has no file: say where its session is to go")
    from hashlib import sha256

    plain = "".join(c for c in name if c.isascii() and (c.isalnum() or c in "-_"))[:40] or "scenario"
    return user_files.sessions() / f"{plain}-{sha256(of.encode()).hexdigest()[:12]}.json"


def default_path(scenario: Scenario) -> Path:
    """Where a scenario's session is. Raises SessionError."""
    return place(scenario.name, scenario.path, scenario.digest, scenario.changes)


def position_in(path: Path) -> str | None:
    """The position that a session is at; None where there is none that can be read."""
    try:
        return clean(SESSION.read(path).position, 40)
    except StateError:
        return None


def save(debugger: "Debugger", path: str | PathLike[str] | None = None, saved: Saved | None = None) -> Path:
    """Write the session of a debugger, or one that was `saved` before, whole or not at all; where it went.

    Raises SessionError.
    """
    target = Path(path) if path is not None else default_path(debugger.scenario)
    try:
        SESSION.write(target, saved or saved_of(debugger))
    except (OSError, ValueError) as error:  # ValueError: a NUL in a path
        raise SessionError(f"{clean(str(target))}: {SESSION.reason(error)}") from None
    return target


def load(debugger: "Debugger", path: str | PathLike[str] | None = None, *, go: bool = True) -> Loaded:
    """Take up a session that was saved: all of it that fits, or (SessionError) nothing, and the debugger is as it was.

    The debugger goes to the step that it was at unless told not to: going there may take a long replay.
    """
    source = Path(path) if path is not None else default_path(debugger.scenario)
    try:
        saved = read(source, debugger.scenario)
        changed = saved.scenario.digest != debugger.scenario.digest
        own = Resumed(debugger, saved, strict=not changed)
    except (ValueError, KeyError) as error:
        message = clean(" ".join(str(error.args[0] if error.args else error).split()))
        raise SessionError(f"{clean(str(source))}: {message}") from None
    own.swap()
    if go:
        debugger.seek(own.step)
    return Loaded(own.step, changed, tuple(own.lost))
