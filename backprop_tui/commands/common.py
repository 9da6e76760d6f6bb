"""What several commands need: a scenario, and saying what is wrong."""

import sys

from backprop_tui.commands import WRONG
from backprop_tui.scenario import Scenario, ScenarioError, load
from backprop_tui.text import clean


def loaded(name: str) -> Scenario:
    """A scenario; leaves with what is wrong with it, a line each."""
    try:
        return load(name)
    except ScenarioError as error:
        print(error, file=sys.stderr)
        raise SystemExit(WRONG) from None


def fail(message: str) -> int:
    """Say in a line what is wrong; the exit status."""
    print(f"backprop-tui: {clean(message)}", file=sys.stderr)
    return WRONG
