"""Select: one scalar, shown in every pane, and the sample of the batch that is shown."""

from backprop_tui.debugger.basics.labels import matrix_shown
from backprop_tui.tui.main.desk_screen import DeskScreen
from backprop_tui.tui.shared.keys import Count, Key


def up(desk: DeskScreen, count: Count) -> None:
    _move(desk, 0, -count)


def down(desk: DeskScreen, count: Count) -> None:
    _move(desk, 0, count)


def left(desk: DeskScreen, count: Count) -> None:
    _move(desk, -count, 0)


def right(desk: DeskScreen, count: Count) -> None:
    _move(desk, count, 0)


def _move(desk: DeskScreen, across: int, down: int) -> None:
    if desk.current in desk.arrangement.regions:
        desk.select(desk.panes[desk.current].move(desk.view(), across, down))


def next_sample(desk: DeskScreen, count: Count) -> None:
    _to_sample(desk, count)


def previous_sample(desk: DeskScreen, count: Count) -> None:
    _to_sample(desk, -count)


def _to_sample(desk: DeskScreen, by: int) -> None:
    moment = desk.debugger.moment()
    desk.debugger.show_sample(moment.sample + by)
    moved = desk.debugger.moment()
    edge = "last" if by > 0 else "first"
    if moved.sample != moment.sample:
        desk.say(moved.sample_shown)
    elif moment.samples > 1:
        desk.say(f"{moved.sample_shown} is the {edge} of the batch")
    else:
        desk.say("there is no other sample")
    desk.show()


def next_matrix(desk: DeskScreen, count: Count) -> None:
    _to_matrix(desk, count)


def previous_matrix(desk: DeskScreen, count: Count) -> None:
    _to_matrix(desk, -count)


def _to_matrix(desk: DeskScreen, by: int) -> None:
    """Go through the matrices of a stack: of what is selected, or of what was computed, or of what that reads."""
    moment = desk.debugger.moment()
    selected = [moment.selection.name] if moment.selection else []
    operation = moment.operation
    names = [*selected, *([operation.name, *operation.reads] if operation else [])]
    for name in names:
        own = moment.shapes.get(name, ())
        before = moment.matrix_of(name, own)
        if desk.debugger.focus.show_further(name, own, by):
            moved = desk.debugger.moment()
            edge = "" if moved.matrix_of(name, own) != before else f" is the {'last' if by > 0 else 'first'}"
            desk.say(f"{desk.notation.symbol(name)}, {matrix_shown(moved, name, own)}{edge}")
            break
    else:
        desk.say("nothing here has more than one matrix for a sample")
    desk.show()


def page_up(desk: DeskScreen, count: Count) -> None:
    _page(desk, -count)


def page_down(desk: DeskScreen, count: Count) -> None:
    _page(desk, count)


def _page(desk: DeskScreen, halves: int) -> None:
    if desk.current in desk.arrangement.regions:
        desk.select(desk.panes[desk.current].page(desk.view(), halves))


SELECT = "Select"
KEYS = (
    Key("up", ("up", "k"), "selection up", SELECT, up, counted=True),
    Key("down", ("down", "j"), "selection down", SELECT, down, counted=True),
    Key("left", ("h",), "selection left", SELECT, left, counted=True),
    Key("right", ("l",), "selection right", SELECT, right, counted=True),
    Key("next-sample", ("greater_than_sign",), "the next sample of the batch", SELECT, next_sample, counted=True),
    Key(
        "previous-sample",
        ("less_than_sign",),
        "the previous sample of the batch",
        SELECT,
        previous_sample,
        counted=True,
    ),
    Key(
        "next-matrix",
        ("right_curly_bracket",),
        "the next matrix of a stack: head, channel",
        SELECT,
        next_matrix,
        counted=True,
    ),
    Key("previous-matrix", ("left_curly_bracket",), "the previous matrix", SELECT, previous_matrix, counted=True),
    Key("page-up", ("ctrl+u",), "half a page up: the selection, or a long text", SELECT, page_up, counted=True),
    Key("page-down", ("ctrl+d",), "half a page down: the selection, or a long text", SELECT, page_down, counted=True),
)
