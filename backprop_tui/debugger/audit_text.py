"""The audit as text: a table with a row per published value, what there is to say of them, and the counts."""

from collections.abc import Iterator
from itertools import zip_longest
from operator import attrgetter

import numpy as np

from backprop_tui.debugger.audit import Audit, Finding
from backprop_tui.debugger.verdicts import SIGNS
from backprop_tui.engine.network import Array
from backprop_tui.formula.numbers import DIGITS, MINUS, format_number
from backprop_tui.formula.symbols import Symbols

MOST = 8  # elements of one array that are told of one by one
HEADER = ("value", "iteration", "published", "computed", "verdict", "where")


def text(audit: Audit) -> Iterator[str]:
    """A table with a row per published value, what there is to say of them, and the counts."""
    scenario, symbols = audit.scenario, audit.timeline.program.symbols
    yield f"{scenario.title} ({scenario.source})" if scenario.source else scenario.title
    findings = list(audit)
    if not findings:
        yield "nothing is published in it"
        return
    rows = [[[name] for name in HEADER], *(_row(finding, symbols) for finding in findings)]
    kept = [place for place in range(len(HEADER)) if place != 1 or len({row[1][0] for row in rows[1:]}) > 1]
    widths = [max(len(line) for row in rows for line in row[place]) for place in kept]
    yield ""
    for row in rows:
        for line in zip_longest(*(row[place] for place in kept), fillvalue=""):
            yield "  ".join(["", *(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True))]).rstrip()
    off = [line for finding in findings for line in _elements(finding, symbols, several=1 in kept)]
    yield from ["", *off] if off else []
    said = [sentence for finding in findings for sentence in (*finding.mistakes, finding.remark) if sentence]
    yield from ["", *said] if said else []
    yield ""
    yield ", ".join(f"{count} {word}" for word, count in audit.in_words().items())


def _elements(finding: Finding, symbols: Symbols, *, several: bool) -> Iterator[str]:
    """The elements of an array that do not agree, a line each; with the iteration, where there are several."""
    when = f" in iteration {finding.published.iteration:,}" if several else ""
    lines = [f"{SIGNS[verdict][0]} {said}" for verdict, said in finding.elements(symbols, when)]
    yield from lines[:MOST]
    if len(lines) > MOST:
        yield f"… {len(lines) - MOST:,} more of {symbols.symbol(finding.published.name)}{when}"


def _row(finding: Finding, symbols: Symbols) -> list[list[str]]:
    """The cells of a row, each as lines: of a matrix, a row a line."""
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
    """Numbers as lines: a matrix by its rows, a column or a row in one line."""
    rows = [texts.ravel()] if texts.ndim < 2 or 1 in texts.shape else texts
    lines = [" ".join(row).replace("-", MINUS) for row in rows]
    return lines if texts.size == 1 else [f"[{line}]" for line in lines]
