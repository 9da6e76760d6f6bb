"""Counts that a program is asked for: of operations, of iterations."""

import operator
from typing import SupportsIndex


def count_of(what: str, given: SupportsIndex) -> int:
    """A count of something that was given. Raises ValueError where it is negative, TypeError for no whole number."""
    count = operator.index(given)
    if count < 0:
        raise ValueError(f"a number of {what} is 0 or more, and {count} was given")
    return count
