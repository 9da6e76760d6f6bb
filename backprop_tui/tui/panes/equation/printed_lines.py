"""What the source printed for the value just computed: a line, and what the audit says of it."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.printed_values import Verdict
from backprop_tui.tui.shared.styled_line import Run, wrap
from backprop_tui.tui.shared.view import View

if TYPE_CHECKING:
    from backprop_tui.debugger.audit.audit import Finding

MOST_OFF = 4  # numbers that are named one by one


def claim_lines(claim: Verdict, view: View, width: int) -> Iterator[Sequence[Run]]:
    """`✗ the source prints −0.83 (section 4); here it is −0.7685: carried over from ŷ`, and the causes below."""
    notation, styles = view.notation, view.styles
    published, finding = claim.published, view.moment.finding(claim.published)
    mark, style = ("agrees", styles.good) if claim.holds else ("differs", styles.bad)
    where = f" ({published.where})" if published.where else ""
    ending = "" if claim.holds else _ending(claim, finding, view)
    of = f" for {notation.address(Address(published.name, published.at))}" if published.at else ""
    text = f"{notation.mark(mark)} the source prints {claim.printed}{of}{where}{ending}"
    yield from ([(line, style)] for line in wrap(notation.text(text), width))
    for said in (*finding.mistakes, finding.remark) if finding else ():
        lines = wrap(notation.text(said), width - 2) if said else []
        yield from ([(f"  {line}", styles.text)] for line in lines)


def _ending(claim: Verdict, finding: "Finding | None", view: View) -> str:
    """What it is here and what it was carried over from; where only part of an array agrees, which numbers do not.

    Where the causes follow, the result above is enough.
    """
    notation = view.notation
    needed = max(one.decimals for one in claim.published.claims.flat)  # digits that it takes to tell
    if finding is not None and finding.mistakes and finding.all_wrong and needed <= notation.digits:
        return ""
    precise = notation.with_digits(max(notation.digits, needed))
    off = [at for at in np.ndindex(claim.agrees.shape) if not claim.agrees[at]]
    if len(off) in (claim.agrees.size, 0) or len(off) > MOST_OFF:
        here = f"; here it is {precise.array(claim.computed)}"
        return f"{here}: {finding.words(notation.symbol)}" if finding is not None else here
    said: dict[str, list[str]] = {}
    for at in off:
        number = f"{notation.address(Address(claim.published.name, at))} is {precise.number(float(claim.computed[at]))}"
        said.setdefault(f": {finding.word(at, notation.symbol)}" if finding is not None else "", []).append(number)
    return f"; here {'; '.join(', '.join(numbers) + word for word, numbers in said.items())}"
