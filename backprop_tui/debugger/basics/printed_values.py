"""What the source printed for a value beside what was computed, and the verdicts on it."""

from typing import Any, cast

import msgspec
import numpy as np

from backprop_tui.debugger.basics.printed_precision import settled
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.program import Frame
from backprop_tui.formula.writing.numbers import MINUS, format_number, held
from backprop_tui.scenario import Claim, Published, Scenario

VERDICTS = AGREES, CUT_OFF, CARRIED_OVER, WRONG = ("agrees", "cut-off", "carried-over", "wrong")
SIGNS = dict(zip(VERDICTS, (("✓", "+"), ("≈", "~"), ("←", "<"), ("✗", "x")), strict=True))  # in Unicode, in ASCII

MOST_HELD = 330  # decimals of the smallest float64
ENOUGH = 8  # decimals that tell most numbers apart


class Verdict(msgspec.Struct, frozen=True, eq=False):
    """A published value beside the computed one; `agrees` has the shape of what was published."""

    published: Published
    agrees: np.ndarray
    computed: np.ndarray

    @property
    def holds(self) -> bool:
        """Whether every element agrees at the precision that it was printed with."""
        return bool(self.agrees.all())

    @property
    def printed(self) -> str:
        """The published value as it was printed, `[−0.15 1.8]`."""
        return printed(self.published)


def shown(claim: Claim, computed: float) -> str:
    """A number as it was printed; one given in full with as many digits as tell it from the computed one."""
    if not claim.dtype:
        return claim.text.replace("-", MINUS)
    for digits in range(ENOUGH, MOST_HELD):
        written = format_number(claim.value, held(claim.value, digits))
        if claim.agrees(computed) or written != format_number(computed, held(computed, digits)):
            return written
    return claim.text.replace("-", MINUS)


def printed(published: Published) -> str:
    """A published value as it was printed, `[−0.15 1.8]`."""
    claims = published.claims[0] if published.claims.ndim > 2 else published.claims  # the matrix of the only sample
    rows = [" ".join(claim.text for claim in row) for row in np.atleast_2d(claims)]
    if len(rows) == 1 and " " not in rows[0]:
        return rows[0].replace("-", MINUS)
    one_each = all(" " not in row for row in rows)
    inside = " ".join(rows) if one_each or len(rows) == 1 else " ".join(f"[{row}]" for row in rows)
    return f"[{inside}]".replace("-", MINUS)


def verdict_on(published: Published, value: Any, frame: Frame) -> Verdict:
    """The verdict on a claim, where the whole variable has this value in an iteration."""
    return Verdict(published, settled(published, frame).agrees(value), published.of(value))


def verdicts(scenario: Scenario, event: Event) -> tuple[Verdict, ...]:
    """The verdict on each claim about the value that an event wrote; for a parameter, the verdict after its update."""
    return tuple(
        verdict_on(published, event.value, cast("Frame", event.frame))
        for published in scenario.published
        if published.name == event.name and published.iteration == event.iteration
    )
