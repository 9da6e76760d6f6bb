"""A run as text: one operation per line, with stage headings; for screen readers, diffs and printers.

Remarks on an operation stand below its line, indented.
"""

from collections.abc import Collection, Iterable, Iterator

from backprop_tui.debugger.basics.notation import heading
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.program import Program
from backprop_tui.export.handout import Form, Handout
from backprop_tui.scenario import Scenario
from backprop_tui.text import wrapped

WIDTH = 100  # columns of prose: they fit on paper, upright, and in most windows
INDENT = 6  # columns, where the operations begin after their steps


def lines(
    scenario: Scenario,
    program: Program,
    events: Iterable[Event],
    stages: Collection[str],
    form: Form = Form(),  # noqa: B008 - it is frozen
) -> Iterator[str]:
    """`step  symbol = formula = value` of these stages, under the scenario's title and what is given."""
    handout = Handout(scenario, program, form)
    yield scenario.title
    if scenario.credit:
        yield scenario.credit
    yield "\ngiven"
    yield from map(_inward, handout.given())
    stage: tuple[int, str] | None = None
    feed = program.feed
    for event in events:
        if event.stage not in stages:
            continue
        if stage != (event.iteration, event.stage):
            begins = stage is None or stage[0] != event.iteration
            stage = (event.iteration, event.stage)
            epoch = f"epoch {feed.epoch(event.iteration)}, " if feed.per_epoch > 1 else ""
            yield f"\n{epoch}iteration {event.iteration}, {heading(event.stage, program)}"
            yield from map(_inward, handout.entering(event) if begins else ())
        yield f"{event.step:>4}  {event.symbol} = {event.formula} = {handout.value(event.value)}"
        notes = (f"note: {note}" for note in handout.notes(event))
        for said in filter(None, (*handout.remarks(event), *notes, handout.ending(event))):
            yield from map(_inward, wrapped(said, WIDTH - INDENT))


def _inward(line: str) -> str:
    return " " * INDENT + line
