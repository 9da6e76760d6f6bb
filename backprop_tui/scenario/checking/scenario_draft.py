"""A draft of a scenario: a file of the right structure that is being checked, and what several rules ask about it."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from backprop_tui.engine.network.network import Layer, Network
from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.engine.tables.losses import LOSSES
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.scenario.checking.engine_options import of_layer, of_network
from backprop_tui.scenario.checking.scenario_names import Names
from backprop_tui.scenario.data.named_samples import Files, read_table
from backprop_tui.scenario.data.sample_table import Table, TableError, held_out
from backprop_tui.scenario.format import schema
from backprop_tui.scenario.format.number_layout import extent
from backprop_tui.scenario.format.problem import Finding, Path, Problem

if TYPE_CHECKING:
    from backprop_tui.scenario.format.model_schema import ModelFile


class AnyDraft(Protocol):
    """What the rules ask that are about a network of layers and about a model alike."""

    @property
    def file(self) -> "schema.File | ModelFile": ...
    @property
    def document(self) -> Mapping[str, Any]: ...
    @property
    def per_epoch(self) -> int: ...
    @property
    def iterations(self) -> int: ...
    @property
    def shapes_are_known(self) -> bool: ...
    @property
    def names(self) -> Names: ...
    @property
    def start(self) -> tuple[str, Mapping[str, Any]]: ...
    def names_at(self, iteration: int) -> Names: ...
    def is_wrong(self, path: Path) -> bool: ...


class Draft:
    """The part of a file that has the right structure. `document` is that part as tomllib read it, `files` is where the
    files that it names are found, and `is_wrong` tells whether something wrong has been found at a path; the value
    there is then meaningless.
    """

    def __init__(
        self, file: schema.File, document: Mapping[str, Any], files: Files, is_wrong: Callable[[Path], bool]
    ) -> None:
        self.file = file
        self.document = document
        self.files = files
        self._is_wrong = is_wrong

    def is_wrong(self, path: Path) -> bool:
        """Whether something wrong has been found at a path."""
        return self._is_wrong(path)

    @property
    def start(self) -> tuple[str, Mapping[str, Any]]:
        """What a run starts with beside its parameters, and the table that it stands in."""
        network = self.file.network
        return "network", {} if network.layers[-1].dropout else network.start  # where the output is dropped, none fits

    @cached_property
    def widths(self) -> list[int]:
        """The number of inputs, then the units of every layer; 0 where the file does not say."""
        layers = self.file.network.layers
        return [self.file.network.inputs, *(layer.units or len(layer.weights or ()) for layer in layers)]

    @cached_property
    def _read(self) -> Table | TableError | None:
        try:
            return read_table(self.file.data, self.files)
        except TableError as error:
            return error

    @property
    def table(self) -> Table | None:
        """The data set or csv file that the file names; None if it names none, or what it names cannot be read."""
        return None if isinstance(self._read, TableError) else self._read

    @property
    def beside_digest(self) -> bytes:
        """The digest of the file that its samples are in, where they are in one of their own."""
        return self.table.digest if self.table else b""

    @property
    def unread(self) -> tuple[Finding | Problem, ...]:
        """Why the data cannot be read; empty if they can."""
        return self._read.problems if isinstance(self._read, TableError) else ()

    @property
    def left_out(self) -> int:
        """The number of reasons that `unread` leaves out."""
        return self._read.more if isinstance(self._read, TableError) else 0

    @cached_property
    def total(self) -> int:
        """The number of samples, including those held out; 0 where the file does not say."""
        if self.table is not None:
            return len(self.table.inputs)
        x = self.file.data.x or ()
        if self.is_transposed:
            return (extent(x) or (0, 0))[1]
        return len(x) if self.is_batch else min(len(x), 1)

    @property
    def samples(self) -> int:
        """The number of samples that are trained on; 0 where the file does not say."""
        return self.total - held_out(self.total, self.file.data.held_out or 0.0) if self.total else 0

    @cached_property
    def is_batch(self) -> bool:
        """Whether x is a list of samples rather than one."""
        return any(isinstance(sample, Sequence) for sample in self.file.data.x or ())

    @cached_property
    def is_transposed(self) -> bool:
        """Whether x has a row for each input instead of one for each sample, and y does not suggest otherwise."""
        match extent(self.file.data.x or 0.0):
            case (rows, columns) if columns:
                targets = extent(self.file.data.y or 0.0) or ()
                return rows == self.file.network.inputs != columns and targets[:1] != (rows,)
        return False

    @property
    def by_class(self) -> bool:
        """Whether y has the number of a class for each sample, rather than a number per output."""
        loss, own = LOSSES.get(self.file.loss.name), extent(self.file.data.y or 0.0)
        return (
            loss is not None and loss.one_hot and (own == () or (self.is_batch and own is not None and len(own) == 1))
        )

    @property
    def batch_size(self) -> int:
        """The number of samples in an iteration, except the last of an epoch; 0 where the file does not say."""
        return min(self.file.training.batch_size or self.samples, self.samples)

    @property
    def last_batch(self) -> int:
        """The number of samples left for the last iteration of an epoch."""
        return self.samples % self.batch_size or self.batch_size if self.samples else 0

    @property
    def per_epoch(self) -> int:
        """The number of iterations in an epoch."""
        return -(-self.samples // self.batch_size) if self.samples else 1

    @property
    def iterations(self) -> int:
        """The number of iterations that the file asks for."""
        training = self.file.training
        return training.epochs * self.per_epoch if training.epochs else training.iterations

    @property
    def shapes_are_known(self) -> bool:
        return all(self.widths) and self.samples > 0

    @cached_property
    def names(self) -> Names:
        """The names in a network of this form, with the shapes of a whole batch."""
        return self._names_of(self.batch_size or 1)

    def names_at(self, iteration: int) -> Names:
        """The same with the shapes of an iteration; the last batch of an epoch may be a short one."""
        is_short = iteration % self.per_epoch == 0 and self.last_batch < self.batch_size
        return self._names_of_last if is_short else self.names

    @cached_property
    def _names_of_last(self) -> Names:
        return self._names_of(self.last_batch)

    def _names_of(self, samples: int) -> Names:
        """The names; whatever is unknown or wrong in the file is replaced by something valid."""
        widths = [width or 1 for width in self.widths]
        layers = (
            Layer(
                _blank(units, inputs),
                None if layer.bias is False else _blank(1 if layer.shared_bias is True else units, 1),
                _known(layer.activation, ACTIVATIONS),
                **of_layer(layer),
            )
            for inputs, units, layer in zip(widths, widths[1:], self.file.network.layers, strict=False)
        )
        loss, optimizer = _known(self.file.loss.name, LOSSES), _known(self.file.optimizer.name, OPTIMIZERS)
        return Names(
            Network(
                layers=tuple(layers),
                x=_blank(widths[0], samples),
                y=_blank(widths[-1], samples) if LOSSES[loss].has_targets else None,
                loss=loss,
                optimizer=optimizer,
                **of_network(self.file, optimizer) | {"batch_size": None},
            )
        )


def _blank(*shape: int) -> np.ndarray:
    """Zeros that take no memory, whatever their shape."""
    return np.broadcast_to(0.0, shape)


def _known(name: str, rows: Mapping[str, Any]) -> str:
    return name if name in rows else next(iter(rows))
