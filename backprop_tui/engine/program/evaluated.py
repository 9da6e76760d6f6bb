"""What can be evaluated by itself: a network of layers, or a model that declares its output and has one input.

Whoever evaluates sees samples as columns: inputs (inputs, N), targets and outputs likewise. How they lie in the
variables, side by side or below each other, is known here alone.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import TypeAlias

import numpy as np
from msgspec.structs import replace

from backprop_tui.engine.model.model import Model
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.network.target_classes import Classes, one_hot
from backprop_tui.engine.program.operation import Operation
from backprop_tui.engine.program.program import Definition, Program
from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import Phase, Role
from backprop_tui.engine.tables.activations import activation_of
from backprop_tui.engine.tables.losses import LOSSES, Loss
from backprop_tui.formula.language.tree import Name, names

Array = np.ndarray
MASK, DROPPED = "mask", "dropped"  # kinds of lines


class NotEvaluatedError(ValueError):
    """Why something is not evaluated by itself, in one line."""


class OfLayers:
    """A network of layers; its samples are columns already. `x` and `y` are those that are trained on, `loss` the row
    of its loss in the table.
    """

    input, output, target, labelled = "x", "y_hat", "y", 0

    def __init__(self, network: Network) -> None:
        self.network = network
        self.x, self.y = network.x, network.y
        self.outputs = network.layers[-1].units
        self.classes = Classes.of(network)
        self.loss: Loss | None = LOSSES[network.loss]

    def statements(self, given: Mapping[str, Array], *, has_loss: bool) -> list[Statement]:
        return self.network.evaluating(given, has_loss=has_loss)

    def laid_out(self, name: str, columns: Array) -> Array:  # noqa: ARG002 - all lie as columns
        return columns

    def columns(self, name: str, value: Array) -> Array:  # noqa: ARG002 - all lie as columns
        return value


class OfModel:
    """A model that declares its output, and has one input beside the target; a sample of each is a number or a list.

    `labelled` is how many classes the numbers of its target are of, 0 where they are none. Raises NotEvaluatedError.
    """

    loss: Loss | None = None

    def __init__(self, model: Model) -> None:
        self.model = model
        inputs = [name for name in model.inputs if name != model.target]
        if not model.output:
            raise NotEvaluatedError('[model] does not say which variable is its output, such as output = "o"')
        self.program = Program.of(model)
        is_noisy = any(self._is_noisy(o) for o in self.program.operations if o.variable.phase is Phase.FORWARD)
        if len(inputs) != 1 or is_noisy:
            has = "noise" if is_noisy else ", ".join(inputs) or "none"
            said = f"to be evaluated, a model needs one input beside the target, and no noise (here: {has})"
            raise NotEvaluatedError(said)
        self.input, self.output, self.target = inputs[0], model.output, model.target
        self.axes = self.program.sample_axes
        for name in filter(None, (self.input, self.output, self.target)):
            if len(self.program.shapes.get(name, ())) != 2 or name not in self.axes:
                raise NotEvaluatedError(
                    f"to be evaluated, a model needs samples that are columns or rows: {name} has none"
                )
        self.x = self.columns(self.input, model.inputs[self.input])
        self.y = self.columns(self.target, model.inputs[self.target]) if self.target else None
        self.outputs = self.program.shapes[self.output][1 - self.axes[self.output]]
        self.labelled = model.counts.get(self.target, 0)

    @cached_property
    def classes(self) -> Classes | None:
        """The classes that its targets are, or that follow from them and the last function of the output."""
        if self.labelled:
            return Classes(self.labelled, 0.5, exclusive=True) if self.labelled == self.outputs else None
        tree = self.program.by_name[self.output].tree
        row = activation_of(tree)
        if row is None or self.y is None or len(self.y) != self.outputs:
            return None
        return Classes.of_targets(self.y, row.output[0]) if np.isfinite(row.output).all() else None

    def statements(self, given: Mapping[str, Array], *, has_loss: bool) -> list[Statement]:  # noqa: ARG002 - any number of samples
        unknown = set() if has_loss or not self.target else {self.target}
        found = []
        for statement in self.program.statements:
            if statement.variable.phase is not Phase.FORWARD or statement.variable.kind == MASK:
                continue
            if statement.variable.kind == DROPPED:  # nothing is dropped, as in layers
                statement = replace(statement, tree=Name(statement.variable.of))
            if unknown.isdisjoint((*names(statement.tree), *names(statement.stable or statement.tree))):
                found.append(statement)
            else:
                unknown.add(statement.name)
        return found

    def _is_noisy(self, operation: Operation) -> bool:
        """Whether an operation reads noise, or what is made of it, other than a mask that is left out."""
        variables = self.program.variables
        noisy = {Role.NOISE: MASK, Role.VALUE: DROPPED}  # what of each is read by what alone
        read = [variables[name] for name in operation.reads]
        drawn = [own for own in read if own.role is Role.NOISE or own.kind == MASK]
        return any(operation.variable.kind != noisy[own.role] for own in drawn)

    def laid_out(self, name: str, columns: Array) -> Array:
        return columns if self.axes[name] == 1 else np.ascontiguousarray(columns.T)

    def columns(self, name: str, value: Array) -> Array:
        return value if self.axes[name] == 1 else value.T


Evaluated: TypeAlias = OfLayers | OfModel


def evaluated(definition: Definition) -> Evaluated:
    """What is evaluated of a network or a model. Raises NotEvaluatedError."""
    return OfLayers(definition) if isinstance(definition, Network) else OfModel(definition)


def as_outputs(of: Evaluated, y: Array) -> Array:
    """Targets as outputs are: of classes, a 1 in the row of each."""
    return one_hot(y[0], of.labelled) if of.labelled else y
