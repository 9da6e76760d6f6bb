"""The audit of published values in the formats of the command: text with a table, or JSON lines."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from backprop_tui.debugger.audit.audit import Audit
from backprop_tui.debugger.audit.audit_text import text
from backprop_tui.debugger.audit.finding import Finding
from backprop_tui.debugger.basics.address import Address
from backprop_tui.export.jsonl import exact
from backprop_tui.formula.values.element import Shape

MOST = 100  # numbers of an array that are named one by one


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
            "causes": [cause.record for cause in finding.causes],
            "off": [_element(finding, at) for at in finding.off[:MOST]],
        }
        yield encode(row).decode()
    causes = [cause.record for cause in sorted(audit.causes, key=lambda cause: -cause.bits)]
    yield encode({"type": "end", **audit.counts, "causes": causes}).decode()


def _element(finding: Finding, at: Shape) -> dict[str, Any]:
    """A number that does not agree: where it is, what it should be, and what is there."""
    published = finding.published
    return {
        "at": str(Address(published.name, published.at or at)),
        "published": exact(finding.printed[at]),
        "computed": exact(finding.computed[at]),
        "verdict": str(finding.verdicts[at]),
    }


FORMATS: dict[str, Callable[..., Iterator[str]]] = {"text": text, "jsonl": jsonl}
