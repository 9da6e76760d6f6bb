"""A `[loss]` beside `[model]`: the line that assigns L, made of a row of the losses, the output and the target."""

from collections.abc import Mapping
from typing import NamedTuple

from backprop_tui.engine.model.misfits import by
from backprop_tui.engine.model.reading import OUTPUT, Line, Reading
from backprop_tui.engine.network.target_classes import are_shares
from backprop_tui.engine.tables.activations import OF_ROWS, activation_of
from backprop_tui.engine.tables.losses import LOSSES, REDUCTIONS, Loss, with_reduction
from backprop_tui.formula.language.algebra import put_in
from backprop_tui.formula.language.parse import parse
from backprop_tui.formula.language.primitives import PRIMITIVES
from backprop_tui.formula.language.tree import Call, Name, Tree
from backprop_tui.scenario.format import model_schema, schema
from backprop_tui.scenario.format.problem import Finding, Path, hint, listing, quote
from backprop_tui.scenario.model.arrays import Arrays

NAME: Path = ("loss", "name")


class WithLoss(NamedTuple):
    """A text that was read, with the line of its loss; or what is wrong with that."""

    reading: Reading
    findings: tuple[Finding, ...] = ()


def with_loss(found: Reading, loss: schema.Loss, model: model_schema.Model, arrays: Arrays) -> WithLoss:
    """The lines of a text and the one that assigns L."""
    lines = {line.name: line for line in found.lines}
    row = LOSSES.get(loss.name)
    if found.wrong or arrays.findings or row is None or loss.reduction not in schema.REDUCTIONS:
        return WithLoss(found)
    finding = _missing(row, model, lines, arrays) or _misfit(row, model, found, arrays)
    if finding is not None:
        return WithLoss(found, (finding,))
    line = Line(OUTPUT, _tree(row, loss.reduction, model, found, arrays))
    return WithLoss(found._replace(lines=(*found.lines, line), shapes={**found.shapes, OUTPUT: ()}))


def _missing(row: Loss, model: model_schema.Model, lines: Mapping[str, Line], arrays: Arrays) -> Finding | None:
    """What a loss lacks in the model."""
    if OUTPUT in lines:
        return ("loss",), "is of no use, since the text assigns L"
    if model.output not in lines:
        what = f"is {quote(model.output)}, which no line assigns {hint(model.output, list(lines))}"
        return ("model", "output"), what if model.output else f"is missing, which {quote(row.name)} reads"
    if row.has_targets and model.target not in arrays.inputs:
        what = f"is {quote(model.target)}, which is not an input {hint(model.target, list(arrays.inputs))}"
        return ("model", "target"), what if model.target else f"is missing, which {quote(row.name)} reads"
    return None


def _misfit(row: Loss, model: model_schema.Model, found: Reading, arrays: Arrays) -> Finding | None:
    """Where a loss does not fit the output or the targets."""
    if (row.behind or row.outputs) and _activation(model, found, arrays) not in row.takes:
        where = " of each row (axis=1)" if arrays.rows and any(map(_has_way_of_rows, row.takes)) else ""
        return NAME, f"is {quote(row.name)}, which wants {model.output} to be made by {listing(row.takes)}{where}"
    if not row.has_targets:
        return None
    path: Path = ("model", "target")
    output, targets = found.shapes[model.output], found.shapes[model.target]
    if len(output) != 2 or output != targets:
        return path, f"is {by(targets)}, and {model.output} is {by(output)}: a loss compares matrices that are alike"
    values = arrays.inputs[model.target]
    if not row.accepts(values).all():
        return path, f"has other numbers than {row.wanted}, which {row.name} wants"
    if row.one_hot and not are_shares(values.T if arrays.rows else values).all():
        return path, f"has no 1 for one class of each sample, or shares that add up to 1, which {row.name} wants"
    return None


def _activation(model: model_schema.Model, found: Reading, arrays: Arrays) -> str:
    """The activation that the output is made by, of each sample where that matters; empty if it is made by anything
    else.
    """
    tree = next(line.tree for line in found.lines if line.name == model.output)
    row = activation_of(tree)
    if row is None or not isinstance(tree, Call):
        return ""
    is_of_rows = tree.function.endswith(OF_ROWS)
    return row.name if not _has_way_of_rows(row.name) or is_of_rows == arrays.rows else ""


def _has_way_of_rows(activation: str) -> bool:
    """Whether the numbers of a sample depend on each other, so that a function of each row is another one."""
    return f"{activation.replace('-', '_')}{OF_ROWS}" in PRIMITIVES


def _tree(row: Loss, reduction: str, model: model_schema.Model, found: Reading, arrays: Arrays) -> Tree:
    """The formula of L."""
    form, _ = REDUCTIONS[row.over, reduction]
    counted = Name(model.target if row.has_targets else model.output)
    way = put_in(parse(form.replace("samples(", "units(") if arrays.rows else form), {"n": counted})
    formula = row.behind.get(_activation(model, found, arrays), row.formula)
    return put_in(with_reduction(parse(formula), way), {"y_hat": Name(model.output), "y": Name(model.target)})
