"""Rules about the samples: where they come from, whether they fit the network, and how many are held out."""

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from msgspec import UNSET

from backprop_tui.engine.network.target_classes import are_shares
from backprop_tui.engine.tables.losses import LOSSES, Loss
from backprop_tui.scenario.data.sample_table import Table, fitted
from backprop_tui.scenario.format.number_layout import Numbers, Shape, describe, each, extent, misfit, plural
from backprop_tui.scenario.format.problem import Finding, Path, Problem
from backprop_tui.text import clean

if TYPE_CHECKING:
    from backprop_tui.scenario.checking.scenario_draft import Draft

SOURCES = ("x", "dataset", "csv")
USES = {  # a key, and the keys that it needs
    "samples": ("dataset",),
    "noise": ("dataset",),
    "seed": ("dataset", "held_out"),
    "target": ("csv",),
    "header": ("csv",),
}


def sources(draft: "Draft") -> Iterator[Finding]:
    """Samples come from one place, and each key has a use there."""
    data = draft.file.data
    given = [name for name in SOURCES if getattr(data, name) is not UNSET]
    for name in given[1:]:
        yield ("data", name), f"is given beside {given[0]}, expected one of the two"
    if data.y is not UNSET and given and "x" not in given:
        yield ("data", "y"), f"is given beside {given[0]}, which has targets of its own"
    for name, takers in USES.items():
        if getattr(data, name) is not UNSET and all(getattr(data, taker) is UNSET for taker in takers):
            yield ("data", name), f"is of no use without {' or '.join(takers)}"


def inputs(draft: "Draft") -> Iterator[Finding]:
    """x is a sample, or a list of them, of as many numbers as the network has inputs."""
    data, count = draft.file.data, draft.file.network.inputs
    if data.x is UNSET:
        if data.dataset is UNSET and data.csv is UNSET:
            yield ("data", "x"), "is missing"
        return
    if not count:
        return
    why, own = f"network.inputs is {count}", extent(data.x)
    if draft.is_transposed:
        rows, columns = own or (0, 0)
        yield (
            ("data", "x"),
            f"has {describe((rows, columns))}, expected {describe((columns, rows))} ({why}): transpose it",
        )
    elif own is not None and len(own) == 2 and own[0] > 1:
        if message := misfit(data.x, (own[0], count), why=why):
            yield ("data", "x"), message
    else:
        samples: list[tuple[Path, Numbers]] = [(("data", "x"), data.x)]
        if draft.is_batch:
            samples = [(("data", "x", place), sample) for place, sample in enumerate(data.x)]
        for path, sample in samples:
            if message := misfit(sample, (count,), why=why):
                yield path, message


def targets(draft: "Draft") -> Iterator[Finding]:
    """y has a number per output for every sample, or one class per sample where the loss tells classes apart."""
    data, outputs, samples = draft.file.data, draft.widths[-1], draft.total
    row = LOSSES.get(draft.file.loss.name)
    if data.dataset is not UNSET or data.csv is not UNSET or row is None:
        return
    if not row.has_targets:
        if data.y is not UNSET:
            yield ("data", "y"), f"is of no use: the loss is the output itself ({row.name})"
    elif data.y is UNSET:
        yield ("data", "y"), "is missing"
    elif outputs and samples:
        why = f"{plural(outputs, 'output')}, {plural(samples, 'sample')}"
        allowed = _target_shapes(outputs, samples, is_batch=draft.is_batch, by_class=row.one_hot)
        if message := misfit(data.y, *allowed, why=why):
            yield ("data", "y"), message


def target_values(draft: "Draft") -> Iterator[Finding]:
    """y lies where the loss is defined."""
    name, y = draft.file.loss.name, draft.file.data.y
    row = LOSSES.get(name)
    if row is None or y is UNSET or not row.has_targets:
        return
    if row.one_hot:
        yield from _classes(draft, y)
        return
    for path, value in each(y, ("data", "y")):
        if not math.isnan(value) and not row.accepts(value):
            yield path, f"is {value:g}, expected {row.wanted} ({name})"


def image(draft: "Draft") -> Iterator[Finding]:
    """A picture has a pixel for each input."""
    own, count = draft.file.data.image, draft.file.network.inputs
    if own is not UNSET and len(own) == 2 and count and own[0] * own[1] != count:
        yield ("data", "image"), f"is {own[0]} by {own[1]}, expected {count:,} pixels (network.inputs is {count:,})"


