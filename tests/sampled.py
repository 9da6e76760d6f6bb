"""What a run draws: which rows of a long parametrisation, from which seed. See "Tests" in CONTRIBUTING.md."""

from collections.abc import Iterable
from random import Random
from subprocess import DEVNULL, CalledProcessError, check_output
from typing import Any

import pytest

seed = 0  # conftest.py puts the run's in its place before any module of tests is imported


def of_commit() -> int:
    """A seed that every commit has of its own, and every run of one has in common."""
    try:
        return int(check_output(["git", "rev-parse", "HEAD"], stderr=DEVNULL, text=True)[:8], 16)
    except (OSError, CalledProcessError):  # an unpacked archive
        return 0


def some(rows: Iterable[Any], count: int) -> list[Any]:
    """The rows of a parametrisation, all but a few of them `exhaustive`: which few they are changes with the seed."""
    rows = list(rows)
    drawn = set(Random(f"{seed} {len(rows)}").sample(range(len(rows)), min(count, len(rows))))
    return [row if place in drawn else exhaustive(row) for place, row in enumerate(rows)]


def exhaustive(row: Any) -> Any:
    """A row of a parametrisation that only --all runs."""
    values, marks, name = row if isinstance(row, type(pytest.param())) else ((row,), (), None)
    return pytest.param(*values, marks=[*marks, pytest.mark.exhaustive], id=name)
