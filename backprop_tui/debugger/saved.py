"""The file of a session: what is in it, and reading it."""

from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from backprop_tui.debugger.position import FARTHEST
from backprop_tui.debugger.state_file import StateError, StateFile
from backprop_tui.scenario import Scenario
from backprop_tui.text import clean

VERSION = 1
KIND = "backprop-tui session"
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


SESSION = StateFile(KIND, VERSION, "session", Saved)


def read(source: Path, scenario: Scenario) -> Saved:
    """What a file says of a scenario. Raises SessionError."""
    try:
        saved = SESSION.read(source)
    except StateError as error:
        raise SessionError(str(error)) from None
    if saved.scenario.digest != scenario.digest:
        own = clean(saved.scenario.name, 60)
        changed = f"the file of {own} has changed since" if own == scenario.name else f"it is of {own}"
        raise SessionError(f"does not fit {scenario.name}: {changed}; start without it, or save over it")
    return saved
