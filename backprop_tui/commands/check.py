"""Auditing the values that a source printed, or arrays of one's own."""

import argparse
import shutil
import sys

from backprop_tui.commands import FINE, FOUND, WRONG, fail
from backprop_tui.commands.loaded_scenario import BEFORE
from backprop_tui.debugger.audit.audit import Audit
from backprop_tui.debugger.audit.audit import check as audited
from backprop_tui.export.audit_formats import FORMATS
from backprop_tui.scenario import Scenario, ScenarioError, load


def check(arguments: argparse.Namespace) -> int:
    """Print a table or JSON lines; the exit status is 1 if something does not agree."""
    own = arguments.given is not None or arguments.paste
    if problem := _problem(arguments, own=own):
        return fail(problem)
    status = FINE
    for place, name in enumerate(arguments.scenario):
        try:
            scenario = load(name, arguments.changes or (), before=BEFORE)
            audit = _own(scenario, arguments) if own else audited(scenario)
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


def _problem(arguments: argparse.Namespace, *, own: bool) -> str:
    """What is wrong with the options together; empty if nothing is."""
    if arguments.paste and (arguments.given is not None or "-" in arguments.scenario):
        return "--paste reads standard input, so neither --given nor - can go with it"
    if own and len(arguments.scenario) > 1:
        return "--given and --paste are for one scenario"
    given = [f"--{name}" for name in ("rtol", "atol", "layout") if getattr(arguments, name) is not None]
    if given and not own:
        return f"{given[0]} is for arrays of your own: --given FILE.npz or --paste"
    return ""


def _own(scenario: Scenario, arguments: argparse.Namespace) -> Audit:
    """The audit of arrays of one's own; leaves with a line for each thing that is wrong with them."""
    from backprop_tui.arrays.checking import check_values
    from backprop_tui.arrays.given_error import GivenError
    from backprop_tui.arrays.given_values import values_of
    from backprop_tui.arrays.pasted import pasted_values
    from backprop_tui.arrays.placing import SAY, layout_of
    from backprop_tui.scenario.printed_number import Stated

    try:
        values = pasted_values(sys.stdin.read()) if arguments.paste else values_of(arguments.given)
        stated = Stated(None, arguments.rtol, arguments.atol)
        return check_values(scenario, values, stated, layout_of(arguments.layout), arguments.iteration)
    except GivenError as error:
        print(str(error).replace(SAY, "say --layout rows or --layout columns"), file=sys.stderr)
        raise SystemExit(WRONG) from None
    except UnicodeDecodeError:
        print("standard input is not UTF-8", file=sys.stderr)
        raise SystemExit(WRONG) from None


def _width() -> int | None:
    """The number of cells in a line of the terminal; None if the output goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None
