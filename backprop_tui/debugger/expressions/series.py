"""Series: what a number is at the end of every iteration, gathered once and kept."""

from collections.abc import Iterator

import numpy as np

from backprop_tui.debugger.expressions.quantity import Quantity, read_quantity
from backprop_tui.engine.program.program import Frame, Program
from backprop_tui.engine.timeline.timeline import Timeline

MOST = 100_000  # iterations


def loss(program: Program) -> tuple[Quantity, ...]:
    """The loss."""
    return (_named("L", program.symbols.symbol("L"), program),)


BESIDE_WEIGHTS = frozenset({"b", "bias", "scale", "stretch", "shift"})  # kinds of parameters


def gradient_norms(program: Program) -> tuple[Quantity, ...]:
    """The size of each weight's gradient, layer by layer; where there are no weights, of each parameter's."""
    trained = [name for name in program.parameters if name in program.gradients]
    weights = [name for name in trained if program.variables[name].kind not in BESIDE_WEIGHTS]
    found = [program.gradients[name] for name in weights or trained]
    symbol = program.symbols.symbol
    return tuple(_named(f"norm({name})", f"|{symbol(name)}|", program) for name in found)


def _named(text: str, name: str, program: Program) -> Quantity:
    quantity = read_quantity(text, program)
    quantity.text = name
    return quantity


def at_end(quantity: Quantity, frame: Frame) -> float:
    """What an expression is at the end of an iteration; its mean where it is an array, NaN where it does not exist."""
    value = quantity.value(frame, len(frame.program.operations) - 1)
    return float("nan") if value is None or not np.size(value) else float(np.mean(value))


class Series:
    """The values of some quantities from iteration 1 on; `name` is that of the run, where there are several."""

    def __init__(self, timeline: Timeline, quantities: tuple[Quantity, ...], name: str = "") -> None:
        self.timeline = timeline
        self.name = name
        self.quantities = quantities
        self.values: list[tuple[float, ...]] = []

    def __len__(self) -> int:
        return len(self.values)

    def label(self, number: int) -> str:
        """What a quantity is called beside its curve."""
        text = self.quantities[number].text
        return f"{text}, {self.name}" if self.name else text

    def gather(self, iteration: int) -> Iterator[int]:
        """Gather what is missing up to an iteration, yielding each iteration that was gathered."""
        for at in range(len(self.values) + 1, min(iteration, MOST) + 1):
            frame = self.timeline.frame(at)
            self.values.append(tuple(at_end(quantity, frame) for quantity in self.quantities))
            yield at

    def of(self, number: int) -> np.ndarray:
        """The values of one quantity."""
        return np.array([row[number] for row in self.values], dtype=np.float64)
