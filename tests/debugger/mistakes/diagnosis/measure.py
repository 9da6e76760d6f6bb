"""How often slips are named, falsely named, and passed over: `python -m tests.debugger.mistakes.diagnosis.measure`."""

import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from backprop_tui.debugger.audit.audit import Audit
from tests.debugger.mistakes.diagnosis.slipped_programs import IN_TABLE, OTHERS, Net, train
from tests.debugger.mistakes.diagnosis.sources import audited

# what is said of how numbers are, which the numbers themselves bear out
DESCRIBED = {"factor", "sign", "transposed", "before-update", "other-iteration", "other-value"}
WAYS = ("gradients in full", "gradients, 4 decimals", "parameters, 4 decimals")


class Run(NamedTuple):
    """One program printed in one way."""

    slip: str
    net: Net
    expected: tuple[str, ...]
    way: str


def runs() -> Iterator[Run]:
    """Every program printed in every way in which the slip shows."""
    for slip, net, expected in (*IN_TABLE, *((slip, net, ()) for slip, net in OTHERS)):
        yield from (Run(slip, net, expected, way) for way in WAYS if shows(slip, net, way))


def printed(slip: str, net: Net, way: str) -> dict[Any, Any]:
    """What a program prints."""
    wanted = "dL" if way.startswith("gradients") else ("W", "b")
    return {key: value for key, value in train(net, slip).items() if key[0].startswith(wanted)}


def shows(slip: str, net: Net, way: str) -> bool:
    """Whether what is printed is not what is right."""
    right, wrong = printed("", net, way), printed(slip, net, way)
    digits = 4 if way.endswith("decimals") else 12
    return any(not np.array_equal(right[key].round(digits), wrong[key].round(digits)) for key in right)


def audit_of(run: Run) -> Audit:
    """The audit of what a program prints."""
    return audited(run.net.network(), printed(run.slip, run.net, run.way), 4 if run.way.endswith("decimals") else 17)


def outcome(run: Run, audit: Audit) -> str:
    """What became of it: named, or falsely, as what is or as what may be, or not at all."""
    named = {cause.name for cause in audit.causes}
    surely = {cause.name for cause in audit.causes if cause.level == "is"}
    expected = {*run.expected}
    if expected & named and surely <= expected | DESCRIBED:
        return "named"
    if surely - expected - DESCRIBED:
        return "falsely is"
    return "falsely may be" if named - DESCRIBED and not surely else "silent"


def main() -> None:
    """Print a line for each run that was not named, and the counts."""
    known, others = Counter[str](), Counter[str]()
    for run in runs():
        if len(sys.argv) > 1 and sys.argv[1] not in run.slip:
            continue
        audit = audit_of(run)
        found = outcome(run, audit)
        (known if run.expected else others)[found] += 1
        if found != ("named" if run.expected else "silent") or len(sys.argv) > 1:
            told = sorted({(cause.level, cause.name, cause.at, round(cause.bits, 1)) for cause in audit.causes})
            print(f"{found:15} {run.slip} ({run.way}): {audit.counts} {told}", flush=True)
    print("with a row", dict(known))
    print("without", dict(others))


if __name__ == "__main__":
    main()
