"""Printing where a number comes from."""

import argparse

from backprop_tui.commands import FINE, fail
from backprop_tui.commands.loaded_scenario import loaded
from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.basics.position import PositionError
from backprop_tui.debugger.console.number_listing import listed
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.explain.explanation_text import paths, touched, tree
from backprop_tui.debugger.expressions.find_by_value import Sought, ValueSearch
from backprop_tui.formula.language.tree import ExpressionError


def explain(arguments: argparse.Namespace) -> int:
    """Print the tree of what a number comes from, or of what it touches."""
    debugger = Debugger(loaded(arguments.scenario, arguments.changes))
    writing = Writing(debugger.program.symbols, digits=arguments.digits)
    try:
        debugger.seek(arguments.at)
        if (sought := Sought.read(arguments.value)) is not None:
            return _found(ValueSearch(debugger.moment(), sought), writing)
        if arguments.touches:
            lines = [*touched(debugger.touches(arguments.value), writing)]
        else:
            explanation = debugger.explain(arguments.value)
            found = explanation.paths
            lines = [*tree(explanation, writing, arguments.depth), *(paths(found, writing) if found else ())]
    except (ExpressionError, PositionError) as error:
        return fail(str(error))
    print("\n".join(lines))
    return FINE


def _found(search: ValueSearch, writing: Writing) -> int:
    """Print every number that reads so."""
    for _ in search.slices():
        pass
    lines = listed(search, writing)
    if not lines:
        return fail(search.nothing)
    print("\n".join(lines))
    return FINE
