"""What the source printed for the value just computed: a line, what differs, and what the audit says of it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.printed_values import Verdict
from backprop_tui.formula.writing.numbers import MINUS
from backprop_tui.tui.shared.styled_line import Run, wrap
from backprop_tui.tui.shared.view import View

if TYPE_CHECKING:
    from backprop_tui.debugger.audit.finding import Finding

MOST_OFF = 4  # numbers that are named one by one
FEW = 4  # numbers that are written on a line


def claim_lines(claim: Verdict, view: View, width: int) -> Iterator[Sequence[Run]]:
    """`✗ the source prints −0.83 (section 4): carried over from ŷ`, then what differs of an array, and the causes."""
    notation, styles = view.notation, view.styles
    published, finding = claim.published, view.moment.finding(claim.published)
    mark, style = ("agrees", styles.good) if claim.holds else ("differs", styles.bad)
    where = f" ({published.where})" if published.where else ""
    of = f" for {notation.address(Address(published.name, published.at))}" if published.at else ""
    text = f"{notation.mark(mark)} {_prints(claim)}{of}{where}{_ending(claim, finding, view)}"
    yield from ([(line, style)] for line in wrap(notation.text(text), width))
    for said in (*_elements(claim, finding, view), *((*finding.mistakes, finding.remark) if finding else ())):
        lines = wrap(notation.text(said), width - 2) if said else []
        yield from ([(f"  {line}", styles.text)] for line in lines)


def _prints(claim: Verdict) -> str:
    """`the source prints 0.23`; of many numbers, how many of them agree."""
    count = claim.agrees.size
    if count <= FEW:
        return f"the source prints {claim.printed}"
    if claim.holds:
        return f"the source prints the same {count:,} numbers"
    off = int(count - claim.agrees.sum())
    return f"{off:,} of the {count:,} numbers that the source prints differ{'s' if off == 1 else ''}"


def _ending(claim: Verdict, finding: "Finding | None", view: View) -> str:
    """What it was carried over from, where that holds for all of it; and what it is here, where the result above
    has too few digits to tell.
    """
    if claim.holds or _named(claim, finding, view):
        return ""
    notation = view.notation
    needed = max(one.decimals for one in claim.published.claims.flat)  # digits that it takes to tell
    here = f"; here it is {notation.with_digits(needed).array(claim.computed)}" if needed > notation.digits else ""
    if finding is None or (finding.mistakes and finding.all_wrong):
        return here
    return f"{here}: {finding.words(notation.symbol)}"


def _named(claim: Verdict, finding: "Finding | None", view: View) -> bool:
    """Whether the numbers that differ are named one by one."""
    if claim.agrees.size == 1 or claim.holds:
        return False
    if finding is None:
        return True
    return not (finding.mistakes and finding.all_wrong) and any(finding.elements(view.notation.symbols))


def _elements(claim: Verdict, finding: "Finding | None", view: View) -> Iterator[str]:
    """`z₁[1]: printed 1.8, computed 1.4`, of an array of which some numbers differ."""
    if not _named(claim, finding, view):
        return
    notation = view.notation
    off = [at for at in np.ndindex(claim.agrees.shape) if not claim.agrees[at]]
    for at in off[:MOST_OFF]:
        one = claim.published.claims.item(*at)
        number = notation.with_digits(max(notation.digits, one.decimals)).number(float(claim.computed[at]))
        word = f", {finding.word(at, notation.symbol)}" if finding is not None and not finding.all_wrong else ""
        address = notation.address(Address(claim.published.name, at))
        yield f"{address}: printed {one.text.replace('-', MINUS)}, computed {number}{word}"
    if len(off) > MOST_OFF:
        yield f"{len(off) - MOST_OFF:,} more differ"
