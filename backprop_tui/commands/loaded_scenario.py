"""What several commands need: a scenario."""

import sys

from backprop_tui.commands import WRONG
from backprop_tui.scenario import Scenario, ScenarioError, load


def loaded(name: str) -> Scenario:
    """A scenario. If it has problems, prints a line for each and exits."""
    try:
        return load(name)
    except ScenarioError as error:
        print(error, file=sys.stderr)
        raise SystemExit(WRONG) from None
