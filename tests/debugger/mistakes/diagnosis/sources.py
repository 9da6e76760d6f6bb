"""Sources that print what a program gives, right or mistaken, and what the audit says of them."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import msgspec
import numpy as np

from backprop_tui.debugger.audit.audit import Audit, check
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.program import Program
from backprop_tui.scenario import Claim, Published
from tests.debugger.scenarios import training

IN_FULL = 17
Printed = Mapping[tuple[str, int], Any]  # a variable's value by its name and the iteration


def written(value: Any, decimals: int | None) -> list[str]:
    """Numbers as a source prints them: with some decimals, in full (17), or (None) with ten significant digits."""
    flat = np.ravel(np.asarray(value, dtype=float)).tolist()
    if decimals == IN_FULL:
        return [repr(number) for number in flat]
    return [f"{number:.9e}" if decimals is None else f"{number:.{decimals}f}" for number in flat]


def published(printed: Printed, decimals: int | None = None) -> tuple[Published, ...]:
    """What was printed, each array with one precision."""
    found = []
    for (name, iteration), value in printed.items():
        claims = Claim.together([Decimal(text) for text in written(value, decimals)])
        shape = np.shape(value)
        found.append(Published(name, np.array(claims, dtype=object).reshape(shape), "", iteration))
    return tuple(found)


def audited(network: Network, printed: Printed, decimals: int | None = None) -> Audit:
    """The audit of a source that prints some values of a network."""
    return check(msgspec.structs.replace(training(network, 3), published=published(printed, decimals)))


def of_run(program: Program, wrong: Any, names: Iterable[str], iterations: Iterable[int]) -> dict[Any, Any]:
    """What a mistaken run, a timeline, gives for some variables of a program."""
    by_name = wrong.program.by_name
    return {(name, at): wrong.frame(at)[by_name[name].key] for at in iterations for name in names}


def names_of(audit: Audit, level: str = "") -> set[str]:
    """The causes' names, or those of a level."""
    return {cause.name for cause in audit.causes if level in ("", cause.level)}
