"""The screen through a pseudo-terminal, against the least that Textual can do."""

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.comparison import Comparison, Measure, paired
from benchmarks.terminal import Terminal

HERE = Path(__file__).parent
BARE = (sys.executable, str(HERE / "bare.py"))
OURS = (sys.executable, "-m", "backprop_tui", "run", "--no-session")
LINE = "keys pressed: 0"  # what the bare app shows first
FIRST = "step 0/19"  # and ours
SIZES = ((120, 36), (190, 64))


def keys(pairs: int) -> Iterator[Comparison]:
    """From a key press to the changed frame, with all panes: the article's operations forwards, then back."""
    yield from _keys(pairs, "", "a step")


def graph(pairs: int) -> Iterator[Comparison]:
    """The same with the graph of operations in place of the neurons."""
    yield from _keys(pairs, "V", "graph, a step")


def _keys(pairs: int, first: str, said: str) -> Iterator[Comparison]:
    scenario = str(HERE.parent / "scenarios" / "article.toml")
    for columns, rows in SIZES:
        with (
            Terminal((*OURS, scenario), columns, rows) as ours,
            Terminal(BARE, columns, rows) as bare,
        ):
            ours.first_frame(FIRST)
            bare.first_frame(LINE)
            if first:
                ours.press(first)
            for what, key in (("forward", "n"), ("back", "N")):
                yield paired(
                    f"key to frame, {columns}×{rows}: {said} {what}",
                    partial(ours.press, key),
                    "bare app",
                    partial(bare.press, key),
                    pairs=pairs,
                    bar=3,
                )


def start(pairs: int) -> Iterator[Comparison]:
    """From the start of the program to its first frame."""
    ours = _first_frame((*OURS, "article"), FIRST)
    bare = _first_frame((*BARE, "numpy"), LINE)
    yield paired("first frame of the article, 120×36", ours, "bare app with numpy", bare, pairs=pairs, bar=1.35)


def _first_frame(command: tuple[str, ...], shows: str) -> Measure:
    def measure() -> float:
        with Terminal(command, *SIZES[0]) as terminal:
            return terminal.first_frame(shows)

    return measure
