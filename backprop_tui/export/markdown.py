"""A run as Markdown: a table per stage, for handouts, notes, issues and web pages."""

import re
from collections.abc import Collection, Iterable, Iterator

from backprop_tui.debugger.basics.notation import heading
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.program import Program
from backprop_tui.export.handout import Form, Handout
from backprop_tui.scenario import Scenario

# What has a meaning in Markdown, anywhere or at the start of a line; a number with a full stop starts a list.
SIGNS = re.compile(r"([\\`*_\[\]<>|~&]|^[#+-]|(?<=\d)\.(?=\s|$))")


def lines(
    scenario: Scenario,
    program: Program,
    events: Iterable[Event],
    stages: Collection[str],
    form: Form = Form(),  # noqa: B008 - it is frozen
) -> Iterator[str]:
    """The scenario's title and source and what is given, then the operations of these stages, each stage under a
    heading; remarks on them stand below their table.
    """
    handout = Handout(scenario, program, form)
    yield f"# {plain(scenario.title)}"
    if scenario.credit:
        yield f"\n{_credit(scenario)}"
    yield "\nGiven:\n"
    yield from map(_item, handout.given())
    iteration, stage = 0, ""
    below: list[str] = []  # what is to be said once the table is complete
    for event in events:
        if event.stage not in stages:
            continue
        if (iteration, stage) != (event.iteration, event.stage):
            yield from below
            below.clear()
        if iteration != event.iteration:
            iteration, stage = event.iteration, ""
            yield f"\n## Iteration {iteration}"
            entering = [*map(_item, handout.entering(event))]
            yield from ["", *entering] if entering else ()
        if stage != event.stage:
            stage = event.stage
            yield f"\n### {heading(stage, program)}\n\n| step | operation | value |\n| ---: | --- | --- |"
        yield f"| {event.step} | {_code(f'{event.symbol} = {event.formula}')} | {handout.value(event.value)} |"
        below += (f"\n{_code(event.symbol)}: {plain(said)}" for said in handout.remarks(event))
        below += (f"\n> {_code(event.symbol)}: {plain(note)}" for note in handout.notes(event))
        if ending := handout.ending(event):
            below.append(f"\n{plain(ending)}")
    yield from below


def plain(text: str) -> str:
    """Text in which nothing is markup."""
    return SIGNS.sub(r"\\\1", text)


def _credit(scenario: Scenario) -> str:
    address = scenario.url.replace("&", "&amp;")
    return f"[{plain(scenario.source or scenario.url)}](<{address}>)" if address else plain(scenario.source)


def _item(text: str) -> str:
    return f"- `{text}`"


def _code(text: str) -> str:
    """Code in a table, where a bar has a meaning even within code."""
    return "`" + text.replace("|", "\\|") + "`"
