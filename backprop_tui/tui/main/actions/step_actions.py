"""Step: operations, elements, stages, iterations; and the line of the whole run, dragged with the mouse."""

from collections.abc import Awaitable

from backprop_tui.debugger.moving.travel import AT_START
from backprop_tui.tui.main.actions import asking
from backprop_tui.tui.main.desk_screen import DeskScreen
from backprop_tui.tui.shared.keys import Count, Key


def advance(desk: DeskScreen, count: Count) -> Awaitable[None] | None:
    """Go on by operations; a single one is asked about first where results are predicted."""
    if desk.debugger.quiz is not None and not count.typed and not desk.busy:
        return asking.ask(desk, desk.debugger.quiz)
    desk.go(desk.debugger.step + count)
    return None


def rewind(desk: DeskScreen, count: Count) -> None:
    _go(desk, max(0, desk.debugger.step - count), AT_START)


def _go(desk: DeskScreen, step: int, there: str) -> None:
    """Go to a step; where that is where we are, say so."""
    debugger = desk.debugger
    if step != debugger.step or debugger.cursor.element is not None or desk.busy:
        desk.go(step)
        return
    desk.say(there if step else AT_START)
    desk.show()


def page_on(desk: DeskScreen, count: Count) -> Awaitable[None] | None:
    """What a clicker's forward button does: on to the next pause of a lecture, else to the next operation."""
    if not desk.line.has_lecture:
        return advance(desk, count)
    desk.line.on()
    return None


def page_back(desk: DeskScreen, count: Count) -> None:
    """What a clicker's other button does."""
    if desk.line.has_lecture:
        desk.line.back()
    else:
        rewind(desk, count)


def into(desk: DeskScreen, count: Count) -> None:
    from backprop_tui.debugger.moving.step_into import step_into

    desk.do(step_into(desk.debugger.cursor, count))


def out_of(desk: DeskScreen, count: Count) -> None:
    from backprop_tui.debugger.moving.step_into import step_into

    desk.do(step_into(desk.debugger.cursor, count, back=True))


def finish(desk: DeskScreen, count: Count) -> None:
    desk.go(desk.debugger.cursor.after_finish(count))


def unfinish(desk: DeskScreen, count: Count) -> None:
    _go(desk, desk.debugger.cursor.after_unfinish(count), AT_START)


def later(desk: DeskScreen, count: Count) -> None:
    desk.go(desk.debugger.cursor.after_skip(count))


def earlier(desk: DeskScreen, count: Count) -> None:
    _go(desk, desk.debugger.cursor.after_skip(-count), "this is the first iteration")


def home(desk: DeskScreen) -> None:
    _go(desk, desk.debugger.cursor.iteration_steps()[0], "this is the first operation of the iteration")


def end(desk: DeskScreen) -> None:
    _go(desk, desk.debugger.cursor.iteration_steps()[-1], "this is the last operation of the iteration")


def drag(desk: DeskScreen, step: int, began: int, *, released: bool) -> None:
    """The panes follow where the step's iteration is computed already, else on release."""
    debugger = desk.debugger
    if desk.busy:
        return
    if released:
        desk.travel.go(step, jump=True, since=began)
    elif not debugger.timeline.has(step):
        desk.say(f"to {desk.session.position(debugger.timeline, step)}")
        desk.show_footer()
    elif step != debugger.step:
        debugger.seek(step)
        desk.show()


STEP = "Step"
KEYS = (
    Key("advance", ("n", "space", "right", "f10"), "next operation", STEP, advance, "next", counted=True),
    Key("rewind", ("N", "backspace", "left"), "previous operation", STEP, rewind, "back", counted=True),
    Key("page-on", ("pagedown",), "next operation; in a lecture, its next pause", STEP, page_on, counted=True),
    Key(
        "page-back",
        ("pageup",),
        "previous operation; in a lecture, the previous pause",
        STEP,
        page_back,
        counted=True,
    ),
    Key("into", ("s", "f11"), "step into: the operation an element at a time", STEP, into, "into", counted=True),
    Key("out-of", ("S",), "one element back", STEP, out_of, counted=True),
    Key("finish", ("f", "shift+f11"), "to the end of the stage", STEP, finish, "finish", counted=True),
    Key("unfinish", ("F",), "back to the end of the previous stage", STEP, unfinish, counted=True),
    Key("later", ("i",), "the same operation in the next iteration", STEP, later, counted=True),
    Key("earlier", ("I",), "the same operation in the previous iteration", STEP, earlier, counted=True),
    Key("home", ("home",), "first operation of the iteration", STEP, home),
    Key("end", ("end",), "last operation of the iteration", STEP, end),
)
