"""A run as Markdown: a table per stage, for notes, issues and web pages."""

import re
from collections.abc import Collection, Iterable, Iterator

from backprop_tui.engine.event import Event
from backprop_tui.engine.program import Program
from backprop_tui.export.stages import heading
from backprop_tui.export.text import DIGITS
from backprop_tui.formula.numbers import format_array
from backprop_tui.scenario import Scenario

SIGNS = re.compile(r"([\\`*_{}\[\]<>()#+!|~-])")  # that mean something in Markdown


def lines(scenario: Scenario, program: Program, events: Iterable[Event], stages: Collection[str]) -> Iterator[str]:
    """The scenario's title and source, then the operations of these stages, each stage under a heading."""
    yield f"# {plain(scenario.title)}"
    if scenario.source:
        yield f"\n{plain(scenario.source)}"
    iteration, stage = 0, ""
    for event in events:
        if event.stage not in stages:
            continue
        if iteration != event.iteration:
            iteration, stage = event.iteration, ""
            yield f"\n## Iteration {iteration}"
        if stage != event.stage:
            stage = event.stage
            yield f"\n### {heading(stage, program.symbols)}\n\n| step | operation | value |\n| ---: | --- | --- |"
        formula = f"{event.symbol} = {event.formula}".replace("|", "\\|")  # in a table, within code too
        yield f"| {event.step} | `{formula}` | {format_array(event.value, DIGITS, minus='-')} |"


def plain(text: str) -> str:
    """Text in which nothing is markup."""
    return SIGNS.sub(r"\\\1", text)
