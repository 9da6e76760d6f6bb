"""Rules that take more than one value to judge, for a file whose structure is right.

A rule is a function from a draft to its findings; adding one is writing it and naming it in `RULES`. Every rule sees
the whole file, so all problems come at once. Where something that a rule needs is missing or wrong itself, the rule
says nothing and leaves that to the rule that is about it.
"""

from collections.abc import Callable, Iterator

from msgspec import UNSET, structs

from backprop_tui.engine.tables.activations import ACTIVATIONS, ANY
from backprop_tui.engine.tables.losses import LOSSES
from backprop_tui.engine.tables.optimizers import OPTIMIZERS
from backprop_tui.engine.training.update_statements import CLIPS, SCHEDULES
from backprop_tui.formula.language.tree import ExpressionError
from backprop_tui.scenario.checking.conventions_in_use import conventions_of
from backprop_tui.scenario.checking.data_rules import (
    held_out,
    image,
    inputs,
    names,
    sources,
    tables,
    target_values,
    targets,
)
from backprop_tui.scenario.checking.scenario_draft import AnyDraft, Draft
from backprop_tui.scenario.checking.scenario_names import UnknownNameError
from backprop_tui.scenario.checking.start_rules import masks, start
from backprop_tui.scenario.format import schema
from backprop_tui.scenario.format.number_layout import misfit, plural, written_shapes
from backprop_tui.scenario.format.problem import Finding, Path, Problem, listing, quote
from backprop_tui.text import clean

Rule = Callable[[Draft], Iterator[Finding | Problem]]


def units(draft: Draft) -> Iterator[Finding]:
    """A layer says how many units it has."""
    for path, layer in _layers(draft):
        if layer.units is UNSET and layer.weights is UNSET:
            yield (*path, "units"), "is missing (needed unless weights are given)"


def weights(draft: Draft) -> Iterator[Finding]:
    """W has a row per unit and a column per input of the layer."""
    for place, (path, layer) in enumerate(_layers(draft)):
        inputs, count = draft.widths[place : place + 2]
        if layer.weights is UNSET:
            if layer.init is UNSET:
                yield (*path, "weights"), "is missing"
        elif inputs:
            before = f"the layer before has {plural(inputs, 'unit')}" if place else f"network.inputs is {inputs}"
            why = f"units is {count}" if len(layer.weights) != count else before
            if message := misfit(layer.weights, (count or 1, inputs), why=why):
                yield (*path, "weights"), message


def bias(draft: Draft) -> Iterator[Finding]:
    """b has a number per unit."""
    for (path, layer), count in zip(_layers(draft), draft.widths[1:], strict=True):
        if layer.bias is UNSET:
            if layer.init is UNSET:
                yield (*path, "bias"), "is missing"
        elif layer.shared_bias is True:
            if isinstance(layer.bias, bool | list):
                message = misfit(layer.bias, (), why="shared_bias")
                yield (*path, "bias"), message or f"is {str(layer.bias).lower()}, expected a number (shared_bias)"
        elif count and layer.bias is not False:
            message = misfit(layer.bias, (count,), why=f"the layer has {plural(count, 'unit')}")
            yield from [((*path, "bias"), message)] if message else []


def init(draft: Draft) -> Iterator[Finding]:
    """Weights are written or made, and what is made has a size that fits."""
    for place, (path, layer) in enumerate(_layers(draft)):
        if layer.init is UNSET:
            if layer.seed is not UNSET:
                yield (*path, "seed"), "is of no use without init"
            continue
        if layer.weights is not UNSET:
            yield (*path, "init"), "is given beside weights, expected one of the two"
        size = draft.widths[place] * draft.widths[place + 1]
        if layer.weights is UNSET and size > schema.MOST_WEIGHTS:
            yield (*path, "units"), f"makes {size:,} weights, expected at most {schema.MOST_WEIGHTS:,}"


