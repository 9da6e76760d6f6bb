"""Where what is wrong begins, and what follows from it, in one line."""

from collections.abc import Sequence

from backprop_tui.debugger.audit.audit import Audit
from backprop_tui.debugger.audit.finding import GIVEN, Finding
from backprop_tui.debugger.basics.printed_values import CARRIED_OVER, WRONG
from backprop_tui.scenario.format.number_layout import plural
from backprop_tui.text import clean

LONGEST = 60  # characters of a place in a source
MOST = 6  # variables that are named; more are counted


def beginning(audit: Audit) -> str:
    """`✗ it begins at z₁ (section 2): 1 of 2 numbers is wrong; h, z₂ and ŷ follow from it`; what is wrong by itself
    besides is named too.
    """
    findings = in_order(audit)
    total = sum(finding.verdicts.size for finding in findings)
    off = [finding for finding in findings if not finding.agrees]
    if not off:
        return f"✓ {'the number agrees' if total == 1 else f'{_all(total)} agree'}"
    roots = [finding for finding in off if (finding.verdicts == WRONG).any()]
    if not roots:
        return f"≈ nothing is wrong by itself: {_names(audit, off)} {_are(off)} cut off or carried over"
    first, *others = roots
    where = f" ({clean(first.published.where, LONGEST)})" if first.published.where not in ("", GIVEN) else ""
    said = [f"✗ it begins at {_name(audit, first)}{where}{_count(first)}"]
    following = _following(first, off)
    if following:
        said.append(f"{_names(audit, following)} {_follow(audit, following)} from it")
    others = [finding for finding in others if finding not in following]
    if others:
        said.append(f"{_names(audit, others)} {_are(others)} wrong too")
    rest = [one for one in off if one not in following and one not in roots and (one.verdicts == CARRIED_OVER).any()]
    if rest:
        said.append(f"{_names(audit, rest)} {_follow(audit, rest)} from these")
    return "; ".join(said)


def _following(first: Finding, off: Sequence[Finding]) -> list[Finding]:
    """What was carried over from the first, or from what was."""
    names, found = {first.published.name}, []
    for finding in off:
        if finding is not first and not names.isdisjoint(finding.follows_from):
            found.append(finding)
            names.add(finding.published.name)
    return found


def _follow(audit: Audit, findings: Sequence[Finding]) -> str:
    return "follows" if len(_distinct(audit, findings)) == 1 else "follow"


def in_order(audit: Audit) -> list[Finding]:
    """The findings in the order of the run."""
    by_name = audit.timeline.program.by_name

    def place(finding: Finding) -> tuple[int, int]:
        operation = by_name.get(finding.published.name)
        return finding.published.iteration, -1 if operation is None else operation.index

    return sorted(audit, key=place)


def _count(finding: Finding) -> str:
    """`: 1 of 6 numbers is wrong`; nothing of a single number."""
    wrong, size = int((finding.verdicts == WRONG).sum()), finding.verdicts.size
    if size == 1:
        return ""
    if wrong == size:
        return f": {_all(size)} are wrong"
    return f": {wrong:,} of {plural(size, 'number')} {'is' if wrong == 1 else 'are'} wrong"


def _all(numbers: int) -> str:
    return "both numbers" if numbers == 2 else f"all {numbers:,} numbers"


def _are(findings: Sequence[Finding]) -> str:
    return "is" if len(findings) == 1 else "are"


def _name(audit: Audit, finding: Finding) -> str:
    published, symbols = finding.published, audit.timeline.program.symbols
    name = symbols.address(published.name, published.at) if published.at else symbols.symbol(published.name)
    several = len({one.published.iteration for one in audit}) > 1
    return f"{name} in iteration {published.iteration:,}" if several else name


def _distinct(audit: Audit, findings: Sequence[Finding]) -> list[str]:
    return [*dict.fromkeys(_name(audit, finding) for finding in findings)]


def _names(audit: Audit, findings: Sequence[Finding]) -> str:
    """`h, z₂ and ŷ`, and `5 more` where there are many."""
    names = _distinct(audit, findings)
    if len(names) > MOST:
        names = [*names[: MOST - 1], f"{len(names) - MOST + 1:,} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
