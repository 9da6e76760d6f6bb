"""A run as text: an operation a line, stage headings between; what a screen reader or a diff gets."""

from collections.abc import Collection, Iterable, Iterator

from backprop_tui.engine.event import Event
from backprop_tui.engine.program import Program
from backprop_tui.export.stages import heading
from backprop_tui.formula.numbers import format_array
from backprop_tui.scenario import Scenario

DIGITS = 10


def lines(scenario: Scenario, program: Program, events: Iterable[Event], stages: Collection[str]) -> Iterator[str]:
    """`step  symbol = formula = value` of these stages, under the scenario's title."""
    yield scenario.title
    stage: tuple[int, str] | None = None
    feed = program.feed
    for event in events:
        if event.stage not in stages:
            continue
        if stage != (event.iteration, event.stage):
            stage = (event.iteration, event.stage)
            epoch = f"epoch {feed.epoch(event.iteration)}, " if feed.per_epoch > 1 else ""
            yield f"\n{epoch}iteration {event.iteration}, {heading(event.stage, program.symbols)}"
        value = format_array(event.value, DIGITS, minus="-")
        yield f"{event.step:>4}  {event.symbol} = {event.formula} = {value}"
