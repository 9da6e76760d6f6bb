"""Sessions: where somebody is in a scenario, with breakpoints, watches, marks and branches, in a file.

The file is JSON that people can read. It holds no computed values: a run is computed again, to the last bit, from the
scenario and the edits, so the scenario's digest has to be that of when it was saved.
"""

from hashlib import sha256
from os import PathLike
from pathlib import Path

from platformdirs import user_state_path

from backprop_tui.debugger import saved as file
from backprop_tui.debugger.address import Address, read_address
from backprop_tui.debugger.branches import Branches
from backprop_tui.debugger.breakpoints import Breakpoints
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.edits import edit_of
from backprop_tui.debugger.marks import Marks
from backprop_tui.debugger.moment import MAIN
from backprop_tui.debugger.saved import KIND, VERSION, Saved, SavedBranch, SavedEdit, SavedScenario, SessionError
from backprop_tui.debugger.watches import Watches
from backprop_tui.scenario import Scenario
from backprop_tui.text import clean


def default_path(scenario: Scenario) -> Path:
    """Where a scenario's session is: by its file, or its digest where it came from none. Raises SessionError."""
    of = str(scenario.path.resolve()) if scenario.path else scenario.digest
    if not of:
        raise SessionError("this scenario has no file: say where its session is to go")
    name = "".join(c for c in scenario.name if c.isascii() and (c.isalnum() or c in "-_"))[:40] or "scenario"
    return user_state_path("backprop-tui") / "sessions" / f"{name}-{sha256(of.encode()).hexdigest()[:12]}.json"


def save(debugger: Debugger, path: str | PathLike[str] | None = None) -> Path:
    """Write the session of a debugger, whole or not at all; where it went. Raises SessionError."""
    target = Path(path) if path is not None else default_path(debugger.scenario)
    try:
        file.SESSION.write(target, _saved(debugger))
    except (OSError, ValueError) as error:  # ValueError: a NUL in a path
        raise SessionError(f"{clean(str(target))}: {file.SESSION.reason(error)}") from None
    return target


def load(debugger: Debugger, path: str | PathLike[str] | None = None, *, go: bool = True) -> int:
    """Take up a session that was saved: all of it, or (SessionError) nothing, and the debugger is as it was.

    The step that it was at, to which the debugger goes unless told not to: going there may take a long replay.
    """
    source = Path(path) if path is not None else default_path(debugger.scenario)
    try:
        saved = file.read(source, debugger.scenario)
        own = Resumed(debugger, saved)
    except (ValueError, KeyError) as error:
        message = clean(" ".join(str(error.args[0] if error.args else error).split()))
        raise SessionError(f"{clean(str(source))}: {message}") from None
    own.swap()
    if go:
        debugger.seek(saved.step)
    return saved.step


class Resumed:
    """A session built beside a debugger, before any of it is put in place. Raises ValueError or KeyError."""

    def __init__(self, debugger: Debugger, saved: Saved) -> None:
        program = debugger.program
        self.debugger = debugger
        self.branches: Branches = debugger.branches.restored(
            (
                (b.name, b.parent, [edit_of(e.step, e.address, e.value, program, entering=e.entering) for e in b.edits])
                for b in saved.branches
            ),
            saved.branch,
        )
        self.selection: Address | None = read_address(saved.selection, program.symbols) if saved.selection else None
        self.marks = Marks()
        for name, step in saved.marks.items():
            self.marks.add(name, step)
        self.breakpoints = Breakpoints(program, debugger.scenario)
        self.breakpoints.load_plain(saved.breakpoints)
        self.watches = Watches(program)
        self.watches.load_plain(saved.watches)

    def swap(self) -> None:
        """Put it in the place of what the debugger has."""
        debugger = self.debugger
        debugger.branches, debugger.marks = self.branches, self.marks
        debugger.breakpoints, debugger.watches = self.breakpoints, self.watches
        debugger.selection = self.selection
        debugger.step = 0
        debugger.follow()


def _saved(debugger: Debugger) -> Saved:
    scenario = debugger.scenario
    return Saved(
        kind=KIND,
        version=VERSION,
        scenario=SavedScenario(scenario.name, scenario.digest),
        branch=debugger.branches.current.name,
        step=debugger.step,
        selection=str(debugger.selection) if debugger.selection else None,
        marks=dict(debugger.marks.items()),
        breakpoints=debugger.breakpoints.to_plain(),
        watches=debugger.watches.to_plain(),
        branches=[
            SavedBranch(
                branch.name,
                branch.parent or MAIN,
                [SavedEdit(edit.step, edit.address, edit.value, edit.entering) for edit in branch.edits],
            )
            for branch in debugger.branches
            if branch.name != MAIN
        ],
    )
