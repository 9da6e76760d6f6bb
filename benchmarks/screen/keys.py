"""The screen through a pseudo-terminal, against the least that Textual can do."""

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from benchmarks.comparison import Comparison, Measure, paired
from benchmarks.screen.terminal import Terminal

ARTICLE = Path(__file__).parents[2] / "scenarios" / "article.toml"
BARE = (sys.executable, str(Path(__file__).parent / "bare.py"))
OURS = (sys.executable, "-m", "backprop_tui", "run", "--no-session")
LINE = "keys pressed: 0"  # what the bare app shows first
FIRST = "step 0/19"  # and ours
RUNNING = "iterations/s"  # what a continue says meanwhile
NUMPY = "W1 @ x + b1"  # the first operation as code
SIZES = ((120, 36), (190, 64))
BARS = (2.5, 3)  # of the median, for each size
TAIL = 2  # of the 99th percentile
JUMPS = {"a step onto a note": ("n", "N"), "to the end of the run, which changes every pane": ("\x1b[F", "\x1b[H")}
WIDE = """format = 1
[network]
inputs = 200
[[network.layers]]
units = 400
activation = "relu"
init = "he-normal"
seed = 1
[[network.layers]]
units = 50
activation = "sigmoid"
init = "xavier-normal"
seed = 1
[loss]
name = "mean-squared-error"
[optimizer]
name = "sgd"
learning_rate = 0.1
[data]
"""


def keys(pairs: int) -> Iterator[Comparison]:
    """From a key press to the changed frame, the article's operations, moves further, a large network."""
    yield from _keys(pairs, "", "a step")
    yield from _jumps(pairs)
    yield from _wide(pairs)


def graph(pairs: int) -> Iterator[Comparison]:
    """The same with the graph of operations in place of the neurons."""
    yield from _keys(pairs, "V", "graph, a step")


def _keys(pairs: int, first: str, said: str) -> Iterator[Comparison]:
    scenario = str(ARTICLE)
    for (columns, rows), bar in zip(SIZES, BARS, strict=True):
        with (
            Terminal((*OURS, scenario), columns, rows) as ours,
            Terminal(BARE, columns, rows) as bare,
        ):
            ours.first_frame(FIRST)
            bare.first_frame(LINE)
            if first:
                ours.press(first)
            for each in _both_ways(f"key to frame, {columns}×{rows}: {said}", ours, ("bare app", bare), pairs, bar):
                yield each
                yield each.tail(TAIL)


def _both_ways(said: str, ours: Terminal, beside: tuple[str, Terminal], pairs: int, bar: float) -> Iterator[Comparison]:
    """A step forward and one back, beside the same keys in another terminal."""
    name, other = beside
    for what, key in (("forward", "n"), ("back", "N")):
        yield paired(f"{said} {what}", partial(ours.press, key), name, partial(other.press, key), pairs=pairs, bar=bar)


def _jumps(pairs: int) -> Iterator[Comparison]:
    with Terminal((*OURS, "article"), *SIZES[0]) as ours, Terminal(BARE, *SIZES[0]) as bare:
        ours.first_frame(FIRST)
        bare.first_frame(LINE)
        for what, (there, back) in JUMPS.items():

            def jump(there: str = there, back: str = back) -> float:
                taken = ours.press(there)
                ours.press(back)
                return taken

            yield paired(f"key to frame: {what}", jump, "bare app", partial(bare.press, "n"), pairs=pairs, bar=6)


def _wide(pairs: int) -> Iterator[Comparison]:
    wide = f"{WIDE}x = {[[0.5] * 200]}\ny = {[[1.0] * 50]}\n"
    article = ARTICLE.read_text("utf-8")
    yield from beside_the_article(wide, article, "100,450 parameters", pairs, 1.3)


def beside_the_article(scenario: str, article: str, said: str, pairs: int, bar: float) -> Iterator[Comparison]:
    """From a key to its frame with the text of a scenario, forwards and back, against a text of the article."""
    with TemporaryDirectory() as folder:
        large, small = Path(folder) / "large.toml", Path(folder) / "small.toml"
        large.write_text(scenario, "utf-8")
        small.write_text(article, "utf-8")
        with Terminal((*OURS, str(large)), *SIZES[0]) as ours, Terminal((*OURS, str(small)), *SIZES[0]) as other:
            ours.first_frame("step 0/")
            other.first_frame(FIRST)
            yield from _both_ways(f"key to frame, {said}: a step", ours, ("the article's", other), pairs, bar)


def meanwhile(pairs: int) -> Iterator[Comparison]:
    """While a long continue goes on: from the key that shows the program as NumPy to that, and at rest."""
    text = ARTICLE.read_text("utf-8")
    with TemporaryDirectory() as folder:
        scenario = Path(folder) / "long.toml"
        scenario.write_text(text.replace("iterations = 1\n", "iterations = 1_000_000_000\n"), "utf-8")
        with Terminal((*OURS, str(scenario)), *SIZES[0]) as busy, Terminal((*OURS, "article"), *SIZES[0]) as resting:
            for terminal in (busy, resting):
                terminal.first_frame("step 0/")
                terminal.press("n")
            busy.shows_after("c", RUNNING, shown=True)
            taken = [
                tuple(terminal.shows_after("v", NUMPY, shown=not number % 2) for terminal in (busy, resting))
                for number in range(pairs)
            ]
            assert RUNNING in busy.text
    during, at_rest = zip(*taken, strict=True)
    for name, part in (("p50", 50), ("p99", 99)):
        a, b = (quantiles(times, n=100, method="inclusive")[part - 1] for times in (during, at_rest))
        yield Comparison(f"key to answer during a long continue, {name}", "at rest", (a, a), (b, b))


def start(pairs: int) -> Iterator[Comparison]:
    """From the start of the program to its first frame."""
    ours = _first_frame((*OURS, "article"), FIRST)
    bare = _first_frame((*BARE, "numpy"), LINE)
    yield paired("first frame of the article, 120×36", ours, "bare app with numpy", bare, pairs=pairs, bar=1.2)


def _first_frame(command: tuple[str, ...], shows: str) -> Measure:
    def measure() -> float:
        with Terminal(command, *SIZES[0]) as terminal:
            return terminal.first_frame(shows)

    return measure
