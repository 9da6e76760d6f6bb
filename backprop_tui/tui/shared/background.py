"""Work that goes on while the screen answers, in slices.

A key passes through several turns of the event loop until its answer is drawn, and each turn would wait for a slice: so
after a key the work rests until that is done.
"""

from asyncio import CancelledError, sleep
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from time import perf_counter
from typing import Any, ParamSpec, Protocol, TypeVar, cast

from textual.app import App
from textual.screen import Screen
from textual.worker import Worker

PATIENCE = 0.05  # seconds of work before it goes on in the background,
SLICE = 0.005  # and then at a time
REST = 0.04  # seconds in which an answer is drawn: Textual draws at most every 1/60 s
REPORT = 0.1  # seconds between two reports of how far it is

P = ParamSpec("P")
Returned = TypeVar("Returned")


class Keyed(Protocol):
    """The application, which notes that a key came."""

    keyed: bool

    def anew(self, call: Callable[P, Returned], *args: P.args, **kwargs: P.kwargs) -> Returned:
        """Call it as if nothing had led to it."""


class Node(Protocol):
    """What work belongs to: a screen, or a widget."""

    @property
    def app(self) -> App[Any]:
        """The application."""

    @property
    def screen(self) -> Screen[Any]:
        """The screen that it is on."""

    def run_worker(
        self, work: Callable[[], Coroutine[None, None, None]], *, group: str, exclusive: bool
    ) -> Worker[None]:
        """Run a coroutine beside the event loop's other work."""


def go_on(node: Node, work: Callable[[], Coroutine[None, None, None]], group: str) -> Worker[None]:
    """Run it, in place of what is under way in its group.

    It is a function because a coroutine that is cancelled before it has begun complains that nobody awaited it.
    """
    return node.run_worker(work, group=group, exclusive=True)


def anew(app: App[Any], call: Callable[P, Returned], *args: P.args, **kwargs: P.kwargs) -> Returned:
    """Begin something that outlives what begins it, or is kept by the event loop for a while, so that it keeps nothing
    of that: see `TerminalApp.anew`.
    """
    return cast("Keyed", app).anew(call, *args, **kwargs)


def work_for(work: Iterable[object], seconds: float) -> bool:
    """Work for some seconds; returns whether that was all."""
    limit = perf_counter() + seconds
    return all(perf_counter() < limit for _ in work)


async def in_slices(node: Node, work: Iterable[int]) -> AsyncIterator[int]:
    """Work to the end, and yield how far it is after each slice; between two slices the screen goes on."""
    limit = perf_counter() + SLICE
    for at in work:
        if perf_counter() > limit:
            yield at
            await rest(node)
            limit = perf_counter() + SLICE


async def rest(node: Node) -> None:
    """Between two slices, let the screen go on; where a key came, until there is none that is not answered.

    The work of a dialog that was left in the meantime ends.
    """
    app = cast("Keyed", node.app)
    await sleep(0)
    while app.keyed:
        app.keyed = False
        await sleep(REST)
    if node.screen not in node.app.screen_stack:
        raise CancelledError
