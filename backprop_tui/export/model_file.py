"""A scenario of layers as the file of a model: the layers as formulas, with the numbers that they start with.

It is complete: what is loaded from it computes the same. Names of operations are those of a model, `dL_dz2` for δ₂.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from backprop_tui.engine.model.model import Model
from backprop_tui.engine.network.layer_text import forward_text
from backprop_tui.engine.network.network import Network
from backprop_tui.engine.program.program import Program
from backprop_tui.engine.training.update_statements import SCHEDULES
from backprop_tui.formula.language.tree import names
from backprop_tui.formula.writing.printer import source
from backprop_tui.scenario import Claim, Note, Published, Scenario
from backprop_tui.scenario.data.sample_table import split
from backprop_tui.scenario.format.toml_text import paragraph, toml
from backprop_tui.scenario.scenario import Samples

Array = np.ndarray
DRAWN = "# What dropout leaves out is drawn anew in every iteration, as often as in the layers, but not the same."


def model_file(scenario: Scenario) -> str:
    """The text of a file. Raises ValueError where a scenario has no layers."""
    network = scenario.network
    if not isinstance(network, Network):
        raise ValueError("is a model already")  # noqa: TRY004 - what is wrong is the scenario's content
    return "\n".join(_lines(scenario, network, Program.of(network))) + "\n"


def _lines(scenario: Scenario, network: Network, program: Program) -> Iterator[str]:
    model, drops = network.model, [k for k, layer in enumerate(network.layers, 1) if layer.dropout]
    drawn = [k for k in drops if f"mask{k}" not in network.kept]
    yield from ("#:schema ./scenario.schema.json", "format = 1", f"title = {toml(scenario.title)}")
    yield from _source(scenario)
    yield from ("", *([DRAWN] if drawn else []), "[model]", "forward = '''", *_forward(network, drawn), "'''")
    if model.update:
        yield from ("update = '''", *(f"{line.name} = {source(line.tree)}" for line in model.update), "'''")
    yield from ('output = "y_hat"', *(['target = "y"'] if network.y is not None else []))
    yield from ("", "[model.parameters]", *_parameters(model, network))
    yield from _table("model.given", _given(model))
    yield from _table("model.start", _start(network, model))
    yield from ("", "[model.inputs]", *_inputs(network))
    yield from _table("data", dict(_data(network, scenario.held_out)))
    yield from _training(scenario, network)
    yield from _table("conventions", _conventions(scenario, network))
    names = {statement.name: _name(program, statement.name) for statement in program.statements}
    for published in scenario.published:
        yield from ("", *_published(published, names))
    for note in scenario.notes:
        yield from ("", *_note(note, names, "text"))
    for note in scenario.remarks:
        yield from ("", *_note(note, names, "speaker"))


def _forward(network: Network, drawn: Iterable[int]) -> Iterator[str]:
    """The text as it is for any number of samples; masks that are drawn are those of a function."""
    masks = {f"    drop{k} =": f"    drop{k} = dropout(h{k}, dropout{k})" for k in drawn}
    for line in forward_text(network, max(2, network.feed.size)).text.split("\n"):
        yield next((mask for start, mask in masks.items() if line.startswith(start)), line)


def _conventions(scenario: Scenario, network: Network) -> dict[str, str]:
    """Those that a model can have; look-ahead points that stand apart are one, whatever asked for them."""
    found = {row.key: row.value for row in scenario.conventions if not row.transposes}
    return found | ({"weights": "without look-ahead"} if network.ahead else {})


def _parameters(model: Model, network: Network) -> Iterator[str]:
    frozen = {f"{kind}{k}" for k, layer in enumerate(network.layers, 1) for kind in layer.frozen}
    for name, array in model.start.items():
        value = toml(_column(array))
        yield f"{name} = {{ value = {value}, freeze = true }}" if name in frozen else f"{name} = {value}"


def _given(model: Model) -> dict[str, Any]:
    """Settings that the lines read, and first values of what is carried on."""
    lines = {name for line in (*model.lines, *model.update) for name in names(line.tree)}
    found: dict[str, Any] = {name: value for name, (_, value) in model.fixed.items() if name in lines}
    return found | {line.name: _column(model.carried[line.name]) for line in model.update}


def _start(network: Network, model: Model) -> dict[str, Any]:
    """The slots that do not start as usual, and the iterations before the first."""
    carried = {line.name for line in model.update}
    found: dict[str, Any] = {name: _column(value) for name, value in network.start.items() if name not in carried}
    return found | ({"t": network.before} if network.before else {})


def _inputs(network: Network) -> Iterator[str]:
    gradient = ", gradient = true" if network.input_gradient else ""
    yield f"x = {{ shape = [{len(network.x)}]{gradient} }}"
    if network.y is not None:
        yield f"y = {{ shape = [{len(network.y)}] }}"
    for name, mask in network.kept.items():
        yield f"{name} = {{ shape = [{len(mask)}] }}"


def _data(network: Network, held: Samples | None) -> Iterator[tuple[str, Any]]:
    """All samples; those that are held out are where a file's share of them is drawn."""
    arrays = {"x": network.x, **({} if network.y is None else {"y": network.y}), **network.kept}
    apart = {} if held is None else {"x": held.x, "y": held.y}
    count = 0 if held is None else held.numbers.size
    total = network.x.shape[1] + count
    training, left = split(total, count / total, 0)
    for name, array in arrays.items():
        together = np.empty((len(array), total))
        together[:, training] = array
        if count:
            together[:, left] = apart[name]
        yield name, together.T if total > 1 else together.ravel()
    if count:
        yield "held_out", count / total


