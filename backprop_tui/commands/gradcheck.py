"""Comparing every gradient with finite differences."""

import argparse

from backprop_tui.commands import FINE, FOUND
from backprop_tui.commands.loaded_scenario import loaded
from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.explain.gradient_check import gradcheck as checks
from backprop_tui.debugger.explain.gradient_check_text import summary
from backprop_tui.engine.program.program import Program


def gradcheck(arguments: argparse.Namespace) -> int:
    """Print a line for each gradient; the exit status is 1 if one disagrees."""
    status = FINE
    for scenario in [loaded(name, arguments.changes) for name in arguments.scenario]:
        program = Program.of(scenario.network)
        found = checks(scenario, arguments.iteration, every=arguments.every)
        print(f"{scenario.title}\niteration {arguments.iteration}, central differences of L")
        for line in summary(found, Writing(program.symbols, digits=10, hyphen=True), program):
            print(line)
        if not all(check.agrees for check in found):
            status = FOUND
    return status
