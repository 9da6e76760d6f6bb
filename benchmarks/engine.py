"""The engine, through `run` as a user calls it, against others that train the same network."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.program.run_program import run
from benchmarks import by_hand, networks
from benchmarks.comparison import Comparison, Measure, paired, timed

Trainer = Callable[[Network, list[np.ndarray], int], float]

# what, network, how it is trained by hand, iterations a measure, bar
NETWORKS = (
    ("3-2-1", networks.article(), by_hand.article, 200, 1.5),
    ("784-128-10, batch 64", networks.deep(784, 128, 10, batch=64), by_hand.deep, 10, 1.10),
    ("784-512-512-10, batch 128", networks.deep(784, 512, 512, 10, batch=128), by_hand.deep, 3, 1.10),
)


def against_numpy(pairs: int) -> Iterator[Comparison]:
    """Every event; and the same with every value looked at, which computes what is left out until then."""
    for what, network, train, iterations, bar in NETWORKS:
        program = Program.of(network)
        _assert_same(program, train, iterations)
        other = _by_hand(network, train, iterations)
        for how, work, limit in (("run", events, bar), ("every value read", _values, None)):
            ours = timed(partial(work, program, iterations), iterations)
            yield paired(f"{what}: {how}", ours, "NumPy", other, pairs=pairs, bar=limit)


def events(program: Program, iterations: int) -> None:
    """Every event of so many iterations, and the last one's value."""
    event = None
    for event in run(program, iterations):  # noqa: B007 - one is looked at after the last
        pass
    assert event is not None
    event.value  # noqa: B018 - otherwise the last iteration would not be computed


def last_values(program: Program, iterations: int) -> dict[str, np.ndarray]:
    """What each operation wrote in the last iteration."""
    return {event.name: event.value for event in run(program, iterations) if event.iteration == iterations}


def _values(program: Program, iterations: int) -> None:
    for event in run(program, iterations):
        event.value  # noqa: B018 - looking at it is the work


def _by_hand(network: Network, train: Trainer, iterations: int) -> Measure:
    def measure() -> float:
        parameters = _copies(network)
        return timed(partial(train, network, parameters, iterations), iterations)()

    return measure


def _copies(network: Network) -> list[np.ndarray]:
    return [array.copy() for array in network.parameters().values()]


def _assert_same(program: Program, train: Trainer, iterations: int) -> None:
    parameters = _copies(program.network)
    loss = train(program.network, parameters, iterations)
    last = last_values(program, iterations)
    for name, array in zip(program.parameters, parameters, strict=True):
        np.testing.assert_allclose(last[name], array, rtol=1e-10, atol=1e-13, err_msg=name)
    np.testing.assert_allclose(last["L"], loss, rtol=1e-10, err_msg="L")