def _training(scenario: Scenario, network: Network) -> Iterator[str]:
    yield from _table("optimizer", {"name": network.optimizer, **network.settings})
    if network.schedule:
        name, settings = network.schedule
        whole = {key for key, row in SCHEDULES[name].settings.items() if row.whole}
        values = {key: int(value) if key in whole else value for key, value in settings.items()}
        yield from _table("schedule", {"name": name, **values})
    if network.clip:
        yield from _table("clip", dict([network.clip]))
    training: dict[str, Any] = {"iterations": scenario.iterations}
    training |= {"batch_size": network.batch_size} if network.batch_size else {}
    training |= {"shuffle": True} if network.shuffle else {}
    training |= {"seed": network.seed} if network.seed else {}
    yield from _table("training", training)


def _source(scenario: Scenario) -> Iterator[str]:
    if scenario.url:
        name = f"name = {toml(scenario.source)}, " if scenario.source else ""
        yield f"source = {{ {name}url = {toml(scenario.url)} }}"
    elif scenario.source:
        yield f"source = {toml(scenario.source)}"


def _table(name: str, values: Mapping[str, Any]) -> Iterator[str]:
    if values:
        yield from ("", f"[{name}]", *(f"{key} = {toml(value)}" for key, value in values.items()))


def _column(array: Array) -> Array:
    """A column as a list, which is how a file has it."""
    return array.ravel() if array.ndim == 2 and array.shape[1] == 1 else array


def _name(program: Program, name: str) -> str:
    """What an operation is called in a model: a delta is the gradient of its weighted sum there."""
    wrt = program.variables[name].wrt
    return f"dL_d{wrt}" if wrt else name


def _published(published: Published, names: Mapping[str, str]) -> Iterator[str]:
    claims: list[Claim] = [*published.claims.flat]
    texts = np.array([claim.text for claim in claims], dtype=np.object_).reshape(published.claims.shape)
    at = f"[{','.join(map(str, published.at))}]" if published.at else ""
    yield "[[published]]"
    yield f"name = {toml(names.get(published.name, published.name) + at)}"
    yield f"value = {_written(_column(texts).tolist())}"
    decimals = {claim.decimals for claim in claims}
    if claims != [*Claim.together([Decimal(claim.text) for claim in claims])] and len(decimals) == 1:
        yield f"digits = {decimals.pop()}"
    if published.where:
        yield f"where = {toml(published.where)}"
    if published.iteration != 1:
        yield f"iteration = {published.iteration}"


def _written(texts: Any) -> str:
    """Numbers as they were printed."""
    return f"[{', '.join(map(_written, texts))}]" if isinstance(texts, list) else str(texts)


def _note(note: Note, names: Mapping[str, str], key: str) -> Iterator[str]:
    yield from ("[[note]]", f"at = {toml(names[note.at])}", f"{key} = {paragraph(note.text)}")
    if note.iteration:
        yield f"iteration = {note.iteration}"
