"""Work that goes on while the screen answers, in slices.

A key passes through several turns of the event loop until its answer is drawn, and each turn would wait for a slice: so
after a key the work rests until that is done.
"""

from asyncio import CancelledError, sleep
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, cast

from textual.dom import DOMNode
from textual.worker import Worker

if TYPE_CHECKING:
    from backprop_tui.tui.app import BackpropApp

PATIENCE = 0.05  # seconds of work before it goes on in the background,
SLICE = 0.005  # and then at a time
REST = 0.04  # seconds in which an answer is drawn: Textual draws at most every 1/60 s
REPORT = 0.1  # seconds between two reports of how far it is


def go_on(node: DOMNode, work: Callable[[], Coroutine[None, None, None]], group: str) -> Worker[None]:
    """Run it, in place of what is under way in its group.

    It is a function because a coroutine that is cancelled before it has begun complains that nobody awaited it.
    """
    return node.run_worker(work, group=group, exclusive=True)


async def rest(node: DOMNode) -> None:
    """Between two slices, let the screen go on; where a key came, until there is none that is not answered.

    With a dialog that was left meanwhile its work ends.
    """
    app = cast("BackpropApp", node.app)
    await sleep(0)
    while app.keyed:
        app.keyed = False
        await sleep(REST)
    if node.screen not in app.screen_stack:
        raise CancelledError
