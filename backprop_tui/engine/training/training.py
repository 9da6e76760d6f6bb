"""How a network or a model is trained: the settings, the update, and what the slots start with."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import Role, Variable, Variables
from backprop_tui.engine.tables.meanings import Meaning
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.engine.tables.settings import Value, meanings, variables
from backprop_tui.engine.training.look_ahead import looks_ahead
from backprop_tui.engine.training.update_statements import CLIPS, SCHEDULES, STAGE, slots, updates
from backprop_tui.engine.training.written_steps import with_steps
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.tree import names
from backprop_tui.formula.values.element import Shape

Array = np.ndarray
COUNTERS = ("t", "epoch")  # variables that are numbers of the iteration


class Statements(NamedTuple):
    """One iteration: its statements in order (forward, backward, update), the shapes and the records of all variables,
    and the first values of the slots.
    """

    found: list[Statement]
    shapes: dict[str, Shape]
    variables: Variables
    slots: dict[str, Array]


def of_use(found: Sequence[Statement], may_go: Collection[str], shapes: Mapping[str, Shape]) -> dict[str, Shape]:
    """The shapes without what may go and nothing reads: a feature that is off has no variables."""
    read = {name for s in found for tree in (s.tree, s.stable) if tree for name in names(tree)}
    return {name: own for name, own in shapes.items() if name in read or name not in may_go}


class Trained(Protocol):
    """What is trained: an optimizer with all of its settings, and a schedule and a way of clipping, if any; `steps`
    says whether what a parameter changes by is a variable of its own, `ahead` the same of where its momentum leads.
    """

    @property
    def optimizer(self) -> str: ...
    @property
    def chosen(self) -> dict[str, Value]: ...
    @property
    def schedule(self) -> tuple[str, dict[str, float]] | None: ...
    @property
    def clip(self) -> tuple[str, float] | None: ...
    @property
    def steps(self) -> bool: ...
    @property
    def ahead(self) -> bool: ...


def setting(kind: str, layer: int = 0, means: str = "") -> Variable:
    """The record of a setting, with what its row says about it."""
    return Variable(Role.SETTING, kind, layer, means=Meaning(entry=means) if means else None)


def training_settings(of: Trained) -> dict[str, tuple[Variable, float]]:
    """The settings of optimizer, schedule and clipping by name: the record of each, and its value."""
    found, means = variables(of.chosen), meanings(OPTIMIZERS[of.optimizer].settings)
    if of.schedule:
        name, values = of.schedule
        found |= values | {"eta0": found.pop("eta")}
        means |= meanings(SCHEDULES[name].settings)
    if of.clip:
        name, value = of.clip
        found[f"max_{name}"] = value
        means |= meanings({f"max_{name}": CLIPS[name].setting})
    return {name: (setting(name, 0, means.get(name, "")), value) for name, value in found.items()}


def training_updates(
    of: Trained, trained: Mapping[str, Variable], gradients: Mapping[str, str], taken: Collection[str] = ()
) -> list[Statement]:
    """Schedule, clipping, and the optimizer's equations for each trained parameter, in the order given; `gradients`
    maps each to the name of its gradient. Names that are `taken` are left to those who have them.
    """
    if not trained:
        return []
    found: list[Statement] = []
    gradients = dict(gradients)
    if of.schedule:
        rate = Variable(Role.LEARNING_RATE, "eta")
        found.append(Statement("eta", parse(SCHEDULES[of.schedule[0]].formula), STAGE, variable=rate))
    if of.clip:
        clipping, gradients = CLIPS[of.clip[0]].clipped(gradients, trained)
        found += clipping
    own = {"nesterov": False} if looks_ahead(of) else {}  # it is done before the forward half then
    found += updates(of.optimizer, of.chosen | own, trained, gradients)
    return [*with_steps(found, taken.__contains__)] if of.steps else found


def first_slots(
    found: Sequence[Statement], of: Trained, shapes: dict[str, Shape], given: Mapping[str, Array]
) -> dict[str, Array]:
    """The first values of the slots: those that are given; else each has its parameter's shape, or is the number that
    its row starts it with.

    Their shapes are added to `shapes`.
    """
    starts, chosen = OPTIMIZERS[of.optimizer].starts, of.chosen
    records = {statement.name: statement.variable for statement in found}
    first = {}
    for name in slots(found, list(shapes)):
        own = records[name]
        if name in given:
            first[name] = given[name]
        else:
            match starts.get(own.kind, 0.0):
                case str(which):
                    first[name] = np.full(shapes[own.parameter], chosen[which])
                case value:
                    first[name] = np.array(value) if own.kind in starts else np.zeros(shapes[own.parameter])
        shapes[name] = first[name].shape
    return first
