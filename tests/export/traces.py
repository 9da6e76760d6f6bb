"""Traces in one piece."""

from collections.abc import Collection
from importlib import import_module
from pathlib import Path

from backprop_tui.engine.machine import run
from backprop_tui.engine.program import Program
from backprop_tui.scenario import Scenario, parse

VALID = sorted((Path(__file__).parents[1] / "data" / "valid").glob("*.toml"))

# z = w x with w = 2 and x = 1, and a step that is far too large: w becomes −inf, then nan.
DIVERGING = b"""
format = 1
network = { inputs = 1, layers = [{ activation = "identity", weights = [[2e3]], bias = [0] }] }
data = { x = [1], y = [0] }
loss = { name = "half-squared-error" }
optimizer = { name = "sgd", learning_rate = 1e308 }
training = { iterations = 2 }
"""


def diverging() -> Scenario:
    """One that leaves the finite numbers in its first update."""
    return parse(DIVERGING, "diverging.toml")


def trace(scenario: Scenario, form: str, iterations: int | None = None, stages: Collection[str] = ()) -> list[str]:
    """The lines of a trace."""
    program = Program(scenario.network)
    events = run(program, iterations or scenario.iterations)
    lines = import_module(f"backprop_tui.export.{form}").lines(scenario, program, events, stages or program.stages)
    return list(lines)
