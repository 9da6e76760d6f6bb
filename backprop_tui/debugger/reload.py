"""Another version of the scenario under the same session: what is kept is found again by its name."""

from collections.abc import Iterable

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.line.line_session import LineSession
from backprop_tui.debugger.position import PositionError, read_position, write_position
from backprop_tui.engine.timeline import Timeline
from backprop_tui.scenario import Scenario


def reloaded(session: LineSession, scenario: Scenario) -> tuple[Debugger, int, list[str]]:
    """A debugger of the new version with the old one's breakpoints, and the step to go to in it.

    The session has its debugger replaced. What the new version has no place for is dropped and listed.
    """
    old = session.debugger
    new = Debugger(scenario)
    lost = list(_breakpoints(old, new))
    step = _again(old.timeline, old.step, new.timeline)
    if step is None:
        lost.append(f"the position {old.position}")
        step = 0
    for letter, marked in old.marks.items():
        again = _again(old.timeline, marked, new.timeline)
        if again is None:
            lost.append(f"the mark {letter}")
        new.marks.add(letter, again or 0)
    if len(old.branches) > 1:
        lost.append("the branches")
    for _, text in old.watches:
        try:
            new.watches.add(text)
        except ValueError:
            lost.append(f"the display of {text}")
    if old.beside is not None:
        try:
            new.make_mistake(old.beside.name)
        except ValueError:
            lost.append(f"the mistake {old.beside.name}")
    selection = old.selection
    if selection and new.program.shapes.get(selection.name) == old.program.shapes[selection.name]:
        new.selection = selection
    session.debugger = new
    return new, step, lost


def _breakpoints(old: Debugger, new: Debugger) -> Iterable[str]:
    for name in old.breakpoints.names():
        try:
            new.breakpoints.add(name)
        except KeyError:
            yield f"the breakpoint on {name}"


def _again(old: Timeline, step: int, new: Timeline) -> int | None:
    """The step of the same operation of the same iteration."""
    try:
        return read_position(write_position(step, old), new, old.locate(step)[0])
    except PositionError:
        return None
