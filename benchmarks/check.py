"""The audit of the article as a command, against the trace of it: most of both is the start of Python and NumPy."""

import subprocess
import sys
from collections.abc import Iterator
from time import perf_counter

from benchmarks.comparison import Comparison, Measure, paired

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


def _command(*words: str) -> Measure:
    def measure() -> float:
        start = perf_counter()
        subprocess.run([*OURS, *words], check=False, stdout=subprocess.DEVNULL)
        return perf_counter() - start

    return measure
