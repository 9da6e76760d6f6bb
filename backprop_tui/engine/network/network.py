"""Dense layers as statements. Only this file and the network's picture know about layers."""

from functools import partial

import msgspec
import numpy as np

from backprop_tui.engine.network.batches import Feed
from backprop_tui.engine.network.layers import NORMS, dropped, mask, normalised, running
from backprop_tui.engine.network.look_ahead import looks_ahead, with_look_ahead
from backprop_tui.engine.network.training import (
    COUNTERS,
    Statements,
    first_slots,
    of_use,
    setting,
    training_settings,
    training_updates,
)
from backprop_tui.engine.network.update_statements import STAGE
from backprop_tui.engine.statements.derive import Arrangement, Derivation, Shapes
from backprop_tui.engine.statements.sample_axis import COLUMNS
from backprop_tui.engine.statements.statement import Statement
from backprop_tui.engine.statements.variable import Role, Variable, gradient_name
from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.engine.tables.losses import LOSSES, REDUCTIONS, Stable
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.engine.tables.settings import Value, defaults, meanings, variables
from backprop_tui.formula.language.algebra import build, put_in
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.tree import Call, Name, Tree
from backprop_tui.formula.values.element import shape

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


class Network(msgspec.Struct, frozen=True, eq=False):
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
        return statements(self)

    @property
    def chosen(self) -> dict[str, Value]:
        """The settings of the optimizer, all of them."""
        return OPTIMIZERS[self.optimizer].defaults | self.settings

    @property
    def stable(self) -> Stable | None:
        """The stable forms that the loss has behind the last activation; None if it has none."""
        return LOSSES[self.loss].stable.get(self.layers[-1].activation)

    def output_name(self, layer: int) -> str:
        """The name of a layer's activation; layers count from 1, and that of the last is `y_hat`."""
        return "y_hat" if layer == len(self.layers) else f"h{layer}"

    def input_name(self, layer: int, *, evaluating: bool = False) -> str:
        """What a layer reads; an evaluation drops nothing."""
        if layer > 1 and self.layers[layer - 2].dropout and not evaluating:
            return f"drop{layer - 1}"
        return "x" if layer == 1 else self.output_name(layer - 1)

    def argument_name(self, layer: int) -> str:
        """What a layer's activation reads."""
        return f"scaled{layer}" if self.layers[layer - 1].norm else f"z{layer}"

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

    def variables(self) -> dict[str, Variable]:
        """The records of what an iteration starts from, except the slots, which have those of their equations."""
        found = {
            f"{kind}{k}": Variable(Role.PARAMETER, kind, k, f"{kind}{k}")
            for k, layer in enumerate(self.layers, 1)
            for kind in layer.parameters
        }
        found |= {name: Variable(Role.COUNTER, name) for name in COUNTERS}
        found |= {name: record for name, (record, _) in self._settings().items()}
        for k, layer in enumerate(self.layers, 1):
            if layer.dropout:
                found[f"mask{k}"] = Variable(Role.MASK, "mask", k, samples=COLUMNS)
        found["x"] = Variable(Role.INPUT, "x", samples=COLUMNS)
        if self.y is not None:
            found["y"] = Variable(Role.TARGET, "y", samples=COLUMNS)
        return found

    def _settings(self) -> dict[str, tuple[Variable, float]]:
        """The settings by name: the record of each, and its value."""
        settings = training_settings(self)
        found = {name: value for name, value in (("l1", self.l1), ("l2", self.l2)) if value}
        settings |= {name: (setting(name), value) for name, value in found.items()}
        for k, layer in enumerate(self.layers, 1):
            of_layer, means = layer.constants, meanings(ACTIVATIONS[layer.activation].settings)
            if layer.dropout:
                of_layer = of_layer | {"dropout": layer.dropout}
            for kind, value in of_layer.items():
                settings[f"{kind}{k}"] = setting(kind, k, means.get(kind, "")), value
            of_norm = NORMS[layer.norm].settings if layer.norm else {}
            means = meanings(of_norm)
            for kind, value in variables(defaults(of_norm)).items():
                settings[f"{kind}{k}"] = setting(f"norm_{kind}", k, means[kind]), value
        return settings

    def constants(self) -> dict[str, Array]:
        """What enters with an iteration: the data, here of the first, and the settings."""
        samples = self.feed.samples(1)
        masks = self.masks(1, samples["x"].shape[1])
        return {**samples, **masks, **{name: np.array(value) for name, (_, value) in self._settings().items()}}


def statements(network: Network) -> Statements:
    """The statements of one iteration."""
    shapes: Shapes = {name: np.shape(value) for name, value in (network.parameters() | network.constants()).items()}
    shapes |= dict.fromkeys(COUNTERS, ())
    reduce = Reduction(network, samples=shapes["x"][1])
    forward = [*forward_half(network), *loss_of(network, reduce)]
    for statement in forward:
        shapes[statement.name] = shape(statement.tree, shapes)
    records = network.variables() | {statement.name: statement.variable for statement in forward}
    trained = {name: records[name] for name in network.trained()}
    leaves = [*trained, *(["x"] if network.input_gradient else [])]
    sums = {s.variable.block: s.name for s in forward if s.variable.role is Role.WEIGHTED_SUM}

    def stage(variable: str) -> str:  # an input's gradient comes with those of the layer that reads it
        return f"{'gradients' if variable in leaves else 'delta'}{records[variable].block or 1}"

    # a layer's gradients come together, after its delta
    after = {name: sums[record.block] for name, record in records.items() if record.role is Role.PARAMETER}
    backward = Derivation(
        forward,
        "L",
        leaves,
        shapes,
        Arrangement(partial(gradient_name, variables=records), stage, after, records),
    ).run()
    statistics = [s for k, layer in enumerate(network.layers, 1) for s in running(layer.norm, k, STAGE)]
    found = [*forward, *_with_stable_delta(backward, network, reduce), *statistics, *_updates(network, trained)]
    first = first_slots(found, network, shapes) | network.start
    if looks_ahead(network):
        found = with_look_ahead(found, trained, "forward")
    for statement in found:
        if statement.name not in shapes:
            shapes[statement.name] = shape(statement.tree, shapes)
    records |= {statement.name: statement.variable for statement in found}
    # the epoch stays where it has several iterations, because people ask for it
    asked = {"x", "y", "epoch"} if network.feed.per_epoch > 1 else {"x", "y"}
    used = of_use(found, {*network.constants(), *COUNTERS} - asked, shapes)
    return Statements(found, used, {name: records[name] for name in used}, first)


