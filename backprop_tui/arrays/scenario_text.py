"""A scenario file from arrays: what they tell is written, and what they do not is guessed and said to be."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from backprop_tui.arrays.checking import published_of
from backprop_tui.arrays.given_error import GivenError
from backprop_tui.arrays.given_values import Values
from backprop_tui.arrays.own_names import OF_ALL, layer_of
from backprop_tui.arrays.own_network import network
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.statements.variable import Role
from backprop_tui.engine.timeline.timeline import Timeline
from backprop_tui.scenario import Scenario
from backprop_tui.scenario.format.toml_text import toml
from backprop_tui.scenario.printed_number import Stated
from backprop_tui.scenario.scenario import Layout
from backprop_tui.text import clean

Array = np.ndarray
GUESSED = "  # guessed: change it if that is wrong"
ACTIVATIONS, RATES = ("activations", "activation"), ("lr", "eta", "learning_rate", "alpha")
HIDDEN = "relu"


def scenario_text(arrays: Mapping[str, Array], name: str) -> str:
    """The text of a scenario file from arrays by name: x, y, W1, b1, …, and what is to be checked, such as dW1.

    `activations` (an array of names) and `lr` may be among them. Raises GivenError where something is missing or does
    not fit together, ScenarioError where a name is unknown.
    """
    left = dict(arrays)
    parameters = {key: found for key in arrays if (found := layer_of(key))}
    shift = int(any(layer == 0 for _, layer in parameters.values()))
    by_place = {(kind, layer + shift): left.pop(key) for key, (kind, layer) in parameters.items()}
    count = max((layer for _, layer in by_place), default=0)
    lacking = [f"W{k}" for k in range(1, count + 1) if ("W", k) not in by_place] or ([] if count else ["W1"])
    x, y = _one(left, Role.INPUT), _one(left, Role.TARGET)
    lacking += ["x"] if x is None else []
    if x is None or lacking:
        raise GivenError(f"{clean(name)}: has no {', '.join(lacking)}; its names are {_names(arrays)}")
    given = next((left.pop(key) for key in ACTIVATIONS if key in left), None)
    rate = next((float(left.pop(key)) for key in RATES if key in left and left[key].size == 1), None)
    outputs = _outputs(by_place, count)
    output, loss = _ending(y, outputs)
    activations = [str(one) for one in given.ravel()] if given is not None else [HIDDEN] * (count - 1) + [output]
    if len(activations) != count:
        raise GivenError(f"{clean(name)}: has {len(activations)} activations for {count} layers")
    loss = _loss_of(activations[-1], loss)
    layers = [(by_place["W", k], by_place.get(("b", k)), activation) for k, activation in enumerate(activations, 1)]
    built = network(x, y, layers, loss=loss, learning_rate=0.1 if rate is None else rate)
    guessed = {"activation": given is None, "loss": True, "rate": rate is None}
    return "\n".join(_lines(built, left, clean(name), guessed)) + "\n"


def _one(left: dict[str, Array], role: Role) -> Array | None:
    """The array of a role, taken out of those that are left."""
    for key in left:
        if OF_ALL.get(key.lower().replace("_", "")) is role:
            return left.pop(key)
    return None


def _names(arrays: Mapping[str, Array]) -> str:
    return ", ".join([clean(key, 30) for key in arrays][:12]) or "none"


def _outputs(by_place: Mapping[tuple[str, int], Array], count: int) -> int:
    """How many outputs there are: what the shapes of the last two layers leave."""
    last = by_place["W", count]
    bias = by_place.get(("b", count))
    if bias is not None and bias.size in last.shape:
        return int(bias.size)
    before = set(by_place["W", count - 1].shape) if count > 1 else set()
    return int(next((extent for extent in last.shape if extent not in before), last.shape[0]))


def _ending(y: Array | None, outputs: int) -> tuple[str, str]:
    """The activation of the output and the loss that targets of this kind most often go with."""
    if y is None:
        return "identity", "output"
    whole = bool(np.isin(y, (0, 1)).all())
    classes = y.ndim == 1 and bool((y == np.round(y)).all()) and y.min() >= 0
    if outputs > 1 and (whole or classes):
        return "softmax", "categorical-cross-entropy"
    return ("sigmoid", "binary-cross-entropy") if whole else ("identity", "mean-squared-error")


def _loss_of(activation: str, guess: str) -> str:
    """The guessed loss, or the mean squared error where the output cannot have that one."""
    wanted = {"categorical-cross-entropy": ("softmax", "log-softmax"), "binary-cross-entropy": ("sigmoid",)}
    return guess if activation in wanted.get(guess, (activation,)) else "mean-squared-error"


def _lines(built: Scenario, left: Mapping[str, Array], name: str, guessed: Mapping[str, bool]) -> Iterator[str]:
    net: Any = built.network
    yield from ("#:schema ./scenario.schema.json", "format = 1", f"title = {toml(f'arrays of {name}')}", "")
    yield from ("[network]", f"inputs = {len(net.x)}")
    for layer in net.layers:
        mark = GUESSED if guessed["activation"] else ""
        yield from ("", "[[network.layers]]", f'activation = "{layer.activation}"{mark}')
        yield f"weights = {toml(layer.weights)}"
        if layer.bias is None:
            yield "bias = false"
        elif layer.bias.size == layer.units:
            yield f"bias = {toml(layer.bias.ravel())}"
        else:
            yield from (f"bias = {layer.bias.item()!r}", "shared_bias = true")
    yield from ("", "[data]", f"x = {toml(net.x.T)}", *([] if net.y is None else [f"y = {toml(net.y.T)}"]))
    yield from ("", "[loss]", f'name = "{net.loss}"{GUESSED if guessed["loss"] else ""}')
    yield from ("", "[optimizer]", f'name = "{net.optimizer}"{GUESSED}')
    yield f"learning_rate = {net.settings['learning_rate']!r}{GUESSED if guessed['rate'] else ''}"
    if left:
        program = Program.of(net)
        published, said = published_of(built, Timeline(program), Values(dict(left)), Stated(), Layout(), 1)
        yield from (f"# {one}" for one in said)
        for one in published:
            values = np.array([claim.value for claim in one.claims.flat]).reshape(one.claims.shape)
            yield from ("", "[[published]]", f'name = "{one.name}"', f"value = {toml(values)}")
            yield f'where = "{one.where}"'
