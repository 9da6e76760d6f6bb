"""What a scenario is, in a few lines: its network, its data, what its source printed, the first of its notes."""

from functools import lru_cache

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
    """`3-2-1 relu, sigmoid: 1 sample, 1 iteration; its source printed 20 numbers`."""
    network = scenario.network
    counts = f"{plural(network.feed.total, 'sample')}, {plural(scenario.iterations, 'iteration')}"
    printed = sum(published.claims.size for published in scenario.published)
    rest = f"; its source printed {plural(printed, 'number')}" if printed else ""
    return f"{network.outline}: {counts}{rest}"
