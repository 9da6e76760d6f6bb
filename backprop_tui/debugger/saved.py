"""The file of a session: what is in it, reading and writing it."""

import os
import tempfile
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from backprop_tui.debugger.position import FARTHEST
from backprop_tui.scenario import Scenario
from backprop_tui.text import clean

VERSION = 1
KIND = "backprop-tui session"
LARGEST = 4 * 2**20  # bytes
MOST = 10_000  # of anything in a list

Step = Annotated[int, Meta(ge=0, le=FARTHEST)]
Text = Annotated[str, Meta(max_length=1000)]


class SessionError(ValueError):
    """A session that cannot be saved or taken up: one line that says why."""


class SavedEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An edit: from a step on, the number at an address has a value. `entering`: the next iteration starts with it."""

    step: Step
    address: Text
    value: float
    entering: bool = False


class SavedBranch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A branch and all its edits; its parent stands before it."""

    name: Text
    parent: Text
    edits: Annotated[list[SavedEdit], Meta(max_length=MOST)]


class SavedScenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which scenario it is of."""

    name: Text
    digest: Text


class Head(msgspec.Struct, frozen=True):
    """What is read first, and is in every version of the format."""

    kind: str = ""
    version: int = 0


class Saved(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file, version 1."""

    kind: str
    version: int
    scenario: SavedScenario
    branch: Text
    step: Step
    selection: Text | None
    marks: Annotated[dict[Text, Step], Meta(max_length=MOST)]
    breakpoints: Annotated[list[dict[str, Any]], Meta(max_length=MOST)]
    watches: Annotated[list[Text], Meta(max_length=MOST)]
    branches: Annotated[list[SavedBranch], Meta(max_length=MOST)]


def read(source: Path, scenario: Scenario) -> Saved:
    """What a file says of a scenario. Raises SessionError."""
    try:
        with source.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in a path
        raise SessionError(reason(error)) from None
    if len(data) > LARGEST:
        raise SessionError(f"is larger than {LARGEST // 2**20} MiB, which no session is")
    try:
        head = msgspec.json.decode(data, type=Head)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise SessionError("is not a session, or is damaged") from None
    if head.kind != KIND:
        raise SessionError("is not a session of backprop-tui")
    if head.version != VERSION:
        other = "a newer" if head.version > VERSION else "another"
        raise SessionError(f"was saved by {other} backprop-tui (format {head.version}; this one reads {VERSION})")
    try:
        saved = msgspec.json.decode(data, type=Saved)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise SessionError(f"is damaged: {error}") from None
    if saved.scenario.digest != scenario.digest:
        own = clean(saved.scenario.name, 60)
        changed = f"the file of {own} has changed since" if own == scenario.name else f"it is of {own}"
        raise SessionError(f"does not fit {scenario.name}: {changed}; start without it, or save over it")
    return saved


def write(target: Path, saved: Saved) -> None:
    """Write a file beside the target and then in its place, so that there is always a whole one. Raises OSError."""
    data = msgspec.json.format(msgspec.json.encode(saved), indent=1) + b"\n"
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name[:40]}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def reason(error: Exception) -> str:
    """What the system says of a file, in one line."""
    if isinstance(error, FileNotFoundError):
        return "there is no such session"
    return clean(getattr(error, "strerror", None) or str(error))
