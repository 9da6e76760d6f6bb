"""Keys in turn: each is dealt with before the next is looked at.

Textual hands a key to the focused widget and looks at the next one at once; and what a key is bound to is done when
the key has come back from there. A key typed ahead, right after the Enter that answers a dialog, would go to the
dialog, which is about to close, and be lost; and one that opens a dialog would overtake those before it.
"""

from asyncio import Event, wait_for
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from textual.app import App
from textual.message_pump import MessagePump
from textual.screen import Screen

PATIENCE = 0.5  # seconds; what takes longer is not waited for
FRAME = 2.0  # seconds for a screen that has its widgets to be drawn,
LOOK = 0.1  # and those between two looks at whether it has, and is still wanted


def concerned(app: App[int]) -> list[MessagePump]:
    """What the answer to a key passes through in a dialog, in order."""
    screen, focused = app.screen, app.focused
    inside = [node for node in focused.ancestors_with_self if node not in (screen, app)] if focused else []
    return [*inside[:1], *inside, screen, *reversed(app.screen_stack[:-1])]


async def dealt_with(pumps: Iterable[MessagePump]) -> None:
    """Wait until each of these, one after the other, has dealt with what it was sent."""
    for pump in pumps:
        done = Event()
        if pump.is_running and pump.call_later(done.set):
            try:
                await wait_for(done.wait(), PATIENCE)
            except TimeoutError:
                return


async def drawn(screen: Screen[Any], is_leaving: Callable[[], bool]) -> None:
    """Wait until a screen has its widgets, which what keys are bound to needs, and their first frame is there."""
    done, left = Event(), int(FRAME / LOOK)
    if not screen.call_after_refresh(done.set):
        return  # it is closed already
    while left and not done.is_set() and not is_leaving():
        with suppress(TimeoutError):
            await wait_for(done.wait(), LOOK)
        left -= screen.is_mounted
