"""A network of dense layers, which writes itself as a model: a text of formulas, and what that reads."""

from collections.abc import Mapping
from functools import cached_property

import msgspec
import numpy as np

from backprop_tui.engine.model.model import Model, forward_half
from backprop_tui.engine.model.reading import read_made
from backprop_tui.engine.model.stable_forms import Facts, with_stable_loss
from backprop_tui.engine.network.layer_text import forward_text, update_text
from backprop_tui.engine.network.layers import NORMS, RUNNING_STARTS, mask
from backprop_tui.engine.statements.axis_labels import SAMPLE
from backprop_tui.engine.statements.sample_axis import COLUMNS
from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import Role, Variable
from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.engine.tables.losses import LOSSES
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.engine.tables.settings import Value, defaults, meanings, variables
from backprop_tui.engine.training.batches import Feed
from backprop_tui.engine.training.training import Statements, setting
from backprop_tui.formula.values.element import Shape

Array = np.ndarray


class Layer(msgspec.Struct, frozen=True, eq=False):
    """A dense layer: weights (units, inputs), bias (units, 1), or (1, 1) where it is shared, or None; an activation.

    `settings` has the activation's settings (slope) that differ from its defaults; `frozen` names the parameters that
    are not trained, `W` or `b`. `norm` stands between z and the activation; `dropout` is the share of units that is
    left out behind it, from 0 to 1.
    """

    weights: Array
    bias: Array | None
    activation: str
    settings: dict[str, float] = {}
    frozen: frozenset[str] = frozenset()
    norm: str | None = None
    dropout: float = 0.0

    def __repr__(self) -> str:
        return f"<Layer of {self.units} {self.activation}, {self.weights.shape[1]} inputs>"

    @property
    def units(self) -> int:
        """The number of units."""
        return int(self.weights.shape[0])

    @property
    def constants(self) -> dict[str, float]:
        """The settings of the activation, all of them."""
        return variables(defaults(ACTIVATIONS[self.activation].settings)) | self.settings

    @property
    def parameters(self) -> dict[str, Array]:
        """The first values of what can be trained, by kind (`W`, `b`, …)."""
        found = {"W": self.weights} if self.bias is None else {"W": self.weights, "b": self.bias}
        if self.norm:
            found |= {"scale": np.ones((self.units, 1)), "shift": np.zeros((self.units, 1))}
        return found


