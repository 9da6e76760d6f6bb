"""Select: one scalar, shown in every pane, and the sample of the batch that is shown."""

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
        desk.say("the batch has one sample")
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
    Key("previous-sample", ("less_than_sign",), "the sample before", SELECT, previous_sample, counted=True),
    Key("page-up", ("ctrl+u",), "half a page up: the selection, or a long text", SELECT, page_up, counted=True),
    Key("page-down", ("ctrl+d",), "half a page down: the selection, or a long text", SELECT, page_down, counted=True),
)
