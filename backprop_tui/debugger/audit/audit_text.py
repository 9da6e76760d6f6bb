"""The audit as text: a table with a row per published value, what there is to say of them, and the counts."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from operator import attrgetter

import numpy as np

from backprop_tui.debugger.audit.audit import Audit, Finding
from backprop_tui.debugger.basics.printed_values import SIGNS
from backprop_tui.engine.network.network import Array
from backprop_tui.formula.writing.numbers import DIGITS, MINUS, format_number
from backprop_tui.formula.writing.symbols import Symbols
from backprop_tui.text import fitted, wrapped
from backprop_tui.text import width as width_of

GAP = "  "
WIDEST, NARROWEST = 60, 4  # cells of a column: at most a line of prose, at least part of a number
MOST = 8  # elements of one array that get a line each; the rest are counted
HEADER = ("value", "iteration", "published", "computed", "verdict", "where")


def text(audit: Audit, width: int | None = None) -> Iterator[str]:
    """A table with a row per published value, what there is to say of them, and the counts.

    It is at most `width` cells wide; without a width, lines are broken only where a cell is very long.
    """
    scenario, symbols = audit.scenario, audit.timeline.program.symbols
    yield from _broken(f"{scenario.title} ({scenario.source})" if scenario.source else scenario.title, width)
    if scenario.url:
        yield scenario.url  # whole, so that it can be opened
    findings = list(audit)
    if not findings:
        yield "nothing is published in it"
        return
    rows = [[[name] for name in HEADER], *(row(finding, symbols) for finding in findings)]
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
    off = [
        f"{SIGNS[verdict][0] if verdict else '…'} {said}"
        for finding in findings
        for verdict, said in elements(finding, symbols, several=1 in kept)
    ]
    yield from ["", *(line for one in off for line in _broken(one, width))] if off else []
    said = sentences(findings)
    yield from ["", *(line for sentence in said for line in _broken(sentence, width))] if said else []
    yield ""
    yield ", ".join(f"{count} {word}" for word, count in audit.in_words().items())


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


def elements(finding: Finding, symbols: Symbols, *, several: bool) -> Iterator[tuple[str, str]]:
    """The elements of an array that do not agree, each with its verdict; with the iteration, where there are several.

    Only the first are named; the last line counts the others, and has no verdict.
    """
    when = f" in iteration {finding.published.iteration:,}" if several else ""
    lines = list(finding.elements(symbols, when))
    yield from lines[:MOST]
    if len(lines) > MOST:
        yield "", f"{len(lines) - MOST:,} more of {symbols.symbol(finding.published.name)}{when}"


def sentences(findings: Iterable[Finding]) -> list[str]:
    """What there is to say of the findings."""
    return [sentence for finding in findings for sentence in (*finding.mistakes, finding.remark) if sentence]


def row(finding: Finding, symbols: Symbols) -> list[list[str]]:
    """The cells of a row, each as lines; a matrix has a line for each row."""
    published = finding.published
    digits = max(DIGITS, *(claim.decimals for claim in published.claims.flat))
    computed = np.vectorize(lambda number: format_number(float(number), digits), otypes=[object])(finding.computed)
    return [
        [symbols.address(published.name, published.at) if published.at else symbols.symbol(published.name)],
        [f"{published.iteration:,}"],
        _array(np.vectorize(attrgetter("text"), otypes=[object])(published.claims)),
        _array(computed),
        [finding.words(symbols.symbol)],
        [published.where],
    ]


def _array(texts: Array) -> list[str]:
    """Numbers as lines: a matrix row by row, a column or a row on one line."""
    rows = [texts.ravel()] if texts.ndim < 2 or 1 in texts.shape else texts
    lines = [" ".join(row).replace("-", MINUS) for row in rows]
    return lines if texts.size == 1 else [f"[{line}]" for line in lines]
