"""Work in slices: a generator that yields the iteration reached, so that a screen stays alive and can end it."""

from collections.abc import Generator
from typing import TypeVar

Result = TypeVar("Result")


def run_out(work: Generator[int, None, Result]) -> Result:
    """What such work returns, waited for."""
    while True:
        try:
            next(work)
        except StopIteration as found:
            result: Result = found.value
            return result