def norms(draft: Draft) -> Iterator[Finding]:
    """A batch norm needs samples to compare: with one alone, the variance is 0 and nothing is left of the sample."""
    size, last = draft.batch_size, draft.last_batch
    why = "batch norm compares the samples of a batch: with one alone nothing is left"
    for path, layer in _layers(draft):
        if layer.norm == "batch" and 1 in (size, last):
            which = "a batch" if size == 1 else "the last batch of an epoch"
            yield (*path, "norm"), f"is 'batch', but {which} has 1 sample ({why}; norm = 'layer' needs no batch)"


def dropout(draft: Draft) -> Iterator[Finding]:
    """The output layer drops nothing: its values are the predictions."""
    path, layer = _layers(draft)[-1]
    if layer.dropout:
        yield (*path, "dropout"), "stands in the output layer, where it would leave out predictions (leave it out)"


def classes(draft: Draft) -> Iterator[Finding]:
    """A loss that tells classes apart has an output for each of them."""
    row = LOSSES.get(draft.file.loss.name)
    if row is not None and row.one_hot and draft.widths[-1] == 1:
        others = "binary-cross-entropy tells two classes apart by one"
        yield ("loss", "name"), f"is {quote(row.name)}, expected at least 2 outputs ({others})"


def sizes(draft: Draft) -> Iterator[Finding]:
    """What a layer computes for a batch fits into memory."""
    for (path, _), count in zip(_layers(draft), draft.widths[1:], strict=True):
        if count * draft.batch_size > schema.MOST_NUMBERS:
            why = f"{plural(draft.batch_size, 'sample')} at a time; training.batch_size makes it fewer"
            yield (*path, "units"), f"is {count:,}, which makes more than {schema.MOST_NUMBERS:,} numbers ({why})"


def shares(draft: Draft) -> Iterator[Finding]:
    """An activation that shares 1 out among units needs more than one of them."""
    for (path, layer), count in zip(_layers(draft), draft.widths[1:], strict=True):
        if count == 1 and layer.activation in ACTIVATIONS and ACTIVATIONS[layer.activation].jacobian:
            why = "with one unit it is the same whatever its input; sigmoid tells two classes apart"
            yield (*path, "activation"), f"is {quote(layer.activation)}, expected at least 2 units ({why})"


def layer_settings(draft: Draft) -> Iterator[Finding]:
    """A setting of an activation stands only where the activation has it."""
    kept = {name for row in ACTIVATIONS.values() for name in row.settings}
    for path, layer in _layers(draft):
        row = ACTIVATIONS.get(layer.activation)
        for name in sorted(kept - {*row.settings} if row else ()):
            if getattr(layer, name) is not UNSET:
                takers = listing(row.name for row in ACTIVATIONS.values() if name in row.settings)
                yield (*path, name), f"is not a setting of {layer.activation} (only of {takers})"


def schedule(draft: AnyDraft) -> Iterator[Finding]:
    """A schedule has the settings of its formula, and no others."""
    chosen = draft.file.schedule
    if chosen is UNSET or chosen.name not in SCHEDULES:
        return
    settings = SCHEDULES[chosen.name].settings
    for name, value in structs.asdict(chosen).items():
        if name in settings and settings[name].default is None and value is UNSET:
            yield ("schedule", name), f"is missing ({chosen.name} needs {listing(settings)})"
        elif name not in ("name", *settings) and value is not UNSET:
            yield ("schedule", name), f"is not a setting of {chosen.name} (it has {listing(settings)})"


def clip(draft: AnyDraft) -> Iterator[Finding]:
    """Gradients are clipped in one way."""
    chosen = draft.file.clip
    if chosen is UNSET:
        return
    given = [name for name in structs.asdict(chosen) if getattr(chosen, name) is not UNSET]
    if len(given) != 1:
        yield ("clip",), f"has {' and '.join(given) or 'neither'}, expected either {' or '.join(CLIPS)}"


def outputs(draft: Draft) -> Iterator[Finding]:
    """The last activation stays where the loss is defined."""
    activation, row = draft.file.network.layers[-1].activation, LOSSES.get(draft.file.loss.name)
    if row is None or activation not in ACTIVATIONS or activation in row.takes:
        return
    path = ("network", "layers", len(draft.file.network.layers) - 1, "activation")
    low, high = row.outputs or ANY
    wanted = "the shares of classes" if row.behind else f"an output between {low:g} and {high:g}"
    yield path, f"is {quote(activation)}, expected {listing(row.takes)} ({row.name} needs {wanted})"


