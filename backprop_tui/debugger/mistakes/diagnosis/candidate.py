"""A candidate: something that explains printed numbers, of whatever kind, with what it is called and what it costs."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from backprop_tui.debugger.mistakes.diagnosis.evidence import price
from backprop_tui.debugger.mistakes.diagnosis.printed_array import PrintedArray
from backprop_tui.debugger.mistakes.diagnosis.search import Hit
from backprop_tui.scenario import Claim

LEAST_FOLLOWED = 2  # numbers that a cause has to explain, if one of them alone could be a misprint


class Candidate(msgspec.Struct, frozen=True, eq=False):
    """`name` is what tables call it, `said` completes 'these numbers are …', `hits` are by place.

    `at` are the variables in which it was done, `parameter` a number that it has (a factor, decimals, a value), and
    `tried` how many others of its kind were tried. `scale` is the factor that it comes to, where it is nothing else;
    `described` marks what says how numbers differ, and not by what. `changed` are the operations that differ, of a
    mistake, and `when` is what was done.
    """

    name: str
    said: str
    hits: Mapping[int, Hit]
    evidence: float
    tried: float
    at: tuple[str, ...] = ()
    parameter: str = ""
    costs: float = 0.0
    scale: float | None = None
    described: bool = False
    when: str = ""
    changed: frozenset[str] = frozenset()

    @property
    def margin(self) -> float:
        """The evidence beyond what it pays."""
        return self.evidence - self.costs - price(self.tried)

    @property
    def explains(self) -> int:
        """How many numbers."""
        return sum(int(hit.mask.sum()) for hit in self.hits.values())

    def may_be_misprint(self, roots: Sequence[PrintedArray]) -> bool:
        """Whether all that it explains is one number with one digit wrong, and nothing follows from that number."""
        numbers = {
            (one.iteration, one.name, one.at or at): (one, at)
            for one in roots
            if one.place in self.hits
            for at in zip(*np.nonzero(np.atleast_1d(self.hits[one.place].mask)), strict=True)
        }
        if len(numbers) >= LEAST_FOLLOWED:
            return False
        return any(not one.followed and _one_digit(one, at) for one, at in numbers.values())


def _one_digit(one: PrintedArray, at: tuple[int, ...]) -> bool:
    """Whether a number is the right one, rounded or cut off, with one digit of it wrong."""
    claim: Claim = one.claims[at] if one.claims.ndim else one.claims.item()
    right = float(one.right[at] if one.claims.ndim else one.right)
    if not np.isfinite(right) or not np.isfinite(claim.value):
        return False
    steps = abs(claim.value - np.array([np.round(right / claim.unit), np.trunc(right / claim.unit)]) * claim.unit)
    with np.errstate(all="ignore"):
        counted = np.round(steps / claim.unit)
    return any(int(count) in _ONE_DIGIT for count in counted if 0 < count < 1e17)


_ONE_DIGIT = frozenset(digit * 10**place for digit in range(1, 10) for place in range(17))
