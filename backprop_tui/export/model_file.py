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
from backprop_tui.scenario.format.toml_text import paragraph, toml

Array = np.ndarray
DRAWN = "# What dropout leaves out is drawn anew in every iteration, as often as in the layers, but not the same."


def model_file(scenario: Scenario) -> str:
    """The text of a file. Raises ValueError where a scenario has no layers, or starts with what no model's file has."""
    network = scenario.network
    if not isinstance(network, Network):
        raise ValueError("is a model already")  # noqa: TRY004 - what is wrong is the scenario's content
    if network.before or not network.start.keys() <= {line.name for line in network.model.update}:
        raise ValueError("starts with slots or after some iterations ([network] start), which no model can")
    return "\n".join(_lines(scenario, network, Program.of(network))) + "\n"


def _lines(scenario: Scenario, network: Network, program: Program) -> Iterator[str]:
    model, drops = network.model, [k for k, layer in enumerate(network.layers, 1) if layer.dropout]
    drawn = [k for k in drops if f"mask{k}" not in network.kept]
    yield from ("#:schema ./scenario.schema.json", "format = 1", f"title = {toml(scenario.title)}")
    yield from _source(scenario)
    if scenario.held_out is not None:
        count = scenario.held_out.numbers.size
        yield from ("", f"# {count:,} samples that are held out are left out.")
    yield from ("", *([DRAWN] if drawn else []), "[model]", "forward = '''", *_forward(network, drawn), "'''")
    if model.update:
        yield from ("update = '''", *(f"{line.name} = {source(line.tree)}" for line in model.update), "'''")
    yield from ('output = "y_hat"', *(['target = "y"'] if network.y is not None else []))
    yield from ("", "[model.parameters]", *_parameters(model, network))
    yield from _table("model.given", _given(network, model, drawn))
    yield from ("", "[model.inputs]", *_inputs(network))
    yield from _table("data", dict(_data(network)))
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
    """The text as it is for any number of samples, with a line for each mask that is drawn."""
    masks = {f"    drop{k} =": f"    mask{k} = where(u{k} >= dropout{k}, 1, 0)" for k in drawn}
    for line in forward_text(network, max(2, network.feed.size)).text.split("\n"):
        yield from (mask for start, mask in masks.items() if line.startswith(start))
        yield line


def _conventions(scenario: Scenario, network: Network) -> dict[str, str]:
    """Those that a model can have; look-ahead points that stand apart are one, whatever asked for them."""
    found = {row.key: row.value for row in scenario.conventions if not row.transposes}
    return found | ({"weights": "without look-ahead"} if network.ahead else {})


def _parameters(model: Model, network: Network) -> Iterator[str]:
    frozen = {f"{kind}{k}" for k, layer in enumerate(network.layers, 1) for kind in layer.frozen}
    for name, array in model.start.items():
        value = toml(_column(array))
        yield f"{name} = {{ value = {value}, freeze = true }}" if name in frozen else f"{name} = {value}"


def _given(network: Network, model: Model, drawn: Iterable[int]) -> dict[str, Any]:
    """Settings that the lines read, first values of what is carried on, and the noise of masks."""
    lines = {name for line in (*model.lines, *model.update) for name in names(line.tree)}
    found: dict[str, Any] = {name: value for name, (_, value) in model.fixed.items() if name in lines}
    found |= {line.name: _column(model.carried[line.name]) for line in model.update}
    for k in drawn:
        found[f"u{k}"] = {"noise": "uniform", "shape": [network.layers[k - 1].units]}
    return found


def _inputs(network: Network) -> Iterator[str]:
    gradient = ", gradient = true" if network.input_gradient else ""
    yield f"x = {{ shape = [{len(network.x)}]{gradient} }}"
    if network.y is not None:
        yield f"y = {{ shape = [{len(network.y)}] }}"
    for name, mask in network.kept.items():
        yield f"{name} = {{ shape = [{len(mask)}] }}"


def _data(network: Network) -> Iterator[tuple[str, Array]]:
    arrays = {"x": network.x, **({} if network.y is None else {"y": network.y}), **network.kept}
    for name, array in arrays.items():
        yield name, array.T if network.x.shape[1] > 1 else array.ravel()


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
