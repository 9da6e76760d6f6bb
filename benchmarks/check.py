"""The audit of the article as a command, against the trace of it: most of both is the start of Python and NumPy."""

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from time import perf_counter
from typing import Any

import msgspec
import numpy as np

from backprop_tui.debugger.audit.audit import check
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.program import Program
from benchmarks.comparison import Comparison, Measure, paired, timed
from tests.debugger.mistakes.diagnosis.sources import audited, published
from tests.debugger.scenarios import training
from tests.engine.networks import Case, article

FAR = 10_001
MOST = 5  # pairs: each is a second or more
OURS = (sys.executable, "-m", "backprop_tui")


def against_trace(pairs: int) -> Iterator[Comparison]:
    """Both as whole processes, of a scenario with two roots and of one whose root takes a second iteration."""
    for name in ("article", "mazur"):
        yield paired(
            f"check {name}, whole process",
            _command("check", name),
            "trace",
            _command("trace", name),
            pairs=pairs,
            bar=2,
        )


def within_limits(pairs: int) -> Iterator[Comparison]:
    """The search for causes against the seconds that somebody waits: where nothing explains what is wrong, so that all
    is tried, pairs included; with many numbers; and far on in a run.
    """
    layers = Case(("tanh", "softmax"), "categorical-cross-entropy", batch=32, units=(32, 10))
    wide = Case(("tanh", "softmax"), "categorical-cross-entropy", batch=16, units=(2000, 10))
    far = training(article(), FAR)
    lone = msgspec.structs.replace(far, published=published({("L", FAR): np.array(0.00123)}, 5))
    for what, work, seconds in (
        ("check of 4 arrays, nothing explains them", lambda: audited(*_unexplained(layers, 64)), 5.0),
        ("check of 25,000 numbers, all wrong", lambda: str(audited(*_unexplained(wide, 3))), 3.0),
        (f"check of a wrong number in iteration {FAR:,}", lambda: check(lone), 2.0),
    ):
        yield paired(what, timed(work), "allowed", partial(float, seconds), pairs=min(pairs, MOST), bar=1)


def _unexplained(case: Case, inputs: int) -> tuple[Network, dict[Any, Any]]:
    """A network, and its gradients with every number wrong in its own way."""
    random = np.random.default_rng(0)
    network = case.network()
    first = msgspec.structs.replace(network.layers[0], weights=random.normal(size=(network.layers[0].units, inputs)))
    x = random.normal(size=(inputs, network.x.shape[1]))
    network = msgspec.structs.replace(network, layers=(first, *network.layers[1:]), x=x)
    program = Program.of(network)
    frame = program.fill(program.first())
    names = ("dL_dW1", "dL_db1", "dL_dW2", "dL_db2")
    return network, {(name, 1): frame[name] * random.uniform(0.5, 2, frame[name].shape) for name in names}


def _command(*words: str) -> Measure:
    def measure() -> float:
        start = perf_counter()
        subprocess.run([*OURS, *words], check=False, stdout=subprocess.DEVNULL)
        return perf_counter() - start

    return measure
