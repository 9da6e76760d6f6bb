"""From a file without problems to a scenario."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np
from msgspec import UNSET, UnsetType

from backprop_tui.engine.mistakes.conventions import declared
from backprop_tui.engine.model.model import Model
from backprop_tui.engine.network.network import Array, Layer, Network
from backprop_tui.engine.network.target_classes import one_hot
from backprop_tui.engine.tables.initializers import initial
from backprop_tui.engine.tables.losses import LOSSES
from backprop_tui.scenario.checking.conventions_in_use import conventions_of
from backprop_tui.scenario.checking.engine_options import of_layer, of_network
from backprop_tui.scenario.checking.scenario_draft import Draft
from backprop_tui.scenario.checking.scenario_names import Names
from backprop_tui.scenario.checking.start_rules import T
from backprop_tui.scenario.data.sample_table import Fitted, fitted, split
from backprop_tui.scenario.format import schema
from backprop_tui.scenario.format.number_layout import each
from backprop_tui.scenario.printed_number import Claim, Stated
from backprop_tui.scenario.scenario import Note, Published, Samples, Scenario
from backprop_tui.scenario.shown_precision import Dtype, shown_types
from backprop_tui.text import clean

if TYPE_CHECKING:
    from backprop_tui.scenario.format.model_schema import ModelFile
    from backprop_tui.scenario.model.model_draft import ModelDraft

TEXT_LIMIT = 4000  # of a note
NAME_LIMIT = 60  # of an input or a class


def build(draft: "Draft | ModelDraft", *, given: str, name: str, path: Path | None, content: bytes) -> Scenario:
    """The scenario of a draft in which the check found nothing wrong."""
    if not isinstance(draft, Draft):
        return _of_model(draft, given=given, name=name, path=path, content=content)
    file, data = draft.file, _data(draft)
    source, url = _source(file)
    return Scenario(
        given=given,
        path=path,
        name=clean(name),
        content=content,
        title=clean(file.title or name),
        source=source,
        network=_network(file, data.training),
        iterations=draft.iterations,
        published=tuple(_all_published(draft)),
        conventions=declared(conventions_of(draft)),
        notes=_notes(draft),
        remarks=_notes(draft, private=True),
        held_out=data.held_out,
        numbers=data.training.numbers if data.held_out else None,
        features=data.features,
        classes=data.classes,
        image=_image(file.data),
        beside=draft.files.path(file.data),
        url=url,
    )


def _of_model(draft: "ModelDraft", *, given: str, name: str, path: Path | None, content: bytes) -> Scenario:
    """The scenario of a model that is written as formulas."""
    source, url = _source(draft.file)
    return Scenario(
        given=given,
        path=path,
        name=clean(name),
        content=content,
        title=clean(draft.file.title or name),
        source=source,
        network=_model_started(draft.model, draft.file.model.start),
        iterations=draft.iterations,
        published=tuple(_all_published(draft)),
        conventions=declared(conventions_of(draft)),
        notes=_notes(draft),
        remarks=_notes(draft, private=True),
        beside=draft.data.path,
        held_out=_held_out(draft),
        numbers=draft.arrays.training + 1 if draft.arrays.held else None,
        url=url,
    )


def _held_out(draft: "ModelDraft") -> Samples | None:
    """The samples of a model that are kept for evaluation, where it is one that is evaluated by itself."""
    model, held = draft.file.model, draft.arrays.held
    inputs = [name for name in held if name != model.target]
    if not model.output or len(inputs) != 1 or any(values.ndim > 2 for values in held.values()):
        return None
    columns = {name: _columns(values.reshape(len(values), -1)) for name, values in held.items()}
    return Samples(columns[inputs[0]], columns.get(model.target), draft.arrays.held_out + 1)


def _source(file: "schema.File | ModelFile") -> tuple[str, str]:
    """Whose example it is, and the address of its page; a text that is only an address counts as the address."""
    match file.source:
        case schema.Source(name=name, url=url):
            return clean(name), url or ""
        case text if re.fullmatch(schema.WEB_ADDRESS, text):
            return "", text
        case text:
            return clean(text), ""


class Data(NamedTuple):
    """The samples of a file, and the names that come with them."""

    training: Samples
    held_out: Samples | None
    features: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


def _data(draft: Draft) -> Data:
    data, table = draft.file.data, draft.table
    x = _array(data.x).reshape(-1, draft.file.network.inputs) if table is None else table.inputs
    fit = _fitted(draft, len(x)) if LOSSES[draft.file.loss.name].has_targets else None
    training, held = (
        Samples(_columns(x[places]), _columns(fit.y[places]) if fit else None, places + 1)
        for places in split(len(x), data.held_out or 0.0, data.seed or 0)
    )
    features = _names(data.features) or (table.features if table else ())
    classes = _names(data.classes) or (fit.classes if fit else ())
    return Data(training, held if held.numbers.size else None, features, classes)


def _image(data: schema.Data) -> tuple[int, int] | None:
    """The rows and columns of an input that is a picture."""
    return None if data.image is UNSET else (data.image[0], data.image[1])


def _names(given: Sequence[str] | UnsetType) -> tuple[str, ...]:
    """The names that a file gives."""
    return tuple(clean(name.strip(), NAME_LIMIT) for name in given or ())


def _fitted(draft: Draft, samples: int) -> Fitted:
    """The targets of a file, a row per sample."""
    outputs = draft.widths[-1]
    if draft.table is not None:
        return fitted(draft.table, outputs, LOSSES[draft.file.loss.name])
    y = _array(draft.file.data.y)
    return Fitted(one_hot(y.reshape(samples), outputs).T if draft.by_class else y.reshape(samples, outputs))


def _network(file: schema.File, samples: Samples) -> Network:
    inputs, layers = file.network.inputs, []
    for place, layer in enumerate(file.network.layers, 1):
        weights = _weights(layer, inputs, place)
        inputs = len(weights)
        layers.append(Layer(weights, _bias(layer, inputs), layer.activation, **of_layer(layer)))
    options = of_network(file, file.optimizer.name)
    masks = {name: _columns(_array(given).reshape(samples.x.shape[1], -1)) for name, given in file.data.masks.items()}
    network = Network(
        layers=tuple(layers),
        x=samples.x,
        y=samples.y,
        loss=file.loss.name,
        optimizer=file.optimizer.name,
        kept=masks,
        **options,
    )
    slots, before = _start(network, file.network.start)
    return msgspec.structs.replace(network, start=slots, before=before)


def _model_started(model: Model, start: Mapping[str, Any]) -> Model:
    slots, before = _start(model, start)
    return msgspec.structs.replace(model, carried=model.carried | slots, before=before) if start else model


def _start(of: Network | Model, start: Mapping[str, Any]) -> tuple[dict[str, Array], int]:
    """The slots that a run starts with as they are given, and how many iterations before it `t` says."""
    if not start:
        return {}, 0
    names = Names(of)
    slots = {names.variable(typed): value for typed, value in start.items() if typed != T}
    found = {name: _array(value).reshape(names.shapes[name]) for name, value in slots.items()}
    return found, int(start.get(T, 0))


def _weights(layer: schema.Layer, inputs: int, place: int) -> Array:
    """W (units, inputs) as it is written, or as `init` makes it; layers count from 1."""
    if layer.weights or not layer.units or not layer.init:
        return _array(layer.weights)
    return initial(layer.init, layer.units, inputs, seed=layer.seed or 0, layer=place)


def _bias(layer: schema.Layer, units: int) -> Array | None:
    """b as it is written; with `init` it may be left out, and then starts at zero."""
    if layer.bias is False:
        return None
    zeros = 0.0 if layer.shared_bias else [0.0] * units
    return _array(zeros if layer.bias is UNSET else layer.bias).reshape(-1, 1)


def _all_published(draft: "Draft | ModelDraft") -> Iterator[Published]:
    # As the file has them: decoding by msgspec loses trailing zeros.
    values = (table["value"] for table in draft.document.get("published", ()))
    written: list[list[Any]] = [[number for _, number in each(value)] for value in values]
    has_rows = any(row.transposes for row in declared(conventions_of(draft)))
    dtypes = shown_types([[*map(Decimal, numbers)] for numbers in written])
    for published, numbers, dtype in zip(draft.file.published, written, dtypes, strict=True):
        yield _published(draft, published, numbers, dtype, has_rows=has_rows)


def _published(
    draft: "Draft | ModelDraft", published: schema.Published, written: Sequence[Any], dtype: Dtype, *, has_rows: bool
) -> Published:
    names = draft.names_at(published.iteration)
    name, at = names.place(published.name)
    digits, rtol, atol = published.digits, published.rtol, published.atol
    stated = Stated(
        None if digits is UNSET else digits, *(None if number is UNSET else number for number in (rtol, atol))
    )
    claims = np.array(Claim.together(written, stated, dtype), dtype=np.object_)
    claims.setflags(write=False)
    shape = () if at else names.shapes[name]
    if has_rows and len(shape) == 2:
        return Published(name, claims.reshape(shape[::-1]).T, clean(published.where), published.iteration, at)
    return Published(name, claims.reshape(shape), clean(published.where), published.iteration, at)


def _notes(draft: "Draft | ModelDraft", *, private: bool = False) -> tuple[Note, ...]:
    """The notes that everybody sees, or those that only the speaker does: the two never stand together."""
    texts = ((note, note.speaker if private else note.text) for note in draft.file.note)
    return tuple(_note(draft, note, text) for note, text in texts if text)


def _note(draft: "Draft | ModelDraft", note: schema.Note, text: str) -> Note:
    at, iteration = draft.names.operation(note.at)
    return Note(at, clean(text.strip(), TEXT_LIMIT, lines=True), iteration or note.iteration or None)


def _array(numbers: Any) -> Array:
    array = np.array(numbers, dtype=np.float64, order="C")
    array.setflags(write=False)
    return array


def _columns(samples: Array) -> Array:
    """A column per sample."""
    return _array(samples.T)
