"""The audit of published values: as text with a table, or as JSON lines."""

from collections.abc import Callable, Iterator
from itertools import zip_longest
from operator import attrgetter

import msgspec
import numpy as np

from backprop_tui.debugger.address import Address
from backprop_tui.debugger.audit import AGREES, CARRIED_OVER, VERDICTS, Audit, Finding
from backprop_tui.engine.network import Array
from backprop_tui.export.jsonl import exact
from backprop_tui.formula.numbers import DIGITS, MINUS, format_number
from backprop_tui.formula.symbols import Symbols

HEADER = ("value", "iteration", "published", "computed", "verdict", "where")
FEW = 4  # verdicts that are written out one by one


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
    said = [sentence for finding in findings for sentence in (*finding.mistakes, finding.remark) if sentence]
    yield from ["", *said] if said else []
    counts = audit.counts
    yield ""
    yield ", ".join(f"{counts[verdict]} {word}" for verdict, word in zip(VERDICTS, WORDS, strict=True))


WORDS = ("agree", "cut off", "carried over", "wrong")


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
        [verdict(finding, symbols)],
        [published.where],
    ]


def _array(texts: Array) -> list[str]:
    """Numbers as lines: a matrix by its rows, a column or a row in one line."""
    rows = [texts.ravel()] if texts.ndim < 2 or 1 in texts.shape else texts
    lines = [" ".join(row).replace("-", MINUS) for row in rows]
    return lines if texts.size == 1 else [f"[{line}]" for line in lines]


def verdict(finding: Finding, symbols: Symbols) -> str:
    """The verdicts in words: one where all agree, one each where they are few, else how many of each."""
    whence = " and ".join(map(symbols.symbol, finding.follows_from))
    words = [
        f"carried over from {whence}{' and cut off' if cut else ''}"
        if word == CARRIED_OVER
        else str(word).replace("-", " ")
        for word, cut in zip(finding.verdicts.flat, finding.also_cut.flat, strict=True)
    ]
    if finding.agrees:
        return AGREES
    if len(words) <= FEW:
        return ", ".join(words)
    return ", ".join(f"{words.count(word)} {word.replace(AGREES, 'agree')}" for word in dict.fromkeys(words))


def jsonl(audit: Audit) -> Iterator[str]:
    """An object per published value, numbers and verdicts in its shape, and the counts."""
    encode = msgspec.json.Encoder().encode
    for finding in audit:
        published = finding.published
        row = {
            "type": "published",
            "name": str(Address(published.name, published.at)),
            "where": published.where,
            "iteration": published.iteration,
            "published": exact(finding.printed),
            "computed": exact(finding.computed),
            "verdict": finding.verdicts.tolist(),
            "follows_from": finding.follows_from,
            "mistake": finding.mistakes,
        }
        yield encode(row).decode()
    yield encode({"type": "end", **audit.counts}).decode()


FORMATS: dict[str, Callable[[Audit], Iterator[str]]] = {"text": text, "jsonl": jsonl}
