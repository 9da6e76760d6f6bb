"""A gradient check as lines of text."""

from collections.abc import Iterable, Iterator, Sequence

from backprop_tui.debugger.basics.address import Address
from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.explain.gradient_check import Check, Entry
from backprop_tui.engine.program.program import Program

HEADER = ("analytic", "numeric", "relative error")
OUTCOMES = {
    "agrees": "agrees",
    "differs": "DIFFERS",
    "kink": "on a kink",
    "unknown": "cannot be told",
}
MOST_KINKS = 3  # entries that are described in words


def summary(checks: Sequence[Check], writing: Writing, program: Program) -> Iterator[str]:
    """A line per gradient, with the entry that says most, and what it comes to."""
    rows = [("gradient", *HEADER, "entries", "")]
    for check in checks:
        entry = check.worst
        outcome = OUTCOMES[check.outcome(entry)]
        compared = f"{len(check.entries):,} of {check.size:,}"
        address = writing.address(Address(check.gradient, entry.at))
        rows.append((address, *_numbers(check, entry, writing), compared, outcome))
    yield from table(rows)
    for check in checks:
        yield from remarks(check, writing, program)
    wrong = [writing.symbol(check.gradient) for check in checks if not check.agrees]
    if not checks:
        yield "there is no gradient: nothing is trained"
    elif wrong:
        yield f"not what {writing.symbol('L')} does: {', '.join(wrong)}"
    else:
        blurred = any(check.counts["unknown"] for check in checks)
        yield f"every gradient agrees{', as far as can be told' if blurred else ''}"


def details(check: Check, writing: Writing, program: Program, focus: Address | None = None) -> Iterator[str]:
    """A line per entry, the one in focus marked, and what all come to."""
    symbol = writing.symbol(check.gradient)
    which = f", {len(check.entries):,} of its {check.size:,} entries," if len(check.entries) < check.size else ""
    yield f"{symbol}{which} beside central differences of {writing.symbol('L')}"
    rows = [("", *HEADER, "")]
    for entry in check.entries:
        address = Address(check.gradient, entry.at)
        mark = ">" if address == focus else " "
        rows.append(
            (f"{mark} {writing.address(address)}", *_numbers(check, entry, writing), OUTCOMES[check.outcome(entry)])
        )
    yield from table(rows)
    yield from remarks(check, writing, program)
    if check.agrees:
        errors = [error for entry in check.entries if (error := check.relative(entry)) >= 0]
        yield f"{symbol} agrees; the largest relative error is {_error(max(errors, default=0.0), writing)}"
    else:
        differ = f"{check.counts['differs']:,} of {len(check.entries):,} differ"
        yield f"{symbol} is not what {writing.symbol('L')} does: {differ}"


def remarks(check: Check, writing: Writing, program: Program) -> Iterator[str]:
    """What there is to say besides the numbers: about kinks, about what cannot be seen, about edits."""
    for place, entry in enumerate(entry for entry in check.entries if entry.left is not None):
        if place == MOST_KINKS:
            yield f"{check.counts['kink'] - MOST_KINKS:,} more lie on kinks"
            break
        yield _kink(check, entry, writing, program)
    if blurred := check.counts["unknown"]:
        loss = writing.symbol("L")
        why = f"{loss} is not finite there, or so large beside its slope that rounding hides it"
        yield f"{writing.symbol(check.gradient)}: nothing can be told of {blurred:,}: {why}"
    if check.edited and not check.agrees:
        edits = ", ".join(dict.fromkeys(check.edited))
        yield f"edited between the operations of this iteration: {edits}; :rerun does it again from the start"


def _kink(check: Check, entry: Entry, writing: Writing, program: Program) -> str:
    address = writing.address(Address(check.gradient, entry.at))
    where = "a kink"
    if entry.kink is not None:
        name, place = entry.kink
        at = "" if place is None else f", at {writing.address(Address(name, place))}"
        where = f"the kink of {writing.formula(program.by_name[name].tree)}{at}"
    more = f" and {entry.kinks - 1:,} more" if entry.kinks > 1 else ""
    left, right, chosen = (writing.number(n) for n in (entry.left or 0.0, entry.right or 0.0, entry.analytic))
    slopes = f"the slope is {left} to the left and {right} to the right"
    return f"{address} lies on {where}{more}: {slopes}, and {chosen} by the convention, which is PyTorch's"


def _numbers(check: Check, entry: Entry, writing: Writing) -> tuple[str, str, str]:
    numeric = "" if entry.numeric is None else writing.number(entry.numeric)
    if entry.left is not None and entry.right is not None:
        numeric = f"{writing.number(entry.left)} | {writing.number(entry.right)}"
    error = check.relative(entry)
    return writing.number(entry.analytic), numeric, _error(error, writing) if error >= 0 else ""


def _error(error: float, writing: Writing) -> str:
    return f"{error:.1e}".replace("-", writing.minus) if error else "0"


def table(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Rows in columns, the first to the left and those between it and the last to the right."""
    found = list(rows)
    widths = [max(map(len, column)) for column in zip(*found, strict=True)]
    for row in found:
        first, *middle, last = (
            text.ljust(width) if place in (0, len(row) - 1) else text.rjust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join([first, *middle, last]).rstrip()
