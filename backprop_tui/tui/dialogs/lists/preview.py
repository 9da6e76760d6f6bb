"""What a scenario is, in a few lines: its network, its data, what its source printed, the first of its notes."""

from functools import lru_cache

from backprop_tui.engine.tables.losses import LOSSES
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.scenario import Scenario, ScenarioError, load
from backprop_tui.scenario.format.number_layout import plural


@lru_cache(maxsize=64)
def preview(name: str) -> tuple[str, ...]:
    """Lines about a bundled scenario, to be wrapped; empty where it cannot be read."""
    try:
        scenario = load(name)
    except ScenarioError:
        return ()
    note = scenario.notes[0].text if scenario.notes else ""
    return tuple(line for line in (_facts(scenario), scenario.source, note) if line)


def _facts(scenario: Scenario) -> str:
    """`3-2-1, ReLU and sigmoid, BCE, SGD η 0.1: 1 sample, 1 iteration; its source printed 22 numbers`."""
    network = scenario.network
    units = "-".join(map(str, (network.x.shape[0], *(layer.units for layer in network.layers))))
    functions = " and ".join(dict.fromkeys(layer.activation for layer in network.layers))
    loss, optimizer = LOSSES[network.loss], OPTIMIZERS[network.optimizer]
    rate = network.chosen.get("learning_rate")
    eta = f" η {rate:g}" if isinstance(rate, float) else ""
    counts = f"{plural(network.x.shape[1], 'sample')}, {plural(scenario.iterations, 'iteration')}"
    printed = sum(published.claims.size for published in scenario.published)
    rest = f"; its source printed {plural(printed, 'number')}" if printed else ""
    trained = f"{optimizer.short or optimizer.name}{eta}"
    return f"{units}, {functions}, {loss.short or loss.name}, {trained}: {counts}{rest}"
