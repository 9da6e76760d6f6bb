"""A table of samples, as a data set or csv file has it; fitting it to a network; and holding samples out."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from backprop_tui.engine.tables.losses import Loss
from backprop_tui.engine.tables.random import generator
from backprop_tui.scenario.format.number_layout import plural
from backprop_tui.scenario.format.problem import Finding, Problem

Array = np.ndarray
ZERO_ONE = (0.0, 1.0)  # what the targets of two classes are written as, where the loss has no other way


class TableError(Exception):
    """A table that cannot be read: what is wrong in the scenario or a file that it names, and how much more."""

    def __init__(self, *problems: Finding | Problem, more: int = 0) -> None:
        super().__init__(*problems)
        self.problems, self.more = problems, more


class Table(Struct, frozen=True, eq=False):
    """A row per sample: `inputs` (N, inputs) and `targets` (N, columns) are numbers.

    If there are `classes` (their names), there is one column of targets, with the number of each sample's class, from
    0. A table from a file has the file's digest, the line of each row, and the names of its target columns.
    """

    name: str
    inputs: Array
    targets: Array
    features: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    lines: Sequence[int] = ()
    columns: tuple[str, ...] = ()
    digest: bytes = b""

    def problem(self, row: int, column: int, message: str) -> Problem:
        """What is wrong with a target, at its place in the file."""
        return Problem(self.name, message, self.columns[column], self.lines[row])


class Fitted(Struct, frozen=True, eq=False):
    """The targets of a table as a network needs them: (N, outputs), with the names of its classes, if it has any."""

    y: Array
    classes: tuple[str, ...] = ()


def fitted(table: Table, outputs: int, loss: Loss) -> Fitted:
    """Two classes become one number, more become one-hot; numbers stay unchanged if there is a column per output.

    Raises ValueError, with a message for people, if the network has a different number of outputs.
    """
    if table.classes:
        return _of_classes(table, outputs, loss)
    if table.targets.shape[1] == outputs:
        return Fitted(table.targets)
    if table.targets.shape[1] > 1:
        why = f"the network has {plural(outputs, 'output')}"
        raise ValueError(f"has {plural(table.targets.shape[1], 'target column')}, expected {outputs} ({why})")
    return _of_classes(_counted(table, outputs), outputs, loss)


def _of_classes(table: Table, outputs: int, loss: Loss) -> Fitted:
    count = len(table.classes)
    low, high = (min(loss.among), max(loss.among)) if loss.among else ZERO_ONE
    if count > 2 and outputs == 1:
        raise ValueError(f"has {count:,} classes, and one output tells two apart (expected {count:,} outputs)")
    if outputs not in (1, count):
        raise ValueError(f"has {plural(count, 'class', 'classes')}, and the network {plural(outputs, 'output')}")
    labels = table.targets[:, 0].astype(int)
    chosen = labels[:, np.newaxis] == (np.arange(count) if outputs > 1 else 1)
    return Fitted(np.where(chosen, high, low), table.classes)


def _counted(table: Table, outputs: int) -> Table:
    """Numbers in one column as classes: their values if all are whole numbers from 0, else their distinct values."""
    values, labels = np.unique(table.targets[:, 0], return_inverse=True)
    if np.isin(values, np.arange(outputs)).all():
        values, labels = np.arange(float(outputs)), table.targets[:, 0]
    names = tuple(f"{value:g}" for value in values)
    return Table(table.name, table.inputs, labels.reshape(-1, 1), table.features, names, table.lines, table.columns)


def held_out(total: int, share: float) -> int:
    """The number of samples held out of `total`: the share, rounded; at least 1, and at least 1 is left to train on."""
    return min(max(1, round(share * total)), total - 1) if share else 0


def split(total: int, share: float, seed: int) -> tuple[Array, Array]:
    """The indices of the samples to train on, and of those held out, each in their original order."""
    count = held_out(total, share)
    if not count:
        return np.arange(total), np.arange(0)
    order = generator(seed, "held out").permutation(total)
    return np.sort(order[count:]), np.sort(order[:count])
