"""Work that goes on while the screen answers."""

from collections.abc import Callable, Coroutine

from textual.dom import DOMNode
from textual.worker import Worker


def go_on(node: DOMNode, work: Callable[[], Coroutine[None, None, None]], group: str) -> Worker[None]:
    """Run it, in place of what is under way in its group.

    It is a function because a coroutine that is cancelled before it has begun complains that nobody awaited it.
    """
    return node.run_worker(work, group=group, exclusive=True)
