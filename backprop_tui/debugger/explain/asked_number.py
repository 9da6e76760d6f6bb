"""Which number somebody means who names an address at a moment, and what explains it."""

import numpy as np

from backprop_tui.debugger.basics.address import Address, read_address
from backprop_tui.debugger.basics.moment import Moment
from backprop_tui.debugger.basics.value_now import not_yet
from backprop_tui.debugger.explain.explanation import Explanation, explain
from backprop_tui.debugger.explain.origin import History, Spot
from backprop_tui.debugger.explain.touches import Touch, touches
from backprop_tui.formula.language.tree import ExpressionError
from backprop_tui.formula.writing.symbols import beyond


def asked(moment: Moment, address: str | Address) -> Explanation:
    """Where a number comes from, as it is at a moment. Raises ExpressionError where it has no value there."""
    return explain(History(moment.scenario, moment.timeline), spot_of(moment, address))


def touched(moment: Moment, address: str | Address) -> Touch:
    """What a number touches, as it is at a moment. Raises ExpressionError where it has no value there."""
    return touches(History(moment.scenario, moment.timeline), spot_of(moment, address))


def spot_of(moment: Moment, address: str | Address) -> Spot:
    """The number that lies at an address now. Raises ExpressionError where there is none."""
    found = read_address(address, moment.program.symbols) if isinstance(address, str) else address
    value = moment.value(found.name) if found.name in moment.program.shapes else None
    if value is None:
        raise ExpressionError(not_yet(found.name, moment.program, moment.timeline, moment.iteration))
    if len(found.at) != np.ndim(value) or any(i >= n for i, n in zip(found.at, np.shape(value), strict=True)):
        raise ExpressionError(beyond(found.name, np.shape(value)))
    index = moment.index
    if moment.missing is not None and moment.operation is not None and moment.operation.name == found.name:
        if moment.is_missing(found):
            raise ExpressionError(f"{found} is not computed yet")
        index -= bool(moment.missing[found.at])  # an update that has not reached it yet: it has its old value
    key = moment.program.key(found.name, index)
    return Spot(moment.iteration, key or found.name, found.at)
