"""Where what a source got wrong begins: the first wrong number in the order of the run."""

import numpy as np

from backprop_tui.debugger.audit.audit import Audit, Finding, apart
from backprop_tui.debugger.basics.printed_values import AGREES, CARRIED_OVER, VERDICTS, WRONG
from backprop_tui.formula.values.element import Shape
from backprop_tui.formula.writing.numbers import MINUS


def worst_place(finding: Finding) -> Shape | None:
    """The first of the numbers with the worst verdict; None where all agree."""
    places = sorted(np.ndindex(finding.verdicts.shape), key=lambda at: -VERDICTS.index(str(finding.verdicts[at])))
    return None if finding.agrees else places[0]


def beginning(audit: Audit) -> str:
    """A sentence: where it begins, and how many of the numbers after that follow; or that nothing is wrong."""
    findings, program = list(audit), audit.timeline.program
    wrong = [finding for finding in findings if WRONG in finding.verdicts]
    if not wrong:
        count = sum(finding.verdicts.size for finding in findings)
        off = sum(int((finding.verdicts != AGREES).sum()) for finding in findings)
        if not off:
            return f"Nothing is wrong: all of the {count:,} printed numbers agree."
        return f"Nothing is wrong: {count - off:,} of the {count:,} printed numbers agree, the others are cut off."

    def place(finding: Finding) -> tuple[int, int]:
        operation = program.by_name.get(finding.published.name)
        return finding.published.iteration, operation.index if operation else -1

    first = min(wrong, key=place)
    at = worst_place(first) or ()
    published = first.published
    claim = published.claims.item(*at)
    address = program.symbols.address(published.name, published.at or at)
    when = f" in iteration {published.iteration:,}" if len({one.published.iteration for one in findings}) > 1 else ""
    where = f" ({published.where})" if published.where else ""
    computed = apart(claim, float(first.computed[at]), more=0)
    follow = sum(int((finding.verdicts == CARRIED_OVER).sum()) for finding in findings)
    after = f"; {follow:,} more {'follows' if follow == 1 else 'follow'} from what is wrong" if follow else ""
    return f"It begins at {address}{when}{where}: printed {claim.text.replace('-', MINUS)}, computed {computed}{after}."
