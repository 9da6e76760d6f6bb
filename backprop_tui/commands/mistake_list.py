"""Listing the classic mistakes."""

import argparse

from backprop_tui.commands import FINE
from backprop_tui.commands.loaded_scenario import loaded
from backprop_tui.engine.mistakes.mistaken_program import possible
from backprop_tui.engine.mistakes.mistakes import ROWS
from backprop_tui.engine.program.program import Program


def mistakes(arguments: argparse.Namespace) -> int:
    """Print the name of every mistake and what is done; with a scenario, of those that can be made in it."""
    if arguments.scenario is None:
        found = [(row.name, row.in_general) for row in ROWS]
    else:
        program = Program.of(loaded(arguments.scenario, arguments.changes).network)
        found = [(slip.mistake.name, slip.when(program)) for slip in possible(program)]
    width = max(len(name) for name, _ in found)
    for name, said in found:
        print(f"{name:<{width}}  {said}")
    return FINE
