"""A model written as formulas, and the statements of one iteration of it."""

from collections.abc import Mapping

import msgspec
import numpy as np

from backprop_tui.engine.model.reading import Line
from backprop_tui.engine.network.batches import Feed
from backprop_tui.engine.network.look_ahead import looks_ahead, with_look_ahead
from backprop_tui.engine.network.training import (
    COUNTERS,
    Statements,
    first_slots,
    of_use,
    training_settings,
    training_updates,
)
from backprop_tui.engine.statements.derive import Arrangement, Derivation, Shapes
from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import Role, Variable
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.engine.tables.settings import Value
from backprop_tui.formula.language.tree import names
from backprop_tui.formula.values.element import shape

Array = np.ndarray
LOSS = "L"


class Model(msgspec.Struct, frozen=True, eq=False, dict=True):
    """Everything that a program is made from: the lines of the text, unrolled, and what they read.

    `start` has the first values of the parameters and `inputs` all samples of the inputs, whose axis of the samples
    `axes` has, where there is one; `given` is the same in every iteration. `asked` are inputs and constants whose
    gradient is wanted. `text` is the model as it was written, and `line` of a line counts in it.
    """

    text: str
    lines: tuple[Line, ...]
    start: dict[str, Array]
    given: dict[str, Array]
    inputs: dict[str, Array]
    axes: dict[str, int]
    optimizer: str
    settings: dict[str, Value]
    frozen: frozenset[str] = frozenset()
    asked: tuple[str, ...] = ()
    output: str = ""
    target: str = ""
    clip: tuple[str, float] | None = None
    schedule: tuple[str, dict[str, float]] | None = None
    batch_size: int | None = None
    shuffle: bool = False
    seed: int = 0
    before: int = 0
    steps: bool = False
    ahead: bool = False

    @property
    def outline(self) -> str:
        """What it is in a few words."""
        return f"a model of {len(self.lines):,} lines, {self.optimizer}"

    def __repr__(self) -> str:
        return f"<Model: {self.outline}>"

    @property
    def feed(self) -> Feed:
        """The samples of every iteration."""
        return Feed(self.inputs, self.axes, self.batch_size, shuffle=self.shuffle, seed=self.seed)

    @property
    def chosen(self) -> dict[str, Value]:
        """The settings of the optimizer, all of them."""
        return OPTIMIZERS[self.optimizer].defaults | self.settings

    @property
    def names(self) -> frozenset[str]:
        """The variables that the scenario names."""
        return frozenset((*self.start, *self.given, *self.inputs, *(line.name for line in self.lines))) - {LOSS}

    def parameters(self) -> dict[str, Array]:
        """The initial parameters by name, in the order in which the file has them."""
        return self.start

    def constants(self) -> dict[str, Array]:
        """What enters with an iteration: the inputs, here of the first, what is given, and the settings."""
        settings = {name: np.array(value) for name, (_, value) in training_settings(self).items()}
        return {**self.feed.samples(1), **self.given, **settings}

    def masks(self, _iteration: int, _samples: int) -> dict[str, Array]:
        """What is drawn anew in each iteration: nothing."""
        return {}

    def trained(self) -> list[str]:
        """The parameters that are trained, from the last line back to the first that reads them."""
        read = dict.fromkeys(name for line in self.lines for name in names(line.tree))
        order = [name for name in read if name in self.start and name not in self.frozen]
        return order[::-1]

    def variables(self) -> dict[str, Variable]:
        """The records of what an iteration starts from, except the slots, which have those of their equations."""
        found = {name: Variable(Role.PARAMETER, parameter=name) for name in self.start}
        found |= {name: Variable(Role.COUNTER, name) for name in COUNTERS}
        found |= {name: record for name, (record, _) in training_settings(self).items()}
        found |= {name: Variable(Role.GIVEN) for name in self.given}
        for name in self.inputs:
            role = Role.TARGET if name == self.target else Role.INPUT
            found[name] = Variable(role, samples=self.axes.get(name))
        return found

    def statements(self) -> Statements:
        """The statements of one iteration."""
        return _statements(self)


def _statements(model: Model) -> Statements:
    records = model.variables()
    shapes: Shapes = {name: np.shape(value) for name, value in (model.parameters() | model.constants()).items()}
    shapes |= dict.fromkeys(COUNTERS, ())
    forward = _forward(model)
    for statement in forward:
        shapes[statement.name] = shape(statement.tree, shapes)
        records[statement.name] = statement.variable
    trained = {name: records[name] for name in model.trained()}
    leaves = [*trained, *(name for name in model.asked if name in shapes)]
    sections = _sections(forward)
    for name in leaves:
        records[name] = msgspec.structs.replace(records[name], section=sections.get(name, ""))

    def stage(variable: str) -> str:
        part = "gradients" if variable in leaves else "backward"
        return " ".join(filter(None, (part, records[variable].section)))

    first: dict[str, str] = {}
    for statement in forward:
        first.setdefault(statement.variable.section, statement.name)
    last = forward[0].name  # what several blocks read, or no block, comes at the end
    after = {name: first[own] if (own := sections.get(name, "")) else last for name in leaves}
    arrangement = Arrangement("dL_d{}".format, stage, after, records, every=True)
    backward = Derivation(forward, LOSS, leaves, shapes, arrangement).run()
    found = [*forward, *backward, *training_updates(model, trained, {name: f"dL_d{name}" for name in trained}, shapes)]
    slots = first_slots(found, model, shapes)
    if looks_ahead(model):
        found = with_look_ahead(found, trained, "forward")
    for statement in found:
        if statement.name not in shapes:
            shapes[statement.name] = shape(statement.tree, shapes)
    records |= {statement.name: statement.variable for statement in found}
    asked = {*model.inputs, *({"epoch"} if model.feed.per_epoch > 1 else ())}
    used = of_use(found, {*model.constants(), *COUNTERS} - asked, shapes)
    return Statements(found, used, {name: records[name] for name in used}, slots)


def _forward(model: Model) -> list[Statement]:
    """The lines as statements, each with its record and in its stage."""
    readers: dict[str, set[str]] = {}
    for line in model.lines:
        for name in names(line.tree):
            readers.setdefault(name, set()).add(line.name)
    found = []
    for line in model.lines:
        is_loss = line.name == LOSS
        variable = Variable(
            Role.LOSS if is_loss else Role.VALUE, LOSS if is_loss else "", section=line.section, step=line.step
        )
        of_loss = is_loss or (not line.section and readers.get(line.name) == {LOSS} and line.name != model.output)
        found.append(Statement(line.name, line.tree, "loss" if of_loss else "forward", variable=variable))
    return found


def _sections(forward: list[Statement]) -> Mapping[str, str]:
    """The block that a variable is read in; empty where several blocks read it, or a line outside of blocks."""
    found: dict[str, set[str]] = {}
    for statement in forward:
        for name in names(statement.tree):
            found.setdefault(name, set()).add(statement.variable.section)
    return {name: next(iter(sections)) if len(sections) == 1 else "" for name, sections in found.items()}
