"""A new version of the scenario under the same session: what is kept is found again by its name."""

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.sessions.session import Resumed, saved_of
from backprop_tui.scenario import Scenario


def reloaded(old: Debugger, scenario: Scenario) -> tuple[Debugger, int, list[str]]:
    """A debugger of the new version with the old one's breakpoints, watches, marks and branches, the step to go to in
    it, and what the new version has no place for.
    """
    new = Debugger(scenario)
    own = Resumed(new, saved_of(old), strict=False)
    own.swap()
    return new, own.step, own.lost
