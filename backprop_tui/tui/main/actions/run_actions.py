"""Run: continue, go to a position, breakpoints and watches, and who last changed a number."""

from backprop_tui.debugger.breakpoints.breakpoint import BreakpointError
from backprop_tui.tui.main.desk_screen import DeskScreen
from backprop_tui.tui.shared.keys import Count, Key


def resume(desk: DeskScreen, count: Count) -> None:
    """Continue; a count is the number of iterations to run at most."""
    iterations = int(count) if count.typed else None
    desk.do(desk.debugger.travel.continuing(iterations=iterations), jump=True)


def resume_back(desk: DeskScreen) -> None:
    desk.do(desk.debugger.travel.continuing(back=True), jump=True)


async def goto(desk: DeskScreen) -> None:
    from backprop_tui.tui.dialogs.typing.goto_prompt import GotoScreen

    await desk.app.push_screen(GotoScreen(desk.debugger), lambda step: jump(desk, step))  # keys that follow are for it


def jump(desk: DeskScreen, step: int | None) -> None:
    """Go to the step that a dialog was answered with, if any."""
    if step is not None:
        desk.go(step, jump=True)


def jump_back(desk: DeskScreen) -> None:
    if desk.travel.origin is None:
        desk.say("there has been no jump yet")
        desk.show()
    else:
        desk.go(desk.travel.origin, jump=True)


def break_here(desk: DeskScreen) -> None:
    operation = desk.debugger.moment().operation
    if operation is None:
        desk.say("there is no operation at step 0 to stop at")
        desk.show()
    else:
        toggle_breakpoint(desk, operation.name)


def toggle_breakpoint(desk: DeskScreen, name: str) -> None:
    """Set a breakpoint on an operation, or remove it."""
    symbol = desk.notation.symbol(name)
    try:
        there = desk.debugger.breakpoints.toggle(name)
    except BreakpointError as error:  # there are as many as there can be
        desk.say(desk.session.message(error))
    else:
        desk.say(f"breakpoint on {symbol}" if there else f"no breakpoint on {symbol} any more")
    desk.show()


def breakpoints(desk: DeskScreen) -> None:
    from backprop_tui.tui.dialogs.lists.breakpoints_panel import BreakpointsScreen

    desk.app.push_screen(BreakpointsScreen(desk))


def watches(desk: DeskScreen) -> None:
    from backprop_tui.tui.dialogs.lists.watches_panel import WatchesScreen

    desk.app.push_screen(WatchesScreen(desk))


def last_change(desk: DeskScreen) -> None:
    selection = desk.debugger.selection
    if selection is None:
        desk.say("select a number first, with the arrows or the mouse")
        desk.show()
    else:
        desk.last_change.ask(selection)


RUN = "Run"
KEYS = (
    Key(
        "resume",
        ("c", "f5"),
        "continue to the next breakpoint or the last iteration",
        RUN,
        resume,
        "continue",
        counted=True,
    ),
    Key("resume-back", ("C",), "back to the previous breakpoint or step 0", RUN, resume_back),
    Key("goto", ("g",), "go to a step, or to a position such as 1:delta2", RUN, goto),
    Key("jump-back", ("grave_accent",), "back to where you were", RUN, jump_back),
    Key("break", ("b", "f9"), "breakpoint on the current operation, on or off", RUN, break_here, "break"),
    Key("breakpoints", ("B",), "all breakpoints: conditions, changes, events, logs", RUN, breakpoints),
    Key("watches", ("w",), "watches: expressions shown at every step", RUN, watches),
    Key("last-change", ("u",), "what last changed the selected number; twice: go there", RUN, last_change),
)