def forward_half(network: Network, *, evaluating: bool = False) -> list[Statement]:
    """From x to ŷ; when evaluating, nothing is dropped and running statistics take the place of a batch's."""
    found = []
    for k, layer in enumerate(network.layers, 1):
        row = ACTIVATIONS[layer.activation]
        bias = "" if layer.bias is None else f" + b{k}"
        operands = ", ".join([network.argument_name(k), *(f"{name}{k}" for name in layer.constants)])
        before = network.input_name(k, evaluating=evaluating)
        weighted = Variable(Role.WEIGHTED_SUM, "z", k)
        found.append(Statement(f"z{k}", parse(f"W{k} @ {before}{bias}"), "forward", variable=weighted))
        if layer.norm:
            found += normalised(layer.norm, k, evaluating=evaluating)
        kind = "y_hat" if k == len(network.layers) else "h"
        active = Variable(Role.ACTIVATION, kind, k, means=row.meaning)
        found.append(
            Statement(network.output_name(k), parse(f"{row.primitive}({operands})"), "forward", variable=active)
        )
        if layer.dropout and not evaluating:
            found.append(dropped(k))
    return found


def _penalty(network: Network) -> list[Statement]:
    """The cost of large weights, over all layers together; biases cost nothing."""
    weights = [f"W{k}" for k in range(1, len(network.layers) + 1)]
    sums = (
        ("l1", "l1", "sum(abs({}))"),
        ("l2", "0.5 * l2", "sum({} ** 2)"),
    )
    terms = [
        f"{factor} * ({' + '.join(term.format(weight) for weight in weights)})"
        for name, factor, term in sums
        if getattr(network, name)
    ]
    penalty = Variable(Role.PENALTY, "penalty")
    return [Statement("penalty", parse(" + ".join(terms)), "loss", variable=penalty)] if terms else []


def loss_of(network: Network, reduce: "Reduction") -> list[Statement]:
    """The penalty, where there is one, and L."""
    penalty = _penalty(network)

    def whole(tree: Tree) -> Tree:
        return build("add", tree, Name("penalty")) if penalty else tree

    row, stable = LOSSES[network.loss], network.stable
    loss = Variable(Role.LOSS, "L", means=row.meaning)
    textbook = whole(reduce(parse(row.behind.get(network.layers[-1].activation, row.formula))))
    if stable is None or not stable.loss:
        return [*penalty, Statement("L", textbook, "loss", variable=loss)]
    logit: dict[str, Tree] = {"z": Name(network.argument_name(len(network.layers)))}
    computed = whole(put_in(reduce(parse(stable.loss)), logit))
    return [*penalty, Statement("L", textbook, "loss", computed, ("y_hat",), loss, stable.loss_gains)]


class Reduction:
    """What `reduce(…)` stands for in one program; one without effect, such as a mean over one sample, is left out."""

    def __init__(self, network: Network, samples: int) -> None:
        row, reduction, units = LOSSES[network.loss], network.reduction, network.layers[-1].units
        if samples == 1 and (units == 1 or row.over == "samples"):
            reduction = "sum"
        formula, weight = REDUCTIONS[row.over, reduction]
        counted: dict[str, Tree] = {"n": Name("y" if row.has_targets else "y_hat")}
        self.tree = put_in(parse("only(a)" if units == samples == 1 else formula), counted | {"a": Name("a")})
        self.weight = put_in(parse(weight), counted)

    def __call__(self, tree: Tree) -> Tree:
        """The tree with the reduction put in."""
        match tree:
            case Call("reduce", (inner,)):
                return put_in(self.tree, {"a": inner})
            case Call(function, operands):
                return build(function, *map(self, operands))
        return tree


def _with_stable_delta(backward: list[Statement], network: Network, reduce: Reduction) -> list[Statement]:
    """Give the output's delta the stable form that the loss has for its activation."""
    last = len(network.layers)
    logits = network.argument_name(last)
    places = (i for i, s in enumerate(backward) if s.variable.wrt == logits)
    place = next(places, None)
    if network.stable is None or place is None:  # nothing to train, so no delta
        return backward
    logit: dict[str, Tree] = {"z": Name(logits)}
    stable = build("div", put_in(parse(network.stable.delta), logit), reduce.weight)
    given = ["y"] if LOSSES[network.loss].one_hot else []  # an edited y would not add up to 1
    jumps = ("L", *given, *(statement.name for statement in backward[:place]))
    gains = network.stable.delta_gains.replace("{z}", f"{{{logits}}}")
    backward[place] = msgspec.structs.replace(backward[place], stable=stable, jumps=jumps, gains=gains)
    return backward


def _updates(network: Network, trained: dict[str, Variable]) -> list[Statement]:
    """The update of each trained parameter, from the last layer back."""
    return training_updates(network, trained, {name: gradient_name(name, trained) for name in trained})