def _classes(draft: "Draft", y: Numbers) -> Iterator[Finding]:
    """Classes are whole numbers from 0, or each sample shares 1 out among them, mostly as a 1 among zeros."""
    count, name = draft.widths[-1], draft.file.loss.name
    if draft.by_class:
        for path, value in each(y, ("data", "y")):
            if count and not math.isnan(value) and not (value.is_integer() and 0 <= value < count):
                last = f"{plural(count, 'output')}, and classes count from 0"
                yield path, f"is {value:g}, expected a whole number from 0 to {count - 1} ({last})"
        return
    rows: list[tuple[Path, Numbers]] = [(("data", "y"), y)]
    if isinstance(y, Sequence) and any(isinstance(row, Sequence) for row in y):
        rows = [(("data", "y", place), row) for place, row in enumerate(y)]
    for path, row in rows:
        numbers = [value for _, value in each(row)]
        if not any(map(math.isnan, numbers)) and not are_shares(np.array(numbers)[:, np.newaxis]).all():
            adds = f"adds up to {sum(numbers):g}" if min(numbers) >= 0 else "has a share below 0"
            wanted = "a 1 for the class and 0 for the others, or shares of 1, or the number of the class"
            yield path, f"is not a class: it {adds}, expected {wanted} ({name})"


def _target_shapes(outputs: int, samples: int, *, is_batch: bool, by_class: bool) -> list[Shape]:
    """How y may be written, the usual way first."""
    shapes: list[Shape] = [(samples, outputs)] if is_batch else [(outputs,), (1, outputs)]
    if (outputs == 1 or by_class) and is_batch:
        shapes.insert(0, (samples,))
    if samples == 1 and (outputs == 1 or by_class):
        shapes.insert(0, ())
    return shapes


def tables(draft: "Draft") -> Iterator[Finding | Problem]:
    """A data set or csv file can be read, and fits the network and the loss."""
    yield from draft.unread
    table, inputs, outputs = draft.table, draft.file.network.inputs, draft.widths[-1]
    if table is None:
        return
    if table.inputs.shape[1] != inputs:
        own = f"{table.name} has {plural(table.inputs.shape[1], 'input')}"
        yield ("network", "inputs"), f"is {inputs:,}, but {own}"
    loss = LOSSES.get(draft.file.loss.name)
    if outputs and loss is not None and loss.has_targets:
        try:
            yield from _out_of_range(table, fitted(table, outputs, loss).y, loss)
        except ValueError as error:
            yield ("data", "csv" if draft.file.data.csv else "dataset"), str(error)


def _out_of_range(table: Table, y: np.ndarray, loss: Loss) -> Iterator[Problem]:
    """The targets of a file for which the loss is not defined."""
    if loss.one_hot:
        if y.shape[1] == 1:
            return  # the rule of the loss says it
        for row in np.flatnonzero(~are_shares(y.T)):
            yield table.problem(
                int(row), 0, f"is neither a 1 for its class and 0 for the others, nor shares of 1 ({loss.name})"
            )
        return
    for row, column in zip(*np.nonzero(~loss.accepts(y)), strict=True):
        yield table.problem(row, column, f"is {y[row, column]:g}, expected {loss.wanted} ({loss.name})")


def held_out(draft: "Draft") -> Iterator[Finding]:
    """What is held out leaves something to train on."""
    share = draft.file.data.held_out
    if share and draft.total == 1:
        yield ("data", "held_out"), f"is {share:g}, which of 1 sample leaves none to train on"


def names(draft: "Draft") -> Iterator[Finding]:
    """Each input and each class has a name of its own, if they have names at all."""
    inputs, outputs = draft.file.network.inputs, draft.widths[-1]
    wanted = {"features": (inputs,), "classes": (2, 1) if outputs == 1 else (outputs,)}
    why = {"features": f"network.inputs is {inputs:,}", "classes": f"the network has {plural(outputs, 'output')}"}
    for key, counts in wanted.items():
        given = getattr(draft.file.data, key) or ()
        if given and all(counts) and len(given) not in counts:
            yield ("data", key), f"has {plural(len(given), 'name')}, expected {counts[0]:,} ({why[key]})"
        seen: set[str] = set()
        for place, name in enumerate(clean(name).strip() for name in given):
            if not name:
                yield ("data", key, place), "is empty"
            elif name in seen:
                yield ("data", key, place), "is given twice"
            seen.add(name)
