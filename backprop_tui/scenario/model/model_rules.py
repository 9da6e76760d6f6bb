"""Rules for files whose model is written as formulas."""

from collections.abc import Callable, Iterator

from backprop_tui.engine.model.misfits import by
from backprop_tui.engine.model.reading import read_by_loss
from backprop_tui.scenario.checking.rules import clip, notes, published, schedule, settings, training
from backprop_tui.scenario.checking.start_rules import start
from backprop_tui.scenario.format.problem import Finding, Inside, Path, Problem, hint, quote
from backprop_tui.scenario.model.model_draft import ModelDraft

Rule = Callable[[ModelDraft], Iterator[Finding | Problem]]


def values(draft: ModelDraft) -> Iterator[Finding]:
    """What the file gives can be read as arrays."""
    yield from draft.arrays.findings


def formulas(draft: ModelDraft) -> Iterator[Finding | Problem]:
    """The text can be read, and what it reads fits together."""
    path: Path = ("model", "forward")
    if any(draft.is_wrong(("model", table)) for table in ("parameters", "given", "inputs", "sizes")):
        return  # what it may read is not known
    if any(place == ("model", "inputs") for place, _ in draft.arrays.findings):
        return  # an input is missing, which is said there
    for wrong in draft.reading.wrong:
        yield (*path, Inside(wrong.line, wrong.column)), wrong.message
    yield from draft.with_loss.findings
    if draft.arrays.findings or draft.reading.wrong or not draft.has_loss:
        return
    read_names = read_by_loss(draft.reading.lines)
    for name in draft.arrays.parameters:
        if name not in read_names and name in draft.file.model.parameters:
            yield ("model", "parameters", name), "is not read by L"
    if not any(name in read_names for name in draft.arrays.parameters):
        yield ("model", "parameters"), "has nothing that L reads"


def carried_on(draft: ModelDraft) -> Iterator[Finding]:
    """The lines of what is carried on assign constants of the same shape."""
    if draft.arrays.findings or draft.reading.wrong:
        return
    path: Path = ("model", "update")
    for wrong in draft.update.wrong:
        yield (*path, Inside(wrong.line, wrong.column)), wrong.message
    given = draft.arrays.given
    for line in draft.update.lines:
        if line.name not in given:
            message = f"assigns {quote(line.name)}, which is not in model.given {hint(line.name, list(given))}"
            yield (*path, Inside(line.line, line.column)), message
        elif given[line.name].shape != draft.update.shapes[line.name]:
            own, wanted = by(draft.update.shapes[line.name]), by(given[line.name].shape)
            yield (*path, Inside(line.line, line.column)), f"{line.name} becomes {own}, but starts as {wanted}"


def predictions(draft: ModelDraft) -> Iterator[Finding]:
    """`output` is a variable of the text, and `target` an input."""
    model = draft.file.model
    if draft.arrays.findings or draft.reading.wrong or not draft.has_loss:
        return
    written = [line.name for line in draft.reading.lines]
    if model.output and model.output not in written:
        yield ("model", "output"), f"is {quote(model.output)}, which no line assigns {hint(model.output, written)}"
    if model.target and model.target not in draft.arrays.inputs:
        known = list(draft.arrays.inputs)
        yield ("model", "target"), f"is {quote(model.target)}, which is not an input {hint(model.target, known)}"


ALWAYS: tuple[Rule, ...] = (values, formulas, carried_on, predictions, settings, schedule, clip, training)
OF_NAMES: tuple[Rule, ...] = (published, notes, start)  # which need a program


def check_model(draft: ModelDraft) -> Iterator[Finding | Problem]:
    """All that the rules find, except where something wrong has been found already."""
    for rule in (*ALWAYS, *(OF_NAMES if draft.shapes_are_known else ())):
        for finding in rule(draft):
            if isinstance(finding, Problem) or not draft.is_wrong(finding[0]):
                yield finding
