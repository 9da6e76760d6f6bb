"""What a run draws: which rows of a long parametrisation, from which seed. `--all` takes every row."""

from collections.abc import Iterable
from itertools import product
from random import Random
from subprocess import DEVNULL, CalledProcessError, check_output
from typing import Any

import pytest

# Of this run: conftest.py sets them before it imports any module of tests.
seed = 0
everything = False


def of_commit() -> int:
    """A seed that every commit has of its own, and every run of one has in common."""
    try:
        return int(check_output(["git", "rev-parse", "HEAD"], stderr=DEVNULL, text=True)[:8], 16)
    except (OSError, CalledProcessError):  # an unpacked archive
        return 0


def some(rows: Iterable[Any], count: int, most: int | None = None) -> list[Any]:
    """A few rows of a long parametrisation, which differ from commit to commit; with --all the others too, marked, or
    `most` rows in all, where other tests are of every row.
    """
    rows = list(rows)
    order = Random(f"{seed} {len(rows)}").sample(range(len(rows)), len(rows))
    few, many = {*order[:count]}, {*order[: most if everything else count]}
    return [row if place in few else exhaustive(row) for place, row in enumerate(rows) if place in many]


def drawn(rows: Iterable[Any], count: int) -> list[Any]:
    """A few rows, with --all too: for what an exhaustive test beside it asks of every row at once."""
    return [row for row in some(rows, count) if not is_exhaustive(row)]


def rotated(rows: Iterable[Any]) -> list[Any]:
    """All rows, for a test that needs but the first few: with --all it begins at another one in each commit."""
    rows = list(rows)
    start = seed % len(rows) if everything and rows else 0
    return rows[start:] + rows[:start]


def often(few: int, many: int) -> int:
    """How many times something random is tried: a few times, and many with --all."""
    return many if everything else few


def crossed(count: int, *axes: Iterable[Any], most: int | None = None) -> list[Any]:
    """A few of all combinations, for a parametrisation over as many names as there are axes."""
    return some([pytest.param(*row) for row in product(*axes)], count, most)


def exhaustive(row: Any) -> Any:
    """A row of a parametrisation that only --all runs."""
    values, marks, name = row if isinstance(row, type(pytest.param())) else ((row,), (), None)
    return pytest.param(*values, marks=[*marks, pytest.mark.exhaustive], id=name)


def is_exhaustive(row: Any) -> bool:
    return any(mark.name == "exhaustive" for mark in getattr(row, "marks", ()))
