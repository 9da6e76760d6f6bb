"""Continuing with conditional breakpoints and history on against the engine alone; going back to a change."""

from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from backprop_tui.debugger.debugger import Debugger
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.program import Program
from backprop_tui.scenario import Scenario, load
from benchmarks import networks
from benchmarks.comparison import Comparison, paired, timed
from benchmarks.engine import events

# at an operation, where: none of them ever stops
CONDITIONS = (
    ("delta1", "abs(delta1).max() > 1e6"),
    ("L", "loss < -1"),
    ("W1", "W1[0,1] > 1e6 or not isfinite(loss)"),
)
# what, network, iterations a measure, bar
NETWORKS = (
    ("3-2-1", networks.article(), 1000, 2.0),
    ("784-128-10, batch 64", networks.deep(784, 128, 10, batch=64), 100, 1.2),
)
LONG = 10_000  # iterations
ALLOWED = 0.050  # seconds


def continuing(pairs: int) -> Iterator[Comparison]:
    """From step 0 over so many iterations, nothing computed before."""
    for what, network, iterations, bar in NETWORKS:
        program = Program.of(network)
        other = timed(partial(events, program, iterations), iterations)
        ours = partial(_continue, network, iterations)
        name = f"{what}: continue, three conditions"
        yield paired(name, ours, "bare engine", other, pairs=pairs, bar=bar)


def going_back(pairs: int) -> Iterator[Comparison]:
    """Over the whole of a long run: the value changed nowhere, or was changed at its start only."""
    debugger = Debugger(replace(load("article"), iterations=LONG))
    debugger.resume()
    debugger.seek(debugger.last_step)
    for address in ("W1[0,1]", "dead units"):
        debugger.breakpoints.clear()
        debugger.breakpoints.add_change(address)
        ours = timed(partial(debugger.travel.target, back=True))
        what = f"article, {LONG:,} iterations: back to {address}"
        yield paired(what, ours, "allowed", lambda: ALLOWED, pairs=pairs, bar=1.0)
    what = f"article, {LONG:,} iterations: who changed W1[0,1]?"
    yield paired(what, timed(partial(debugger.last_change, "W1[0,1]")), "allowed", lambda: ALLOWED, pairs=pairs, bar=1)


def _continue(network: Network, iterations: int) -> float:
    """Seconds an iteration; a debugger is another thing."""
    debugger = Debugger(Scenario("bench", None, "bench", b"", "", "", network, iterations))
    for name, when in CONDITIONS:
        debugger.breakpoints.add(name, when=when)

    def resume() -> None:
        assert debugger.resume().reason == "end"

    return timed(resume, iterations)()
