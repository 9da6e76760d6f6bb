"""The words about samples: what other ones give, and what each one adds to a gradient."""

import numpy as np

from backprop_tui.debugger.console import complete
from backprop_tui.debugger.console.command import Reply, Word, number
from backprop_tui.debugger.console.console import LineSession
from backprop_tui.debugger.samples.evaluation_report import MOST_SAMPLES, Report, whole
from backprop_tui.debugger.samples.per_sample import TOGETHER
from backprop_tui.formula.writing.numbers import format_array, format_number
from backprop_tui.scenario.format.number_layout import plural

WIDTH = 76  # of a table of classes


def _evaluate(session: LineSession, text: str) -> Reply:
    debugger = session.debugger
    report = Report(debugger.scenario, debugger.evaluator, session.digits)
    if text:
        inputs, equals, targets = text.partition("=")
        return Reply("\n".join(report.samples(debugger.evaluate(inputs, targets if equals else None))))
    held_out = debugger.evaluate_held_out() if debugger.scenario.held_out else None
    return Reply("\n".join(whole(report, debugger.evaluate(), held_out, WIDTH)))


def _per_sample(session: LineSession, text: str) -> Reply:
    debugger = session.debugger
    moment, digits = debugger.moment(), session.digits
    found = debugger.per_sample(text or (moment.operation.name if moment.operation else ""))
    symbols, operation = debugger.program.symbols, found.operation
    lines = [f"{symbols.symbol(operation.name)} adds up {symbols.text(found.tree)} of {plural(len(found), 'sample')}"]
    for sample, adds in zip(range(MOST_SAMPLES), found, strict=False):
        which = f"s = {sample} (no. {moment.number_of(sample):,})"
        size = format_number(float(np.linalg.norm(adds)), digits)
        lines.append(f"{which}  norm {size}  {format_array(adds, digits)}")
    if len(found) > MOST_SAMPLES:
        lines.append(f"… {len(found) - MOST_SAMPLES:,} more")
    if found.rest is not None and found.parts.rest is not None:
        lines.append(
            f"and {symbols.text(found.parts.rest)}, which belongs to no sample  {format_array(found.rest, digits)}"
        )
    lines.append(f"together  {format_array(moment.frame[operation.key], digits)}")
    return Reply("\n".join([*lines, *([TOGETHER] if found.together else [])]))


def _sample(session: LineSession, text: str) -> Reply:
    debugger = session.debugger
    moment = debugger.moment()
    debugger.show_sample((number(text, "sample") or moment.sample + 2) - 1)
    return Reply(debugger.moment().sample_shown or "there is no other sample")


WORDS = (
    Word(
        ("evaluate", "eval"),
        "[INPUTS [= TARGETS]]",
        "the forward half alone, of inputs such as 1 0.5 -1.5; 0 0 1 = 1; 0 (or names of classes); without any, of"
        " what is trained on and what is held out",
        _evaluate,
    ),
    Word(
        ("per-sample", "ps"),
        "[GRADIENT]",
        "what each sample of the batch adds to a gradient, or to that of a parameter; alone, to the current one",
        _per_sample,
        complete.gradients,
    ),
    Word(("sample",), "[NUMBER]", "show a sample of the batch, counted from 1; alone, the next one", _sample),
)
