"""Sessions: where somebody is in a scenario, with breakpoints, watches, marks and branches, in a file.

The file is JSON that people can read. It holds no computed values: a run is computed again, to the last bit, from the
scenario and the edits. Where the scenario has changed since, what still fits is taken up and the rest is told.
"""

from hashlib import sha256
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from backprop_tui.debugger.basics import user_files
from backprop_tui.debugger.basics.state_file import StateError
from backprop_tui.debugger.sessions.restore import Resumed, saved_of
from backprop_tui.debugger.sessions.session_file import SESSION, SessionError, read
from backprop_tui.scenario import Scenario
from backprop_tui.text import clean

if TYPE_CHECKING:
    from backprop_tui.debugger.debugger import Debugger


class Loaded(msgspec.Struct, frozen=True):
    """What was taken up: the step that the session was at, and what of it had no place in a `changed` scenario."""

    step: int
    changed: bool = False
    lost: tuple[str, ...] = ()


def place(name: str, path: Path | None, digest: str) -> Path:
    """Where the session of a scenario is: by its file, or its digest where it came from none. Raises SessionError."""
    of = str(path.resolve()) if path else digest
    if not of:
        raise SessionError("this scenario has no file: say where its session is to go")
    plain = "".join(c for c in name if c.isascii() and (c.isalnum() or c in "-_"))[:40] or "scenario"
    return user_files.sessions() / f"{plain}-{sha256(of.encode()).hexdigest()[:12]}.json"


def default_path(scenario: Scenario) -> Path:
    """Where a scenario's session is. Raises SessionError."""
    return place(scenario.name, scenario.path, scenario.digest)


def position_in(path: Path) -> str | None:
    """The position that a session is at; None where there is none that can be read."""
    try:
        return clean(SESSION.read(path).position, 40)
    except StateError:
        return None


def save(debugger: "Debugger", path: str | PathLike[str] | None = None) -> Path:
    """Write the session of a debugger, whole or not at all; where it went. Raises SessionError."""
    target = Path(path) if path is not None else default_path(debugger.scenario)
    try:
        SESSION.write(target, saved_of(debugger))
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
