"""The audit as HTML, for notebooks: the table and the sentences of its text, every text escaped, no style sheet."""

from collections.abc import Iterator
from html import escape

from backprop_tui.debugger.audit.audit import Audit
from backprop_tui.debugger.audit.audit_text import HEADER, chosen, elements, header, left_out, row, sentences
from backprop_tui.debugger.audit.beginning import beginning, in_order
from backprop_tui.debugger.basics.printed_values import AGREES, CARRIED_OVER, CUT_OFF, SIGNS, WRONG

# readable on light and on dark paper
COLOURS = {AGREES: "#2e8b57", CUT_OFF: "#b8860b", CARRIED_OVER: "#b8860b", WRONG: "#d9363e"}


def html(audit: Audit) -> str:
    """A table with a row per published value, what there is to say of them, and the counts."""
    return "".join(_parts(audit))


def _parts(audit: Audit) -> Iterator[str]:
    symbols, findings = audit.timeline.program.symbols, list(audit)
    if not findings:
        yield f"<div><b>{escape(audit.scenario.title)}</b>: nothing is published in it</div>"
        return
    yield f"<div><p>{escape(beginning(audit))}</p><p><b>{escape(audit.scenario.title)}</b></p>"
    several = len({finding.published.iteration for finding in findings}) > 1
    kept = [place for place in range(len(HEADER)) if place != 1 or several]
    names, listed = header(findings), chosen(findings)
    yield f"<table><thead><tr>{''.join(f'<th>{names[place]}</th>' for place in kept)}</tr></thead><tbody>"
    for finding in listed:
        cells = row(finding, symbols)
        colour = COLOURS[finding.worst]
        yield "<tr>"
        for place in kept:
            style = f' style="color: {colour}"' if HEADER[place] == "verdict" else ""
            yield f"<td{style}>{'<br>'.join(map(escape, cells[place]))}</td>"
        yield "</tr>"
    yield f"</tbody></table><p>{escape(left_out(findings, listed))}</p>"
    for verdict, said in elements(in_order(audit), symbols, several=several):
        sign = SIGNS[verdict][0] if verdict else "…"
        yield f'<div style="color: {COLOURS.get(verdict, "inherit")}">{sign} {escape(said)}</div>'
    yield from (f"<p>{escape(sentence)}</p>" for sentence in [*audit.notes, *sentences(findings)])
    counts = ", ".join(f"{count:,} {word}" for word, count in audit.in_words().items())
    yield f"<p>{escape(counts)}</p></div>"
