"""A draft of a scenario with a model, and what the rules ask about it."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from msgspec import UNSET, structs

from backprop_tui.engine.model.functions import reserved
from backprop_tui.engine.model.model import Model
from backprop_tui.engine.model.reading import COUNTERS, OUTPUT, Declared, Reading, read, read_by_loss
from backprop_tui.engine.network.target_classes import are_shares
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.engine.tables.settings import variables
from backprop_tui.formula.values.element import Shape
from backprop_tui.scenario.checking.engine_options import of_training
from backprop_tui.scenario.checking.scenario_names import Names
from backprop_tui.scenario.data.named_samples import Files
from backprop_tui.scenario.format import model_schema
from backprop_tui.scenario.format.problem import Path
from backprop_tui.scenario.model.arrays import Arrays, Values
from backprop_tui.scenario.model.model_loss import WithLoss, with_loss
from backprop_tui.scenario.model.model_samples import Samples, samples_of


class ModelDraft:
    """The part of a file that has the right structure; see `Draft`, which is this for a network of layers."""

    def __init__(
        self, file: model_schema.ModelFile, document: Mapping[str, Any], files: Files, is_wrong: Callable[[Path], bool]
    ) -> None:
        self.file = file
        self.document = document
        self.files = files
        self._is_wrong = is_wrong

    def is_wrong(self, path: Path) -> bool:
        """Whether something wrong has been found at a path."""
        return self._is_wrong(path)

    @cached_property
    def optimizer(self) -> str:
        """The optimizer, or something valid in its place."""
        name = self.file.optimizer.name
        return name if name in OPTIMIZERS else next(iter(OPTIMIZERS))

    @cached_property
    def arrays(self) -> Arrays:
        """What the file gives, as arrays."""
        options = of_training(self.file, self.optimizer)
        settings = variables(OPTIMIZERS[self.optimizer].defaults | options["settings"])
        names = {*settings, OUTPUT, *COUNTERS, *reserved()}
        return Values(self.file.model, self.data, frozenset(names), self.is_wrong).arrays()

    @cached_property
    def data(self) -> Samples:
        """The samples, as the file has them or another one that it names."""
        return samples_of(self.file.data, self.files, self.file.model.inputs)

    @property
    def beside_digest(self) -> bytes:
        """The digest of the file that its samples are in, where they are in one of their own."""
        return self.data.digest

    @cached_property
    def reading(self) -> Reading:
        """The lines of the text, with the shapes of a whole batch; and that of a loss beside it."""
        return self.with_loss.reading

    @cached_property
    def with_loss(self) -> WithLoss:
        """The same, with what is wrong with the loss."""
        loss, model = self.file.loss, self.file.model
        found = read(model.forward, self._declared, has_loss=loss is UNSET)
        return WithLoss(found) if loss is UNSET else with_loss(found, loss, model, self.arrays)

    @cached_property
    def update(self) -> Reading:
        """The lines of what is carried on, which may read all that the text writes."""
        declared, given = self._declared, self.arrays.given
        constants = {**declared.constants, **{line.name: self.reading.shapes[line.name] for line in self.reading.lines}}
        return read(
            self.file.model.update,
            structs.replace(declared, constants=constants, carried=frozenset(given)),
            has_loss=False,
        )

    @cached_property
    def _declared(self) -> Declared:
        arrays, model = self.arrays, self.file.model
        return Declared(
            sizes={name: size for name, size in model.sizes.items() if name not in arrays.lost},
            parameters=_shapes(arrays.parameters),
            constants=_shapes(arrays.given) | {name: own.shape for name, own in arrays.drawn.items()},
            inputs=_shapes(arrays.inputs),
            families=arrays.families,
            classes=arrays.classes,
            samples=arrays.axes | {name: own.axis for name, own in arrays.drawn.items() if own.axis is not None},
            labels=arrays.labels,
            rows=arrays.rows,
            reserved=frozenset(variables(OPTIMIZERS[self.optimizer].defaults)),
            lost=arrays.lost,
        )

    @cached_property
    def model(self) -> Model:
        """The model of a draft in which nothing is wrong."""
        arrays, model = self.arrays, self.file.model
        options = of_training(self.file, self.optimizer)
        read_names = read_by_loss(self.reading.lines)
        sizes = {name: np.array(float(value)) for name, value in model.sizes.items()}
        carried = {line.name: arrays.given[line.name] for line in self.update.lines}
        return Model(
            text=model.forward,
            lines=self.reading.lines,
            start=arrays.parameters,
            given={name: array for name, array in (arrays.given | sizes).items() if name not in carried},
            inputs=arrays.inputs,
            axes=arrays.axes,
            optimizer=self.optimizer,
            drawn=arrays.drawn | self.reading.drawn | self.update.drawn,
            update=self.update.lines,
            carried=carried,
            labels=arrays.labels,
            classes=arrays.names,
            counts=arrays.classes,
            frozen=arrays.frozen,
            asked=tuple(name for name in arrays.asked if name in read_names),
            shares=frozenset(
                (name, axis)
                for name, array in (arrays.inputs | arrays.given).items()
                for axis in (-2, -1)
                if array.ndim > 1 and are_shares(array, axis).all()
            ),
            output=model.output,
            target=model.target,
            **options,
        )

    @property
    def start(self) -> tuple[str, Mapping[str, Any]]:
        """What a run starts with beside its parameters, and the table that it stands in."""
        return "model", self.file.model.start

    @property
    def samples(self) -> int:
        """The number of samples that are trained on."""
        return self.arrays.samples

    @property
    def batch_size(self) -> int:
        """The number of samples in an iteration, except the last of an epoch."""
        return min(self.file.training.batch_size or self.samples, self.samples)

    @property
    def per_epoch(self) -> int:
        """The number of iterations in an epoch."""
        return -(-self.samples // self.batch_size)

    @property
    def iterations(self) -> int:
        """The number of iterations that the file asks for."""
        training = self.file.training
        return training.epochs * self.per_epoch if training.epochs else training.iterations

    @cached_property
    def shapes_are_known(self) -> bool:
        """Whether there is a program, whose names published values and notes can have."""
        wrong = self.arrays.findings or self.reading.wrong or self.update.wrong
        return not wrong and self.has_loss

    @property
    def has_loss(self) -> bool:
        """Whether a line assigns L."""
        return not self.with_loss.findings and any(line.name == OUTPUT for line in self.reading.lines)

    @cached_property
    def names(self) -> Names:
        """The names of the program, with the shapes of a whole batch."""
        return Names(self.model)

    def names_at(self, iteration: int) -> Names:
        """The same with the shapes of an iteration."""
        last = self.samples % self.batch_size
        if not last or iteration % self.per_epoch:
            return self.names
        return self._names_of_last

    @cached_property
    def _names_of_last(self) -> Names:
        last = self.samples % self.batch_size
        model = self.model
        cut = {
            name: array.take(range(last), axis=model.axes[name]) if name in model.axes else array
            for name, array in model.inputs.items()
        }
        return Names(structs.replace(model, inputs=cut, batch_size=None))


def _shapes(arrays: Mapping[str, np.ndarray]) -> dict[str, Shape]:
    return {name: array.shape for name, array in arrays.items()}
