"""Showing the file of a scenario, or its layers as formulas."""

import argparse

from backprop_tui.commands import FINE, fail
from backprop_tui.commands.loaded_scenario import loaded
from backprop_tui.scenario.format.problem import quote


def show(arguments: argparse.Namespace) -> int:
    """Print a scenario as it is written, or as the file of a model."""
    scenario = loaded(arguments.scenario, arguments.changes)
    if not arguments.as_model:
        if scenario.path is None or scenario.changes:
            return fail("only a file can be shown as it is written; --as-model writes one")
        print(scenario.path.read_text("utf-8"), end="")
        return FINE
    from backprop_tui.export.model_file import model_file

    try:
        text = model_file(scenario)
    except ValueError as error:
        return fail(f"{quote(scenario.name)} {error}")
    print(text, end="")
    return FINE
