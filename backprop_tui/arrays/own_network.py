"""A network from arrays of one's own, whichever way they lie: a scenario without a file."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import product
from typing import Any, NamedTuple

import msgspec
import numpy as np

from backprop_tui.arrays.given_error import GivenError
from backprop_tui.arrays.given_values import array_of
from backprop_tui.arrays.placing import SAY, layout_of
from backprop_tui.engine.tables.activations import ACTIVATIONS
from backprop_tui.engine.tables.losses import LOSSES
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.scenario import Scenario, ScenarioError, load
from backprop_tui.scenario.format.aliases import MEANT, plain
from backprop_tui.scenario.scenario import Layout
from backprop_tui.text import a_type, clean

Array = np.ndarray
LEARNING_RATE = 0.1  # where none is given: gradients do not depend on it
ASKED = {
    0: f"is a row of x a sample or a feature? {SAY}",
    1: f"has a weight matrix a row for each input (x @ W) or for each unit (W @ x)? {SAY}",
}


class Part(NamedTuple):
    """A layer as it was given: W, b (None without one), the name of an activation, and other keys of a layer."""

    weights: Array
    bias: Array | None
    activation: str
    more: dict[str, Any]


def network(
    x: Any,
    y: Any = None,
    layers: Any = (),
    *,
    loss: str,
    rows: str | None = None,
    optimizer: str | Mapping[str, Any] = "sgd",
    learning_rate: float = LEARNING_RATE,
    **more: Any,
) -> Scenario:
    """A scenario from arrays: samples, targets, and layers `(W, b, "tanh")`, or `(W, "tanh")` without a bias.

    Arrays may be NumPy's or PyTorch's. `rows` is "samples" where a sample is a row of x (`x @ W + b`), "features" where
    it is a column (`W @ x + b`); without it the shapes tell, and where they do not it is asked. PyTorch's weights, with
    a row per unit although samples are rows, are recognised where they are not square. A layer may end with a dict of
    other keys of a file's layer (`{"dropout": 0.5}`). `y` has a row or column per sample, or a number for each: for
    categorical cross-entropy its class, or (rows of) probabilities. `optimizer` is a name or a dict of a file's keys;
    `more` are other tables of a file, such as `regularization={"l2": 0.1}`. Raises GivenError for shapes that do not
    fit together, and ScenarioError for the rest.
    """
    if not isinstance(layers, Sequence) or isinstance(layers, str):
        raise GivenError(f"layers: is {a_type(layers)}, expected a list of (W, b, activation)")
    parts = [_part(layer, f"layer {k}") for k, layer in enumerate(layers, 1)]
    if not parts:
        raise GivenError("layers: is empty, expected a list of (W, b, activation)")
    samples = array_of(x, "x")
    loss = _loss(loss, parts[-1].activation)
    one_hot = LOSSES[loss].one_hot
    targets = None if y is None else array_of(y, "y")
    layout = _layout(samples, targets, parts, layout_of(rows), by_class=one_hot)
    columns = layout.sample_rows is False
    x_rows = samples.reshape(1, -1) if samples.ndim < 2 and samples.size == _inputs(parts, layout) else samples
    x_rows = x_rows.reshape(-1, 1) if x_rows.ndim < 2 else x_rows.T if columns and samples.ndim == 2 else x_rows
    tables = {key: value for key, value in more.items() if value is not None}
    training = dict(tables.pop("training", {}))
    document = {
        "format": 1,
        "title": tables.pop("title", "arrays of one's own"),
        "network": {
            "inputs": x_rows.shape[1],
            "layers": [*_layers(parts, layout)],
            **tables.pop("network", {}),
        },
        "data": {"x": x_rows, **_targets(targets, len(x_rows), columns=columns), **tables.pop("data", {})},
        "loss": {"name": loss, **tables.pop("loss", {})},
        "optimizer": _optimizer(optimizer, learning_rate),
        **({"training": training} if training else {}),
        **tables,
    }
    try:
        found = load(document)
    except ScenarioError as error:  # the caller has written no dict
        problems = [msgspec.structs.replace(problem, file="") for problem in error.problems]
        raise ScenarioError(problems, error.more) from None
    return msgspec.structs.replace(found, layout=layout, given="arrays", name="arrays")


def _part(layer: Any, name: str) -> Part:
    """A layer taken apart."""
    if not isinstance(layer, Sequence) or isinstance(layer, str) or not 2 <= len(layer) <= 4:
        raise GivenError(f"{name}: expected (W, b, activation)")
    *arrays, last = layer
    more = dict(last) if isinstance(last, Mapping) else {}
    if more:
        *arrays, last = arrays
    if not isinstance(last, str) or not arrays:
        raise GivenError(f"{name}: expected (W, b, activation), with the activation's name as text")
    weights = array_of(arrays[0], f"{name}, W")
    if weights.ndim != 2:
        raise GivenError(f"{name}, W: has {weights.ndim} dimensions, expected 2")
    given = arrays[1] if len(arrays) > 1 else None
    bias = None if given is None or given is False else array_of(given, f"{name}, b")
    return Part(weights, bias, _known(last, ACTIVATIONS), more)


def _loss(word: str, activation: str) -> str:
    """The loss that a word stands for; of several, the one with a form of its own behind the output's activation.
    Raises GivenError for a word that stands for none.
    """
    meant = [name for name in MEANT.get(plain(str(word)[:60]), ()) if name in LOSSES]
    fitting = [name for name in meant if activation in LOSSES[name].stable]
    found = _known(str(word), LOSSES)
    if found in LOSSES or len(fitting) == 1:
        return found if found in LOSSES else fitting[0]
    near = meant or get_close_matches(str(word)[:60], [*LOSSES], 1)
    hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"known: {', '.join(LOSSES)}"
    raise GivenError(f"loss: unknown '{clean(str(word), 60)}' ({hint})")


def _known(word: str, rows: Mapping[str, Any]) -> str:
    """A name of a table, or the one that a word of other libraries stands for; the word itself if that is not one."""
    meant = [name for name in MEANT.get(plain(word[:60]), ()) if name in rows]
    spelled = {plain(name): name for name in rows}
    return spelled.get(plain(word), meant[0] if word not in rows and len(meant) == 1 else word)


def _optimizer(given: str | Mapping[str, Any], learning_rate: float) -> dict[str, Any]:
    table = {"name": given} if isinstance(given, str) else dict(given)
    name = _known(str(table.get("name", "sgd")), OPTIMIZERS)
    return {"learning_rate": learning_rate, **table, "name": name}


def _inputs(parts: Sequence[Part], layout: Layout) -> int:
    return int(parts[0].weights.shape[0 if layout.input_rows else 1])


def _layout(x: Array, y: Array | None, parts: Sequence[Part], said: Layout, *, by_class: bool) -> Layout:
    """The one layout in which the shapes fit together, or the one that was said among them. Raises GivenError."""
    ways = [Layout(*way) for way in product((True, False), repeat=2)]
    fitting = [way for way in ways if not _misfit(x, y, parts, way, by_class=by_class)]
    if not fitting:
        natural = said if said.sample_rows is not None else Layout(sample_rows=True, input_rows=True)
        raise GivenError(_misfit(x, y, parts, natural, by_class=by_class))
    if said.sample_rows is not None:
        agreeing = [way for way in fitting if way.sample_rows is said.sample_rows]
        if not agreeing:
            told, fits = ("samples", "features") if said.sample_rows else ("features", "samples")
            raise GivenError(
                f"rows='{told}' does not fit: x is {_shape(x)}, and with these layers that is rows='{fits}'"
            )
        return next((way for way in agreeing if way == said), agreeing[0])
    for which in (0, 1):
        if len({way[which] for way in fitting}) > 1 and not _is_symmetric(x, parts, which):
            raise GivenError(ASKED[which])
    return fitting[0]


def _is_symmetric(x: Array, parts: Sequence[Part], which: int) -> bool:
    """Whether both ways to read the arrays are the same one."""
    if which == 0:
        return x.ndim < 2 or (x.shape[0] == x.shape[1] and bool(np.array_equal(x, x.T)))
    return all(1 in part.weights.shape or np.array_equal(part.weights, part.weights.T) for part in parts)


def _misfit(x: Array, y: Array | None, parts: Sequence[Part], way: Layout, *, by_class: bool) -> list[str]:
    """What does not fit together in a layout; empty if everything does."""
    inputs = _inputs(parts, way)
    if x.ndim == 2:
        samples, features = x.shape if way.sample_rows else x.shape[::-1]
    else:
        samples, features = (1, x.size) if x.size == inputs else (x.size, 1)
    found = []
    if x.ndim > 2 or features != inputs:
        found.append(f"x: is {_shape(x)}, and the first layer has {inputs} inputs")
    before = inputs
    for k, part in enumerate(parts, 1):
        rows, columns = part.weights.shape
        own, units = (rows, columns) if way.input_rows else (columns, rows)
        if own != before:
            found.append(f"layer {k}, W: is {_shape(part.weights)}, and what comes before has {before} units")
        if part.bias is not None and part.bias.size not in (units, 1):
            found.append(f"layer {k}, b: has {part.bias.size} numbers, and the layer has {units} units")
        before = units
    if y is not None:
        shapes: set[tuple[int, ...]] = {(samples, before) if way.sample_rows else (before, samples)}
        if before == 1 or by_class:
            shapes |= {(samples,), (samples, 1), (1, samples)}
        if samples == 1:
            shapes |= {(before,), (1, before), (before, 1), *([()] if before == 1 or by_class else [])}
        if y.shape not in shapes:
            expected = " or ".join(sorted("×".join(map(str, shape)) or "a number" for shape in shapes))
            found.append(f"y: is {_shape(y)}, expected {expected} ({samples} samples, {before} outputs)")
    return found


def _shape(array: Array) -> str:
    return "×".join(map(str, array.shape)) or "a number"


def _layers(parts: Sequence[Part], layout: Layout) -> Iterator[dict[str, Any]]:
    for part in parts:
        weights = part.weights.T if layout.input_rows else part.weights
        found: dict[str, Any] = {"activation": part.activation, "weights": weights, "bias": False}
        if part.bias is not None and part.bias.size == len(weights):
            found["bias"] = part.bias.ravel()
        elif part.bias is not None:
            found |= {"bias": part.bias.item(), "shared_bias": True}
        yield found | part.more


def _targets(y: Array | None, samples: int, *, columns: bool) -> dict[str, Any]:
    """The key of the targets, with a row per sample or a number for each."""
    if y is None:
        return {}
    if y.dtype == np.float32 and y.ndim == 2 and np.allclose(y.sum(axis=0 if columns else 1), 1, rtol=0, atol=1e-5):
        y = y / y.sum(axis=0 if columns else 1, keepdims=True, dtype=float)  # shares that float32 rounded
    if y.ndim == 2 and samples == 1:
        return {"y": y.reshape(1, -1)}
    if y.ndim == 2 and columns:
        y = y.T
    if y.ndim == 2 and y.shape[0] != samples:
        y = y.T
    if y.ndim == 2 and y.shape[1] == 1:
        return {"y": y.ravel()}
    return {"y": y.reshape(1, -1) if samples == 1 and y.size > 1 else y}