class Network(msgspec.Struct, frozen=True, eq=False, dict=True):
    """Everything that a program is made from: layers, data with one column per sample, loss and optimizer by name.

    `settings` has the optimizer's settings that differ from its defaults; `clip` and `schedule` are a name and its
    numbers. `x` (inputs, N) and `y` (outputs, N) hold all samples; a loss without targets has no y. An iteration uses
    `batch_size` of the samples, or all of them (None), in an order that follows from `seed` where they are shuffled.
    `kept` has masks of dropout (units, N) that are given, by name, `start` the first values of slots that do not start
    as usual, and `before` counts the iterations that were done before the first. With `steps`, what a parameter changes
    by is a variable of its own, `step_W1`; with `ahead`, Nesterov's look-ahead points are, `ahead_W1`.
    """

    layers: tuple[Layer, ...]
    x: Array
    y: Array | None
    loss: str
    optimizer: str
    settings: dict[str, Value]
    reduction: str = "mean"
    input_gradient: bool = False
    l1: float = 0.0
    l2: float = 0.0
    clip: tuple[str, float] | None = None
    schedule: tuple[str, dict[str, float]] | None = None
    batch_size: int | None = None
    shuffle: bool = False
    seed: int = 0
    kept: dict[str, Array] = {}
    start: dict[str, Array] = {}
    before: int = 0
    steps: bool = False
    ahead: bool = False

    @property
    def outline(self) -> str:
        """What it is in a few words, `3-2-1, binary-cross-entropy, sgd`."""
        sizes = [len(self.x), *(layer.units for layer in self.layers)]
        return f"{'-'.join(map(str, sizes))}, {self.loss}, {self.optimizer}"

    def __repr__(self) -> str:
        sizes = [str(len(self.x)), *(f"{layer.units} {layer.activation}" for layer in self.layers)]
        return f"<Network {' → '.join(sizes)}, {self.loss}, {self.optimizer}, x {len(self.x)}×{self.x.shape[1]:,}>"

    @property
    def feed(self) -> Feed:
        """The samples of every iteration."""
        samples = {"x": self.x} if self.y is None else {"x": self.x, "y": self.y}
        return Feed(samples, dict.fromkeys(samples, COLUMNS), self.batch_size, shuffle=self.shuffle, seed=self.seed)

    def statements(self) -> Statements:
        """The statements of one iteration."""
        return self.model.statements()

    @cached_property
    def model(self) -> Model:
        """The same as formulas: a text of the layers, and what it reads."""
        feed, starts, settings = self.feed, self._statistics(), self._settings()
        samples = feed.samples(1)
        masks = self.masks(1, feed.count(1))
        known = self._known(samples | masks)
        forward, update = forward_text(self, feed.count(1)), update_text(self)
        reading = read_made(forward.text, known)
        return Model(
            text=forward.text,
            lines=reading.lines,
            start=self.parameters(),
            given=masks,
            inputs={"x": self.x} if self.y is None else {"x": self.x, "y": self.y},
            axes=dict.fromkeys(samples, COLUMNS),
            labels=self._labels,
            optimizer=self.optimizer,
            settings=self.settings,
            asked=("x",) if self.input_gradient else (),
            output="y_hat",
            target="y" if self.y is not None else "",
            clip=self.clip,
            schedule=self.schedule,
            batch_size=self.batch_size,
            shuffle=self.shuffle,
            seed=self.seed,
            before=self.before,
            steps=self.steps,
            ahead=self.ahead,
            update=read_made(update.text, known | reading.shapes, carried=starts).lines if starts else (),
            carried=starts | self.start,
            shares=self._shares,
            records=self._records | forward.records | update.records,
            fixed=settings,
            order=tuple(self.trained()),
            every=False,
        )

    def evaluating(self, given: Mapping[str, Array], *, has_loss: bool) -> list[Statement]:
        """The forward half for samples that are `given`, without the loss where they have no targets: nothing is
        dropped, and running statistics take the place of a batch's.
        """
        text = forward_text(self, given["x"].shape[1], evaluating=True, has_loss=has_loss)
        reading = read_made(text.text, self._known(given))
        found = forward_half(reading.lines, text.records)
        return with_stable_loss(found, Facts(reading.shapes, given, self._shares))[0]

    def _known(self, given: Mapping[str, Array]) -> dict[str, Shape]:
        """The shapes of all that the text can read: what is given, and what an iteration starts from."""
        arrays = {**self.parameters(), **self._statistics(), **given}
        return {name: np.shape(array) for name, array in arrays.items()} | dict.fromkeys(self._settings(), ())

    @property
    def _shares(self) -> frozenset[tuple[str, int]]:
        """The targets, where they share 1 out in each sample, down the columns."""
        return frozenset({("y", -2)} if LOSSES[self.loss].one_hot else ())

    def _statistics(self) -> dict[str, Array]:
        """What running statistics start with."""
        return {
            f"{kind}{k}": np.full((layer.units, 1), value)
            for k, layer in enumerate(self.layers, 1)
            if layer.norm and NORMS[layer.norm].running
            for kind, value in RUNNING_STARTS.items()
        }

    @property
    def chosen(self) -> dict[str, Value]:
        """The settings of the optimizer, all of them."""
        return OPTIMIZERS[self.optimizer].defaults | self.settings

    def parameters(self) -> dict[str, Array]:
        """The initial parameters by name, from the first layer to the last."""
        return {
            f"{kind}{k}": array for k, layer in enumerate(self.layers, 1) for kind, array in layer.parameters.items()
        }

    def trained(self) -> list[str]:
        """The parameters that are trained, from the last layer back."""
        numbered = [*enumerate(self.layers, 1)]
        return [
            f"{kind}{k}" for k, layer in reversed(numbered) for kind in layer.parameters if kind not in layer.frozen
        ]

    def masks(self, iteration: int, samples: int) -> dict[str, Array]:
        """The masks of the layers with dropout, in an iteration with this number of samples."""
        found = {}
        for k, layer in enumerate(self.layers, 1):
            name = f"mask{k}"
            if name in self.kept:
                found[name] = self.kept[name].take(self.feed.places(iteration), axis=1)
                found[name].setflags(write=False)
            elif layer.dropout:
                found[name] = mask(layer.dropout, layer.units, samples, seed=self.seed, layer=k, iteration=iteration)
        return found

    @property
    def _records(self) -> dict[str, Variable]:
        """What parameters, masks and samples are, apart from what their names say to people."""
        found = {
            f"{kind}{k}": Variable(Role.PARAMETER, kind, k, f"{kind}{k}")
            for k, layer in enumerate(self.layers, 1)
            for kind in layer.parameters
        }
        for k, layer in enumerate(self.layers, 1):
            if layer.dropout:
                found[f"mask{k}"] = Variable(Role.MASK, "mask", k, samples=COLUMNS)
        found["x"] = Variable(Role.INPUT, "x", samples=COLUMNS)
        found["y"] = Variable(Role.TARGET, "y", samples=COLUMNS)
        return found

    @property
    def _labels(self) -> dict[str, tuple[str, ...]]:
        """What the axes of parameters, masks and samples are called."""
        found: dict[str, tuple[str, ...]] = {"x": ("feature", SAMPLE), "y": ("output", SAMPLE)}
        for k, layer in enumerate(self.layers, 1):
            unit = "output" if k == len(self.layers) else "unit"
            found |= {f"{kind}{k}": (unit, "") for kind in layer.parameters}
            found |= {f"W{k}": (unit, "input of the layer"), f"mask{k}": (unit, SAMPLE)}
        return found

    def _settings(self) -> dict[str, tuple[Variable, float]]:
        """The settings that the layers and the penalty read, by name: the record of each, and its value."""
        found = {name: (setting(name), value) for name, value in (("l1", self.l1), ("l2", self.l2)) if value}
        for k, layer in enumerate(self.layers, 1):
            of_layer, means = layer.constants, meanings(ACTIVATIONS[layer.activation].settings)
            if layer.dropout:
                of_layer = of_layer | {"dropout": layer.dropout}
            for kind, value in of_layer.items():
                found[f"{kind}{k}"] = setting(kind, k, means.get(kind, "")), value
            of_norm = NORMS[layer.norm].settings if layer.norm else {}
            means = meanings(of_norm)
            for kind, value in variables(defaults(of_norm)).items():
                found[f"{kind}{k}"] = setting(f"norm_{kind}", k, means[kind]), value
        return found

    def constants(self) -> dict[str, Array]:
        """What enters with an iteration: the data, here of the first, and the settings."""
        return self.model.constants()
