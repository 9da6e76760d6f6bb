"""Rules about the samples: where they come from, whether they fit the network, and how many are held out."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from msgspec import UNSET

from backprop_tui.engine.losses import LOSSES
from backprop_tui.scenario.extent import plural
from backprop_tui.scenario.problem import Finding, Problem
from backprop_tui.scenario.table import Table, fitted

if TYPE_CHECKING:
    from backprop_tui.scenario.draft import Draft

SOURCES = ("x", "dataset", "csv")
USES = {  # a key, and what it is of use with
    "samples": ("dataset",),
    "noise": ("dataset",),
    "seed": ("dataset", "held_out"),
    "target": ("csv",),
    "header": ("csv",),
}


def sources(draft: "Draft") -> Iterator[Finding]:
    """Samples come from one place, and each key is of use there."""
    data = draft.file.data
    given = [name for name in SOURCES if getattr(data, name) is not UNSET]
    for name in given[1:]:
        yield ("data", name), f"is given beside {given[0]}, expected one of the two"
    if data.y is not UNSET and given and "x" not in given:
        yield ("data", "y"), f"is given beside {given[0]}, which has targets of its own"
    for name, takers in USES.items():
        if getattr(data, name) is not UNSET and all(getattr(data, taker) is UNSET for taker in takers):
            yield ("data", name), f"is of no use without {' or '.join(takers)}"


def tables(draft: "Draft") -> Iterator[Finding | Problem]:
    """A data set or csv file can be read, and fits the network and the loss."""
    yield from draft.unread
    table, inputs, outputs = draft.table, draft.file.network.inputs, draft.widths[-1]
    if table is None:
        return
    if table.inputs.shape[1] != inputs:
        own = f"{table.name} has {plural(table.inputs.shape[1], 'input')}"
        yield ("network", "inputs"), f"is {inputs:,}, but {own}"
    if outputs and draft.file.loss.name in LOSSES:
        try:
            yield from _out_of_range(table, fitted(table, outputs, LOSSES[draft.file.loss.name]).y, draft)
        except ValueError as error:
            yield ("data", "csv" if draft.file.data.csv else "dataset"), str(error)


def _out_of_range(table: Table, y: np.ndarray, draft: "Draft") -> Iterator[Problem]:
    """The targets of a file for which the loss is not defined."""
    loss = LOSSES[draft.file.loss.name]
    for row, column in zip(*np.nonzero(~loss.accepts(y)), strict=True):
        yield table.problem(row, column, f"is {y[row, column]:g}, expected {loss.wanted} ({loss.name})")


def held_out(draft: "Draft") -> Iterator[Finding]:
    """What is held out leaves something to train on."""
    share = draft.file.data.held_out
    if share and draft.total == 1:
        yield ("data", "held_out"), f"is {share:g}, which of 1 sample leaves none to train on"
