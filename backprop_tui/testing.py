"""For tests: assertions that fail with the diagnosis, in pytest, unittest, nbgrader or otter."""

from collections.abc import Callable
from typing import Any

from backprop_tui.arrays.checking import check
from backprop_tui.arrays.own_step import check_step
from backprop_tui.scenario import Wanted


def assert_backprop(
    scenario: Wanted,
    given: Any,
    *,
    rtol: float | None = None,
    atol: float | None = None,
    rows: str | None = None,
    iteration: int = 1,
) -> None:
    """Raise AssertionError, with what `check` prints, where arrays of one's own are not what the network computes.

    The arguments are those of `check`. Raises what `check` raises for arrays that do not fit the network.
    """
    __tracebackhide__ = True
    audit = check(scenario, given, rtol=rtol, atol=atol, rows=rows, iteration=iteration)
    if not audit.agrees:
        raise AssertionError(f"\n{audit}")


def assert_step(
    step: Callable[..., Any],
    scenario: Wanted,
    *,
    rtol: float | None = None,
    atol: float | None = None,
    rows: str | None = None,
) -> None:
    """Raise AssertionError, with what `check_step` prints, where a function's step is not what the network computes.

    The arguments are those of `check_step`. Raises what `check_step` raises, and whatever the function raises.
    """
    __tracebackhide__ = True
    audit = check_step(step, scenario, rtol=rtol, atol=atol, rows=rows)
    if not audit.agrees:
        raise AssertionError(f"\n{audit}")
