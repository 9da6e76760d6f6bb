"""The audit as text: where what is wrong begins, a table with a row per published value, and what there is to say."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, zip_longest

import numpy as np

from backprop_tui.debugger.audit.audit import Audit
from backprop_tui.debugger.audit.beginning import beginning, in_order
from backprop_tui.debugger.audit.finding import GIVEN, Finding, beside
from backprop_tui.debugger.basics.printed_values import ENOUGH, SIGNS, shown
from backprop_tui.engine.network.network import Array
from backprop_tui.formula.writing.numbers import DIGITS, MINUS
from backprop_tui.formula.writing.symbols import Symbols
from backprop_tui.text import fitted, wrapped
from backprop_tui.text import width as width_of

GAP = "  "
WIDEST, NARROWEST = 60, 4  # cells of a column: at most a line of prose, at least part of a number
MOST = 8  # elements of one array that get a line each; the rest are counted
MOST_LINES = 16  # elements of all arrays that get a line each
MOST_ROWS = 24  # published values that get a row each: those that do not agree come first
WHOLE = (6, 8)  # rows and columns of the largest matrix that is shown whole
CORNER = 4  # numbers of a larger one
HEADER = ("value", "iteration", "published", "computed", "verdict", "where")


def text(audit: Audit, width: int | None = None) -> Iterator[str]:
    """Where it begins, a table with a row per published value, what there is to say of them, and the counts.

    It is at most `width` cells wide; without a width, lines are broken only where a cell is very long.
    """
    scenario, symbols = audit.scenario, audit.timeline.program.symbols
    findings = list(audit)
    yield from _broken(beginning(audit), width) if findings else []
    yield from _broken(f"{scenario.title} ({scenario.source})" if scenario.source else scenario.title, width)
    if scenario.url:
        yield scenario.url  # whole, so that it can be opened
    if not findings:
        yield "nothing is published in it"
        return
    listed = chosen(findings)
    rows = [[[name] for name in header(findings)], *(row(finding, symbols) for finding in listed)]
    kept = [place for place in range(len(HEADER)) if place != 1 or len({cells[1][0] for cells in rows[1:]}) > 1]
    wanted = [max(width_of(line) for cells in rows for line in cells[place]) for place in kept]
    words = [
        max(width_of(word) for cells in rows for line in cells[place] for word in [*line.split(), ""]) for place in kept
    ]
    widths = _fitting(wanted, words, None if width is None else width - len(GAP) * len(wanted))
    yield ""
    for cells_of_row in rows:
        columns = [
            [part for line in cells_of_row[place] for part in wrapped(line, cells)]
            for place, cells in zip(kept, widths, strict=True)
        ]
        for line in zip_longest(*columns, fillvalue=""):
            yield GAP.join(["", *(fitted(cell, cells) for cell, cells in zip(line, widths, strict=True))]).rstrip()
    if more := left_out(findings, listed):
        yield from (f"{GAP}{line}" for line in _broken(more, None if width is None else width - len(GAP)))
    off = [
        f"{SIGNS[verdict][0] if verdict else '…'} {said}"
        for verdict, said in elements(in_order(audit), symbols, several=1 in kept)
    ]
    yield from ["", *(line for one in off for line in _broken(one, width))] if off else []
    said = [*audit.notes, *sentences(findings)]
    yield from ["", *(line for sentence in said for line in _broken(sentence, width))] if said else []
    yield ""
    yield from _broken(", ".join(f"{count:,} {word}" for word, count in audit.in_words().items()), width)


def header(findings: Sequence[Finding]) -> tuple[str, ...]:
    """What stands above the columns."""
    own = all(finding.came == GIVEN for finding in findings)
    return tuple(GIVEN if own and name == "published" else name for name in HEADER)


def chosen(findings: Sequence[Finding]) -> list[Finding]:
    """The findings that get a row each, in their order: of many, those that do not agree, then the first others."""
    order = sorted(range(len(findings)), key=lambda place: findings[place].agrees)
    return [findings[place] for place in sorted(order[:MOST_ROWS])]


def left_out(findings: Sequence[Finding], listed: Sequence[Finding]) -> str:
    """How many findings have no row; empty if all have one."""
    more = len(findings) - len(listed)
    wrong = sum(not finding.agrees for finding in findings) - sum(not finding.agrees for finding in listed)
    if not more:
        return ""
    return f"… {more:,} more, {f'of which {wrong:,} do not agree' if wrong else 'which agree'}"


def _broken(sentence: str, width: int | None) -> list[str]:
    """A sentence in lines that fit the width."""
    return [sentence] if width is None else wrapped(sentence, width)


def _fitting(wanted: list[int], words: list[int], room: int | None) -> list[int]:
    """Widths of columns that fit the room: the widest shrink first, down to their `words`, and only then further."""
    widths = [min(cells, max(WIDEST, word)) for cells, word in zip(wanted, words, strict=True)]
    for least in (words, [NARROWEST] * len(words)):
        while room is not None and sum(widths) > room:
            give = [place for place, cells in enumerate(widths) if cells > least[place]]
            if not give:
                break
            widths[max(give, key=widths.__getitem__)] -= 1
    return widths


def elements(findings: Iterable[Finding], symbols: Symbols, *, several: bool) -> Iterator[tuple[str, str]]:
    """The elements that do not agree, each with its verdict; with the iteration, where there are several.

    Only the first of an array are named, and of all arrays as many as there is room for. A line that counts others has
    no verdict.
    """
    room = MOST_LINES
    unsaid = arrays = 0
    for finding in findings:
        when = f" in iteration {finding.published.iteration:,}" if several else ""
        total = len(finding.off) if finding.names_elements else 0
        most = min(MOST, room)
        yield from islice(finding.elements(symbols, when), most)
        room -= min(total, most)
        if total > most > 0:
            yield "", f"{total - most:,} more of {symbols.symbol(finding.published.name)}{when}"
        elif total > most:
            unsaid, arrays = unsaid + total, arrays + 1
    if unsaid:
        yield "", f"{unsaid:,} more in {arrays:,} other array{'' if arrays == 1 else 's'}"


def sentences(findings: Iterable[Finding]) -> list[str]:
    """What there is to say of the findings, each once: a cause may explain several of them."""
    said = [sentence for finding in findings for sentence in (*finding.mistakes, finding.remark) if sentence]
    return [*dict.fromkeys(said)]


def row(finding: Finding, symbols: Symbols) -> list[list[str]]:
    """The cells of a row, each as lines; a matrix has a line for each row, and a large one a part of it."""
    published = finding.published
    return [
        [symbols.address(published.name, published.at) if published.at else symbols.symbol(published.name)],
        [f"{published.iteration:,}"],
        *_numbers(finding),
        [finding.words(symbols.symbol)],
        [published.where],
    ]


def _numbers(finding: Finding) -> tuple[list[str], list[str]]:
    """The printed and the computed numbers as lines."""
    claims, computed, verdicts = finding.published.claims, finding.computed, finding.verdicts
    size = ""
    line = sum(extent > 1 for extent in claims.shape) <= 1
    rows, columns = (1, claims.size) if line else (claims.size // claims.shape[-1], claims.shape[-1])
    if rows > WHOLE[0] or columns > WHOLE[1] * (2 if line else 1):
        size = f"{'×'.join(map(str, claims.shape))} "
        claims, computed, verdicts = (array.ravel()[:CORNER] for array in (claims, computed, verdicts))
    if any(claim.dtype for claim in claims.flat):
        digits = ENOUGH
    else:
        digits = max(DIGITS, *(claim.decimals for claim in claims.flat))
    own = np.vectorize(lambda claim, number: shown(claim, float(number)), otypes=[object])(claims, computed)
    right = np.vectorize(lambda claim, number, verdict: beside(claim, float(number), digits, verdict), otypes=[object])(
        claims, computed, verdicts
    )
    return _array(own, size), _array(right, size)


def _array(texts: Array, size: str = "") -> list[str]:
    """Numbers as lines: a matrix row by row, a column or a row on one line; of what is cut, its size and its first."""
    if size:
        return [f"{size}[{' '.join(texts.ravel())} …]".replace("-", MINUS)]
    rows = [texts.ravel()] if texts.ndim < 2 or 1 in texts.shape else texts.reshape(-1, texts.shape[-1])
    lines = [" ".join(row).replace("-", MINUS) for row in rows]
    return lines if texts.size == 1 else [f"[{line}]" for line in lines]
