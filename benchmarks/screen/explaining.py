"""Explaining a weight of a large network: where its gradient comes from, and what its paths add up to."""

from collections.abc import Iterator
from itertools import cycle

from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.explain.explanation_text import line, paths
from backprop_tui.scenario import Scenario
from benchmarks import networks
from benchmarks.comparison import Comparison, paired, timed
from benchmarks.screen.keys import FIRST, OURS, SIZES
from benchmarks.screen.terminal import Terminal


def against_redraw(pairs: int) -> Iterator[Comparison]:
    """All that the screen shows of it at first, made from nothing each time."""
    network = networks.deep(784, 128, 10, batch=64)
    debugger = Debugger(Scenario("bench", None, "bench", b"", "", "", network, 1))
    debugger.seek("1:")
    writing = Writing(debugger.program.symbols)

    def why() -> None:
        found = debugger.explain("dL_dW1[3,200]")
        lines = [line(found, writing), *(line(child, writing) for child in found.children)]
        assert found.paths is not None
        assert len([*lines, *paths(found.paths, writing)]) > 5

    def touches() -> None:
        assert len(debugger.touches("W1[3,200]").children) == 2

    with Terminal((*OURS, "article"), *SIZES[0]) as redrawn:
        redrawn.first_frame(FIRST)
        for key in "6n":  # where no notes come and go
            redrawn.press(key)
        keys = cycle("nN")
        for what, work in (("why is dL_dW1[3,200] what it is", why), ("what W1[3,200] touches", touches)):
            name = f"784-128-10, batch 64: {what}"
            yield paired(name, timed(work), "redraw", lambda: redrawn.press(next(keys)), pairs=pairs, bar=1)