def settings(draft: AnyDraft) -> Iterator[Finding]:
    """An optimizer is given only settings that it has."""
    name = draft.file.optimizer.name
    if name not in OPTIMIZERS:
        return
    has = ["name", "learning_rate", *OPTIMIZERS[name].defaults]
    for setting, value in structs.asdict(draft.file.optimizer).items():
        if value is not UNSET and setting not in has:
            yield ("optimizer", setting), f"is not a setting of {name} (it has {listing(has[1:])})"
    given = structs.asdict(draft.file.optimizer)
    lacks = (not given["momentum"] and not draft.is_wrong(("optimizer", "momentum"))) or given["dampening"]
    if name == "sgd" and given["nesterov"] is True and lacks:
        yield ("optimizer", "nesterov"), "needs a momentum above 0 and no dampening"


def training(draft: AnyDraft) -> Iterator[Finding]:
    """How long to train is said once, in iterations or in passes over the data."""
    given = draft.file.training
    if given.epochs is UNSET:
        return
    if "iterations" in draft.document["training"]:
        yield ("training", "epochs"), "is given beside iterations, expected one of the two"
    elif draft.iterations > schema.MOST_ITERATIONS:
        why = f"{plural(draft.per_epoch, 'batch', 'batches')} each"
        yield (
            ("training", "epochs"),
            f"makes {draft.iterations:,} iterations, expected at most {schema.MOST_ITERATIONS:,} ({why})",
        )


def published(draft: AnyDraft) -> Iterator[Finding]:
    """A published value is of a variable of the program, and has its shape."""
    has_rows = conventions_of(draft).get("layout") == "rows"
    for place, claim in enumerate(draft.file.published):
        names = draft.names_at(claim.iteration)
        try:
            name, at = names.place(claim.name)
        except UnknownNameError as error:
            yield ("published", place, "name"), error.__str__
            continue
        except ExpressionError as error:
            if draft.shapes_are_known:
                yield ("published", place, "name"), str(error)
            continue
        if claim.digits is not UNSET and not (claim.rtol is claim.atol is UNSET):
            yield ("published", place, "digits"), "is given beside a tolerance, expected one of the two"
        shape = () if at else names.shapes[name]
        if has_rows and len(shape) == 2:
            shape = shape[::-1]
        what = claim.name if at else name
        why = f"{clean(what, 40)} is {'×'.join(map(str, shape)) or 'one number'}"
        message = misfit(claim.value, *written_shapes(shape), why=why)
        if message and draft.shapes_are_known:
            yield ("published", place, "value"), message


def notes(draft: AnyDraft) -> Iterator[Finding]:
    """A note stands at an operation of the program."""
    for place, note in enumerate(draft.file.note):
        if note.text is UNSET and note.speaker is UNSET:
            yield ("note", place, "text"), "is missing: a note has a text, or what to say (speaker), or both"
        try:
            _, iteration = draft.names.operation(note.at)
        except UnknownNameError as error:
            yield ("note", place, "at"), error.__str__
            continue
        if iteration and note.iteration:
            yield ("note", place, "iteration"), f"is given twice (at = {quote(note.at)} names it too)"


RULES: tuple[Rule, ...] = (
    *(units, weights, bias, layer_settings, inputs, targets, target_values, outputs, settings),
    *(sources, tables, held_out, names, image, init, sizes, shares, classes, norms, dropout, schedule, clip, training),
    *(published, notes, masks, start),
)


def check(draft: Draft) -> Iterator[Finding | Problem]:
    """All that the rules find, except where something wrong has been found already."""
    for rule in RULES:
        for finding in rule(draft):
            if isinstance(finding, Problem) or not draft.is_wrong(finding[0]):
                yield finding


def _layers(draft: Draft) -> list[tuple[Path, schema.Layer]]:
    return [(("network", "layers", place), layer) for place, layer in enumerate(draft.file.network.layers)]
