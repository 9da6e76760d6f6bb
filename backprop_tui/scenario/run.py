"""Running a scenario from its start."""

from collections.abc import Iterator

from backprop_tui.engine import machine
from backprop_tui.engine.event import Event
from backprop_tui.engine.program import Program
from backprop_tui.scenario.scenario import Scenario


def run(scenario: Scenario, iterations: int | None = None) -> Iterator[Event]:
    """One event per operation, for as many iterations as asked for, or as the scenario says."""
    return machine.run(Program(scenario.network), scenario.iterations if iterations is None else iterations)
