"""Work in slices: a generator that yields the iteration reached, so that a screen stays alive and can end it."""

from collections.abc import Generator
from typing import TypeVar

Result = TypeVar("Result")


def run_out(work: Generator[int, None, Result], reached: list[int] | None = None) -> Result:
    """What such work returns, waited for; `reached` is given the iteration that it is at."""
    reached = [0] if reached is None else reached
    while True:
        try:
            reached[-1] = next(work)
        except StopIteration as found:
            result: Result = found.value
            return result
