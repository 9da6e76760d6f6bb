"""Series: what a number is in every iteration, gathered once and kept."""

from collections.abc import Callable, Iterator

import numpy as np
from msgspec import Struct

from backprop_tui.debugger.line.session import read_expression, value_of
from backprop_tui.engine.program import Frame, Program
from backprop_tui.engine.timeline import Timeline
from backprop_tui.formula.errors import ExpressionError

MOST = 100_000  # iterations


class Quantity(Struct, frozen=True):
    """A number of each iteration: a label, and the number of a computed frame."""

    label: str
    of: Callable[[Frame], float]


def loss(program: Program) -> tuple[Quantity, ...]:
    """The loss."""
    return (Quantity(program.symbols.symbol("L"), lambda frame: float(frame.at_end("L"))),)


def gradient_norms(program: Program) -> tuple[Quantity, ...]:
    """The size of each weight's gradient, layer by layer."""
    found = [f"dL_d{name}" for name in program.parameters if name[0] == "W"]
    return tuple(_norm(name, program) for name in found if name in program.by_name)


def _norm(name: str, program: Program) -> Quantity:
    return Quantity(f"|{program.symbols.symbol(name)}|", lambda frame: float(np.linalg.norm(frame.at_end(name))))


def expression(text: str, program: Program) -> Quantity:
    """An expression at the end of each iteration; its mean where it is an array. Raises ExpressionError."""
    tree, meant = read_expression(text, program.symbols)

    def of(frame: Frame) -> float:
        try:
            return float(np.mean(value_of(tree, {name: frame.at_end(resolved) for name, resolved in meant.items()})))
        except (ExpressionError, TypeError):
            return float("nan")

    return Quantity(text, of)


class Series:
    """The values of some quantities from iteration 1 on."""

    def __init__(self, timeline: Timeline, quantities: tuple[Quantity, ...]) -> None:
        self.timeline = timeline
        self.quantities = quantities
        self.values: list[tuple[float, ...]] = []

    def __len__(self) -> int:
        return len(self.values)

    def gather(self, iteration: int) -> Iterator[int]:
        """Take up what is missing up to an iteration, yielding each that was taken up."""
        for at in range(len(self.values) + 1, min(iteration, MOST) + 1):
            frame = self.timeline.frame(at)
            self.values.append(tuple(quantity.of(frame) for quantity in self.quantities))
            yield at

    def of(self, number: int) -> np.ndarray:
        """The values of one quantity."""
        return np.array([row[number] for row in self.values], dtype=np.float64)
