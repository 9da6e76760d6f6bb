"""A model written as formulas, and the statements of one iteration of it."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, partial

import msgspec
import numpy as np

from backprop_tui.engine.model.reading import Line
from backprop_tui.engine.model.stable_forms import Facts, with_stable_delta, with_stable_loss
from backprop_tui.engine.statements.derive import Arrangement, Derivation, Shapes
from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import Role, Variable, gradient_name
from backprop_tui.engine.tables.noises import Drawn, drawn
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.engine.tables.settings import Value
from backprop_tui.engine.training.batches import Feed
from backprop_tui.engine.training.look_ahead import looks_ahead, with_look_ahead
from backprop_tui.engine.training.training import (
    COUNTERS,
    Statements,
    first_slots,
    of_use,
    training_settings,
    training_updates,
)
from backprop_tui.engine.training.update_statements import STAGE
from backprop_tui.formula.language.tree import names
from backprop_tui.formula.values.element import Shape, shape

Array = np.ndarray
LOSS = "L"


class Model(msgspec.Struct, frozen=True, eq=False, dict=True):
    """Everything that a program is made from: the lines of the text, unrolled, and what they read.

    `start` has the first values of the parameters and `inputs` all samples of the inputs, whose axis of the samples
    `axes` has, where there is one; `given` is the same in every iteration, and `drawn` is noise. `asked` is what the
    gradient is wanted of, although it is no parameter. `text` is the model as it was written, and `line` of a line
    counts in it. `labels` has the names of axes, `classes` those of the classes that the numbers of an input are, and
    `counts` how many classes these are.

    `update` are lines that are computed before the parameters' update, of variables that are carried on to the next
    iteration; `carried` has what these and slots start with, where it is not the usual. `shares` has what is given
    that shares 1 out along an axis, counted from the end.

    What writes the text may know more than it says: `records` has what variables are, `fixed` settings that the lines
    read, and `order` that of the trained parameters. Without `every`, only what a parameter's gradient needs is
    derived.
    """

    text: str
    lines: tuple[Line, ...]
    start: dict[str, Array]
    given: dict[str, Array]
    inputs: dict[str, Array]
    axes: dict[str, int]
    optimizer: str
    settings: dict[str, Value]
    drawn: Mapping[str, Drawn] = {}
    labels: Mapping[str, tuple[str, ...]] = {}
    classes: Mapping[str, tuple[str, ...]] = {}
    counts: Mapping[str, int] = {}
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
    update: tuple[Line, ...] = ()
    carried: dict[str, Array] = {}
    shares: frozenset[tuple[str, int]] = frozenset()
    records: dict[str, Variable] = {}
    fixed: dict[str, tuple[Variable, float]] = {}
    order: tuple[str, ...] | None = None
    every: bool = True

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
        lines = (line.name for line in (*self.lines, *self.update))
        return frozenset((*self.start, *self.given, *self.drawn, *self.inputs, *lines)) - {LOSS}

    def parameters(self) -> dict[str, Array]:
        """The initial parameters by name, in the order in which the file has them."""
        return self.start

    def constants(self) -> dict[str, Array]:
        """What enters with an iteration: the inputs, here of the first, what is given, and the settings."""
        settings = {name: np.array(value) for name, (_, value) in self._settings().items()}
        return {**self.feed.samples(1), **self.masks(1, self.feed.count(1)), **self.given, **settings}

    def _settings(self) -> dict[str, tuple[Variable, float]]:
        return training_settings(self) | self.fixed

    def masks(self, iteration: int, samples: int) -> dict[str, Array]:
        """The noise of an iteration with this number of samples."""
        return {
            name: drawn(own.noise, _with(own.shape, own.axis, samples), name=name, seed=self.seed, iteration=iteration)
            for name, own in self.drawn.items()
        }

    def trained(self) -> list[str]:
        """The parameters that are trained, from the last line back to the first that reads them."""
        if self.order is not None:
            return [*self.order]
        read = dict.fromkeys(name for line in self.lines for name in names(line.tree))
        order = [name for name in read if name in self.start and name not in self.frozen]
        return order[::-1]

    def variables(self) -> dict[str, Variable]:
        """The records of what an iteration starts from, except the slots, which have those of their equations."""
        found = {name: Variable(Role.PARAMETER, kind, parameter=name) for name, kind in self._parameter_kinds().items()}
        found |= {name: Variable(Role.COUNTER, name) for name in COUNTERS}
        found |= {name: record for name, (record, _) in self._settings().items()}
        found |= {name: Variable(Role.GIVEN) for name in self.given}
        found |= {name: Variable(Role.NOISE, samples=own.axis) for name, own in self.drawn.items()}
        for name in self.inputs:
            role = Role.TARGET if name == self.target else Role.INPUT
            found[name] = Variable(role, samples=self.axes.get(name))
        return found | {name: self.records[name] for name in found if name in self.records}

    @cached_property
    def line_kinds(self) -> dict[str, tuple[str, str]]:
        """For each line its kind and what that is about, by structure."""
        from backprop_tui.engine.model.line_kinds import line_kinds

        start = self.parameters() | self.constants() | self.carried
        shapes: Shapes = {name: np.shape(value) for name, value in start.items()}
        for line in self.lines:
            shapes[line.name] = shape(line.tree, shapes)
        return line_kinds(self.lines, shapes, self.start, self.drawn)

    @property
    def line_records(self) -> dict[str, Variable]:
        """The records of what the lines write: those that are known, or what follows from their structure."""
        found = {}
        for line in self.lines:
            if (own := self.records.get(line.name)) is None:
                role, (kind, about) = (
                    (Role.LOSS, (LOSS, "")) if line.name == LOSS else (Role.VALUE, self.line_kinds[line.name])
                )
                own = Variable(role, kind, of=about, section=line.section, step=line.step)
            found[line.name] = own
        return found

    def _parameter_kinds(self) -> dict[str, str]:
        from backprop_tui.engine.model.line_kinds import parameter_kinds

        if self.start.keys() <= self.records.keys():
            return dict.fromkeys(self.start, "")
        return parameter_kinds(self.lines, [*self.start], self.line_kinds)

    def statements(self) -> Statements:
        """The statements of one iteration, which are made once."""
        return self._made

    @cached_property
    def _made(self) -> Statements:
        return _statements(self)


def _with(shape: Shape, axis: int | None, samples: int) -> Shape:
    """A shape with as many samples along an axis."""
    return shape if axis is None else (*shape[:axis], samples, *shape[axis + 1 :])


def _statements(model: Model) -> Statements:
    records, constants = model.variables(), model.constants()
    shapes: Shapes = {name: np.shape(value) for name, value in (model.parameters() | constants).items()}
    shapes |= dict.fromkeys(COUNTERS, ())
    early = _read_early(model)
    shapes |= {name: np.shape(value) for name, value in early.items()}
    forward, homes = forward_half(model.lines, model.line_records, model.output), _homes(model.lines)
    for statement in forward:
        shapes[statement.name] = shape(statement.tree, shapes)
        records[statement.name] = statement.variable
    forward, recognised = with_stable_loss(forward, Facts(shapes, constants, model.shares))
    trained = {name: records[name] for name in model.trained()}
    leaves = [*trained, *(name for name in model.asked if name in shapes)]
    for name in leaves:
        if name not in model.records:
            home = homes.get(name)
            records[name] = msgspec.structs.replace(records[name], section=home.section if home else "")

    def stage(variable: str) -> str:
        """The layer's own, or the part of the block that it belongs to."""
        is_leaf = variable in leaves
        home = homes.get(variable) if is_leaf else None
        own = records[home.name if home else variable]
        if own.block:
            return f"{'gradients' if is_leaf else 'delta'}{own.block}"
        return " ".join(filter(None, ("gradients" if is_leaf else "backward", records[variable].section)))

    last = forward[0].name  # what several blocks read, or no block, comes at the end
    after = {name: homes[name].name if name in homes else last for name in leaves}
    gradient = partial(gradient_name, variables=records)
    arrangement = Arrangement(gradient, stage, after, records, every=model.every)
    backward = Derivation(forward, LOSS, leaves, shapes, arrangement).run()
    found = [
        *forward,
        *with_stable_delta(backward, recognised),
        *(Statement(line.name, line.tree, STAGE, variable=_of_update(line, model.records)) for line in model.update),
        *training_updates(model, trained, {name: gradient(name) for name in trained}, shapes),
    ]
    slots = early | first_slots(found, model, shapes, model.carried)
    if looks_ahead(model):
        found = with_look_ahead(found, trained, "forward")
    for statement in found:
        if statement.name not in shapes:
            shapes[statement.name] = shape(statement.tree, shapes)
    records |= {statement.name: statement.variable for statement in found}
    labels = {name: axes for name, axes in model.labels.items() if name in records}
    records |= {name: msgspec.structs.replace(records[name], axes=axes) for name, axes in labels.items()}
    # the epoch stays where it has several iterations, because people ask for it
    asked = {*model.inputs, *({"epoch"} if model.feed.per_epoch > 1 else ())}
    used = of_use(found, {*constants, *COUNTERS} - asked, shapes)
    return Statements(found, used, {name: records[name] for name in used}, slots)


