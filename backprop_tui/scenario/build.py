"""From a file without problems to a scenario."""

from pathlib import Path
from typing import Any

import numpy as np

from backprop_tui.engine.network import Array, Layer, Network
from backprop_tui.scenario import schema
from backprop_tui.scenario.check import Draft
from backprop_tui.scenario.claim import Claim
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
        iterations=file.training.iterations,
        published=tuple(_published(draft, place) for place in range(len(file.published))),
        notes=tuple(_note(draft, note) for note in file.note),
    )


def _network(file: schema.File) -> Network:
    layers = tuple(
        Layer(_array(layer.weights), _bias(layer), layer.activation, **of_layer(layer)) for layer in file.network.layers
    )
    samples = _array(file.data.x).reshape(-1, file.network.inputs)
    return Network(
        layers=layers,
        x=_columns(samples),
        y=_columns(_array(file.data.y).reshape(len(samples), layers[-1].units)),
        loss=file.loss.name,
        optimizer=file.optimizer.name,
        **of_network(file, file.optimizer.name),
    )


def _bias(layer: schema.Layer) -> Array | None:
    return None if layer.bias is False else _array(layer.bias).reshape(-1, 1)


def _published(draft: Draft, place: int) -> Published:
    published = draft.file.published[place]
    name = draft.names.variable(published.name)
    # As the file has them: what msgspec decoded has lost its trailing zeros.
    written: list[Any] = [number for _, number in each(draft.document["published"][place]["value"])]
    claims = np.array([Claim.of(number) for number in written], dtype=np.object_)
    claims.setflags(write=False)
    return Published(name, claims.reshape(draft.names.shapes[name]), clean(published.where), published.iteration)


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
