"""Seeks at random in a long run, against replaying what lies between two checkpoints; and what memory it takes."""

import random
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.timeline.timeline import Timeline
from benchmarks import networks
from benchmarks.comparison import Comparison

ITERATIONS = 10_000
FEW = 2_000  # of a quick run
REPLAYED = 32
SEEKS = 300
EVERY_SEEK = 1e-3  # seconds that one may take on the article
SLACK = 50e-3  # by which the worst may exceed the replay on the large network
MEGABYTES = 350  # above the start

# what, network, the seconds that the worst may take where the bar is not that of the replay and the slack
RUNS: tuple[tuple[str, Network, float | None], ...] = (
    ("3-2-1", networks.article(), EVERY_SEEK),
    ("784-128-10, batch 64", networks.deep(784, 128, 10, batch=64), None),
)


def at_random(pairs: int) -> Iterator[Comparison]:
    """The worst of many seeks, each to an operation drawn at random, and the memory; a row each."""
    iterations = FEW if pairs < SEEKS else ITERATIONS
    for what, network, most in RUNS:
        before = _resident()
        timeline = Timeline(Program.of(network))
        for _ in timeline.reach(iterations):
            pass
        draw = random.Random(1)
        replay = _replay(timeline)
        limit = most or replay + SLACK
        taken = [_seek(timeline, draw.randrange(1, iterations * timeline.length)) for _ in range(pairs)]
        memory = (_resident() - before) / 1e6
        yield _row(f"{what}: worst of {pairs} seeks in {iterations:,}", max(taken), limit, "may take")
        yield _row(f"{what}: memory, MB as s", memory, float(MEGABYTES), "MB as s")


def _row(what: str, ours: float, limit: float, rival: str) -> Comparison:
    return Comparison(what, rival, (ours, ours), (limit, limit), 1.0)


def _seek(timeline: Timeline, step: int) -> float:
    start = perf_counter()
    timeline.event(step)
    return perf_counter() - start


def _replay(timeline: Timeline) -> float:
    """Seconds for as many iterations as lie between two checkpoints, from the start."""
    program = timeline.program
    start = perf_counter()
    frame = program.fill(program.first())
    for _ in range(REPLAYED - 1):
        frame = program.fill(program.following(frame))
    return perf_counter() - start


def _resident() -> float:
    """Bytes of memory in use, on Linux."""
    status = Path("/proc/self/status").read_text("ascii")
    return 1024 * float(status.split("VmRSS:")[1].split()[0])
