"""Auditing the values that a source printed."""

import argparse
import shutil
import sys

from backprop_tui.commands import FINE, FOUND, WRONG
from backprop_tui.commands.loaded_scenario import BEFORE
from backprop_tui.debugger.audit.audit import check as audited
from backprop_tui.export.audit_formats import FORMATS
from backprop_tui.scenario import ScenarioError, load


def check(arguments: argparse.Namespace) -> int:
    """Print a table or JSON lines; the exit status is 1 if something does not agree."""
    status = FINE
    for place, name in enumerate(arguments.scenario):
        try:
            audit = audited(load(name, arguments.changes or (), before=BEFORE))
        except ScenarioError as error:
            print(error, file=sys.stderr)
            status = WRONG
            continue
        if place and arguments.format == "text":
            print()
        room = {} if arguments.format == "jsonl" else {"width": _width()}
        for line in FORMATS[arguments.format](audit, **room):
            print(line)
        status = status or (FINE if audit.agrees else FOUND)
    return status


def _width() -> int | None:
    """The number of cells in a line of the terminal; None if the output goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None
