"""The file of a session: what is in it, reading it, and telling where it is at a glance.

Steps are written as positions (`3:delta2`), so that they are found again where the scenario has changed.
"""

from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from backprop_tui.debugger.basics.state_file import StateError, StateFile
from backprop_tui.scenario import Scenario
from backprop_tui.text import clean

VERSION = 1
KIND = "backprop-tui session"
MOST = 10_000  # entries of any list in the file

Text = Annotated[str, Meta(max_length=1000)]


class SessionError(ValueError):
    """A session that cannot be saved or resumed: one line that says why."""


class SavedEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An edit: from a position on, the number at an address has a value. `start of 3`: iteration 3 begins with it."""

    at: Text
    address: Text
    value: float


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
    """The file, version 1. `shown` are the places along the axes of stacks that are shown, that of the samples among
    them, and `view` is what a screen keeps of how things are shown.
    """

    kind: str
    version: int
    scenario: SavedScenario
    branch: Text
    position: Text
    selection: Text | None
    marks: Annotated[dict[Text, Text], Meta(max_length=MOST)]
    breakpoints: Annotated[list[dict[str, Any]], Meta(max_length=MOST)]
    watches: Annotated[list[Text], Meta(max_length=MOST)]
    branches: Annotated[list[SavedBranch], Meta(max_length=MOST)]
    mistake: Text | None = None
    variant: Annotated[list[Text], Meta(max_length=MOST)] = []
    shown: Annotated[dict[Text, Annotated[int, Meta(ge=0)]], Meta(max_length=MOST)] = {}
    view: Annotated[dict[Text, int], Meta(max_length=MOST)] = {}


SESSION = StateFile(KIND, VERSION, "session", Saved)


def read(source: Path, scenario: Scenario) -> Saved:
    """What a file says, which has to be of this scenario or of what it was before. Raises SessionError."""
    try:
        saved = SESSION.read(source)
    except StateError as error:
        raise SessionError(str(error)) from None
    if saved.scenario.digest != scenario.digest and saved.scenario.name != scenario.name:
        raise SessionError(f"does not fit {scenario.name}: it is of {clean(saved.scenario.name, 60)}")
    return saved
