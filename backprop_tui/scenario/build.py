"""From a file without problems to a scenario."""

from pathlib import Path
from typing import Any

import numpy as np
from msgspec import UNSET

from backprop_tui.engine.initializers import initial
from backprop_tui.engine.network import Array, Layer, Network
from backprop_tui.scenario import schema
from backprop_tui.scenario.claim import Claim
from backprop_tui.scenario.draft import Draft
from backprop_tui.scenario.extent import each
from backprop_tui.scenario.options import of_layer, of_network
from backprop_tui.scenario.scenario import Note, Published, Scenario
from backprop_tui.text import clean

TEXT_LIMIT = 4000  # of a note


def build(draft: Draft, *, given: str, name: str, path: Path | None, digest: str) -> Scenario:
    """The scenario of a draft that the check found nothing wrong with."""
    file = draft.file
    return Scenario(
        given=given,
        path=path,
        name=clean(name),
        digest=digest,
        title=clean(file.title or name),
        source=clean(file.source),
        network=_network(file),
        iterations=draft.iterations,
        published=tuple(_published(draft, place) for place in range(len(file.published))),
        notes=tuple(_note(draft, note) for note in file.note),
    )


def _network(file: schema.File) -> Network:
    inputs, layers = file.network.inputs, []
    for place, layer in enumerate(file.network.layers, 1):
        weights = _weights(layer, inputs, place)
        inputs = len(weights)
        layers.append(Layer(weights, _bias(layer, inputs), layer.activation, **of_layer(layer)))
    samples = _array(file.data.x).reshape(-1, file.network.inputs)
    return Network(
        layers=tuple(layers),
        x=_columns(samples),
        y=_columns(_array(file.data.y).reshape(len(samples), layers[-1].units)),
        loss=file.loss.name,
        optimizer=file.optimizer.name,
        **of_network(file, file.optimizer.name),
    )


def _weights(layer: schema.Layer, inputs: int, place: int) -> Array:
    """W as it is written, or made; layers count from 1."""
    if layer.weights or not layer.units or not layer.init:
        return _array(layer.weights)
    return initial(layer.init, layer.units, inputs, seed=layer.seed or 0, layer=place)


def _bias(layer: schema.Layer, units: int) -> Array | None:
    """b as it is written; made weights may do without, and begin with zeros."""
    if layer.bias is False:
        return None
    zeros = 0.0 if layer.shared_bias else [0.0] * units
    return _array(zeros if layer.bias is UNSET else layer.bias).reshape(-1, 1)


def _published(draft: Draft, place: int) -> Published:
    published = draft.file.published[place]
    names = draft.names_at(published.iteration)
    name, at = names.place(published.name)
    # As the file has them: what msgspec decoded has lost its trailing zeros.
    written: list[Any] = [number for _, number in each(draft.document["published"][place]["value"])]
    claims = np.array([Claim.of(number) for number in written], dtype=np.object_)
    claims.setflags(write=False)
    shape = () if at else names.shapes[name]
    return Published(name, claims.reshape(shape), clean(published.where), published.iteration, at)


def _note(draft: Draft, note: schema.Note) -> Note:
    at, iteration = draft.names.operation(note.at)
    return Note(at, clean(note.text.strip(), TEXT_LIMIT, lines=True), iteration or note.iteration or None)


def _array(numbers: Any) -> Array:
    array = np.array(numbers, dtype=np.float64, order="C")
    array.setflags(write=False)
    return array


def _columns(samples: Array) -> Array:
    """A column per sample."""
    return _array(samples.T)
