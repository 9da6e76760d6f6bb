"""What rows of the lessons are made of: words of a note, and functions that recompute them."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from msgspec.structs import replace

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.scenario import load


class Says(NamedTuple):
    """Words of the note at a position, and what holds them to it."""

    at: str
    words: str
    found: Callable[[Debugger], Any]


def value(name: str, *at: int) -> Callable[[Debugger], Any]:
    """A scalar at the note's position; without indices, a variable that is one number."""
    return lambda d: np.asarray(d[name])[at].item()


def other(position: str, name: str, *at: int) -> Callable[[Debugger], Any]:
    """A scalar at another position of the run."""

    def found(debugger: Debugger) -> Any:
        debugger.seek(position)
        return value(name, *at)(debugger)

    return found


def instead(position: str, name: str, *at: int, **changes: Any) -> Callable[[Debugger], Any]:
    """A scalar in the same run of a network with something changed."""

    def found(debugger: Debugger) -> Any:
        network = replace(debugger.scenario.network, **changes)
        return other(position, name, *at)(Debugger(replace(debugger.scenario, network=network)))

    return found


def elsewhere(lesson: str, position: str, name: str, *at: int) -> Callable[[Debugger], Any]:
    """A scalar of another lesson."""
    return lambda _: other(position, name, *at)(Debugger(load(lesson)))


def moved(debugger: Debugger, name: str) -> float:
    """How far a parameter has come from where it started, at the most."""
    return float(np.abs(debugger[name] - debugger.program.parameters[name]).max())
