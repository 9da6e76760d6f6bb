"""An evaluation as lines: what a sample gives, how the data fare, and the forward half beside that of training."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from msgspec import Struct
from textual.strip import Strip

from backprop_tui.debugger.samples.evaluation_report import Report, whole
from backprop_tui.engine.program.evaluation import Evaluation
from backprop_tui.engine.program.event import Event
from backprop_tui.engine.program.operation import Operation
from backprop_tui.engine.statements.variable import Phase, Role
from backprop_tui.tui.shared.styled_line import Run, strip, wrap
from backprop_tui.tui.shared.view import View

Line = Sequence[Run]
WIDE = 110  # cells, from which on the data stand beside the operations
MOST_OUTPUTS = 16  # outputs that get a line and a bar each; more share lines
BAR = 24  # cells of a bar for an output of 1
OF_LOSS = (Role.LOSS, Role.PENALTY)


class Trial(Struct, frozen=True, eq=False):
    """What is shown: samples that were typed, and all data. `place` is that of the sample in the batch, if any."""

    found: Evaluation
    training: Evaluation
    held_out: Evaluation | None
    place: int | None


def trial_strips(trial: Trial, view: View, report: Report, width: int) -> list[Strip]:
    """The rows for this width: two columns where there is room."""
    sample, operations = list(_sample(trial, view, report)), list(_operations(trial, view))
    if width < WIDE:
        return _set([*sample, [], *_data(trial, view, report, width - 2), [], *operations], view, width)
    right = min(70, width * 2 // 5)
    columns = (
        _set([*sample, [], *operations], view, width - right),
        _set(list(_data(trial, view, report, right - 2)), view, right),
    )
    blanks = (Strip.blank(width - right), Strip.blank(right))
    return [
        Strip.join([part or blank for part, blank in zip(row, blanks, strict=True)]) for row in zip_longest(*columns)
    ]


def _set(lines: Sequence[Line], view: View, width: int) -> list[Strip]:
    return [strip([(" ", view.styles.text), *line], width, view.notation.mark("cut")) for line in lines]


def _data(trial: Trial, view: View, report: Report, width: int) -> Iterator[Line]:
    """How what is trained on, and what is held out, fares."""
    yield [("all data", view.styles.heading)]
    for text in whole(report, trial.training, trial.held_out, width):
        shown = view.notation.text(text)
        yield from ([(line, view.styles.text)] for line in ([shown] if "  " in shown else wrap(shown, width) or [""]))


def _sample(trial: Trial, view: View, report: Report) -> Iterator[Line]:
    """The outputs and what they stand for."""
    found, paint, notation = trial.found, view.styles, view.notation
    which = "what was typed" if trial.place is None else view.moment.sample_shown or "the sample"
    yield [(which, paint.heading)]
    outputs, samples = found.y_hat.shape
    if samples > 1 or outputs == 1 or outputs > MOST_OUTPUTS:
        for text in report.samples(found):
            yield [(notation.text(text), paint.strong)]
        return
    names = report.names if report.classes and report.classes.exclusive else [f"[{place}]" for place in range(outputs)]
    label = max(map(len, names))
    for name, value in zip(names, found.y_hat[:, 0], strict=True):
        bar = notation.text("█") * round(BAR * value) if 0 <= value <= 1 else ""
        yield [
            (notation.text(f"{name:<{label}}  "), paint.text),
            (f"{notation.number(value, fixed=True):>10} ", paint.strong),
            (bar, paint.good),
        ]
    verdict = report.verdict(found, 0)
    loss = "" if found.loss is None else report.summary("", found)
    yield [(notation.text(", ".join(part for part in (verdict, loss) if part)), paint.strong)]


def _operations(trial: Trial, view: View) -> Iterator[Line]:
    """The forward half in the order of training; what differs there stands below."""
    program, paint = view.moment.program, view.styles
    roles = {operation.variable.role for operation in program.operations}
    said = {
        "with the new parameters": _is_updated(view),
        "nothing dropped": Role.DROPOUT in roles,
        "with running statistics": Role.STATISTIC in roles,
    }
    yield [(", ".join(["the forward half", *(text for text, holds in said.items() if holds)]), paint.heading)]
    events = {event.name: event for event in trial.found.events}
    for operation in program.operations:
        role, event = operation.variable.role, events.get(operation.name)
        if operation.variable.phase is not Phase.FORWARD or (role is Role.LOSS and event is None):
            continue
        if event is None:
            yield [(_equation(operation, view), paint.muted), ("  only in training", paint.muted)]
            continue
        equation, value = _equation(event.operation, view), view.notation.array(event.value)
        yield [(f"{equation}  ", paint.text), (f"= {value}", paint.strong)]
        below = "" if role in OF_LOSS else _in_training(trial, operation, event, view)
        if below:
            yield [("    in training ", paint.accent), (below, paint.text)]


def _is_updated(view: View) -> bool:
    """Whether parameters or statistics have changed since the batch was computed."""
    program, index = view.moment.program, view.moment.index
    return any(program.key(name, index) != program.key(name, -1) for name in program.carried)


def _equation(operation: Operation, view: View) -> str:
    return f"{view.notation.symbol(operation.name)} = {view.notation.formula(operation.tree)}"


def _in_training(trial: Trial, operation: Operation, event: Event, view: View) -> str:
    """What training computes there: its formula where that differs, and the value for the same sample."""
    notation = view.notation
    formula = notation.formula(operation.tree)
    other = formula if formula != notation.formula(event.operation.tree) else ""
    comparable = trial.place is not None and not _is_updated(view)  # with the same parameters
    value = view.moment.value(operation.name) if comparable else None
    shown = ""
    if value is not None and value.ndim == 2 and trial.place is not None:
        column = value if value.shape[1] == 1 else value[:, [trial.place]]
        shown = notation.array(column)
        shown = "" if shown == notation.array(event.value) else f"= {shown}"
    return " ".join(part for part in (other, shown) if part)
