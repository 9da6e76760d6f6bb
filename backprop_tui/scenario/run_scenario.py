"""Running a scenario from its start."""

from collections.abc import Iterator

from backprop_tui.engine.program import run_program
from backprop_tui.engine.program.count import count_of
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.program import Program
from backprop_tui.scenario.load import Wanted, load


def run(scenario: Wanted, iterations: int | None = None) -> Iterator[Event]:
    """One event per operation, for `iterations` iterations or, without that, as many as the scenario says.

    An iteration is computed when the first of its values is looked at. Raises what `load` does, and ValueError for a
    negative number.
    """
    wanted = load(scenario)
    count = wanted.iterations if iterations is None else count_of("iterations", iterations)
    return run_program.run(Program.of(wanted.network), count)
