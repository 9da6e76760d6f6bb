"""Questions to answer: every operation of every bundled scenario, and of networks of every kind."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from math import isfinite

from backprop_tui.debugger.quiz.questions.question import LEVELS, Question, question
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.scenario import bundled, load
from tests.engine.mistakes.slips import NETWORKS as SLIPS
from tests.engine.networks import CASES

BUNDLED = [name for name, _ in bundled()]
EVERY: dict[str, Network] = {str(case): case.network() for case in CASES.values()} | {
    f"slips {key}": network for key, network in SLIPS.items()
}
NETWORKS = [*EVERY][::5]  # that are run through
ITERATIONS = 2


@cache
def timeline(name: str) -> Timeline:
    """The run of a bundled scenario or of a network."""
    return Timeline(Program.of(EVERY[name] if name in EVERY else load(name).network))


def questions(name: str, iterations: int = ITERATIONS) -> Iterator[Question]:
    """Of each operation of a run a question at every level."""
    run = timeline(name)
    for step in range(1, iterations * run.length + 1):
        event = run.event(step)
        assert event is not None
        before = run.frame(event.iteration - 1) if event.iteration > 1 else None
        for level in LEVELS:
            yield question(event, level, turn=step + level, before=before)


def rounded(number: float, digits: int) -> str:
    """A number with so many significant digits, as people write it."""
    if not isfinite(number):
        return str(number)
    text = f"{number:.{digits - 1}e}"
    value = Decimal(text)
    return f"{value:f}" if 1e-6 < abs(number) < 1e9 and int(value.as_tuple().exponent) <= 0 else text


def beside(number: float, digits: int, by: int) -> str:
    """The same with its last digit so many units further."""
    value = Decimal(f"{number:.{digits - 1}e}")
    return str(value + by * Decimal((0, (1,), int(value.as_tuple().exponent))))
