"""Scenarios to step through, and what a debugger shows of them."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
import numpy as np
from hypothesis import strategies as st

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.engine.tables.losses import LOSSES
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.scenario import Scenario, load, run
from tests.engine.networks import REDUCTIONS, Case, outputs
from tests.engine.options import SCHEDULES, on


def article(iterations: int = 1) -> Scenario:
    """The article, trained for so many iterations."""
    return msgspec.structs.replace(load("article"), iterations=iterations)


def training(network: Network, iterations: int = 1) -> Scenario:
    """A scenario of a network, from no file."""
    return Scenario("test", None, "test", b"", "A test", "", network, iterations)


@st.composite
def _updates_of(draw: st.DrawFn) -> dict[str, Any]:
    """An optimizer with some of its settings, a schedule, a way of clipping; or nothing but SGD."""
    name = draw(st.sampled_from(["sgd", *sorted(OPTIMIZERS)]))
    settings = {
        key: on(key, setting)
        for key, setting in OPTIMIZERS[name].settings.items()
        if key != "dampening" and draw(st.booleans())
    }
    if "nesterov" in settings:
        settings["momentum"] = 0.9
    schedule = draw(st.sampled_from([None, None, *SCHEDULES.items()]))
    clip = draw(st.sampled_from([None, None, ("norm", 0.5), ("value", 0.05)]))
    return {"optimizer": name, "settings": {"learning_rate": 0.1, **settings}, "schedule": schedule, "clip": clip}


_updates = _updates_of()


@st.composite
def _cases(draw: st.DrawFn) -> Scenario:
    loss = draw(st.sampled_from(sorted(LOSSES)))
    hidden = draw(st.lists(st.sampled_from(sorted(ACTIVATIONS)), max_size=3))
    output = draw(st.sampled_from(outputs(LOSSES[loss])))
    activations = (*hidden, output)
    units = tuple(draw(st.integers(1, 3)) for _ in activations)
    reduction, batch = draw(st.sampled_from(REDUCTIONS)), draw(st.integers(1, 3))
    norms = tuple(draw(st.sampled_from([None, "layer", *(["batch"] if batch > 1 else [])])) for _ in activations)
    dropouts = tuple(draw(st.sampled_from([0.0, 0.5])) for _ in hidden)
    size = draw(st.sampled_from([None, *range(1, batch + 1)])) if "batch" not in norms else None
    case = Case(activations, loss, reduction, batch, units, draw(st.integers(0, 9)), norms, dropouts, size)
    return training(msgspec.structs.replace(case.network(), **draw(_updates)), draw(st.integers(1, 4)))


scenarios: st.SearchStrategy[Scenario] = _cases()


def forgetful(scenario: Scenario) -> Debugger:
    """A debugger whose timeline keeps next to nothing, so that most moves replay."""
    debugger = Debugger(scenario)
    debugger.cursor.timeline = Timeline(debugger.program, recent_bytes=1, checkpoint_bytes=1)
    debugger.timeline.store.stride = 2
    return debugger


def bits(value: Any) -> tuple[tuple[int, ...], bytes]:
    """A value to the last bit."""
    array = np.asarray(value)
    return array.shape, array.tobytes()


class State(NamedTuple):
    """All that can be seen at a step."""

    step: int
    position: str
    iteration: int
    place: int
    values: dict[str, tuple[tuple[int, ...], bytes]]
    written: tuple[str, tuple[tuple[int, ...], bytes]] | None


def state(debugger: Debugger) -> State:
    """What a debugger shows now."""
    event = debugger.event
    return State(
        debugger.step,
        debugger.position,
        debugger.iteration,
        debugger.index,
        {name: bits(debugger[name]) for name in debugger.program.shapes if exists(debugger, name)},
        (event.name, bits(event.value)) if event else None,
    )


def exists(debugger: Debugger, name: str) -> bool:
    """Whether a variable has a value now."""
    try:
        debugger[name]
    except KeyError:
        return False
    return True


class Now(NamedTuple):
    """What a reader of the events alone would say that there is after one of them."""

    event: Event
    values: dict[str, Any]


def followed(scenario: Scenario, iterations: int) -> Iterator[Now]:
    """The events of a run, each with the variables that have a value after it.

    The data enters with an iteration's first operation; of what an iteration computed, only parameters and slots
    outlive it.
    """
    program = Program.of(scenario.network)
    survivors = program.start.keys() - program.constants.keys()
    values: dict[str, Any] = {}
    for event in run(scenario, iterations):
        if event.name == "z1":
            entering = program.constants | program.entering(event.iteration)
            values = entering | {name: values.get(name, program.start[name]) for name in survivors}
        values = values | {event.name: event.value}
        yield Now(event, values)
