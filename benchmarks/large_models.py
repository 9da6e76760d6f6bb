"""A model of 1,400 operations, an LSTM of 50 steps: making its program, explaining a weight, stepping through it."""

from collections.abc import Iterator
from json import dumps
from typing import Any

from backprop_tui.debugger.basics.notation import Writing
from backprop_tui.debugger.debugger import Debugger
from backprop_tui.debugger.explain.explanation_text import line, paths
from backprop_tui.engine.program.program import Program
from backprop_tui.scenario import load
from benchmarks.comparison import Comparison, paired, timed
from benchmarks.models import lstm
from benchmarks.screen.keys import ARTICLE, beside_the_article

STEPS, UNITS, WIDTH = 50, 2, 3  # matrices as large as the article's: what is measured is how many there are
WEIGHT = "dL_dUi[0,0]"  # read in every step
STEP = 1.3


def against_small(pairs: int) -> Iterator[Comparison]:
    """Its parts against the same of the article, whose program has 19 operations."""
    file = lstm(STEPS, UNITS, WIDTH)
    article = ARTICLE.read_text("utf-8")
    program = Program.of(load(file).network)
    size = f"{len(program.operations):,} operations"
    times = round(len(program.operations) / 19)

    def made() -> None:
        Program.of(load(file).network)

    def made_of_the_article() -> None:
        for _ in range(times):
            Program.of(load("article").network)

    yield paired(
        f"a program of {size} made",
        timed(made),
        f"the article's, {times} times",
        timed(made_of_the_article),
        pairs=pairs,
        bar=1,
    )
    yield from _why(file, size, pairs)
    yield from beside_the_article(toml(file), article, size, pairs, STEP)


def _why(file: dict[str, Any], size: str, pairs: int) -> Iterator[Comparison]:
    debugger = Debugger(load(file))
    debugger.seek("1:")
    writing = Writing(debugger.program.symbols)

    def why() -> None:
        found = debugger.explain(WEIGHT)
        lines = [line(found, writing), *(line(child, writing) for child in found.children)]
        assert found.paths is not None
        assert found.paths.agrees
        assert len([*lines, *paths(found.paths, writing)]) > len(lines) > 1  # of 50 steps those that most comes from

    def made() -> None:
        Program.of(load(file).network)

    yield paired(f"{size}: why is {WEIGHT} what it is", timed(why), "the program made", timed(made), pairs=pairs, bar=1)


def toml(file: dict[str, Any]) -> str:
    """The file of a scenario with a model."""
    model = dict(file["model"])
    lines = ["format = 1", "[model]", f"forward = '''\n{model.pop('forward')}'''"]
    for name, table in [*(("model." + name, table) for name, table in model.items()), ("data", file["data"])]:
        lines += [f"[{name}]", *(f"{key} = {_value(value)}" for key, value in table.items())]
    lines += ["[optimizer]", *(f"{key} = {_value(value)}" for key, value in file["optimizer"].items())]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(inner)}" for key, inner in value.items()) + " }"
    return dumps(value)
