"""A run as JSON lines: a scenario object, one per operation, an end, values exact to the last bit."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import msgspec
import numpy as np

from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.program import Program
from backprop_tui.scenario import Scenario

FORMAT = 1


def lines(scenario: Scenario, program: Program, events: Iterable[Event], stages: Collection[str]) -> Iterator[str]:
    """The scenario, every operation of these stages, and the end with the final parameters."""
    encode = msgspec.json.Encoder().encode
    parameters = {name: program.start[name] for name in program.parameters}
    yield encode(
        {"type": "scenario", "format": FORMAT, "title": scenario.title, "parameters": _exact_all(parameters)}
    ).decode()
    iteration = step = 0
    for event in events:
        iteration, step = event.iteration, event.step
        if event.name in parameters:
            parameters[event.name] = event.value
        if event.stage in stages:
            yield encode(_operation(event)).decode()
    yield encode({"type": "end", "iterations": iteration, "steps": step, "parameters": _exact_all(parameters)}).decode()


def _operation(event: Event) -> dict[str, Any]:
    return {
        "type": "operation",
        "step": event.step,
        "iteration": event.iteration,
        "stage": event.stage,
        "name": event.name,
        "symbol": event.symbol,
        "formula": event.formula,
        **({"computed_as": event.operation.computed_as} if event.operation.stable else {}),
        "reads": event.reads,
        "shape": event.value.shape,
        "value": exact(event.value),
    }


def _exact_all(values: dict[str, Any]) -> dict[str, Any]:
    return {name: exact(value) for name, value in values.items()}


def exact(value: Any) -> Any:
    """An array as nested lists of floats that read back exactly; what is not finite as "nan", "inf" or "-inf"."""
    if np.isfinite(value).all():
        return value.tolist()
    if value.ndim:
        return [exact(row) for row in value]
    return str(float(value))