def forward_half(lines: Sequence[Line], records: Mapping[str, Variable], output: str = "") -> list[Statement]:
    """The lines as statements, each with its record and in its stage."""
    of_loss = _of_loss(lines, output)
    stages = {line.name: "loss" if line.name in of_loss else "forward" for line in lines}
    return [Statement(line.name, line.tree, stages[line.name], variable=records[line.name]) for line in lines]


def _read_early(model: Model) -> dict[str, Array]:
    """What is carried on that the forward half reads, as the iteration before left it."""
    read = {name for line in model.lines for name in names(line.tree)} if model.update else ()
    return {line.name: model.carried[line.name] for line in model.update if line.name in read}


def _of_update(line: Line, known: Mapping[str, Variable]) -> Variable:
    return known.get(line.name, Variable(Role.STATISTIC, "carried"))


def _of_loss(lines: Iterable[Line], output: str) -> set[str]:
    """L, and the lines outside of blocks that only L reads."""
    readers: dict[str, set[str]] = {}
    for line in lines:
        for name in names(line.tree):
            readers.setdefault(name, set()).add(line.name)
    alone = {line.name for line in lines if not line.section and readers.get(line.name) == {LOSS}}
    return (alone - {output}) | {LOSS}


def _homes(lines: Sequence[Line]) -> Mapping[str, Line]:
    """The first line of the block that a variable is read in; none where several blocks read it, or a line outside of
    blocks does. A penalty that stands beside L, behind the block, does not count.
    """
    first: dict[str, int] = {}
    found: dict[str, dict[str, int]] = {}  # where each block reads it, first
    beside = {line.name for line in lines if not line.section} & _of_loss(lines, "")
    for place, line in enumerate(lines):
        first.setdefault(line.section, place)
        for name in names(line.tree):
            found.setdefault(name, {}).setdefault(LOSS if line.name in beside else line.section, place)
    homes = {}
    for name, blocks in found.items():
        behind = blocks.pop(LOSS, len(lines))
        (own, *more) = blocks or ("",)
        if own and not more and behind > first[own]:
            homes[name] = lines[first[own]]
    return homes
