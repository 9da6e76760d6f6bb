"""Running a scenario from its start."""

from collections.abc import Iterator

from backprop_tui.engine.program import run_program
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.program import Program
from backprop_tui.scenario.scenario import Scenario


def run(scenario: Scenario, iterations: int | None = None) -> Iterator[Event]:
    """One event per operation, for as many iterations as asked for, or as the scenario says."""
    return run_program.run(Program.of(scenario.network), scenario.iterations if iterations is None else iterations)
