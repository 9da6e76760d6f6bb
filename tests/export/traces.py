"""Traces in one piece."""

from collections.abc import Collection
from importlib import import_module
from pathlib import Path
from typing import Any

from backprop_tui.commands.trace import FORMATS
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.program.run_program import run
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


# a sigmoid so far out that ŷ is 1 to the last bit, where 0 is wanted
SATURATED = b"""
format = 1
network = { inputs = 1, layers = [{ activation = "sigmoid", weights = [[1]], bias = [0] }] }
data = { x = [50], y = 0 }
loss = { name = "binary-cross-entropy" }
optimizer = { name = "sgd", learning_rate = 0.1 }
"""


def saturated() -> Scenario:
    """One whose ∂L/∂ŷ is infinite and whose δ₁ is not."""
    return parse(SATURATED, "saturated.toml")


def diverging() -> Scenario:
    """One that leaves the finite numbers in its first update."""
    return parse(DIVERGING, "diverging.toml")


def trace(
    scenario: Scenario,
    form: str,
    iterations: int | None = None,
    stages: Collection[str] = (),
    *more: Any,
    program: Program | None = None,
) -> list[str]:
    """The lines of a trace; `more` is how a format for people writes numbers."""
    program = program or Program.of(scenario.network)
    events = run(program, iterations or scenario.iterations)
    lines = import_module(FORMATS[form]).lines
    return list(lines(scenario, program, events, stages or program.stages, *more))
