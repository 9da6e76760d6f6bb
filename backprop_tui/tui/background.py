"""Work that goes on while the screen answers."""

from collections.abc import Callable, Coroutine, Generator
from time import perf_counter
from typing import Generic, TypeVar

from textual.dom import DOMNode
from textual.worker import Worker

Result = TypeVar("Result")


def go_on(node: DOMNode, work: Callable[[], Coroutine[None, None, None]], group: str) -> Worker[None]:
    """Run it, in place of what is under way in its group.

    It is a function because a coroutine that is cancelled before it has begun complains that nobody awaited it.
    """
    return node.run_worker(work, group=group, exclusive=True)


class Slices(Generic[Result]):
    """Work in many small parts, some of them at a time; what it yields says how far it is."""

    def __init__(self, parts: Generator[int, None, Result]) -> None:
        self.parts = parts
        self.reached = 0
        self.result: Result | None = None

    def run(self, seconds: float) -> bool:
        """Work for so long; whether that was all."""
        limit = perf_counter() + seconds
        while perf_counter() < limit:
            try:
                self.reached = next(self.parts)
            except StopIteration as end:
                self.result = end.value
                return True
        return False
