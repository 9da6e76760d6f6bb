"""Running a scenario from its start."""

from collections.abc import Iterator

from backprop_tui.engine.program import run_program
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.program import Program
from backprop_tui.scenario.load import Wanted, load


def run(scenario: Wanted, iterations: int | None = None) -> Iterator[Event]:
    """One event per operation, for `iterations` iterations or, without that, as many as the scenario says.

    An iteration is computed when the first of its values is looked at. Raises what `load` does.
    """
    wanted = load(scenario)
    return run_program.run(Program.of(wanted.network), wanted.iterations if iterations is None else iterations)
