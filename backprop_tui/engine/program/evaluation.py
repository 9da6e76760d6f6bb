"""The forward half alone: what a network makes of samples with the parameters that it has now.

Dropout is off, and running statistics take the place of a batch's. Its operations are those of a program: they can be
listed, shown and looked into like any others.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import msgspec
import numpy as np
from msgspec import structs

from backprop_tui.engine.program.evaluated import as_outputs, evaluated
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.operation import Operation, operations
from backprop_tui.engine.program.program import Definition, frozen, symbols_of
from backprop_tui.formula.language.tree import names
from backprop_tui.formula.values.element import shape
from backprop_tui.formula.writing.symbols import Symbols

Array = np.ndarray


class Evaluation(msgspec.Struct, frozen=True, eq=False, dict=True):
    """Samples evaluated: what a network or a model makes of them, and how right that is.

    `values` has every variable by name, read-only; `inputs` (inputs, N), `outputs` (outputs, N) and `targets` are the
    samples as columns, however they lie there. `output` is the variable of the outputs.

    `loss` is None without targets. `accuracy` (0 to 1) and `confusion` are None unless the network tells classes apart;
    `confusion` counts samples, with a row per true class and a column per predicted one.
    """

    operations: tuple[Operation, ...]
    values: dict[str, Any]
    symbols: Symbols
    inputs: Array
    outputs: Array
    targets: Array | None = None
    output: str = "y_hat"
    loss: float | None = None
    accuracy: float | None = None
    confusion: Array | None = None

    def __repr__(self) -> str:
        measures = [f"L = {self.loss:.6g}"] if self.loss is not None else []
        measures += [f"accuracy {self.accuracy:.4g}"] if self.accuracy is not None else []
        count = self.y_hat.shape[1]
        of = f"{count:,} sample{'' if count == 1 else 's'}"
        return f"<Evaluation of {of}{': ' if measures else ''}{', '.join(measures)}>"

    @property
    def y_hat(self) -> Array:
        """The outputs, (outputs, N)."""
        return self.outputs

    @cached_property
    def events(self) -> Sequence[Event]:
        """One event per operation, counted from 1."""
        return [Event(o.index + 1, 1, o, self.values) for o in self.operations]

    def __getitem__(self, name: str) -> Any:
        """A variable's value, by its name or symbol. Raises KeyError where there is none."""
        return self.values[self.symbols.resolve(name) or name]


class Half(NamedTuple):
    """A compiled forward half, and the variables that it starts from."""

    operations: tuple[Operation, ...]
    symbols: Symbols
    start: tuple[str, ...]


class Evaluator:
    """Evaluates one network or model; what it compiles for a number of samples is kept.

    Raises NotEvaluatedError for a model that cannot be evaluated by itself.
    """

    def __init__(self, definition: Definition) -> None:
        self.definition, self.of = definition, evaluated(definition)
        self.classes = self.of.classes
        self._halves: dict[tuple[int, bool], Half] = {}

    def __call__(self, current: Callable[[str], Any], x: Array, y: Array | None = None) -> Evaluation:
        """Evaluate x (inputs, N) against y (outputs, N), where that is known; `current` gives parameters by name.

        A loss without targets needs no y.
        """
        of = self.of
        has_loss = y is not None or not (of.loss.has_targets if of.loss else of.target)
        samples = {of.input: x} | ({} if y is None else {of.target: y})
        given = {name: frozen(of.laid_out(name, columns)) for name, columns in samples.items()}
        key = (x.shape[1], has_loss)
        if key not in self._halves:
            self._halves[key] = self._half(current, given, has_loss=has_loss)
        half = self._halves[key]
        values = {name: given[name] if name in given else current(name) for name in half.start}
        for operation in half.operations:
            operation.compute(values)
        y_hat, wanted = of.columns(of.output, values[of.output]), None if y is None else as_outputs(of, y)
        found = Evaluation(half.operations, values, half.symbols, x, y_hat, wanted, of.output)
        if not has_loss:
            return found
        measures = self.classes.compare(y_hat, wanted) if self.classes and wanted is not None else (None, None)
        accuracy, confusion = measures
        return structs.replace(found, loss=float(values["L"]), accuracy=accuracy, confusion=confusion)

    def _half(self, current: Callable[[str], Any], given: dict[str, Array], *, has_loss: bool) -> Half:
        found = self.of.statements(given, has_loss=has_loss)
        written = {statement.name for statement in found}
        read = dict.fromkeys(name for s in found for name in (*names(s.tree), *names(s.stable or s.tree)))
        start = {name: given[name] if name in given else current(name) for name in read if name not in written}
        shapes = {name: np.shape(value) for name, value in start.items()}
        for statement in found:
            shapes[statement.name] = shape(statement.tree, shapes)
        symbols = symbols_of(self.definition, shapes, {})
        return Half(tuple(operations(found, start, shapes, symbols)), symbols, tuple(start))
