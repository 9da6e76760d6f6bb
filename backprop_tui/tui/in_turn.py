"""Keys in turn: each is dealt with before the next is looked at.

Textual hands a key to the focused widget and looks at the next one at once; and what a key is bound to is done when
the key has come back from there. A key typed ahead, right after the Enter that answers a dialog, would go to the
dialog, which is about to close, and be lost; and one that opens a dialog would overtake those before it.
"""

from asyncio import Event, sleep, wait_for
from collections.abc import Iterable
from typing import Any

from textual.app import App
from textual.message_pump import MessagePump
from textual.screen import Screen

PATIENCE = 0.5  # seconds; what takes longer is not waited for


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


async def mounted(screen: Screen[Any]) -> None:
    """Wait until a screen that was opened has its widgets, which what its keys are bound to needs."""
    while not screen.is_mounted:
        await sleep(0)
        await dealt_with([screen])
