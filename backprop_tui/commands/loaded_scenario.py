"""What several commands need: a scenario."""

import sys
from collections.abc import Sequence

from backprop_tui.commands import WRONG
from backprop_tui.scenario import Scenario, ScenarioError, load

BEFORE = "--set "  # before a change in what is said of it


def loaded(name: str, changes: Sequence[str] | None = None) -> Scenario:
    """A scenario, with the keys that were `--set`. If it has problems, prints a line for each and exits."""
    try:
        return load(name, changes or (), before=BEFORE)
    except ScenarioError as error:
        print(error, file=sys.stderr)
        raise SystemExit(WRONG) from None
